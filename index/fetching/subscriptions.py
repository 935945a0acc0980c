"""feeds.toml: which feeds are fetched. People write it, so changes keep its comments and order.

[[feed]]
name = "金色财经"
url = "https://example.com/rss"
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unicodedata import normalize

import tomlkit
from tomlkit.exceptions import TOMLKitError

from index.durable import make_folder, replace_text
from index.errors import FeedsError
from index.fetching.connecting.addresses import host_and_port
from index.fetching.connecting.errors import RefusedAddressError
from index.fetching.schedule import Pace
from index.sources.named_fields import draft_folders
from index.text.dates import DAY_SECONDS, HOUR_SECONDS, MINUTE_SECONDS

MAX_NAME = 60
"""Characters of a name, which is also that of a folder."""
MAX_FEEDS = 5_000
_NOT_IN_NAME = re.compile(r"[/\\:*?\"<>|\x00-\x1f\x7f-\x9f]+")
_EVERY = re.compile(r"(?P<number>\d{1,5})\s*(?P<unit>m|min|h|d|分钟|小时|天)")
_UNITS = {
    **dict.fromkeys(("m", "min", "分钟"), MINUTE_SECONDS),
    **dict.fromkeys(("h", "小时"), HOUR_SECONDS),
    **dict.fromkeys(("d", "天"), DAY_SECONDS),
}
_FIELDS = {
    "name": str,
    "url": str,
    "category": str,
    "language": str,
    "every": str,
    "allow_private": bool,
    "full_text": bool,
}
_HINT = "写法见 docs/run/feeds-in.md。"


@dataclass(frozen=True, slots=True)
class Subscription:
    """A feed as its owner lists it. `every`: seconds between fetches, 0 where none are asked for.
    `allow_private`: whether its host may be inside. `full_text`: whether pages are read of entries
    that have only a summary."""

    name: str
    url: str
    category: str = ""
    language: str = ""
    every: int = 0
    allow_private: bool = False
    full_text: bool = False

    @property
    def pace(self) -> Pace:
        return Pace(self.every, self.allow_private)

    @property
    def private_hosts(self) -> frozenset[str]:
        return frozenset({host_and_port(self.url)[0].lower()} if self.allow_private else ())


def read_subscriptions(path: Path) -> list[Subscription]:
    """The feeds of a file, none if it is not there. Raises FeedsError."""
    return _subscriptions(path, _document(path))


def _subscriptions(path: Path, document: tomlkit.TOMLDocument) -> list[Subscription]:
    rows = _rows(document)
    found = [_subscription(path, number, row) for number, row in enumerate(rows, 1)]
    seen: dict[str, str] = {}
    for each in found:
        for kind, value in (("名称", _folded(each.name)), ("网址", each.url)):
            if value in seen:
                raise FeedsError(f"{path} 里有两个订阅源的{kind}相同：{each.name}、{seen[value]}。")
            seen[value] = each.name
    return found


def add_subscriptions(path: Path, fresh: Sequence[Subscription]) -> None:
    """Write feeds below those that are there. Raises FeedsError, and leaves the file as it was, if
    it would not read with them."""
    blocks = [tomlkit.dumps(_document(path)).rstrip(), *map(_block, fresh)]
    text = "\n\n".join(filter(None, blocks)) + "\n"
    try:
        _subscriptions(path, _parsed(path, text))
    except FeedsError as problem:
        raise FeedsError(f"没有写入：{problem.message}", hint=problem.hint) from problem
    make_folder(path.absolute().parent)
    replace_text(path, text)


def remove_subscription(path: Path, name: str) -> Subscription:
    """Take a feed out, found by name or address. Raises FeedsError if there is none."""
    document = _document(path)
    found = _subscriptions(path, document)
    gone = named(found, name)
    del document["feed"][found.index(gone)]
    if len(found) == 1:
        del document["feed"]  # else it is written as an empty list, which no table may follow
    replace_text(path, tomlkit.dumps(document))
    return gone


def named(found: Sequence[Subscription], name: str) -> Subscription:
    """The feed with this name or address. Raises FeedsError if there is none."""
    for each in found:
        if name in (each.name, each.url):
            return each
    raise FeedsError(f"没有这个订阅源：{name}。", hint="yuansou feeds list 列出全部。")


def usable_name(name: str) -> str:
    """A name like `name` that may be that of a feed; "" if nothing of it may."""
    plain = _NOT_IN_NAME.sub(" ", normalize("NFC", name))
    plain = re.sub(r"\s+", " ", plain).strip(" .")[:MAX_NAME].strip(" .")
    return plain if plain and _name_fault(plain) is None else ""


def seconds_of(every: str) -> int:
    """`30m`, `2h`, `1d`, `30分钟`. Raises ValueError."""
    found = _EVERY.fullmatch(every.strip())
    if found is None or not int(found["number"]):
        raise ValueError(every)
    return int(found["number"]) * _UNITS[found["unit"]]


def _document(path: Path) -> tomlkit.TOMLDocument:
    try:
        return _parsed(path, path.read_text("utf-8-sig") if path.exists() else "")
    except UnicodeDecodeError as problem:
        raise FeedsError(f"{path} 写错了：{problem}。", hint=_HINT) from problem


def _parsed(path: Path, text: str) -> tomlkit.TOMLDocument:
    try:
        return tomlkit.parse(text)
    except TOMLKitError as problem:
        raise FeedsError(f"{path} 写错了：{problem}。", hint=_HINT) from problem


def _rows(document: tomlkit.TOMLDocument) -> list[dict[str, Any]]:
    plain = document.unwrap()
    rows = plain.get("feed", [])
    unknown = sorted(set(plain) - {"feed"})
    if unknown or not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise FeedsError("feeds.toml 里每个订阅源要写在 [[feed]] 下面。", hint=_HINT)
    if len(rows) > MAX_FEEDS:
        raise FeedsError(f"feeds.toml 里的订阅源超过 {MAX_FEEDS:,} 个。")
    return rows


def _subscription(path: Path, number: int, row: dict[str, Any]) -> Subscription:
    label = row.get("name") or row.get("url") or f"第 {number} 个"

    def fault(reason: str) -> FeedsError:
        return FeedsError(f"{path} 里的订阅源 {label}：{reason}。", hint=_HINT)

    for key, value in row.items():
        if key not in _FIELDS:
            raise fault(f"不认识 {key}")
        if not isinstance(value, _FIELDS[key]):
            raise fault(f"{key} 的值要是{'文字' if _FIELDS[key] is str else ' true 或 false'}")
    if missing := [key for key in ("name", "url") if not row.get(key)]:
        raise fault(f"缺 {missing[0]}")
    if reason := _name_fault(row["name"]):
        raise fault(reason)
    try:
        host_and_port(row["url"])
        every = seconds_of(row["every"]) if "every" in row else 0
    except RefusedAddressError as problem:
        raise fault(str(problem)) from problem
    except ValueError as problem:
        raise fault("every 要写成 30m、2h 或 1d") from problem
    return Subscription(**{**row, "every": every})


def _name_fault(name: str) -> str | None:
    if len(name) > MAX_NAME:
        return f"名称超过 {MAX_NAME} 个字符"
    if _NOT_IN_NAME.search(name) or name != name.strip(". \t\u3000"):
        return '名称也是目录名，不能有 / \\ : * ? " < > |，也不能以点或空格开头或结尾'
    if name.lower() in draft_folders():
        return "这个名称是草稿目录的名称，请换一个"
    return None


def _folded(name: str) -> str:
    """Names that some file systems take for one."""
    return normalize("NFC", name).casefold()


def _block(each: Subscription) -> str:
    """A feed as it is written in the file."""
    table = tomlkit.document()
    table["name"] = each.name
    table["url"] = each.url
    for key in ("category", "language"):
        if value := getattr(each, key):
            table[key] = value
    if each.every:
        table["every"] = _written_time(each.every)
    for key in ("allow_private", "full_text"):
        if getattr(each, key):
            table[key] = True
    return f"[[feed]]\n{tomlkit.dumps(table).rstrip()}"


def _written_time(seconds: int) -> str:
    """In the largest unit of which it is a whole number, so that no number is too long to read."""
    unit = next((unit for unit in ("d", "h") if seconds % _UNITS[unit] == 0), "m")
    return f"{seconds // _UNITS[unit]}{unit}"
