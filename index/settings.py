"""Every setting with its default, help text and reader. Only this module reads the environment
and `yuansou.toml`."""

import os
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args
from urllib.parse import SplitResult, urlsplit

from index.errors import SettingsError

SETTINGS_FILE = "yuansou.toml"
PREFIX = "YUANSOU_"
MAX_PORT = 65_535
MAX_WORKERS = 64
MAX_CPU_SECONDS = 600
MAX_RATE = 100_000
_ALIAS = re.compile(r"[a-z][a-z0-9_-]{0,99}")
Number = TypeVar("Number", int, float)
EngineName = Literal["whoosh", "tantivy", "opensearch"]
ENGINES: tuple[EngineName, ...] = get_args(EngineName)


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting's name, default and help text. `read` turns a given value into the setting's type,
    or raises ValueError with a reason in Chinese."""

    name: str
    default: Any
    help: str
    read: Callable[[Any], Any]
    secret: bool = False
    """The value is never printed, only whether there is one."""


def _choice(*allowed: str) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if value not in allowed:
            raise ValueError(f"只能是 {'、'.join(allowed)}")
        return str(value)

    return read


def _integer(value: Any) -> int:
    try:
        return int(value)
    except (ValueError, TypeError):
        raise ValueError("要是整数") from None


def _number(value: Any, what: str) -> float:
    try:
        return float(value)
    except (ValueError, TypeError):
        raise ValueError(f"要是{what}") from None


def _between(number: Number, least: int, most: int) -> Number:
    if not least <= number <= most:
        raise ValueError(f"要在 {least} 到 {most} 之间")
    return number


def _port(value: Any) -> int:
    return _between(_integer(value), 0, MAX_PORT)


def _seconds(value: Any) -> float:
    return _between(_number(value, "秒数"), 0, MAX_CPU_SECONDS)


def _rate(value: Any) -> float | None:
    if value is None or not str(value).strip():
        return None
    return _between(_number(value, "每秒的请求数"), 0, MAX_RATE)


def _workers(value: Any) -> int | Literal["auto"]:
    if value == "auto":
        return "auto"
    try:
        return _between(int(value), 1, MAX_WORKERS)
    except (ValueError, TypeError):
        raise ValueError(f"要是 auto，或 1 到 {MAX_WORKERS} 的整数") from None


def _proxies(value: Any) -> int:
    number = _integer(value)
    if number < 0:
        raise ValueError("不能是负数")
    return number


def _address(value: Any) -> str | None:
    if not value:
        return None
    if not str(value).startswith(("http://", "https://")):
        raise ValueError("要以 http:// 或 https:// 开头")
    return str(value).rstrip("/")


def _public_address(value: Any) -> str | None:
    address = _address(value)
    if address is None:
        return None
    parts = _parts(address)
    if parts.query or parts.fragment or parts.username is not None:
        raise ValueError("只能有主机、端口和子路径，不带 ?、# 和用户名")
    return address


def _parts(address: str) -> SplitResult:
    """Raises ValueError for one without a host or with an impossible port."""
    try:
        parts = urlsplit(address)
        complete = bool(parts.hostname) and parts.port != 0
    except ValueError:
        complete = False
    if not complete or any(character.isspace() for character in address):
        raise ValueError("不是一个完整的地址，例如 https://example.com")
    return parts


def _origins(value: Any) -> str:
    """As a browser sends them in `Origin`."""
    given = [part.strip().rstrip("/") for part in str(value).split(",") if part.strip()]
    for origin in given:
        if origin == "*":
            continue
        parts = _parts(_address(origin) or "")
        if parts.path or parts.query or parts.fragment or parts.username is not None:
            raise ValueError(f"{origin} 不是来源：只写协议、主机和端口，例如 https://example.com")
    return ",".join(given)


def _name(value: Any) -> str:
    if not str(value).strip():
        raise ValueError("不能是空的")
    return str(value).strip()


def _path(value: Any) -> Path:
    if not str(value).strip():
        raise ValueError("不能是空的")
    return Path(value).expanduser()


def _file(value: Any) -> Path | None:
    return _path(value) if value else None


def _optional(value: Any) -> str | None:
    return str(value) if value else None


def _hosts(value: Any) -> tuple[str, ...]:
    given = value if isinstance(value, list | tuple) else str(value).split(",")
    hosts = tuple(host for host in (_address(str(part).strip()) for part in given) if host)
    if not hosts:
        raise ValueError("至少要有一个地址")
    if any(urlsplit(host).username is not None for host in hosts):
        raise ValueError("用户名和密码请放在 opensearch_user 和 opensearch_password 里")
    return hosts


def _alias(value: Any) -> str:
    if not _ALIAS.fullmatch(str(value)):
        raise ValueError("只能用小写字母、数字、- 和 _，以字母开头，最多 100 个字符")
    return str(value)


def _setting(
    default: Any, help_text: str, read: Callable[[Any], Any], *, secret: bool = False
) -> Any:
    metadata = {"help": help_text, "read": read, "secret": secret}
    return field(default=default, metadata=metadata, repr=not secret)


@dataclass(frozen=True, slots=True)
class Settings:
    """The values in force, with their defaults, help texts and readers. Built by `load`."""

    index_dir: Path = _setting(Path("var/index"), "索引所在的目录", _path)
    engine: EngineName = _setting("whoosh", f"引擎：{'、'.join(ENGINES)}", _choice(*ENGINES))
    opensearch_hosts: tuple[str, ...] = _setting(
        ("http://127.0.0.1:9200",), "集群的地址，逗号分隔", _hosts
    )
    opensearch_user: str | None = _setting(None, "集群的用户名", _optional)
    opensearch_password: str | None = _setting(
        None, "集群的密码；最好放在环境变量里", _optional, secret=True
    )
    opensearch_ca: Path | None = _setting(None, "签发集群证书的 CA（PEM 文件）", _file)
    opensearch_alias: str = _setting("yuansou", "集群上索引的别名", _alias)
    feeds: Path = _setting(Path("feeds.toml"), "订阅源的清单", _path)
    articles: Path = _setting(Path("articles"), "抓来的文章存放的目录", _path)
    host: str = _setting("127.0.0.1", "serve 监听的地址", str)
    port: int = _setting(8000, "serve 监听的端口", _port)
    workers: int | Literal["auto"] = _setting(
        "auto",
        "serve 用几个进程回答；auto 为每个核一个，最多 8 个（文章少于一千篇时一个）",
        _workers,
    )
    request_cpu_seconds: float = _setting(2.0, "一个请求最多用几秒处理器时间；0 为不限", _seconds)
    rate_limit: float | None = _setting(
        None, "每个访客每秒最多几个请求；0 为不限；不设则每秒 20 个，本机不限", _rate
    )
    metrics: str = _setting(
        "loopback",
        "谁能看 /metrics：loopback（本机）、all 或 off",
        _choice("loopback", "all", "off"),
    )
    access_log: str = _setting(
        "anonymous",
        "每个请求记一行：anonymous（不记访客和查询）、full 或 off",
        _choice("anonymous", "full", "off"),
    )
    query_counts: str = _setting(
        "off",
        "统计查询：off，或 on（问过五次的查询才留下文字，不记访客；见 yuansou stats）",
        _choice("off", "on"),
    )
    site_name: str = _setting("元搜", "页面上的站名", _name)
    language: str = _setting("zh_CN", "页面的语言：zh_CN，或 web/translations/ 里的一种", str)
    public_url: str | None = _setting(
        None, "站点的公开地址，用于绝对链接；可带子路径", _public_address
    )
    trusted_proxies: int = _setting(0, "前面有几层可信的反向代理", _proxies)
    article_page: str = _setting(
        "full", "文章页：full、excerpt 或 off", _choice("full", "excerpt", "off")
    )
    golden: Path | None = _setting(None, "上线前必须在第一页找到文章的查询（TOML 文件）", _file)
    vectors: str = _setting(
        "off",
        "按意思调整前五十条的次序：off 或 on（先装 vectors，再运行 yuansou index vectors）",
        _choice("off", "on"),
    )
    cors_origins: str = _setting(
        "*", "可跨域读取 /api/ 的来源，逗号分隔；* 为全部，留空为没有", _origins
    )


SETTINGS = tuple(Setting(row.name, row.default, **row.metadata) for row in fields(Settings))
"""The table that help texts, `yuansou settings` and the documentation are made from."""


@dataclass(frozen=True, slots=True)
class Origin:
    """A setting's value and where it came from, for `yuansou settings`."""

    setting: Setting
    value: Any
    origin: str


def load(
    command_line: Mapping[str, Any] | None = None,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> Settings:
    """Command line, then `YUANSOU_<NAME>`, then `yuansou.toml`, then the default."""
    origins = explain(command_line, environment, folder)
    return Settings(**{origin.setting.name: origin.value for origin in origins})


def explain(
    command_line: Mapping[str, Any] | None = None,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> list[Origin]:
    """Every setting with its value and its origin; raises SettingsError."""
    given = {name: value for name, value in (command_line or {}).items() if value is not None}
    variables = os.environ if environment is None else environment
    in_file = _read_file((folder or Path()) / SETTINGS_FILE)
    origins = []
    for setting in SETTINGS:
        variable = PREFIX + setting.name.upper()
        if setting.name in given:
            origins.append(_origin(setting, given[setting.name], "命令行"))
        elif variable in variables:
            origins.append(_origin(setting, variables[variable], variable))
        elif setting.name in in_file:
            origins.append(_origin(setting, in_file[setting.name], SETTINGS_FILE))
        else:
            origins.append(Origin(setting, setting.default, "默认"))
    return origins


def unknown_variables(environment: Mapping[str, str] | None = None) -> list[str]:
    """Names that begin with `YUANSOU_` but belong to no setting, usually misspelled. Reported to
    the user, but not an error: other programs may set them."""
    variables = os.environ if environment is None else environment
    known = {PREFIX + setting.name.upper() for setting in SETTINGS}
    return sorted(name for name in variables if name.startswith(PREFIX) and name not in known)


def _origin(setting: Setting, value: Any, origin: str) -> Origin:
    try:
        return Origin(setting, setting.read(value), origin)
    except (ValueError, TypeError) as error:
        raise SettingsError(
            f"{origin} 里的设置 {setting.name}{_shown(setting, value)} 无效：{error}。",
            hint=f"{setting.name}：{setting.help}；默认{_default(setting)}。",
        ) from error


def _default(setting: Setting) -> str:
    return "不设" if setting.default is None else f"为 {setting.default}"


def _shown(setting: Setting, value: Any) -> str:
    """The value, unless it is secret or an address that may hold a password."""
    return "" if setting.secret or "@" in str(value) else f"={value!r}"


def _read_file(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise SettingsError(f"{path} 无法读取：{error}。") from error
    unknown = sorted(set(data) - {known.name for known in fields(Settings)})
    if unknown:
        raise SettingsError(
            f"{path} 里有未知的设置：{'、'.join(unknown)}。",
            hint=_meant(unknown),
        )
    return data


def _meant(unknown: Sequence[str]) -> str:
    """The settings that are spelled alike, else all."""
    names = [setting.name for setting in SETTINGS]
    alike = [each for name in unknown for each in get_close_matches(name, names, n=1)]
    return f"要写的可能是 {'、'.join(alike)}。" if alike else f"可用的设置：{'、'.join(names)}。"
