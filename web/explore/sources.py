"""The list of sources as its template shows it."""

from typing import Any

from flask import url_for

from search.explore.sources import SourceList
from web.markup.formatting import exact_day


def shown(found: SourceList) -> dict[str, Any]:
    """All that `sources.html` names."""
    rows = [
        {
            "name": source.name,
            "articles": source.articles,
            "first": _day(source.first),
            "last": _day(source.last),
            "link": url_for("pages.search", source=source.name),
        }
        for source in found.sources
    ]
    return {"q": "", "rows": rows, "more": found.more, "unnamed": found.unnamed}


def _day(seconds: int | None) -> str | None:
    return None if seconds is None else exact_day(seconds)
