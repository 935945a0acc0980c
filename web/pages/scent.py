"""What the results page says of the concepts that a query names: the line above the hits."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from search.explore.timeline import Bars, bars
from search.query.concept_conditions import ABOUT, MENTION, written
from search.related.scent import Scent
from search.response import SearchResponse
from search.searcher import Searcher
from web.charts.labels import period_label
from web.http.site import Site
from web.i18n import gettext as _
from web.markup.formatting import thousands

SHOWN_NAMES = 3
"""Other names that are listed; the rest is only counted."""
WIDTH, HEIGHT = 72, 18
"""Pixels."""
MARGIN = 1.5
"""Pixels that keep the line's own width inside the picture."""
MIN_PERIODS = 3
MIN_DATED_SHARE = 0.5
"""With fewer of the articles dated, the line would show where dates are known, not what was
written."""


@dataclass(frozen=True, slots=True)
class Sparkline:
    """`points` of an SVG polyline in a picture of `width` × `height`; `label` says what it shows
    and what it leaves out."""

    points: str
    label: str
    width: int = WIDTH
    height: int = HEIGHT


def context(searcher: Searcher, response: SearchResponse, site: Site) -> dict[str, Any]:
    """`scent`: the line of the one concept that the query names, None for several or none.
    `names`: other names that are searched and that articles have; `more_names`: how many names
    there are, if not all are listed."""
    scents, lexicon = searcher.aids.scents, searcher.snapshot.lexicon
    concepts = [lexicon.find(name) for name in response.query.concepts]
    found = [scents.scent(concept) for concept in concepts if concept]
    of_concepts = {name for scent in found for name in scent.concept.forms()}
    regional = [name for name in response.query.also_searched if name not in of_concepts]
    names = [*(name for scent in found for name in _searched(scent, response)), *regional]
    return {
        "scent": _line(found[0], response.query.q, site) if len(found) == 1 else None,
        "names": names[:SHOWN_NAMES],
        "more_names": len(names) if len(names) > SHOWN_NAMES else None,
    }


def _searched(scent: Scent, response: SearchResponse) -> Sequence[str]:
    """Names other than the typed one; the main name too, if another was typed."""
    searched = response.query.also_searched
    main = [scent.concept.name] if scent.concept.name in searched else []
    return [*main, *(name for name in scent.names if name in searched)]


def _line(scent: Scent, q: str, site: Site) -> dict[str, Any]:
    name = scent.concept.name
    conditions = {field: written(field, scent.concept) for field in (ABOUT, MENTION)}
    return {
        "name": name,
        "topic": site.path("explore.topic", concept=name),
        "figures": [
            (field, count, site.path("pages.search", q=conditions[field]), conditions[field] == q)
            for field, count in ((ABOUT, scent.about), (MENTION, scent.mention))
            if count
        ],
        "line": sparkline(scent.months, scent.mention),
        "feed": site.path("feeds.rss", q=name),
        "compare": site.path("explore.compare", q=name),
        "offered": [
            (other.name, total, site.path("pages.search", q=other.name))
            for other, total in scent.offered
        ],
    }


def sparkline(months: Sequence[tuple[int, int]], total: int) -> Sparkline | None:
    """The line of counts by month. None where it would say nothing, or something false. `total`:
    articles with and without a date."""
    drawn = bars([("month", list(months))])
    dated = sum(count for _, count in months)
    if len(drawn.periods) < MIN_PERIODS or dated < MIN_DATED_SHARE * total:
        return None
    return Sparkline(_points(drawn.counts[0], drawn.highest), _label(drawn, dated, total))


def _points(counts: Sequence[int], highest: int) -> str:
    step = (WIDTH - 2 * MARGIN) / (len(counts) - 1)
    height = HEIGHT - 2 * MARGIN
    return " ".join(
        f"{MARGIN + at * step:.4g},{MARGIN + height * (1 - count / highest):.4g}"
        for at, count in enumerate(counts)
    )


def _label(drawn: Bars, dated: int, total: int) -> str:
    first, last = (period_label(drawn.periods[at]) for at in (0, -1))
    most = period_label(drawn.periods[drawn.counts[0].index(drawn.highest)])
    span = _(
        "%(first)s至%(last)s，最多的是%(most)s，%(count)s 篇",
        first=first,
        last=last,
        most=most,
        count=thousands(drawn.highest),
    )
    if dated == total:
        return span
    undated = thousands(total - dated)
    return _("%(span)s；%(undated)s 篇日期不详", span=span, undated=undated)
