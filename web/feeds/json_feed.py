"""A feed as JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from typing import Any

import orjson

from web.feeds.entries import Entry, Feed
from web.http.site import ARTICLE_LANGUAGE

VERSION = "https://jsonfeed.org/version/1.1"


def json_feed(feed: Feed) -> bytes:
    body = {
        "version": VERSION,
        "title": feed.title,
        "description": feed.description,
        "home_page_url": feed.home,
        "feed_url": feed.address,
        "next_url": feed.next,
        "language": ARTICLE_LANGUAGE,
        "items": [_item(entry) for entry in feed.entries],
    }
    return orjson.dumps(_given(body))


def _item(entry: Entry) -> dict[str, Any]:
    return _given(
        {
            "id": entry.id,
            "url": entry.link,
            "title": entry.title,
            "content_html": entry.html,
            "summary": entry.text,
            "date_published": entry.published.isoformat() if entry.published else None,
            "authors": [{"name": entry.byline}] if entry.byline else None,
            "tags": list(entry.topics),
        }
    )


def _given(values: dict[str, Any]) -> dict[str, Any]:
    """Without absent values: the format has no null."""
    return {name: value for name, value in values.items() if value is not None}
