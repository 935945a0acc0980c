"""Parameters and template context of the page that compares queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from search.explore.comparison import (
    MAX_COMPARED,
    ComparedQuery,
    Comparison,
    Peak,
    distinct_queries,
)
from search.explore.timeline import Bucket, Step
from search.request import SearchRequest
from web.http import params
from web.http.site import Site
from web.i18n import gettext as _
from web.markup import formatting
from web.pages import hit_list
from web.pages.chart import chart, period_label

SHARED_PARAMETERS = ("from", "to", "sort", "now")
"""Parameters that apply to all compared queries."""
EXAMPLE_COMPARISONS = (
    ("比特币", "以太坊"),
    ("元宇宙", "人工智能"),
    ("数字人民币", "稳定币", "支付宝"),
)
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


def context(asked: Asked, found: Comparison | None) -> dict[str, Any]:
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
            _side(asked, side, found.bars.step, counts)
            for side, counts in zip(found.sides, found.bars.counts, strict=True)
        ],
        "chart": chart(found.bars, lambda period: asked.link(**_span(period)), queries),
        "span": (base.from_day or "…", base.to_day or "…")
        if base.from_day or base.to_day
        else None,
        "wide": asked.link(**{"from": None, "to": None}),
        "orders": [
            (label, asked.link(sort=None if order == "relevance" else order), order == base.sort)
            for order, label in orders.items()
        ],
    }


def _span(period: Bucket) -> dict[str, str | None]:
    return {"from": period.first.isoformat(), "to": period.last.isoformat()}


def _peak(peak: Peak) -> str:
    label, number = period_label(peak.period), formatting.thousands(peak.articles)
    if peak.periods == 1:
        return _("最多：%(period)s，%(number)s 篇", period=label, number=number)
    return _(
        "最多：%(period)s等 %(ties)s 处，各 %(number)s 篇",
        period=label,
        ties=peak.periods,
        number=number,
    )


def _side(
    asked: Asked, side: ComparedQuery, step: Step | None, counts: Sequence[int]
) -> dict[str, Any]:
    kept = asked.kept.to_dict()
    now = int(asked.base.now.timestamp())
    unit = UNIT_OF_STEP.get(step or "day", "year")
    numbers = {"timeline": unit, "facets": "", "per_page": "1"}
    rest = [q for q in asked.queries if q != side.q]
    return {
        "q": side.q,
        "total": side.answer.total,
        "share": per_cent(side.share),
        "undated": side.answer.total - sum(counts),
        "peak": _peak(side.peak) if side.peak else None,
        "hits": [hit_list.hit_row(hit, now, asked.site) for hit in side.answer.hits],
        "warnings": side.answer.query.warnings,
        "search": asked.site.address("pages.search", MultiDict({"q": side.q, **kept})),
        "json": asked.site.address("api.search", MultiDict({"q": side.q, **numbers, **kept})),
        "correction": _correction(asked, side),
        "without": asked.link(rest) if len(asked.queries) > 2 else None,
    }


def _correction(asked: Asked, side: ComparedQuery) -> tuple[str, str] | None:
    """A correction of one query, and the address of the comparison with it."""
    suggestion = side.answer.query.suggestion
    if suggestion is None:
        return None
    return suggestion, asked.link([suggestion if q == side.q else q for q in asked.queries])


def per_cent(share: float) -> str:
    """Two significant figures: 34%, 1.8%, 0.12%."""
    value = share * 100
    if value >= 10 or not value:
        return f"{value:.0f}%"
    return f"{value:.1f}%" if value >= 1 else f"{value:.2g}%"
