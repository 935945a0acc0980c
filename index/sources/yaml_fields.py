"""Fields in YAML as people write it: with tabs, full-width colons and titles that YAML would quote.

A line that does not parse is read a second time, literally: `title: 财经早餐: 央行` has one meaning
to a reader. Values stay text; nothing in a file can name a Python type or refer to another value.
"""

import re
from collections.abc import Iterator
from typing import Any, ClassVar

import yaml

from index.sources.named_fields import field_of
from index.text.html import collapse

MAX_YAML_DEPTH = 20

_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # The first needs libyaml.

_KEY = r"(?P<key>[\w$@][\w $@./-]{0,60}|\"[^\"\n]*\"|'[^'\n]*')"
_LINE = re.compile(rf"{_KEY}[ ]*:(?P<space>[ ]+|\Z)(?P<value>.*)")
_TIGHT_LINE = re.compile(rf"{_KEY}[ ]*:(?P<value>\S.*)")
_FULL_WIDTH_COLON = re.compile(r"^(?P<key>\w[\w-]{0,60})[ ]*：[ ]*", re.MULTILINE)
_ITEM = re.compile(r"(?P<dash>[ ]*-[ ]+)(?P<value>\S.*)")
_HASHTAG = re.compile(r"(?:^|\s)#[^\s#]")
_STRUCTURE = ("'", '"', "[", "{", "|", ">")
_LITERAL_FIELDS = frozenset(("title", "author", "source", "categories", "name"))
"""Fields of words, in which `#` before a word begins a hashtag and no comment."""
_NO_TEXT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u200b-\u200f\u2060\ufeff\ud800-\udfff\ufffe\uffff]+"
)
_SPACES = re.compile("[\x85\xa0\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")
_INDENT = re.compile(r"^[ \t]*\t[ \t]*", re.MULTILINE)


class FrontMatterError(Exception):
    """Front matter that cannot be read: the reason in Chinese, and the line from 1 if known."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason)
        self.reason, self.line = reason, line


class _TextLoader(_SafeLoader):
    """A safe loader that leaves plain values as text: `1.10` is no number, `12:30` no integer.

    Only null is converted. A title like 2022-13-45 would otherwise make the file unreadable.
    """

    yaml_implicit_resolvers: ClassVar[dict[str, object]] = {
        first: [pair for pair in pairs if pair[0] == "tag:yaml.org,2002:null"]
        for first, pairs in _SafeLoader.yaml_implicit_resolvers.items()
    }


class _NoFieldsError(ValueError):
    """YAML, but a text or a list."""


class _AliasError(yaml.MarkedYAMLError):
    """`*name` in place of a value: nothing may be built from references."""


def yaml_fields(front: str) -> dict[str, object]:
    """The fields in front matter. Raises FrontMatterError with the line, counted from 1."""
    text = _with_hashtags(_tidied(front))
    try:
        return _mapping(text)
    except (yaml.YAMLError, ValueError) as problem:
        first_problem = problem
    try:
        return _mapping("\n".join(_literal(group) for group in _groups(text)))
    except (yaml.YAMLError, ValueError):
        raise _explained(first_problem) from None


def _tidied(front: str) -> str:
    """Without what YAML forbids and no reader sees; line numbers stay."""
    text = _SPACES.sub(" ", _NO_TEXT.sub("", front))
    text = _INDENT.sub(lambda found: found[0].replace("\t", "  "), text).replace("\t", " ")
    return _FULL_WIDTH_COLON.sub(_with_ascii_colon, text) if "：" in text else text


def _with_ascii_colon(match: re.Match[str]) -> str:
    known = match["key"].isascii() or field_of(match["key"]) is not None
    return f"{match['key']}: " if known else match[0]


def _with_hashtags(text: str) -> str:
    """Quote values such as `央行 #数字人民币 试点`, of which YAML would keep half."""
    if "#" not in text:
        return text
    lines = text.split("\n")
    following = [*lines[1:], ""]
    return "\n".join(
        _with_hashtag(line) if not after.startswith(" ") else line
        for line, after in zip(lines, following, strict=True)
    )


def _with_hashtag(line: str) -> str:
    found = _LINE.fullmatch(line)
    if found is None or field_of(found["key"]) not in _LITERAL_FIELDS:
        return line
    value = found["value"].strip()
    if value.startswith(_STRUCTURE) or not _HASHTAG.search(value):
        return line
    return f"{found['key']}: {_quoted(value)}"


def _mapping(text: str) -> dict[str, object]:
    """The fields. Raises YAMLError, ValueError where they are no fields at all, and
    FrontMatterError where they are nested too deep."""
    _check_shape(text)
    loader = _TextLoader(text)
    try:
        fields: object = loader.get_single_data()
    finally:
        loader.dispose()
    if fields is None:
        return {}
    if not isinstance(fields, dict):
        raise _NoFieldsError
    return {str(key): value for key, value in fields.items()}


def _check_shape(text: str) -> None:
    # Events are read one by one. Building values recurses in C and crashes on deep nesting.
    depth = 0
    for event in yaml.parse(text, Loader=_TextLoader):
        mark: Any = event.start_mark
        if isinstance(event, yaml.AliasEvent):
            raise _AliasError(problem="alias", problem_mark=mark)
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_YAML_DEPTH:
            reason = f"头部的嵌套超过 {MAX_YAML_DEPTH} 层，请检查其中的括号和缩进"
            raise FrontMatterError(reason, mark.line + 1)


def _groups(text: str) -> Iterator[list[str]]:
    """Each line with a key, together with the lines that continue it."""
    group: list[str] = []
    for line in text.split("\n"):
        if line[:1] not in ("", " ", "-", "#") and group:
            yield group
            group = []
        group.append(line)
    yield group


def _literal(group: list[str]) -> str:
    """A group as it is if it parses alone, else with its value taken literally."""
    whole = "\n".join(group)
    head = _LINE.fullmatch(group[0].rstrip()) or _TIGHT_LINE.fullmatch(group[0].rstrip())
    if head is None or _parses(whole):
        return whole
    items = [_ITEM.fullmatch(line) for line in group[1:] if line.strip()]
    value = head["value"].strip()
    if not value and items and all(items):
        lines = [f"{item['dash']}{_quoted(item['value'])}" for item in items if item]
        return "\n".join([f"{head['key']}:", *lines])
    rest = [line.strip() for line in group[1:] if not line.startswith("#")]
    return f"{head['key']}: {_list_or_text(head['key'], ' '.join([value, *rest]).strip())}"


def _list_or_text(key: str, value: str) -> str:
    if field_of(key) == "categories" and value.startswith("[") and value.endswith("]"):
        items = (item.strip() for item in re.split("[,，、]", value[1:-1]))
        return f"[{', '.join(_quoted(item) for item in items if item)}]"
    return _quoted(value)


def _quoted(value: str) -> str:
    """A value in quotes of YAML's, without those that enclose all of it already."""
    value = value.strip()
    mark, inner = value[:1], value[1:-1]
    if len(value) > 1 and mark in "'\"" and value[-1] == mark:
        around = inner.count(mark) % 2 or mark in (inner[:1], inner[-1:]) or mark not in inner
        value = inner if around else value
    return "'" + value.replace("'", "''") + "'"


def _parses(text: str) -> bool:
    try:
        _mapping(text)
    except (yaml.YAMLError, ValueError):
        return False
    return True


def _explained(problem: Exception) -> FrontMatterError:
    if isinstance(problem, _NoFieldsError):
        return FrontMatterError("头部不是“名称: 值”的形式，例如 title: 标题")
    if not isinstance(problem, yaml.MarkedYAMLError):
        return FrontMatterError(f"头部无法解析，请检查其中的特殊字符：{collapse(str(problem))}")
    line = problem.problem_mark.line + 1 if problem.problem_mark else None
    advice = "值里有冒号、引号或方括号时，请用单引号括起整个值，值里的单引号写两遍"
    return FrontMatterError(
        f"YAML 头部写错了：{problem.problem or problem.context}。{advice}", line
    )
