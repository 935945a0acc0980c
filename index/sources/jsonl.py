"""Reads JSON Lines files, one article for each line, plain or compressed (`.gz`)."""

import codecs
import gzip
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast, get_args

import orjson

from index.article import Article, BodyFormat, Rejection
from index.sources.encoding import decode, has_markup, markup_of
from index.sources.fields import Record, article_from
from index.sources.named_fields import NamedFields, leaves


def read_jsonl(path: Path, place: str) -> Iterator[Article | Rejection]:
    """Articles of a file in order; a bad line becomes a rejection with its number.

    `place`: the path, for messages.
    """
    number = 0
    try:
        with _open(path) as lines:
            for number, line in enumerate(lines, 1):
                if number == 1 and line.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                    yield Rejection(place, "文件是 UTF-16 编码，请转存为 UTF-8")
                    return
                if line.strip():
                    yield _article(line, place, number)
    except (EOFError, zlib.error, gzip.BadGzipFile) as problem:
        reason = f"压缩文件不完整或已损坏，之后的内容没有读到，请重新下载：{problem}"
        yield Rejection(place, reason, number + 1)


def _open(path: Path) -> IO[bytes]:
    return cast(IO[bytes], gzip.open(path)) if path.suffix.lower() == ".gz" else path.open("rb")


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
