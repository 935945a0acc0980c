"""Reads JSON Lines files, one article for each line, plain or compressed (`.gz`)."""

import codecs
import gzip
import json
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast, get_args

import orjson

from index.article import Article, BodyFormat, Rejection
from index.article_bounds import MAX_FILE
from index.sources.encoding import decode, has_markup, markup_of
from index.sources.fields import Record, article_from
from index.sources.named_fields import NamedFields, leaves

MAX_EXPANSION = 200
"""Times as long as the compressed file that its content may be: texts shrink to a third or a tenth,
repeated ones to a fiftieth."""
FREE_BYTES = 64_000_000
"""Bytes that any compressed file may hold."""


def read_jsonl(path: Path, place: str) -> Iterator[Article | Rejection]:
    """Articles of a file in order; a bad line becomes a rejection with its number.

    `place`: the path, for messages. Memory holds a line of at most MAX_FILE bytes.
    """
    number = 0
    try:
        for number, line in enumerate(_lines(path), 1):
            if number == 1 and line.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                yield Rejection(place, "文件是 UTF-16 编码，请转存为 UTF-8")
                return
            if len(line) > MAX_FILE:
                reason = f"这一行超过 {MAX_FILE:,} 字节，跳过了；每篇文章应占一行"
                yield Rejection(place, reason, number)
            elif line.strip():
                yield _article(line, place, number)
    except _ExpandedTooFarError:
        reason = f"解压后超过压缩文件的 {MAX_EXPANSION} 倍，之后的没有读，请检查文件，或解压后再读"
        yield Rejection(place, reason, number + 1)
    except (EOFError, zlib.error, gzip.BadGzipFile) as problem:
        reason = f"压缩文件不完整或已损坏，之后的内容没有读到，请重新下载：{problem}"
        yield Rejection(place, reason, number + 1)


class _ExpandedTooFarError(Exception):
    """A compressed file holds far more than texts can."""


def _lines(path: Path) -> Iterator[bytes]:
    """The lines of a file. One that is too long is cut one byte after MAX_FILE."""
    compressed = path.suffix.lower() == ".gz"
    allowed = max(FREE_BYTES, MAX_EXPANSION * path.stat().st_size) if compressed else sys.maxsize
    with cast(IO[bytes], gzip.open(path)) if compressed else path.open("rb") as file:
        while line := file.readline(MAX_FILE + 1):
            part, allowed = line, allowed - len(line)
            while len(part) > MAX_FILE and not part.endswith(b"\n") and allowed >= 0:
                part = file.readline(MAX_FILE + 1)
                allowed -= len(part)
            if allowed < 0:
                raise _ExpandedTooFarError
            yield line


def _article(line: bytes, place: str, number: int) -> Article | Rejection:
    try:
        fields = _parsed(line)
    except (ValueError, RecursionError) as problem:
        reason = f"这一行不是完整的 JSON，每篇文章应占一行：{problem}"
        return Rejection(place, reason, number)
    if not isinstance(fields, dict):
        return Rejection(place, '应是 {"title": …, "body": …} 这样的对象', number)
    named = NamedFields(fields)
    body = _body(named)
    if body is None:
        return Rejection(place, "body 应是一段文字（字符串）", number)
    body_format = _format(named, body)
    if body_format is None:
        reason = f"body_format 应是 {'、'.join(get_args(BodyFormat))} 之一"
        return Rejection(place, reason, number)
    return article_from(Record(place, "", named, body, body_format, number))


def _body(fields: NamedFields) -> str | None:
    """The first body with text, "" where none is given, None where one is of another type."""
    given = [
        next(leaves(value), None) if isinstance(value, dict) else value
        for value in fields.values("body")
    ]
    texts = [value for value in given if isinstance(value, str)]
    if given and not texts:
        return None
    return next((text for text in texts if text.strip()), "")


def _parsed(line: bytes) -> object:
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        # The standard library accepts lone surrogates, NaN, other encodings and a BOM.
        return json.loads(decode(line))


def _format(fields: NamedFields, body: str) -> BodyFormat | None:
    """As given, else guessed. Text without any markup keeps its line breaks."""
    given = fields.line("body_format").lower()
    if given:
        return cast(BodyFormat, given) if given in get_args(BodyFormat) else None
    return markup_of(body) if has_markup(body) else "text"
