"""Template context of a concept's page."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from werkzeug.datastructures import MultiDict

from search.explore.timeline import Bucket, bars
from search.explore.topic import RECENT_DAYS, Counted, TopicView, mention_both
from web.feeds.links import alternates
from web.http.site import Site
from web.pages import hit_list
from web.pages.chart import chart, coverage

MAX_VALUES = 8
"""Organisations, and sources, that are listed at most."""
FEEDS = (("RSS", "rss"), ("Atom", "atom"), ("JSON Feed", "json"), ("CSV", "csv"))
"""(name of the format, endpoint)."""

Entry = tuple[str, int | None, str]
"""(text, number of articles, address)."""


def context(view: TopicView, now: datetime, site: Site) -> dict[str, Any]:
    """The context of `topic.html`."""
    name, answer = view.concept.name, view.answer
    drawn = bars([answer.timeline] if answer.timeline else [])
    return {
        "q": name,
        "concept": view.concept,
        "total": answer.total,
        "days": RECENT_DAYS,
        "recent": view.recent,
        "chart": chart(drawn, period_link(name, site)),
        "coverage": coverage(sum(sum(row) for row in drawn.counts), answer.total),
        "hits": [hit_list.hit_row(hit, int(now.timestamp()), site) for hit in answer.hits],
        "groups": {
            "organisation": [
                (org, count, site.path("pages.search", q=name, organisation=org))
                for org, count in view.organisations[:MAX_VALUES]
            ],
            "person": _co_occurring(view, view.people, site),
            "concept": _co_occurring(view, view.concepts, site),
            "source": [
                (source, count, site.path("pages.search", q=name, source=source))
                for source, count in answer.facets.get("source", [])[:MAX_VALUES]
            ],
        },
        "related": [(c.name, site.path("explore.topic", concept=c.name)) for c in view.related],
        "newest": site.path("pages.search", q=name, sort="newest"),
        "alternates": alternates(name, MultiDict({"q": name}), site),
        "feeds": [(label, site.path(f"feeds.{kind}", q=name)) for label, kind in FEEDS],
    }


def period_link(q: str, site: Site) -> Callable[[Bucket], str]:
    """A function that gives the address of the query's results in a period."""

    def link(period: Bucket) -> str:
        span = {"from": period.first.isoformat(), "to": period.last.isoformat()}
        return site.address("pages.search", MultiDict({"q": q, **span}))

    return link


def _co_occurring(view: TopicView, counted: tuple[Counted, ...], site: Site) -> list[Entry]:
    return [
        (other.name, count, site.path("pages.search", q=mention_both(view.concept, other)))
        for other, count in counted
    ]
