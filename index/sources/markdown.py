"""Reads Markdown files with front matter: YAML between `---` or TOML between `+++`.

A file without front matter gets its title from its first heading, else from its name.
"""

import re
import tomllib
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any, ClassVar

import yaml
from frontmatter.default_handlers import BaseHandler, YAMLHandler

from index.article import Article, Rejection
from index.sources.encoding import decode, is_binary, markup_of
from index.sources.fields import Record, article_from
from index.sources.titles import first_heading
from index.text.html import collapse

MAX_FRONT_MATTER = 200_000
"""Characters; real front matter has a few hundred."""
MAX_DEPTH = 20

_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # The first needs libyaml.
_TOP_HEADING = re.compile(r"#[ \t]+\S.*(?:\n|\Z)|\S.*\n=+[ \t]*(?:\n|\Z)")
_DATED_NAME = re.compile(r"(?P<date>\d{4}-\d{1,2}-\d{1,2})-.")


class _TextLoader(_SafeLoader):
    """A safe loader that leaves plain values as text: `1.10` is no number, `12:30` no integer.

    Only null is converted. A title like 2022-13-45 would otherwise make the file unreadable.
    """

    yaml_implicit_resolvers: ClassVar[dict[str, object]] = {
        first: [pair for pair in pairs if pair[0] == "tag:yaml.org,2002:null"]
        for first, pairs in _SafeLoader.yaml_implicit_resolvers.items()
    }


class _Yaml(YAMLHandler):
    FM_BOUNDARY = re.compile(r"^-{3}[ \t]*$", re.MULTILINE)

    def load(self, fm: str, **kwargs: object) -> Any:
        _check_shape(fm)
        return super().load(fm, Loader=_TextLoader)


class _Toml(BaseHandler):
    FM_BOUNDARY = re.compile(r"^\+{3}[ \t]*$", re.MULTILINE)
    START_DELIMITER = END_DELIMITER = "+++"

    def load(self, fm: str) -> dict[str, Any]:
        return tomllib.loads(fm)


class _FrontMatterError(Exception):
    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason)
        self.reason, self.line = reason, line


def read_markdown(data: bytes, place: str, name: str) -> Article | Rejection:
    """The article in a file. `place`: path for messages; `name`: path from the root, with `/`."""
    if is_binary(data):
        reason = "文件不是文本（含有 NUL 字节），请移走图片、压缩包等；若是 UTF-16，请转存为 UTF-8"
        return Rejection(place, reason)
    text = decode(data)
    content = text.lstrip("\ufeff \t\r\n")
    if not content:
        return Rejection(place, "文件是空的，请删除它或写上标题和正文")
    lines_before = text[: len(text) - len(content)].count("\n")
    try:
        fields, body = _parted(content)
    except _FrontMatterError as problem:
        line = problem.line and problem.line + lines_before
        return Rejection(place, problem.reason, line or lines_before + 1)
    body = body.strip("\r\n")
    record = Record(place, name, fields, body, markup_of(body), date_in_name=_date_in_name(name))
    return article_from(record if fields else _titled(record))


def _parted(content: str) -> tuple[dict[str, object], str]:
    """(fields, body); no fields without front matter."""
    handler = next((each for each in (_Yaml(), _Toml()) if each.detect(content)), None)
    if handler is None:
        return {}, content
    try:
        front, body = handler.split(content)
    except ValueError:
        mark = handler.START_DELIMITER
        raise _FrontMatterError(f"头部没有结束，请在头部之后单独写一行 {mark}") from None
    if len(front) > MAX_FRONT_MATTER:
        raise _FrontMatterError(f"头部超过 {MAX_FRONT_MATTER} 个字符，请检查结束的分隔行")
    return _loaded(handler, front), body


def _loaded(handler: BaseHandler, front: str) -> dict[str, object]:
    try:
        fields: object = handler.load(front)
    except yaml.MarkedYAMLError as problem:
        raise _yaml_problem(problem) from None
    except tomllib.TOMLDecodeError as problem:
        found = re.search(r"at line (\d+)", str(problem))
        line = int(found[1]) if found else None
        raise _FrontMatterError(f"TOML 头部写错了：{problem}", line) from None
    except (yaml.YAMLError, ValueError, TypeError, AttributeError, RecursionError) as problem:
        raise _FrontMatterError(
            f"头部无法解析，请检查其中的特殊字符：{collapse(str(problem))}"
        ) from None
    if fields is None:
        return {}
    if not isinstance(fields, dict):
        raise _FrontMatterError("头部不是“名称: 值”的形式，例如 title: 标题")
    return {str(key): value for key, value in fields.items()}


def _yaml_problem(problem: yaml.MarkedYAMLError) -> _FrontMatterError:
    line = problem.problem_mark.line + 1 if problem.problem_mark else None
    if "tag" in (problem.problem or ""):
        return _FrontMatterError(
            f"不支持 YAML 标签，请去掉以 ! 开头的部分：{problem.problem}", line
        )
    advice = "值里有冒号、引号或方括号时，请用单引号括起整个值，值里的单引号写两遍"
    return _FrontMatterError(
        f"YAML 头部写错了：{problem.problem or problem.context}。{advice}", line
    )


def _check_shape(front: str) -> None:
    # Events are read one by one. Building values recurses in C and crashes on deep nesting.
    depth = 0
    for event in yaml.parse(front, Loader=_TextLoader):
        mark: Any = event.start_mark
        line = mark.line + 1
        if isinstance(event, yaml.AliasEvent):
            raise _FrontMatterError("不支持 YAML 别名，值以 * 开头时请用引号括起", line)
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise _FrontMatterError(f"头部的嵌套超过 {MAX_DEPTH} 层，请检查其中的括号和缩进", line)


def _titled(record: Record) -> Record:
    """With the first heading as title, else the name of the file."""
    heading = first_heading(record.body, record.body_format)
    if not heading:
        name = PurePosixPath(record.name).stem
        return replace(record, fields={"title": name}, named_after_file=True)
    top = _TOP_HEADING.match(record.body)
    body = record.body[top.end() :].strip("\r\n") if top else record.body
    return replace(record, fields={"title": heading}, body=body)


def _date_in_name(name: str) -> str:
    """Jekyll puts the date into the file name: `2022-03-05-title.md`."""
    dated = _DATED_NAME.match(PurePosixPath(name).name)
    return dated["date"] if dated else ""
