"""Template context of the list of sources."""

from collections.abc import Sequence
from typing import Any

from index.lexicon.model import Concept
from search.explore.sources import SourceList
from web.http.site import Site
from web.leads.home import topic_links
from web.markup.formatting import exact_day


def context(found: SourceList, topics: Sequence[tuple[Concept, int]], site: Site) -> dict[str, Any]:
    """The context of `sources.html`. `topics`: concepts with the number of articles about each."""
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
    return {
        "q": "",
        "rows": rows,
        "more": found.more,
        "unnamed": found.unnamed,
        "topics": topic_links(topics, site),
    }


def _day(seconds: int | None) -> str | None:
    return None if seconds is None else exact_day(seconds)
