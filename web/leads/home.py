"""Template context of the home page: what the index holds, and what is new in it."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict

from index.lexicon.model import Concept
from search.explore.overview import BEFORE_DAYS, Days, Newest, Overview
from search.explore.story import StoryView
from search.query.concept_conditions import MENTION, written
from search.response import IndexInfo
from web.http.site import Site
from web.i18n import gettext as _
from web.markup import formatting

EXAMPLE_QUERIES = ("元宇宙", "数字人民币 试点", "“区块链”", "稳定币 监管", "NFT", "DC/EP")


def context(index: IndexInfo | None, found: Overview, site: Site) -> dict[str, Any]:
    """The context of `home.html`; `index` is None where there is none."""
    return {
        "q": "",
        "examples": EXAMPLE_QUERIES,
        "articles": index.articles if index else None,
        "updated": formatting.long_day(index.updated_at) if index else None,
        "span": _span(found),
        "newest": _newest(found.newest, site),
        "month": _days(found.month) if found.month else None,
        "before": BEFORE_DAYS,
        "stories": [_story(view, site) for view in found.stories],
        "rising": _rising(found, site),
        "topics": topic_links(found.topics, site),
    }


def topic_links(topics: Sequence[tuple[Concept, int]], site: Site) -> list[tuple[str, int, str]]:
    """The context of `topics.html`: name, articles about it, address of its page."""
    return [
        (concept.name, articles, site.path("explore.topic", concept=concept.name))
        for concept, articles in topics
    ]


def _span(found: Overview) -> str | None:
    if found.first is None or found.newest is None:
        return None
    first, last = map(formatting.long_day, (found.first, found.newest.published))
    return first if first == last else _("%(first)s 至 %(last)s", first=first, last=last)


def _newest(newest: Newest | None, site: Site) -> dict[str, Any] | None:
    if newest is None:
        return None
    return {
        "title": newest.title,
        "source": newest.source,
        "link": site.article_link(newest.id, newest.url),
        "day": formatting.long_day(newest.published),
    }


def _days(days: Days) -> str:
    first, last = map(_short, (days.first, days.last))
    return _("%(first)s 至 %(last)s", first=first, last=last)


def _short(day: date) -> str:
    return _("%(month)s月%(day)s日", month=day.month, day=day.day)


def _story(view: StoryView, site: Site) -> dict[str, Any]:
    first = view.first
    return {
        "title": first.title.text,
        "link": site.path("explore.story", story=view.id),
        "source": first.source if view.first_known else None,
        "articles": view.total,
    }


def _rising(found: Overview, site: Site) -> list[tuple[str, tuple[int, str], tuple[int, str]]]:
    """(name, articles of the month and their address, articles before and their address)."""
    if found.month is None or found.before is None:
        return []

    def link(q: str, days: Days) -> str:
        span = {"from": days.first.isoformat(), "to": days.last.isoformat()}
        return site.address("pages.search", MultiDict({"q": q, **span}))

    rows = []
    for each in found.rising:
        q = written(MENTION, each.concept)
        month, before = link(q, found.month), link(q, found.before)
        rows.append((each.concept.name, (each.month, month), (each.before, before)))
    return rows
