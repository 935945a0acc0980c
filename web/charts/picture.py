"""A chart as a picture that stands alone: with its title, unit, coverage and what is not drawn."""

from typing import Any

from search.explore.trends import Measure, Trend, Trends
from web.charts import labels, plot
from web.charts.plot import DateRange, Scale
from web.i18n import gettext as _

WIDTH, HEIGHT = 960, 320
"""Of the plot, in pixels."""
LEFT, TOP, LINE, BELOW = 24, 72, 24, 40
"""Pixels: left of everything, above the legend, a line of text, below the axis."""
MAX_TICKS = 8
MAX_TITLE, MAX_NAME = 50, 40
"""Characters that fit."""
COLOURS = ("#a61b29", "#174ea6", "#a87400", "#1f8a4c")
DASHES = ("", "7 3", "2 3", "9 3 2 3")


def picture(title: str, trends: Trends, measure: Measure, chosen: DateRange) -> dict[str, Any]:
    """The context of `charts/chart.svg`."""
    lines = len(trends.trends) > 1
    notes = _notes(trends, measure, lines=lines)
    top = TOP + LINE * len(trends.trends) + 8
    bottom = top + HEIGHT + BELOW
    drawn = len(trends.periods) > 1
    return {
        "title": _cut(title, MAX_TITLE),
        "width": WIDTH + 2 * LEFT,
        "total_height": bottom + LINE * (len(notes) + 1) + 8,
        "left": LEFT,
        "plot": {"top": top, "width": WIDTH, "height": HEIGHT},
        "line_height": LINE,
        "notes": [(bottom + LINE * at, text) for at, text in enumerate(notes)],
        "made_at": bottom + LINE * len(notes),
        "legend": [
            (TOP + LINE * at, _legend(trend, measure, lines=lines), COLOURS[at], DASHES[at])
            for at, trend in enumerate(trends.trends)
        ],
        "caption": labels.caption(trends, measure, single=not lines) if drawn else "",
        "drawn": _drawn(trends, measure, chosen, lines=lines) if drawn else None,
    }


def _drawn(trends: Trends, measure: Measure, chosen: DateRange, *, lines: bool) -> dict[str, Any]:
    scale = plot.scale(trends, measure, HEIGHT, lines=lines)
    return {
        "slots": len(trends.periods),
        "grid": scale.grid(),
        "ticks": plot.ticks(trends.periods, MAX_TICKS),
        "blank": plot.stretches(plot.blank(trends, measure, lines=lines)),
        "outside": plot.outside(trends.periods, chosen),
        "bars": [] if lines else _bars(trends, trends.trends[0], scale),
        "lines": [
            (plot.segments(trends, trend, scale), COLOURS[at], DASHES[at])
            for at, trend in enumerate(trends.trends)
            if lines
        ],
    }


def _bars(trends: Trends, trend: Trend, scale: Scale) -> list[tuple[float, float, float, str]]:
    """(x, width, height, what it says) of each bar; positions in per cent, heights in pixels."""
    width = 100 / len(trends.periods)
    values, drawn = trends.values(trend, scale.measure), trends.drawn(trend)
    return [
        (
            round((at + 0.1) * width, 3),
            round(width * 0.8, 3),
            scale.pixels(value),
            f"{labels.period_label(period)}：{labels.reading(trends, trend, at, scale.measure)}",
        )
        for at, (period, value) in enumerate(zip(trends.periods, values, strict=True))
        if value and (drawn[at] or scale.measure == "count")
    ]


def _legend(trend: Trend, measure: Measure, *, lines: bool) -> str:
    """A search, what the chart has of it and what it lacks."""
    why = labels.not_drawn(measure, lines=lines) if trend.mostly_undated else ""
    said = [
        labels.charted(trend),
        labels.undated(trend) if trend.undated else "",
        labels.estimated(trend) if trend.estimated else "",
        why,
    ]
    name = _cut(trend.name, MAX_NAME) or _("全部文章")
    return f"{name}  {'；'.join(filter(None, said))}"


def _notes(trends: Trends, measure: Measure, *, lines: bool) -> list[str]:
    if len(trends.periods) < 2:
        return [_("有日期的文章都在一个时段里，没有图可画。")]
    blank = any(plot.blank(trends, measure, lines=lines))
    return [labels.why_blank(measure, lines=lines)] if blank else []


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
