"""Hits in short lists without highlights, on the pages of topics and comparisons."""

from typing import Any

from search.response import Hit
from web.http.site import Site
from web.markup import formatting


def hit_row(hit: Hit, now: int, site: Site) -> dict[str, Any]:
    """The context of the macro `hit` in `listing.html`. `now`: epoch seconds."""
    return {
        "title": hit.title.text,
        "link": site.article_link(hit.id, hit.url),
        "snippet": formatting.marked(hit.snippet),
        "source": hit.source,
        **times(hit.published, now),
        "reposts": hit.story.size - 1,
        "story": site.path("explore.story", story=hit.story.id),
    }


def times(published: int | None, now: int) -> dict[str, str | None]:
    """The time of publication: relative, as date and time, and as ISO 8601."""
    if published is None:
        return {"time": None, "exact_time": None, "iso_time": None}
    return {
        "time": formatting.relative_time(published, now),
        "exact_time": formatting.exact_time(published),
        "iso_time": formatting.iso(published),
    }
