"""Hits as a short list shows them, where there is no query to mark: topics, comparisons."""

from typing import Any

from flask import url_for

from search.response import Hit
from web.http.site import article_link
from web.markup import formatting


def row(hit: Hit, now: int) -> dict[str, Any]:
    """All that the macro `hit` of `listing.html` names."""
    return {
        "title": hit.title.text,
        "link": article_link(hit.id, hit.url),
        "snippet": formatting.marked(hit.snippet),
        "source": hit.source,
        **times(hit.published, now),
        "reposts": hit.story.size - 1,
        "story": url_for("explore.story", story=hit.story.id),
    }


def times(published: int | None, now: int) -> dict[str, str | None]:
    """When an article was published: how long ago, to the minute, for programs."""
    if published is None:
        return {"time": None, "exact_time": None, "iso_time": None}
    return {
        "time": formatting.relative_time(published, now),
        "exact_time": formatting.exact_time(published),
        "iso_time": formatting.iso(published),
    }
