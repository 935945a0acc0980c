"""Parameters and template context of the page that compares queries."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from werkzeug.datastructures import MultiDict

from search.explore.comparison import (
    MAX_COMPARED,
    ComparedQuery,
    Comparison,
    distinct_queries,
)
from search.explore.peaks import Headline, Peak
from search.explore.timeline import Bucket, Step
from search.explore.trends import Measure, Trend
from search.explore.zero_results import explain_zero
from search.request import DateStatus, SearchRequest
from search.searcher import Searcher
from web.charts.chart import Chart, ChartLinks, chart, measure_of, period_arguments
from web.charts.labels import period_label
from web.charts.range_form import RangeForm
from web.http import params
from web.http.site import Site
from web.i18n import gettext as _
from web.markup import formatting
from web.pages import hit_list, zero_results
from web.pages.filters import PageLink

SHARED_PARAMETERS = ("from", "to", "sort", "measure", "now")
"""Parameters that apply to all compared queries."""
EXAMPLE_COMPARISONS = (
    ("比特币", "以太坊"),
    ("元宇宙", "人工智能"),
    ("数字人民币", "稳定币", "支付宝"),
)
_OF_THE_CHART = ("from", "to", "measure", "now")
UNIT_OF_STEP: dict[Step, str] = {"day": "day", "week": "day", "month": "month", "quarter": "month"}
"""The unit in which the JSON endpoint counts, by the step of the chart; else years."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The requested comparison: at most `MAX_COMPARED` queries. `more`: whether further queries
    were given and dropped. `kept`: the other parameters, unchanged."""

    queries: list[str]
    more: bool
    base: SearchRequest
    kept: MultiDict[str, str]
    site: Site

    def link(self, queries: Sequence[str] | None = None, **changes: str | None) -> str:
        """This page's address with other queries or parameters; None removes one."""
        args: MultiDict[str, str] = MultiDict()
        args.setlist("q", self.queries if queries is None else list(queries))
        for name, value in {**self.kept.to_dict(), **changes}.items():
            if value:
                args[name] = value
        return self.site.address("explore.compare", args)


def asked(args: MultiDict[str, str], site: Site) -> Asked:
    """Read the request. Raises InvalidRequest for an invalid date or order."""
    kept = MultiDict((name, args[name]) for name in SHARED_PARAMETERS if args.get(name))
    queries = distinct_queries(args.getlist("q"))
    base = params.lenient(MultiDict([*kept.items(), *(("q", q) for q in queries[:1])]))
    return Asked(queries[:MAX_COMPARED], len(queries) > MAX_COMPARED, base, kept, site)


def context(searcher: Searcher, asked: Asked, found: Comparison | None) -> dict[str, Any]:
    """The context of `compare.html`; without a comparison, only that of the form."""
    queries, base = asked.queries, asked.base
    values: dict[str, Any] = {
        "q": "",
        "queries": queries,
        "inputs": [*queries, *[""] * (max(2, min(MAX_COMPARED, len(queries) + 1)) - len(queries))],
        "kept": list(asked.kept.items()),
        "more": asked.more,
        "most": MAX_COMPARED,
        "examples": [
            (" · ".join(qs), asked.site.path("explore.compare", q=qs)) for qs in EXAMPLE_COMPARISONS
        ],
        "sides": [],
    }
    if found is None:
        return values
    orders = {"relevance": _("按相关度"), "newest": _("最新优先")}
    return values | {
        "title": _("、").join(queries),
        "sides": [
            {
                **_side(asked, side, found.trends.step, trend),
                "zero": [] if side.answer.hits else _causes(searcher, asked, side),
            }
            for side, trend in zip(found.sides, found.trends.trends, strict=True)
        ],
        "chart": chart(_chart(asked, found)),
        "range_form": _range_form(asked).html() if found.trends.periods else "",
        "articles": found.articles,
        "span": (base.from_day or "…", base.to_day or "…")
        if base.from_day or base.to_day
        else None,
        "wide": asked.link(**{"from": None, "to": None}),
        "orders": [
            (label, asked.link(sort=None if order == "relevance" else order), order == base.sort)
            for order, label in orders.items()
        ],
    }


def _chart(asked: Asked, found: Comparison) -> Chart:
    site, measure = asked.site, measure_of(asked.kept)

    def period(bucket: Bucket) -> str:
        return asked.link(None, **period_arguments(bucket))

    def status(q: str, status: DateStatus) -> str:
        return site.path("pages.search", q=q, date=status)

    def other(measure: Measure) -> str:
        return asked.link(measure=None if measure == "count" else measure)

    def story(headline: Headline) -> str:
        return site.path("explore.story", story=headline.story)

    shown = [(name, asked.kept[name]) for name in _OF_THE_CHART if name in asked.kept]
    args = MultiDict([*(("q", q) for q in asked.queries), *shown])
    svg, csv = (site.address(f"charts.{kind}", args) for kind in ("svg", "csv"))
    links = ChartLinks(period, status, other, story, svg, csv)
    return Chart(found.trends, links, measure, (asked.base.from_day, asked.base.to_day))


def _range_form(asked: Asked) -> RangeForm:
    others = [(n, value) for n, value in asked.kept.items() if n not in ("from", "to")]
    return RangeForm(
        action=asked.site.path("explore.compare"),
        kept=(*(("q", q) for q in asked.queries), *others),
        chosen=(asked.base.from_day, asked.base.to_day),
        any_time=asked.link(**{"from": None, "to": None}),
    )


def _peak(peak: Peak, site: Site) -> dict[str, str | None]:
    told = peak.headline
    return {
        "text": _(
            "最多：%(period)s，%(number)s 篇",
            period=period_label(peak.period),
            number=formatting.thousands(peak.articles),
        ),
        "title": told.title if told else None,
        "link": site.path("explore.story", story=told.story) if told else None,
    }


def _side(asked: Asked, side: ComparedQuery, step: Step | None, trend: Trend) -> dict[str, Any]:
    kept = {name: value for name, value in asked.kept.items() if name != "measure"}
    now = int(asked.base.now.timestamp())
    unit = UNIT_OF_STEP.get(step or "day", "year")
    numbers = {"timeline": unit, "facets": "", "per_page": "1"}
    rest = [q for q in asked.queries if q != side.q]
    return {
        "q": side.q,
        "total": side.answer.total,
        "share": formatting.per_cent(side.share),
        "undated": trend.undated,
        "peak": _peak(side.peak, asked.site) if side.peak else None,
        "hits": [hit_list.hit_row(hit, now, asked.site) for hit in side.answer.hits],
        "warnings": side.answer.query.warnings,
        "search": asked.site.address("pages.search", MultiDict({"q": side.q, **kept})),
        "json": asked.site.address("api.search", MultiDict({"q": side.q, **numbers, **kept})),
        "topic": _topic(side, asked.site),
        "correction": _correction(asked, side),
        "without": asked.link(rest) if len(asked.queries) > 2 else None,
    }


def _causes(searcher: Searcher, asked: Asked, side: ComparedQuery) -> list[zero_results.Line]:
    """Why nothing was found for one query, with links to its results page."""
    request = replace(asked.base, q=side.q)
    kept = [(name, asked.kept[name]) for name in asked.kept if name != "measure"]
    link = PageLink(MultiDict([("q", side.q), *kept]), asked.site)
    return zero_results.lines(explain_zero(searcher, request), request, link)


def _topic(side: ComparedQuery, site: Site) -> str | None:
    """The page of the concept that the query names, if it names one."""
    concepts = side.answer.query.concepts
    return site.path("explore.topic", concept=concepts[0]) if len(concepts) == 1 else None


def _correction(asked: Asked, side: ComparedQuery) -> tuple[str, str] | None:
    """A correction of one query, and the address of the comparison with it."""
    suggestion = side.answer.query.suggestion
    if suggestion is None:
        return None
    return suggestion, asked.link([suggestion if q == side.q else q for q in asked.queries])
