"""Draws articles over time as SVG in which every period is a link: bars for one search, lines for
several. `chart.css` colours it; `chart.js` makes it a single tab stop and `range.js` lets a pointer
choose days.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import render_template
from markupsafe import Markup

from search.explore.peaks import Headline, Peak
from search.explore.timeline import Bucket
from search.explore.trends import Measure, Trend, Trends
from search.request import DateStatus
from web.charts import labels, plot
from web.charts.plot import DateRange, Scale, Stretch
from web.i18n import gettext as _
from web.markup.formatting import thousands

HEIGHT = 120
"""Of the plot, in pixels."""
TICKS, FEW_TICKS = 5, 2
"""Labels under the axis at most, and in the side column of the results."""
MAX_PEAKS = 3
BAR_SHARE = 0.8
"""Of a column's width."""

Note = tuple[str, str | None]
"""A sentence, and the address of the articles it counts."""


@dataclass(frozen=True, slots=True)
class ChartLinks:
    """Addresses. `period`: of the results in a period; `status`: of a search's articles of whose
    dates this is known; `measure`: of this page with the other measure; `story`: of a peak's story.
    `svg`, `csv`: of the chart as a file."""

    period: Callable[[Bucket], str]
    status: Callable[[str, DateStatus], str]
    measure: Callable[[Measure], str]
    story: Callable[[Headline], str]
    svg: str
    csv: str


def measure_of(args: Mapping[str, str]) -> Measure:
    """What the charts of a page with these arguments show: counts unless shares are asked for."""
    return "share" if args.get("measure") == "share" else "count"


def period_arguments(period: Bucket) -> dict[str, str]:
    """The days of a period as arguments of a page."""
    return {"from": period.first.isoformat(), "to": period.last.isoformat()}


@dataclass(frozen=True, slots=True)
class Chart:
    """What is drawn: `chosen` are the days that the page is limited to. `ticks`: at most so many
    labels under the axis."""

    trends: Trends
    links: ChartLinks
    measure: Measure = "count"
    chosen: DateRange = (None, None)
    peaks: tuple[Peak, ...] = ()
    ticks: int = TICKS

    @property
    def lines(self) -> bool:
        return len(self.trends.trends) > 1


@dataclass(frozen=True, slots=True)
class Column:
    """A period with articles: `x` and `width` in per cent, a height for each bar, and the figure of
    each search. `bar`: the only bar in it, in per cent too. `tip`: period and first figure.
    `mark`: the number of its peak.

    `at_left`: the tooltip opens at the left, because the column is in the right half.
    """

    x: float
    width: float
    bar: Stretch
    heights: tuple[float, ...]
    readings: tuple[str, ...]
    label: str
    tip: str
    href: str
    at_left: bool
    mark: str | None


def chart(drawn: Chart) -> Markup:
    """The chart and its table. Empty for fewer than two periods, as a single bar shows nothing that
    its number does not."""
    trends, lines = drawn.trends, drawn.lines
    if len(trends.periods) < 2:
        return Markup("")
    scale = plot.scale(trends, drawn.measure, HEIGHT, lines=lines)
    found, ticks = columns(drawn, scale), plot.ticks(trends.periods, drawn.ticks)
    page = render_template(
        "charts/chart.html",
        columns=found,
        names=[trend.name for trend in trends.trends] if lines else [],
        legend=[_legend(drawn, trend) for trend in trends.trends] if lines else [],
        lines=[plot.segments(trends, t, scale) for t in trends.trends] if lines else [],
        slots=len(trends.periods),
        height=HEIGHT,
        grid=scale.grid(),
        ticks=[(*tick, shown) for tick, shown in zip(ticks, plot.on_a_phone(ticks), strict=True)],
        blank=plot.stretches(_blank(drawn)),
        outside=plot.outside(trends.periods, drawn.chosen),
        days=[*(p.first.isoformat() for p in trends.periods), trends.periods[-1].last.isoformat()],
        caption=labels.caption(trends, drawn.measure, single=not lines),
        notes=notes(drawn),
        measures=_measures(drawn),
        files=[("CSV", drawn.links.csv), ("SVG", drawn.links.svg)],
        peaks=[_peak(drawn, number, peak) for number, peak in enumerate(drawn.peaks, 1)],
        gaps=len(found) < len(trends.periods),
        share=drawn.measure == "share",
    )
    return Markup(page)  # noqa: S704 - a template's output, escaped there


def columns(drawn: Chart, scale: Scale) -> list[Column]:
    """The periods that have articles, with their positions in the chart."""
    periods = drawn.trends.periods
    width = 100 / len(periods)
    marks = {peak.at: circled(number) for number, peak in enumerate(drawn.peaks, 1)}
    return [
        _column(drawn, scale, at, width, marks.get(at))
        for at in range(len(periods))
        if any(trend.counts[at] for trend in drawn.trends.trends)
    ]


def _column(drawn: Chart, scale: Scale, at: int, width: float, mark: str | None) -> Column:
    trends, x, width = drawn.trends, round(at * width, 3), round(width, 3)
    readings = tuple(labels.reading(trends, trend, at, drawn.measure) for trend in trends.trends)
    label = labels.period_label(trends.periods[at])
    return Column(
        x=x,
        width=width,
        bar=(round(x + (1 - BAR_SHARE) / 2 * width, 3), round(BAR_SHARE * width, 3)),
        heights=tuple(_height(drawn, trend, at, scale) for trend in trends.trends),
        readings=readings,
        label=label,
        tip=_("%(label)s：%(reading)s", label=label, reading=readings[0]),
        href=drawn.links.period(trends.periods[at]),
        at_left=at * 2 >= len(trends.periods),
        mark=mark,
    )


def _height(drawn: Chart, trend: Trend, at: int, scale: Scale) -> float:
    if drawn.measure == "share" and not drawn.trends.is_drawn(trend, at):
        return 0
    return scale.pixels(drawn.trends.value(trend, at, drawn.measure))


def notes(drawn: Chart) -> list[Note]:
    """What the chart has and what it lacks; that of lines is in their legend."""
    trends, lines = drawn.trends, drawn.lines
    found: list[Note] = [] if lines else _coverage(drawn, trends.trends[0])
    if any(_blank(drawn)):
        found.append((labels.why_blank(drawn.measure, lines=lines), None))
    return found


def _blank(drawn: Chart) -> tuple[bool, ...]:
    return plot.blank(drawn.trends, drawn.measure, lines=drawn.lines)


def _coverage(drawn: Chart, trend: Trend) -> list[Note]:
    why = labels.not_drawn(drawn.measure, lines=drawn.lines) if trend.mostly_undated else ""
    status, name = drawn.links.status, trend.name
    unknown = (labels.undated(trend), status(name, "unknown"))
    estimates = (labels.estimated(trend), status(name, "estimated"))
    return [
        (labels.charted(trend), None),
        *([unknown] if trend.undated else []),
        *([estimates] if trend.estimated else []),
        *([(why, None)] if why else []),
    ]


def _legend(drawn: Chart, trend: Trend) -> dict[str, Any]:
    noted = _coverage(drawn, trend) if trend.undated or trend.estimated else []
    return {"name": trend.name, "drawn": not trend.mostly_undated, "notes": noted}


def _measures(drawn: Chart) -> list[tuple[str, str, bool]]:
    names: dict[Measure, str] = {"count": _("篇数"), "share": _("占同期全部文章") + " %"}
    return [(name, drawn.links.measure(m), m == drawn.measure) for m, name in names.items()]


def circled(number: int) -> str:
    """1 to 20, so that the number of a peak is not read as a count."""
    return chr(ord("①") + number - 1)


def _peak(drawn: Chart, number: int, peak: Peak) -> dict[str, Any]:
    told = peak.headline
    return {
        "number": number,
        "label": labels.period_label(peak.period),
        "articles": thousands(peak.articles),
        "title": told.title if told else None,
        "link": drawn.links.story(told) if told else None,
        "reposts": thousands(told.articles) if told and told.articles > 1 else None,
    }
