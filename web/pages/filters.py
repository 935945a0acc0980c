"""Ways to narrow a page of results and to take each back: sort, time, scope, facets, chips."""

from typing import Any

from flask import request
from werkzeug.datastructures import MultiDict

from search.request import Choice, SearchRequest
from search.response import SearchResponse
from web.http import params
from web.http.site import address
from web.i18n import gettext as _

SHOWN_VALUES = 8
"""Of one facet; the rest unfolds."""


def link(**changes: str | None) -> str:
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


def options(asked: SearchRequest) -> list[tuple[str, list[tuple[str, str, bool]]]]:
    """Rows of choices: (label, [(label, address, whether it is the one in force)])."""
    sorts = {"relevance": _("按相关度"), "newest": _("最新优先"), "oldest": _("最早优先")}
    withins = {
        "": _("不限时间"),
        "24h": _("一天内"),
        "7d": _("一周内"),
        "1m": _("一月内"),
        "1y": _("一年内"),
    }
    scopes = {"": _("全文"), "title": _("标题"), "text": _("正文")}
    return [
        (_("排序"), _options("sort", sorts, asked.sort)),
        (_("时间"), _options("within", withins, request.args.get("within", ""))),
        (_("范围"), _options("in_", scopes, asked.scope or "")),
    ]


def _options(name: str, labels: dict[str, str], current: str) -> list[tuple[str, str, bool]]:
    default = next(iter(labels))
    return [
        (label, link(**{name: None if value == default else value}), value == (current or default))
        for value, label in labels.items()
    ]


def facets(asked: SearchRequest, response: SearchResponse) -> list[dict[str, Any]]:
    """Groups of values with their counts; what is chosen stands first and its link takes it back.

    A count is what choosing the value would find: filters of other facets hold, its own do not.
    """
    labels = {
        "source": _("来源"),
        "topic": _("话题"),
        "organisation": _("机构"),
        "year": _("年份"),
    }
    groups = []
    for name, label in labels.items():
        counted = response.facets.get(name, [])
        values = _years(asked, counted) if name == "year" else _values(asked, name, counted)
        if values:
            shown = max(SHOWN_VALUES, sum(value["on"] for value in values))
            groups.append({"label": label, "values": values[:shown], "more": values[shown:]})
    return groups


def _values(
    asked: SearchRequest, name: str, counted: list[tuple[str, int]]
) -> list[dict[str, Any]]:
    chosen = asked.filters.get(name, Choice())
    counts = dict(counted)
    values = [
        _value(value, counts.get(value, 0), link(**{name: _without(chosen, value)}), on=True)
        for value in chosen.include
    ]
    return values + [
        _value(value, count, link(**{name: ",".join([*_terms(chosen), value])}))
        for value, count in counted
        if value not in chosen.include
    ]


def _years(asked: SearchRequest, counted: list[tuple[str, int]]) -> list[dict[str, Any]]:
    first, last = asked.from_day, asked.to_day
    chosen = _whole_year(asked)
    if (first or last) and not chosen:
        return []
    return [
        _value(year, count, link(from_=None, to=None), on=True)
        if year == chosen
        else _value(year, count, link(from_=f"{year}-01-01", to=f"{year}-12-31"))
        for year, count in sorted(counted, reverse=True)
    ]


def _value(text: str, count: int, address_: str, *, on: bool = False) -> dict[str, Any]:
    return {"text": text, "count": count, "link": address_, "on": on}


def _terms(choice: Choice) -> list[str]:
    return [*choice.include, *(f"-{value}" for value in choice.exclude)]


def _without(choice: Choice, term: str) -> str | None:
    return ",".join(other for other in _terms(choice) if other != term) or None


def chosen(asked: SearchRequest) -> list[tuple[str, str]]:
    """(what is filtered by, the address without it)."""
    rows = []
    for name, choice in asked.filters.items():
        rows += [(value, link(**{name: _without(choice, value)})) for value in choice.include]
        rows += [
            (_("不含 %(value)s", value=value), link(**{name: _without(choice, f"-{value}")}))
            for value in choice.exclude
        ]
    if asked.from_day or asked.to_day:
        rows.append((_span(asked), link(from_=None, to=None)))
    if asked.verbatim:
        rows.append((_("只搜原词"), link(verbatim=None)))
    if not asked.widen:
        rows.append((_("含有全部词"), link(all_words=None)))
    if not asked.fold:
        rows.append((_("不折叠转载"), link(fold=None)))
    return rows


def _whole_year(asked: SearchRequest) -> str | None:
    first, last = str(asked.from_day or ""), str(asked.to_day or "")
    whole = first[:4] == last[:4] and (first[4:], last[4:]) == ("-01-01", "-12-31")
    return first[:4] if whole else None


def _span(asked: SearchRequest) -> str:
    year = _whole_year(asked)
    if year:
        return _("%(year)s年", year=year)
    first, last = str(asked.from_day or "…"), str(asked.to_day or "…")
    return first if first == last else _("%(first)s 至 %(last)s", first=first, last=last)
