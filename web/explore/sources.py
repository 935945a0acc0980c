"""Template context of the list of sources."""

from typing import Any

from search.explore.sources import SourceList
from web.http.site import Site
from web.markup.formatting import exact_day


def context(found: SourceList, site: Site) -> dict[str, Any]:
    """The context of `sources.html`."""
    rows = [
        {
            "name": source.name,
            "articles": source.articles,
            "first": _day(source.first),
            "last": _day(source.last),
            "link": site.path("pages.search", source=source.name),
        }
        for source in found.sources
    ]
    return {"q": "", "rows": rows, "more": found.more, "unnamed": found.unnamed}


def _day(seconds: int | None) -> str | None:
    return None if seconds is None else exact_day(seconds)
