"""One page of results as its template shows it: hits, ways to sort and to narrow, pages."""

import re
from typing import Any

from flask import request, url_for
from werkzeug.datastructures import MultiDict

from search.request import MAX_WINDOW, Choice, SearchRequest
from search.results import Hit, SearchResponse
from web import params, present
from web.marking import FIRST
from web.site import address, site

PAGE_LINKS = 9
"""Numbers in the row of pages."""
WITHIN = (("", "不限时间"), ("24h", "一天内"), ("7d", "一周内"), ("1m", "一月内"), ("1y", "一年内"))
SORTS = (("relevance", "按相关度"), ("newest", "最新优先"), ("oldest", "最早优先"))
SCOPES = (("", "全文"), ("title", "标题"), ("text", "正文"))
FACET_LABELS = {"source": "来源", "topic": "话题", "year": "年份"}
SHOWN_VALUES = 10
_DECORATION = re.compile(r"\bAND\b|[\s\"“”()（）]+")


def shown(asked: SearchRequest, response: SearchResponse, took_ms: float) -> dict[str, Any]:
    """All that `results.html` names."""
    now = int(asked.now.timestamp())
    chosen = _chosen(asked)
    return {
        "q": asked.q,
        "response": response,
        "took": f"{took_ms / 1000:.3f}",
        "hits": [_hit(hit, asked, now) for hit in response.hits],
        "split": _split(asked, response),
        "sorts": _options("sort", SORTS, asked.sort),
        "withins": _options("within", WITHIN, request.args.get("within", "")),
        "scopes": _options("in", SCOPES, asked.scope or ""),
        "facets": _facets(asked, response),
        "chosen": chosen,
        "narrowed": bool(chosen or asked.within or asked.scope),
        "wide": url_for("pages.search", q=asked.q or None),
        "pages": _pages(asked, response),
        "understood": _understood(asked.q, response.query.understood),
        "verbatim": _link(verbatim="1"),
        "unfolded": _link(fold="0") if asked.fold else None,
        "hidden": _kept(),
        "beyond": response.total > MAX_WINDOW,
    }


def _understood(q: str, understood: str) -> str | None:
    """How the query was read, where that says more than the query does."""
    typed, read = (_DECORATION.sub("", text).lower() for text in (q, understood))
    return understood if read and read != typed else None


def _hit(hit: Hit, asked: SearchRequest, now: int) -> dict[str, Any]:
    return {
        "title": present.marked(hit.title),
        "link": _article_link(hit, asked.q),
        "original": hit.url,
        "snippet": present.marked(hit.snippet),
        "source": hit.source,
        "source_link": _link(source=hit.source) if hit.source else None,
        "topics": [(topic, _link(topic=topic)) for topic in hit.topics[:3]],
        "time": present.relative_time(hit.published, now) if hit.published is not None else None,
        "exact_time": present.exact_time(hit.published) if hit.published is not None else None,
        "iso_time": present.iso(hit.published),
        "reposts": hit.story.size - 1,
    }


def _article_link(hit: Hit, q: str) -> str | None:
    if site().settings.article_page == "off":
        return hit.url
    anchor = FIRST if q else None
    return url_for("pages.article", article_id=hit.id, q=q or None, _anchor=anchor)


def _split(asked: SearchRequest, response: SearchResponse) -> int | None:
    """Before which hit of this page the articles begin that lack a word."""
    if not response.query.relaxed:
        return None
    left = response.all_words - (asked.page - 1) * asked.per_page
    for number, hit in enumerate(response.hits):
        if left <= 0:
            return number if left == 0 or number else None
        left -= hit.story.size if asked.fold else 1
    return None


def _link(**changes: str | None) -> str:
    """This page's address with some arguments changed, from its first page."""
    args: MultiDict[str, str] = MultiDict(
        (name, value)
        for name, value in request.args.items(multi=True)
        if name in params.NAMES and value and name not in ("page", "cursor")
    )
    for name, value in changes.items():
        # `from` and `in` are words of Python: their callers write from_ and in_.
        args.setlist(name.rstrip("_"), [value] if value else [])
    return address("pages.search", args)


def _options(
    name: str, options: tuple[tuple[str, str], ...], current: str
) -> list[tuple[str, str, bool]]:
    """(label, address, whether it is the one in force)."""
    key = "in_" if name == "in" else name
    default = options[0][0]
    return [
        (label, _link(**{key: None if value == default else value}), value == (current or default))
        for value, label in options
    ]


def _facets(asked: SearchRequest, response: SearchResponse) -> list[dict[str, Any]]:
    groups = []
    for name, label in FACET_LABELS.items():
        chosen = asked.filters.get(name, Choice())
        values = [
            (value, count, _facet_link(name, value, chosen))
            for value, count in response.facets.get(name, [])
            if value not in chosen.include
        ]
        if name == "year":
            values = [] if asked.from_day or asked.to_day else sorted(values, reverse=True)
        if values:
            groups.append({"name": name, "label": label, "values": values[:SHOWN_VALUES]})
    return groups


def _facet_link(name: str, value: str, chosen: Choice) -> str:
    if name == "year":
        return _link(from_=f"{value}-01-01", to=f"{value}-12-31")
    return _link(**{name: ",".join([*_terms(chosen), value])})


def _terms(choice: Choice) -> list[str]:
    return [*choice.include, *(f"-{value}" for value in choice.exclude)]


def _chosen(asked: SearchRequest) -> list[tuple[str, str]]:
    """(what is filtered by, the address without it)."""
    rows = []
    for name, choice in asked.filters.items():
        for term in _terms(choice):
            rest = ",".join(other for other in _terms(choice) if other != term)
            label = term if term in choice.include else f"不含 {term[1:]}"
            rows.append((label, _link(**{name: rest or None})))
    if asked.from_day or asked.to_day:
        rows.append((_span(asked), _link(from_=None, to=None)))
    if asked.verbatim:
        rows.append(("只搜原词", _link(verbatim=None)))
    if not asked.fold:
        rows.append(("不折叠转载", _link(fold=None)))
    return rows


def _span(asked: SearchRequest) -> str:
    first, last = str(asked.from_day or "…"), str(asked.to_day or "…")
    whole_year = first[:4] == last[:4] and (first[4:], last[4:]) == ("-01-01", "-12-31")
    return f"{first[:4]}年" if whole_year else f"{first} 至 {last}"


def _pages(asked: SearchRequest, response: SearchResponse) -> dict[str, Any] | None:
    """Links to other pages; None where there is but one."""
    last = response.pages
    if last <= 1 and asked.page == 1:
        return None
    first = max(1, min(asked.page - PAGE_LINKS // 2, last - PAGE_LINKS + 1))
    numbers = range(first, min(last, first + PAGE_LINKS - 1) + 1)
    return {
        "numbers": [(number, _page(number), number == asked.page) for number in numbers],
        "prev": _page(max(1, min(asked.page - 1, last))) if asked.page > 1 else None,
        "next": _page(asked.page + 1) if asked.page < last else None,
    }


def _page(number: int) -> str:
    return _link(page=str(number) if number > 1 else None)


def _kept() -> list[tuple[str, str]]:
    """Arguments that a new query keeps: the form carries them hidden."""
    kept = ("sort", "in", "fold", "verbatim", "per_page", "now")
    return [(name, request.args[name]) for name in kept if request.args.get(name)]
