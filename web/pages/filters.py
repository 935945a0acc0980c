"""Controls of the results page: sort, time, scope, facets, and the filters in force."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import quote_plus, urlencode

from werkzeug.datastructures import MultiDict

from index.text.dates import DAY_SECONDS, HOUR_SECONDS
from search.explore.timeline import since
from search.request import UNKNOWN_DATE, Choice, SearchRequest
from search.response import SearchResponse
from web.http import params
from web.http.site import Site
from web.i18n import gettext as _
from web.markup.formatting import date_status_name, kind_name, thousands

DATE_ARGUMENTS = ("from_", "to", "within", "date")
"""Keyword arguments of `PageLink` that are conditions on dates."""
SHOWN_VALUES = 8
"""Values of one facet that are visible before it is unfolded."""
MAX_ENCODED = 4_096
"""Encoded values that are kept, some 100 bytes each."""


Option = tuple[str, str, bool]
"""(label, address, whether it is selected)."""


@dataclass(frozen=True, slots=True)
class OptionRow:
    """Choices of which one holds; `note` says what they are relative to."""

    label: str
    choices: list[Option]
    note: str | None = None


@dataclass(frozen=True)
class PageLink:
    """Makes addresses of the same results page with some arguments changed. A page has hundreds, so
    what they share is encoded once.

    `args`: the arguments of the current request.
    """

    args: MultiDict[str, str]
    site: Site

    def __call__(self, **changes: str | None) -> str:
        """The address, at the first page of results. None removes an argument."""
        parts = self._kept.copy()
        for name, value in changes.items():
            # `from` and `in` are Python keywords: callers write from_ and in_.
            argument = name.rstrip("_")
            parts[argument] = f"{argument}={_encoded(value)}" if value else ""
        query = "&".join(filter(None, parts.values()))
        return f"{self._path}?{query}" if query else self._path

    @cached_property
    def _kept(self) -> dict[str, str]:
        """The arguments that an address keeps, encoded, by name."""
        return {
            name: urlencode([(name, value) for value in values if value])
            for name, values in self.args.lists()
            if name in params.PAGE_NAMES and name not in ("page", "cursor")
        }

    @cached_property
    def _path(self) -> str:
        return self.site.path("pages.search")

    def any_time(self, **changes: str | None) -> str:
        """The address with these conditions on dates instead of the current ones."""
        return self(**{**dict.fromkeys(DATE_ARGUMENTS), **changes})


@lru_cache(MAX_ENCODED)
def _encoded(value: str) -> str:
    """A value as an address has it. Pages share most of theirs: names of sources, days, orders."""
    return quote_plus(value)


def options(
    asked: SearchRequest, response: SearchResponse, newest: date | None, link: PageLink
) -> list[OptionRow]:
    """Rows of choices. `newest`: the day of the newest article of the index."""
    reposts = {"": _("全部"), "1": _("只看首发")}
    scopes = {"": _("全文"), "title": _("标题"), "text": _("正文")}
    return [
        OptionRow(_("排序"), _options("sort", order_names(), asked.sort, link)),
        OptionRow(_("范围"), _options("in_", scopes, asked.scope or "", link)),
        OptionRow(_("转载"), _options("first", reposts, "1" if asked.first else "", link)),
        _recent(asked, response, newest, link),
    ]


def order_names() -> dict[str, str]:
    """How results can be sorted, with what each order is called."""
    return {
        "relevance": _("按相关度"),
        "newest": _("最新优先"),
        "oldest": _("最早优先"),
        "reposts": _("转载最多"),
    }


def _recent(
    asked: SearchRequest, response: SearchResponse, newest: date | None, link: PageLink
) -> OptionRow:
    """How far back, counted from the newest article of the index: today may be long after it."""
    anything = not (asked.is_dated or response.query.dated)
    choices: list[Option] = [(_("不限时间"), link.any_time(), anything)]
    if newest is None or response.any_time is None:
        return OptionRow(_("时间"), choices)
    labels = {1: _("一天内"), 7: _("一周内"), 30: _("一月内"), 365: _("一年内")}
    for days, label in labels.items():
        first = newest - timedelta(days=days - 1)
        articles = since(response.any_time.timeline, first)
        text = f"{label} {thousands(articles)}"
        on = asked.date_range == (first, None)
        choices.append((text, link.any_time(from_=first.isoformat()), on))
    note = _("相对最新一篇 %(day)s", day=newest.isoformat())
    return OptionRow(_("时间"), choices, note)


def _options(name: str, labels: dict[str, str], current: str, link: PageLink) -> list[Option]:
    default = next(iter(labels))
    return [
        (label, link(**{name: None if value == default else value}), value == (current or default))
        for value, label in labels.items()
    ]


def facets(asked: SearchRequest, response: SearchResponse, link: PageLink) -> list[dict[str, Any]]:
    """Facets with values and counts. Selected values come first; their links deselect them.

    A count is the number of results after selecting the value: filters of other facets apply,
    those of its own facet do not.
    """
    labels = {
        "source": _("来源"),
        "topic": _("话题"),
        "organisation": _("机构"),
        "year": _("年份"),
        "kind": _("类型"),
    }
    groups = []
    for name, label in labels.items():
        counted = response.facets.get(name, [])
        values = (
            years(asked, response, link) if name == "year" else _values(asked, name, counted, link)
        )
        if values:
            shown = max(SHOWN_VALUES, sum(value["on"] for value in values))
            groups.append({"label": label, "values": values[:shown], "more": values[shown:]})
    return groups


def _values(
    asked: SearchRequest, name: str, counted: list[tuple[str, int]], link: PageLink
) -> list[dict[str, Any]]:
    chosen = asked.filters.get(name, Choice())
    counts = dict(counted)
    values = [
        _value(shown, counts.get(value, 0), link(**{name: _without(chosen, value)}), on=True)
        for value, shown in ((value, _shown(name, value)) for value in chosen.include)
    ]
    return values + [
        _value(_shown(name, value), count, link(**{name: ",".join([*_terms(chosen), value])}))
        for value, count in counted
        if value not in chosen.include
    ]


def _shown(name: str, value: str) -> str:
    return kind_name(value) if name == "kind" else value


def years(asked: SearchRequest, response: SearchResponse, link: PageLink) -> list[dict[str, Any]]:
    """The newest first, then those without a date. `within` stays: it limits the counts."""
    counted = dict(response.facets.get("year", []))
    undated = counted.pop(UNKNOWN_DATE, 0)
    chosen = _whole_year(asked)

    def chosen_by(**dates: str) -> str:
        return link(**{**dict.fromkeys(("from_", "to", "date")), **dates})

    dated = [
        _value(year, count, chosen_by(), on=True)
        if year == chosen
        else _value(year, count, chosen_by(from_=f"{year}-01-01", to=f"{year}-12-31"))
        for year, count in sorted(counted.items(), reverse=True)
    ]
    on = asked.date_status == UNKNOWN_DATE
    if not (undated or on):
        return dated
    address = chosen_by() if on else chosen_by(date=UNKNOWN_DATE)
    return [*dated, _value(date_status_name(UNKNOWN_DATE), undated, address, on=on)]


def _value(text: str, count: int, address_: str, *, on: bool = False) -> dict[str, Any]:
    return {"text": text, "count": count, "link": address_, "on": on}


def _terms(choice: Choice) -> list[str]:
    """The values of a filter; excluded ones begin with `-`."""
    return [*choice.include, *(f"-{value}" for value in choice.exclude)]


def shown_terms(name: str, choice: Choice) -> list[str]:
    """The values of a filter as people read them, `-` before one that is excluded."""
    excluded = (f"-{_shown(name, value)}" for value in choice.exclude)
    return [*(_shown(name, value) for value in choice.include), *excluded]


def _without(choice: Choice, term: str) -> str | None:
    return ",".join(other for other in _terms(choice) if other != term) or None


def without_source(source: str, asked: SearchRequest, link: PageLink) -> str:
    """The address of the same results without the articles of a source."""
    chosen = asked.filters.get("source", Choice())
    others = [term for term in _terms(chosen) if term != source]
    return link(source=",".join([*others, f"-{source}"]))


def chosen(asked: SearchRequest, link: PageLink) -> list[tuple[str, str]]:
    """Filters in force: (label, address without the filter)."""
    rows = []
    for name, choice in asked.filters.items():
        rows += [
            (_shown(name, value), link(**{name: _without(choice, value)}))
            for value in choice.include
        ]
        rows += [
            (
                _("不含 %(value)s", value=_shown(name, value)),
                link(**{name: _without(choice, f"-{value}")}),
            )
            for value in choice.exclude
        ]
    if asked.from_day or asked.to_day:
        rows.append((_span(asked), link(from_=None, to=None)))
    if asked.within:
        rows.append((_("%(time)s以内", time=_lasting(asked.within)), link(within=None)))
    if asked.date_status:
        rows.append((date_status_name(asked.date_status), link(date=None)))
    if asked.first:
        rows.append((_("只看首发"), link(first=None)))
    if asked.verbatim:
        rows.append((_("只搜原词"), link(verbatim=None)))
    if not asked.partial:
        rows.append((_("含有全部词"), link(partial=None)))
    if not asked.fold:
        rows.append((_("不折叠转载"), link(fold=None)))
    return rows


def _lasting(seconds: int) -> str:
    if seconds % DAY_SECONDS:
        return _("%(number)s 小时", number=seconds // HOUR_SECONDS)
    return _("%(number)s 天", number=seconds // DAY_SECONDS)


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
