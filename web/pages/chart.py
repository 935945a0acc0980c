"""Draws counts over time as an SVG bar chart in which every period is a link.

Horizontal positions are per cent and heights are pixels, so on a phone the bars become narrower
but the labels keep their size. `chart.css` colours it; `chart.js` makes it a single tab stop.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from flask import render_template
from markupsafe import Markup

from search.explore.timeline import Bars, Bucket
from web.i18n import gettext as _
from web.markup.formatting import thousands

HEIGHT = 120
"""Of the plot, in pixels."""
MIN_BAR_HEIGHT = 3
"""Minimum height in pixels of a bar with a count above zero."""
TICKS, FEW_TICKS = 5, 2
"""Labels that fit under the axis on a phone, and in the side column of the results."""
EDGE_PER_CENT = 6
"""Per cent of the width at each end where a centred label would not fit."""

Link = Callable[[Bucket], str]


@dataclass(frozen=True, slots=True)
class Column:
    """A period with articles: `x` and `width` in per cent, a height and a count for each series.

    `at_left`: the tooltip opens at the left, because the column is in the right half.
    """

    x: float
    width: float
    heights: tuple[float, ...]
    counts: tuple[int, ...]
    label: str
    href: str
    at_left: bool


def chart(drawn: Bars, link: Link, names: Sequence[str] = (), *, ticks: int = TICKS) -> Markup:
    """The chart of one or several timelines (`search.explore.timeline.bars`), and their table.

    `link` gives the address of the results in a period. `names` are the names of several series.
    `ticks` is the maximum number of labels under the axis.
    Empty for fewer than two periods, as a single bar shows nothing that its number does not.
    """
    if len(drawn.periods) < 2:
        return Markup("")
    found = columns(drawn, link)
    page = render_template(
        "chart.html",
        columns=found,
        names=names,
        lines=[_line(row, drawn.highest) for row in drawn.counts] if names else [],
        slots=len(drawn.periods),
        height=HEIGHT,
        grid=_grid(drawn.highest),
        ticks=_ticks(drawn.periods, ticks),
        caption=_caption(drawn, single=not names),
        gaps=len(found) < len(drawn.periods),
    )
    return Markup(page)  # noqa: S704 - a template's output, escaped there


def coverage(charted: int, total: int) -> str | None:
    """How many of the articles a chart shows; None if it shows all."""
    if charted >= total:
        return None
    return _(
        "图中 %(charted)s / %(total)s 篇；%(undated)s 篇日期不详",
        charted=thousands(charted),
        total=thousands(total),
        undated=thousands(total - charted),
    )


def columns(drawn: Bars, link: Link) -> list[Column]:
    """The periods that have articles, with their positions in the chart."""
    width = 100 / len(drawn.periods)
    return [
        Column(
            x=round(at * width, 3),
            width=round(width, 3),
            heights=tuple(_height(count, drawn.highest) for count in counts),
            counts=counts,
            label=period_label(period),
            href=link(period),
            at_left=at * 2 >= len(drawn.periods),
        )
        for at, (period, *counts_) in enumerate(zip(drawn.periods, *drawn.counts, strict=True))
        if any(counts := tuple(counts_))
    ]


def period_label(period: Bucket) -> str:
    """The label of a period: 2022年9月5日, 2022年9月, 2022年三季度, 2022年."""
    first = period.first
    match period.step:
        case "day":
            return _day(first)
        case "week":
            return _("%(day)s起一周", day=_day(first))
        case "month":
            return _("%(year)s年%(month)s月", year=first.year, month=first.month)
        case "quarter":
            quarter = (_("一季度"), _("二季度"), _("三季度"), _("四季度"))[first.month // 3]
            return _("%(year)s年%(quarter)s", year=first.year, quarter=quarter)
        case "year":
            return _("%(year)s年", year=first.year)


def _day(day: date) -> str:
    return _("%(year)s年%(month)s月%(day)s日", year=day.year, month=day.month, day=day.day)


def _caption(drawn: Bars, *, single: bool) -> str:
    """A text alternative to the chart."""
    steps = {
        "day": _("每天"),
        "week": _("每周"),
        "month": _("每月"),
        "quarter": _("每季度"),
        "year": _("每年"),
    }
    every = steps[drawn.periods[0].step]
    first, last = period_label(drawn.periods[0]), period_label(drawn.periods[-1])
    span = _("%(every)s文章数，%(first)s至%(last)s", every=every, first=first, last=last)
    if not single:
        return span
    most = period_label(drawn.periods[drawn.counts[0].index(drawn.highest)])
    if (ties := drawn.counts[0].count(drawn.highest)) > 1:
        return _(
            "%(span)s；最多的有 %(ties)s 处，最早是%(most)s，各 %(count)s 篇",
            span=span,
            ties=ties,
            most=most,
            count=drawn.highest,
        )
    return _("%(span)s；最多的是%(most)s，%(count)s 篇", span=span, most=most, count=drawn.highest)


def _height(count: int, highest: int) -> float:
    return max(MIN_BAR_HEIGHT, round(count / highest * HEIGHT, 1)) if count else 0


def _line(counts: Sequence[int], highest: int) -> str:
    """Points of a polyline: x in periods, y in pixels from the top."""
    return " ".join(
        f"{at + 0.5:g},{HEIGHT - count / highest * HEIGHT:.4g}" for at, count in enumerate(counts)
    )


def _grid(highest: int) -> tuple[int, float]:
    """(largest round number up to `highest`, its distance from the top of the plot in pixels)."""
    tens = 10 ** (len(str(highest)) - 1)
    value = max(factor * tens for factor in (1, 2, 5) if factor * tens <= highest)
    return value, round(HEIGHT - value / highest * HEIGHT, 1)


def _ticks(periods: Sequence[Bucket], most: int) -> list[tuple[float, str, str]]:
    """(centre in per cent, text-anchor, label): years if there are several, else periods."""
    years = [at for at, period in enumerate(periods) if _begins_year(period)]
    if len(years) > 2:
        chosen = years[:: -(-len(years) // most)]
        labels = [_("%(year)s年", year=periods[at].last.year) for at in chosen]
    else:
        count = min(most, len(periods))
        chosen = [round(n * (len(periods) - 1) / (count - 1)) for n in range(count)]
        labels = [_short(periods[at], first=at == 0) for at in chosen]
    middles = [round((at + 0.5) / len(periods) * 100, 2) for at in chosen]
    return [(x, _anchor(x), label) for x, label in zip(middles, labels, strict=True)]


def _begins_year(period: Bucket) -> bool:
    """Whether the period contains the beginning of a year."""
    return period.first.year < period.last.year or (period.first.month, period.first.day) == (1, 1)


def _short(period: Bucket, *, first: bool) -> str:
    """A label; those of days omit the year, except for the first."""
    if first or period.step not in ("day", "week"):
        return period_label(period) if period.step != "week" else _day(period.first)
    return _("%(month)s月%(day)s日", month=period.first.month, day=period.first.day)


def _anchor(x: float) -> str:
    return "start" if x < EDGE_PER_CENT else "end" if x > 100 - EDGE_PER_CENT else "middle"
