"""Template context of a concept's page."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from werkzeug.datastructures import MultiDict

from search.explore.topic import RECENT_DAYS, Counted, TopicView
from search.query.concept_conditions import ABOUT, MENTION, written
from web.feeds.links import alternates
from web.http.site import Site
from web.pages import hit_list

MAX_VALUES = 8
"""Sources that are listed at most."""
FEEDS = (("RSS", "rss"), ("Atom", "atom"), ("JSON Feed", "json"), ("CSV", "csv"))
"""(name of the format, endpoint)."""

Entry = tuple[str, int | None, str]
"""(text, number of articles, address)."""


def context(
    view: TopicView, now: datetime, site: Site, chosen: Mapping[str, str]
) -> dict[str, Any]:
    """The context of `topic.html`, but for its chart. `chosen`: the dates as arguments."""
    name, answer, scent = view.concept.name, view.answer, view.scent
    q = written(view.shown, view.concept)
    return {
        "q": name,
        "concept": view.concept,
        "names": scent.names,
        "total": answer.total,
        "about": view.shown == ABOUT,
        "dated": view.dated,
        "only_mention": _only_mention(view, site),
        "days": RECENT_DAYS,
        "recent": view.recent,
        "everything": answer.any_time.total if answer.any_time else answer.total,
        "span": (chosen.get("from", "…"), chosen.get("to", "…")) if chosen else None,
        "hits": [hit_list.hit_row(hit, int(now.timestamp()), site) for hit in answer.hits],
        "groups": {
            "organisation": _associated(view.organisations, site),
            "person": _associated(view.people, site),
            "concept": _associated(view.concepts, site),
            "source": [
                (source, count, site.path("pages.search", q=q, source=source, **chosen))
                for source, count in answer.facets.get("source", [])[:MAX_VALUES]
            ],
        },
        "related": [(c.name, site.path("explore.topic", concept=c.name)) for c in view.related],
        "all_of_them": site.path("pages.search", q=q, sort=_sort(view), **chosen),
        "compare": site.path("explore.compare", q=name),
        "alternates": alternates(name, MultiDict({"q": q}), site),
        "feeds": [(label, site.path(f"feeds.{kind}", q=q)) for label, kind in FEEDS],
    }


def _sort(view: TopicView) -> str | None:
    """The order of the page's stories, as an argument of the search page."""
    return "newest" if view.dated else None


def _only_mention(view: TopicView, site: Site) -> tuple[int, str] | None:
    """Articles that mention the concept and are not about it, where the page shows others."""
    number = view.scent.mention - view.scent.about
    if view.shown != ABOUT or not number:
        return None
    mention, about = written(MENTION, view.concept), written(ABOUT, view.concept)
    return number, site.path("pages.search", q=f"{mention} -{about}", sort=_sort(view))


def _associated(counted: tuple[Counted, ...], site: Site) -> list[Entry]:
    return [(other.name, count, site.path("pages.search", q=q)) for other, count, q in counted]
