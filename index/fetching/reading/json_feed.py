"""Reads JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/)."""

import json
from collections.abc import Mapping
from typing import Any

from index.fetching.reading.entries import (
    MAX_ENTRIES,
    FeedEntry,
    NotAFeedError,
    SourceFeed,
    paragraphs,
)
from index.messages import msg
from index.text.dates import parse_date
from index.text.html import collapse, valid_unicode
from index.text.urls import canonical_url

MAX_LINE, MAX_TAGS = 2_000, 20


def read_json_feed(text: str) -> SourceFeed:
    """The feed in a text. Raises NotAFeedError."""
    try:
        feed = json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise NotAFeedError(msg("JSON 不完整或写错了")) from problem
    version = feed.get("version")
    if not isinstance(version, str) or "jsonfeed.org/version/" not in version:
        raise NotAFeedError(msg("这是 JSON，但不是 JSON Feed"))
    rows = feed.get("items")
    rows = rows if isinstance(rows, list) else []
    entries = (_entry(row) for row in rows[:MAX_ENTRIES] if isinstance(row, dict))
    return SourceFeed(_line(feed.get("title")), tuple(filter(None, entries)))


def _entry(row: Mapping[str, Any]) -> FeedEntry | None:
    title, body = _line(row.get("title")), _body(row)
    if not title and not body:
        return None
    stated = _line(row.get("date_published")) or _line(row.get("date_modified"))
    image = row.get("image") or row.get("banner_image")
    return FeedEntry(
        title=title,
        body=body,
        guid=_line(row.get("id")),
        link=canonical_url(_line(row.get("external_url"))) or canonical_url(_line(row.get("url"))),
        author=_author(row),
        categories=_tags(row),
        image=canonical_url(_line(image)),
        stated=stated,
        published=parse_date(row.get("date_published")) or parse_date(row.get("date_modified")),
    )


def _line(value: object) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)  # an id, which the format's first version allowed to be a number
    return collapse(valid_unicode(value))[:MAX_LINE] if isinstance(value, str) else ""


def _body(row: Mapping[str, Any]) -> str:
    html, text = row.get("content_html"), row.get("content_text") or row.get("summary")
    if isinstance(html, str) and html.strip():
        return valid_unicode(html)
    if not isinstance(text, str):
        return ""
    return paragraphs(valid_unicode(text))


def _author(row: Mapping[str, Any]) -> str:
    named = row.get("authors")
    authors = named if isinstance(named, list) else [row.get("author")]
    names = (_line(author.get("name")) for author in authors if isinstance(author, dict))
    return "、".join(filter(None, names))[:200]


def _tags(row: Mapping[str, Any]) -> tuple[str, ...]:
    tags = row.get("tags")
    words = map(_line, tags) if isinstance(tags, list) else ()
    return tuple(dict.fromkeys(filter(None, words)))[:MAX_TAGS]
