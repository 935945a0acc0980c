"""Reads a feed of any format: bytes and content type in, entries out.

feedparser gives the structure only. Its dates are not used: it reads 2022年9月5日 as a day in
November, and a time without a zone as UTC. Only this module knows feedparser.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import tzinfo
from io import BytesIO
from typing import Any

import feedparser

from index.fetching.reading.entries import (
    MAX_ENTRIES,
    FeedEntry,
    Hints,
    NotAFeedError,
    SourceFeed,
    paragraphs,
)
from index.fetching.reading.feed_encoding import decoded_feed, without_declaration
from index.fetching.reading.json_feed import read_json_feed
from index.messages import msg
from index.text.dates import SHANGHAI, parse_date
from index.text.html import collapse
from index.text.urls import canonical_url

MAX_TITLE, MAX_GUID, MAX_AUTHOR, MAX_TAGS = 2_000, 1_000, 200, 20
"""Characters of a title, a guid and an author; tags of an entry that are kept."""
MAX_PROLOG = 20_000
"""Characters in which the document type is looked for and hints for readers are read."""

Row = dict[str, Any]
"""A feed or an entry as feedparser gives it: a dictionary that finds some keys under others."""

_DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]{0,1000}+(?:\[[^\]]*+\]\s*+)?>", re.IGNORECASE)
_ELEMENT = re.compile(r"<\w")
_BLANKS = re.compile(r"\s+")
_ENTITY = re.compile(r"<!ENTITY[^>]*+>?", re.IGNORECASE)
_COMMENT = r"<!--(?:[^-]|-(?!->))*+-->"
_HTML = re.compile(rf"\A\s*+(?:{_COMMENT}\s*+)*+<(?:!doctype\s+html|html|head|body)\b", re.I)
_BEGUN = re.compile(r"<(?:\w++:)?(?:item|entry)\b", re.IGNORECASE)
_ENDS = re.compile(r"</(?:\w++:)?(?:rss|feed|rdf|channel)\b", re.IGNORECASE)
_RDF_ENDS = re.compile(r"</(?:\w++:)?rdf\b", re.IGNORECASE)
_IMAGE = re.compile(r"<img\b[^<>]*?\ssrc\s*=\s*[\"'](https?://[^\"'\s>]{1,1000})[\"']", re.I)
_MARKUP = re.compile(r"</?[a-z][^<>]*>|&#?\w+;", re.IGNORECASE)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SKIPS = re.compile(
    r"<skip(?P<kind>Hours|Days)>(?P<inner>(?:[^<]|<(?!/?skip))*+)</skip(?P=kind)>", re.I
)
_SKIP = re.compile(r"<(?:hour|day)>\s*(\w{1,9})\s*<", re.IGNORECASE)


def read_feed(data: bytes, content_type: str = "") -> SourceFeed:
    """The feed in these bytes. Raises NotAFeedError.

    `content_type` is believed as to the encoding only, and there last.
    """
    text = decoded_feed(data, content_type)
    start = text.lstrip("\ufeff \t\r\n")
    if not start:
        raise NotAFeedError(msg("内容是空的"))
    if start.startswith("{"):
        return read_json_feed(start)
    if _HTML.match(start):
        raise NotAFeedError(msg("这是网页，不是订阅源"))
    return _read_xml(start)


def _read_xml(text: str) -> SourceFeed:
    # Without a document type there are no entities to expand and none to fetch.
    text = without_declaration(text)
    text = _DOCTYPE.sub("", text[:MAX_PROLOG], count=1) + text[MAX_PROLOG:]
    plain = _without_blank_prolog(_ENTITY.sub("", text))
    if not plain.strip():
        raise NotAFeedError(msg("内容是空的"))
    found = _parsed(plain)
    if not found.version and not found.entries:
        raise NotAFeedError(msg("内容不是 RSS、Atom 或 JSON Feed"))
    whole = has_ended(plain, found.version)
    rows = found.entries if whole else found.entries[:-1]
    zone = _zone(found.feed)
    entries = tuple(filter(None, (_entry(row, zone) for row in rows[:MAX_ENTRIES])))
    title = _line(found.feed.get("title"), MAX_AUTHOR)
    return SourceFeed(title, entries, _hints(found.feed, plain), whole)


def _without_blank_prolog(text: str) -> str:
    """Blanks before the first element made one each: feedparser looks for declarations from every
    line that begins there, through all blank ones that follow it."""
    first = _ELEMENT.search(text)
    start = first.start() if first else len(text)
    return _BLANKS.sub(" ", text[:start]).lstrip() + text[start:]


def has_ended(text: str, version: str) -> bool:
    """Whether a feed is closed after its last entry, whatever stands behind that. `version`: as
    feedparser names it; the items of RDF stand after the end of its channel."""
    ends = _RDF_ENDS if version in ("rss10", "rss090") else _ENDS
    last = max((found.start() for found in _BEGUN.finditer(text)), default=0)
    return ends.search(text, last) is not None


def _parsed(text: str) -> Any:
    try:
        return feedparser.parse(
            BytesIO(text.encode("utf-8", "replace")),
            response_headers={"content-type": "application/xml; charset=utf-8"},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception as problem:  # one feed that breaks the parser must not stop the others
        raise NotAFeedError(msg("内容读不了")) from problem


def _zone(feed: Row) -> tzinfo:
    """The zone of dates that name none: that of the feed's own dates, if it is not UTC, which
    programs write whatever their entries say; else China's."""
    for name in ("updated", "published"):
        moment = parse_date(dict.get(feed, name))
        if moment is not None and moment.tzinfo is not None and moment.utcoffset():
            return moment.tzinfo
    return SHANGHAI


def _entry(row: Row, zone: tzinfo) -> FeedEntry | None:
    """None where there is neither a title nor a text."""
    title, body = _line(row.get("title"), MAX_TITLE), _body(row)
    if not title and not body.strip():
        return None
    stated = next(_stated_dates(row), "")
    dates = (parse_date(date, zone) for date in _stated_dates(row))
    return FeedEntry(
        title=title,
        body=body,
        guid=_line(dict.get(row, "id"), MAX_GUID),
        link=_link(row),
        author=_line(row.get("author"), MAX_AUTHOR),
        categories=_tags(row),
        image=_image(row, body),
        stated=stated,
        published=next(filter(None, dates), None),
    )


def _stated_dates(row: Row) -> Iterator[str]:
    """As written. `dict.get`, because feedparser gives one date for another that is missing."""
    for name in ("published", "created", "updated"):
        if stated := _line(dict.get(row, name), MAX_AUTHOR):
            yield stated


def _line(value: object, most: int) -> str:
    return collapse(value)[:most] if isinstance(value, str) else ""


def _body(row: Row) -> str:
    """The longest of its contents and its summary, as HTML."""
    parts = [*row.get("content", ()), row.get("summary_detail") or {}]
    texts = [_as_html(part) for part in parts if isinstance(part.get("value"), str)]
    return max(texts, key=len, default="")


def _as_html(part: Row) -> str:
    value: str = part["value"]
    if part.get("type") == "text/plain" and not _MARKUP.search(value):
        return paragraphs(value)
    return value


def _link(row: Row) -> str | None:
    """Without invisible characters, which the front matter of a file would not have either."""
    link = _address(row.get("link"))
    if link is None and row.get("guidislink"):
        link = _address(dict.get(row, "id"))
    return link


def _address(value: object) -> str | None:
    return canonical_url(collapse(value)) if isinstance(value, str) else None


def _tags(row: Row) -> tuple[str, ...]:
    terms = (_line(tag.get("label") or tag.get("term"), MAX_AUTHOR) for tag in row.get("tags", ()))
    return tuple(dict.fromkeys(filter(None, terms)))[:MAX_TAGS]


def _image(row: Row, body: str) -> str | None:
    """The address of its picture: as the feed names it, else the first in the text."""
    named: Sequence[Row] = [
        *row.get("media_thumbnail", ()),
        *(each for each in row.get("media_content", ()) if each.get("medium") == "image"),
        *(
            each
            for each in row.get("enclosures", ())
            if str(each.get("type", "")).startswith("image/")
        ),
    ]
    addresses = (canonical_url(each.get("url") or each.get("href")) for each in named)
    shown = _IMAGE.search(body)
    return next(filter(None, addresses), None) or canonical_url(shown[1] if shown else None)


def _hints(feed: Row, text: str) -> Hints:
    ttl = str(feed.get("ttl", "")).strip()
    hours: set[int] = set()
    days: set[int] = set()
    for block in _SKIPS.finditer(text[:MAX_PROLOG]):
        for word in _SKIP.findall(block["inner"]):
            if word.isascii() and word.isdigit() and int(word) <= 24:
                hours.add(int(word) % 24)
            elif word.lower() in _WEEKDAYS:
                days.add(_WEEKDAYS.index(word.lower()))
    minutes = int(ttl) if ttl.isascii() and ttl.isdigit() and len(ttl) < 7 else None
    return Hints(minutes, frozenset(hours), frozenset(days))
