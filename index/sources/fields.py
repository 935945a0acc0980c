"""Named values, from wherever they were read, to an article or a reason why not."""

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

from index.article import Article, BodyFormat, DateOrigin, Rejection
from index.article_bounds import MAX_NAME, MAX_TITLE, MAX_VALUES, Shortening
from index.sources.encoding import is_damaged
from index.sources.named_fields import NamedFields, display_line, draft_states, leaves, scalar
from index.sources.titles import title_of
from index.sources.translation import is_machine_translated
from index.text.dates import parse_date
from index.text.html import collapse, valid_unicode
from index.text.mojibake import repaired
from index.text.urls import canonical_url, host_of

ID_LIMIT = 512
DOT_SEGMENTS = frozenset((".", ".."))
"""Browsers resolve these in an address, encoded or not, so an id with one could not be linked
(https://url.spec.whatwg.org/#double-dot-path-segment)."""
ID_BODY_CHARACTERS = 200
"""Characters of a text that tell it from others with the same title and date."""

_YES = frozenset(("true", "yes", "y", "on", "1", "是"))
_NO = frozenset(("false", "no", "n", "off", "0", "否"))
_HASHTAGS = re.compile(r"#\S+(?:\s+#\S+)*")
_BETWEEN_CATEGORIES = re.compile(r"[,，、;；|]")


@dataclass(frozen=True, slots=True)
class Record:
    """Fields and body of an article as a reader found them.

    `place`: path for messages. `name`: the id if the fields give none; empty where an id must come
    from the content. `line`: line in the file, from 1, if it holds more than one article.
    `date_in_name`: the date in the file's name. `named_after_file`: whether the title is that name.
    """

    place: str
    name: str
    fields: NamedFields
    body: str
    body_format: BodyFormat
    line: int | None = None
    date_in_name: str = ""
    named_after_file: bool = False


def article_from(record: Record) -> Article | Rejection:
    """The article of a record, or why there is none; applies the rules for id and source."""
    fields = record.fields
    if reason := _draft_reason(fields):
        return _reject(record, reason)
    short = Shortening()
    body = short.body(valid_unicode(record.body), record.body_format)
    if is_damaged(body := repaired(body)):
        return _reject(record, "正文里乱码太多，请检查文件的编码，转存为 UTF-8")
    title = short.line("标题", title_of(fields, body, record.body_format), MAX_TITLE)
    if not title:
        return _reject(record, "没有标题也没有正文，请至少写上 title")
    url = _url(fields)
    source, author = _source(fields, url)
    published, date_origin = _dated(fields, record.date_in_name)
    article = Article(
        id=_id(fields, url) or record.name or _content_id(title, published, body),
        title=title,
        body=body,
        body_format=record.body_format,
        url=url,
        author=author and short.line("作者", author, MAX_NAME),
        source=source and short.line("来源", source, MAX_NAME),
        categories=short.categories(_categories(fields)),
        published=published,
        date_origin=date_origin,
        machine_translated=is_machine_translated(fields),
        path=record.place if record.line is None else f"{record.place}:{record.line}",
        named_after_file=record.named_after_file,
        shortened=tuple(short.shortened),
    )
    if len(article.id) > ID_LIMIT:
        return _reject(record, f"id 超过 {ID_LIMIT} 个字符，请改短")
    if not DOT_SEGMENTS.isdisjoint(article.id.split("/")):
        return _reject(record, "id 里的 . 或 .. 一段在网址里会丢失，请改掉（a.b 这样的没有问题）")
    return article


def _draft_reason(fields: NamedFields) -> str:
    """Why an article is a draft, for its rejection; "" if it is none."""
    if any(scalar(value).lower() in _YES for value in fields.values("draft")):
        return "这是草稿（draft: true），发布时去掉这一项即可"
    if any(scalar(value).lower() in _NO for value in fields.values("published")):
        return "这是草稿（published: false），发布时去掉这一项即可"
    status = next((scalar(value).lower() for value in fields.values("status")), "")
    if status.replace("-", "").replace("_", "") in draft_states():
        return f"这是草稿（status: {status}），发布时去掉这一项即可"
    return ""


def _url(fields: NamedFields) -> str | None:
    """The first absolute address; a relative one says nothing without its site."""
    addresses = (canonical_url(scalar(value)) for value in fields.scalars("url"))
    return next(filter(None, addresses), None)


def _dated(fields: NamedFields, date_in_name: str) -> tuple[datetime | None, DateOrigin]:
    """When it appeared, else the date in its file's name, else when it was changed last, else when
    it was first seen in its feed."""
    given = _first_date(fields, "date")
    if given:
        return given, "given"
    if named := parse_date(date_in_name):
        return named, "file"
    if changed := _first_date(fields, "date_modified"):
        return changed, "given"
    return _first_date(fields, "first_seen"), "seen"


def _first_date(fields: NamedFields, field: str) -> datetime | None:
    return next(filter(None, map(parse_date, fields.scalars(field))), None)


def _id(fields: NamedFields, url: str | None) -> str:
    """As given, else the feed's own mark of an item, else from the address; else "".

    Many items of a feed may share one address, but not their `guid`.
    """
    given = fields.line("id")
    if given:
        return given
    guid = fields.line("guid")
    if guid and canonical_url(guid) is None:
        return guid
    address = canonical_url(guid) or url
    return _hash(address) if address else ""


def _content_id(title: str, published: datetime | None, body: str) -> str:
    """An id that a line keeps when others are put before it."""
    moment = published.astimezone(UTC).isoformat() if published else ""
    return _hash("\x1f".join((title, moment, collapse(body[:ID_BODY_CHARACTERS]))))


def _source(fields: NamedFields, url: str | None) -> tuple[str | None, str | None]:
    """(source, author). An author used as source is not repeated as author."""
    source, author = fields.display_line("source"), fields.display_line("author")
    if source:
        return (_host_name(source) if "://" in source else None) or source, author or None
    if author:
        return author, None
    return _host_name(url), None


def _host_name(url: str | None) -> str | None:
    return (host_of(url) or "").removeprefix("www.") or None


def _categories(fields: NamedFields) -> tuple[str, ...]:
    for value in fields.values("categories"):
        parts = [display_line(part) for part in islice(leaves(value), MAX_VALUES)]
        if isinstance(value, str):
            parts = _divided(parts[0])
        if found := tuple(dict.fromkeys(filter(None, (part.lstrip("#") for part in parts)))):
            return found
    return ()


def _divided(text: str) -> list[str]:
    if _HASHTAGS.fullmatch(text):
        return text.split()
    return [part.strip() for part in _BETWEEN_CATEGORIES.split(text)]


def _hash(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).hexdigest()


def _reject(record: Record, reason: str) -> Rejection:
    return Rejection(record.place, reason, record.line)
