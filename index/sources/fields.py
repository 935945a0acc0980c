"""Named values, from wherever they were read, to an article or a reason why not.

Keys are forgiving, because front matter is written by many hands; the first key with a value
counts. What each one may be called stands in the tables below.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from index.article import Article, BodyFormat, Rejection
from index.sources.encoding import is_damaged
from index.text.dates import parse_date
from index.text.escapes import decoded_line
from index.text.html import collapse, plain_text, valid_unicode
from index.text.urls import canonical_url, host_of

URL_KEYS = ("url", "link", "permalink", "original")
DATE_KEYS = ("date", "published_at", "pubDate", "published")
CATEGORY_KEYS = ("categories", "category", "tags")
TITLE_LIMIT = 60
"""Characters of a title made from the text."""
ID_LIMIT = 512
DOT_SEGMENTS = frozenset((".", ".."))
"""Browsers resolve these in an address, encoded or not, so an id with one could not be linked
(https://url.spec.whatwg.org/#double-dot-path-segment)."""

_BETWEEN_CATEGORIES = re.compile(r"[,，、;；|]")
_SENTENCE = re.compile(r".*?(?:[。！？!?…]+[”」』）]*|\Z)")
_HEADING = re.compile(
    r"^ {0,3}#{1,6}[ \t]+(?P<markdown>\S.*)|<h(?P<level>[1-6])\b[^>]*>(?P<html>.*?)</h(?P=level)",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Record:
    """Fields and body of an article as a reader found them.

    `place`: path for messages. `name`: the id if the fields give none. `line`: line in the file,
    from 1, if it holds more than one article. `date_in_name`: the date in the file's name.
    """

    place: str
    name: str
    fields: Mapping[str, object]
    body: str
    body_format: BodyFormat
    line: int | None = None
    date_in_name: str = ""


def article_from(record: Record) -> Article | Rejection:
    """The article of a record, or why there is none; applies the rules for id and source."""
    fields = record.fields
    if _is_draft(fields):
        return _reject(record, "这是草稿（draft 或 published: false），发布时去掉这一项即可")
    body = valid_unicode(record.body)
    if is_damaged(body):
        return _reject(record, "正文里乱码太多，请检查文件的编码，转存为 UTF-8")
    title = _title(fields, body, record.body_format)
    if not title:
        return _reject(record, "没有标题也没有正文，请至少写上 title")
    url = canonical_url(_first(fields, URL_KEYS))
    source, author = _source(fields, url)
    given = next(filter(None, (parse_date(fields.get(key)) for key in DATE_KEYS)), None)
    article_id = scalar(fields.get("id")) or (_hash(url) if url else record.name)
    if len(article_id) > ID_LIMIT:
        return _reject(record, f"id 超过 {ID_LIMIT} 个字符，请改短")
    if not DOT_SEGMENTS.isdisjoint(article_id.split("/")):
        return _reject(record, "id 里的 . 或 .. 一段在网址里会丢失，请改掉（a.b 这样的没有问题）")
    return Article(
        id=article_id,
        title=title,
        body=body,
        body_format=record.body_format,
        url=url,
        author=author,
        source=source,
        categories=_categories(fields),
        published=given or parse_date(record.date_in_name),
        date_origin="given" if given else "file",
        path=record.place if record.line is None else f"{record.place}:{record.line}",
    )


def display_line(value: object) -> str:
    """A value that people read (title, source, author, category) as one line of plain text."""
    return collapse(decoded_line(scalar(value)))


def scalar(value: object) -> str:
    """A value of any type as one line of text; lists are joined, a mapping or None gives ""."""
    if isinstance(value, str):
        return collapse(value)
    if isinstance(value, int | float | date | datetime):
        return str(value)
    return "、".join(filter(None, _flat(value))) if isinstance(value, list) else ""


def _flat(values: Iterable[object]) -> list[str]:
    # Nested lists are left out: YAML aliases could make them endless.
    return [scalar(value) for value in values if not isinstance(value, list)]


def _first(fields: Mapping[str, object], keys: Iterable[str]) -> str:
    return next(filter(None, (scalar(fields.get(key)) for key in keys)), "")


def _is_draft(fields: Mapping[str, object]) -> bool:
    return (
        scalar(fields.get("draft")).lower() in ("true", "yes")
        or scalar(fields.get("published")).lower() == "false"
    )


def _title(fields: Mapping[str, object], body: str, body_format: BodyFormat) -> str:
    title = display_line(fields.get("title"))
    if title:
        return title
    heading = _HEADING.search(body) if body_format != "text" else None
    if heading:
        title = _heading_text(heading)
    return title or _first_sentence(plain_text(body, body_format))


def _heading_text(heading: re.Match[str]) -> str:
    if heading["markdown"]:
        return collapse(plain_text("# " + heading["markdown"], "markdown"))
    return collapse(plain_text(heading["html"], "html"))


def _first_sentence(text: str) -> str:
    line = text.partition("\n")[0]
    match = _SENTENCE.match(line[: TITLE_LIMIT + 1])
    sentence = match[0] if match else line
    if len(sentence) <= TITLE_LIMIT:
        return sentence
    return sentence[: TITLE_LIMIT - 1] + "…"


def _source(fields: Mapping[str, object], url: str | None) -> tuple[str | None, str | None]:
    """(source, author). An author used as source is not repeated as author."""
    source = display_line(fields.get("source"))
    author = display_line(_first(fields, ("author", "authors")))
    if source:
        return source, author or None
    if author:
        return author, None
    return (host_of(url) or "").removeprefix("www.") or None, None


def _categories(fields: Mapping[str, object]) -> tuple[str, ...]:
    for key in CATEGORY_KEYS:
        value = fields.get(key)
        if isinstance(value, list):
            parts = [display_line(part) for part in _flat(value)]
        else:
            parts = _split(display_line(value))
        if found := tuple(dict.fromkeys(filter(None, parts))):
            return found
    return ()


def _split(text: str) -> list[str]:
    return [part.strip() for part in _BETWEEN_CATEGORIES.split(text)]


def _hash(url: str) -> str:
    return hashlib.blake2b(url.encode("utf-8", "replace"), digest_size=8).hexdigest()


def _reject(record: Record, reason: str) -> Rejection:
    return Rejection(record.place, reason, record.line)
