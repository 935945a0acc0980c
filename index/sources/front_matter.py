"""Tells the fields in front of a text from the text, as Hexo, Jekyll, Hugo, Pandoc and others do.

YAML between `---` (or up to `...`), also without the opening line; TOML between `+++`; an object of
JSON; Pandoc's title block. A rule on the first line of a plain text is no front matter.
"""

import json
import re
import tomllib
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from frontmatter.default_handlers import BaseHandler, YAMLHandler

from index.sources.named_fields import field_of
from index.sources.yaml_fields import FrontMatterError, yaml_fields
from index.text.html import collapse

MAX_FRONT_MATTER = 200_000
"""Characters; real front matter has a few hundred."""

Parted = tuple[Mapping[str, object], str]
"""The fields, and the text after them."""

_UNOPENED_END = re.compile(r"^(?:-{3,}|;{3,})[ \t]*$", re.MULTILINE)
_KEY = r"[\"']?(?P<key>\w[\w $@./-]{0,60})[\"']?[ \t]*(?P<colon>[:：])"
_FIRST_KEY = re.compile(rf"{_KEY}(?P<space>\s|\Z)?")
_FIELD_LINE = re.compile(rf"{_KEY}.*|[ \t]+\S.*|[ \t]*[-#].*|[ \t]*")
_JSON_KEY = re.compile(r"\{\s*\"(?P<key>[^\"\n]{1,40})\"\s*:")
_TITLE_BLOCK = re.compile(
    r"%[ \t]+(?P<title>\S.*(?:\n[ \t]+\S.*)*)(?:\n%(?P<author>.*(?:\n[ \t]+\S.*)*))?"
    r"(?:\n%(?P<date>.*))?(?:\n|\Z)"
)

_HEAD_FIELDS = frozenset(("title", "date", "author", "source", "categories", "url"))
"""Fields one of which must be there where no line opens front matter."""
_ZERO_WIDTH = dict.fromkeys((*range(0x200B, 0x2010), 0x2060, 0xFEFF))


class _Yaml(YAMLHandler):
    """Also opened by `--- yaml`, and closed by `...`."""

    FM_BOUNDARY = re.compile(r"^(?:-{3,}[ \t]*(?:ya?ml[ \t]*)?|\.{3}[ \t]*)$", re.MULTILINE)

    def detect(self, text: str) -> bool:
        return text.startswith("---") and super().detect(text)

    def load(self, fm: str, **_: object) -> Any:
        return yaml_fields(_checked(fm))


class _Toml(BaseHandler):
    FM_BOUNDARY = re.compile(r"^\+{3}[ \t]*$", re.MULTILINE)

    def load(self, fm: str) -> Any:
        return tomllib.loads(_checked(fm))


def parted(content: str) -> Parted:
    """(fields, body); no fields where the text begins at once. Raises FrontMatterError."""
    kinds: tuple[Callable[[str], Parted | None], ...] = (_yaml, _toml, _json, _unopened, _pandoc)
    return next((found for kind in kinds if (found := kind(content)) is not None), ({}, content))


def _yaml(content: str) -> Parted | None:
    handler = _Yaml()
    if not handler.detect(content):
        return None
    try:
        front, body = handler.split(content)
    except ValueError:
        first = _first_key(content.partition("\n")[2])
        if first is None or field_of(first) is None:
            return None
        raise FrontMatterError("头部没有结束，请在头部之后单独写一行 ---") from None
    if front.strip() and _first_key(front) is None:
        return None
    return handler.load(front), body


def _first_key(front: str) -> str | None:
    """The key of the first line, or None if the lines are a text."""
    lines = [line.strip() for line in front.translate(_ZERO_WIDTH).split("\n")]
    lines = [line for line in lines if line and not line.startswith("#")]
    if lines and lines[0].startswith("{"):
        return "{"
    keys = [found for line in lines if (found := _FIRST_KEY.match(line))]
    if not keys or not _FIRST_KEY.match(lines[0]):
        return None
    plain = keys[0]["colon"] == ":" and keys[0]["space"] is not None and keys[0]["key"].isascii()
    return keys[0]["key"] if plain or any(field_of(found["key"]) for found in keys) else None


def _toml(content: str) -> Parted | None:
    handler = _Toml()
    if not handler.detect(content):
        return None
    try:
        front, body = handler.split(content)
    except ValueError:
        raise FrontMatterError("头部没有结束，请在头部之后单独写一行 +++") from None
    try:
        return handler.load(front), body
    except tomllib.TOMLDecodeError as problem:
        found = re.search(r"at line (\d+)", str(problem))
        line = int(found[1]) if found else None
        raise FrontMatterError(f"TOML 头部写错了：{problem}", line) from None
    except (ValueError, TypeError, AttributeError, RecursionError) as problem:
        reason = f"头部无法解析，请检查其中的特殊字符：{collapse(str(problem))}"
        raise FrontMatterError(reason) from None


def _json(content: str) -> Parted | None:
    key = _JSON_KEY.match(content)
    if key is None or field_of(key["key"]) is None:
        return None
    try:
        fields, end = json.JSONDecoder().raw_decode(content)
    except (ValueError, RecursionError) as problem:
        line = getattr(problem, "lineno", None)
        raise FrontMatterError(f"JSON 头部写错了：{collapse(str(problem))}", line) from None
    return fields, content[end:]


def _unopened(content: str) -> Parted | None:
    """Hexo needs no opening line, if every line up to the closing one is a field's."""
    content = content.removeprefix(";;;\n")
    first = _FIRST_KEY.match(content)
    if first is None or first["colon"] != ":" or not first["key"].isascii():
        return None
    closed = _UNOPENED_END.search(content, first.end(), first.end() + MAX_FRONT_MATTER)
    lines = content[: closed.start()].split("\n") if closed else []
    if closed is None or not all(map(_FIELD_LINE.fullmatch, lines)):
        return None
    keys = [found["key"] for line in lines if (found := _FIRST_KEY.match(line))]
    if _HEAD_FIELDS.isdisjoint(map(field_of, keys)):
        return None
    fields = _unopened_fields("\n".join(lines), closed[0])
    return None if fields is None else (fields, content[closed.end() :])


def _unopened_fields(front: str, end: str) -> Mapping[str, object] | None:
    if end.startswith(";"):
        with suppress(ValueError, RecursionError):
            return dict(json.loads(f"{{{front.strip().rstrip(',')}}}"))
    with suppress(FrontMatterError):
        return yaml_fields(front)
    return None


def _pandoc(content: str) -> Parted | None:
    block = _TITLE_BLOCK.match(content)
    if block is None:
        return None
    authors = [name.strip() for name in re.split(r"[;\n]", block["author"] or "")]
    fields = {"title": block["title"], "author": authors, "date": (block["date"] or "").strip()}
    return fields, content[block.end() :]


def _checked(front: str) -> str:
    if len(front) > MAX_FRONT_MATTER:
        raise FrontMatterError(f"头部超过 {MAX_FRONT_MATTER} 个字符，请检查结束的分隔行")
    return front
