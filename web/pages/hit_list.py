"""Hits in short lists without highlights, on the pages of topics and comparisons."""

from typing import Any

from index.article import DateOrigin
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
        "credit": formatting.credit(hit.source, hit.credited),
        "kinds": [formatting.kind_name(kind) for kind in hit.kinds],
        **listed_times(hit.published, hit.date_origin, now),
        "reposts": hit.story.size - 1,
        "first_known": hit.story.first_known,
        "story": site.story_path(hit.story.id),
    }


def listed_times(published: int | None, origin: DateOrigin, now: int) -> dict[str, str | None]:
    """`times`, and the time as a list shows it: relative, but an estimate as a date."""
    if published is None:
        shown = None
    elif origin == "given":
        shown = formatting.relative_time(published, now)
    else:
        shown = formatting.long_day(published)
    return {"time": shown, **times(published, origin)}


def times(published: int | None, origin: DateOrigin) -> dict[str, str | None]:
    """The context of `published.html`: the time of publication for people and as ISO 8601, and what
    it is estimated from. An estimate is a day without a time, and so is what a source gives without
    one."""
    if published is None:
        return {"exact_time": None, "iso_time": None, "estimated": None}
    if origin == "given" and not formatting.is_day(published):
        exact, iso = formatting.exact_time(published), formatting.iso(published)
        return {"exact_time": exact, "iso_time": iso, "estimated": None}
    day = formatting.exact_day(published)
    return {"exact_time": day, "iso_time": day, "estimated": formatting.estimated_from(origin)}
