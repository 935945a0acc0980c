"""Where things are in a chart: positions in per cent of the width and pixels of the height.

A page and a file draw from the same plot. Positions are relative, so that on a phone the bars
become narrower but the labels keep their size.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby, pairwise

from search.explore.timeline import Bucket
from search.explore.trends import Measure, Trend, Trends
from web.charts.labels import short_label
from web.i18n import gettext as _
from web.markup.formatting import per_cent, thousands

MIN_BAR_HEIGHT = 3
"""Minimum height in pixels of a bar with a count above zero."""
EDGE_PER_CENT = 6
"""Per cent of the width at each end where a centred label would not fit."""
MAX_LONG_LABELS = 4
"""Labels such as 2024年12月 that fit below a chart."""
NARROWEST = 288
"""Pixels: the width of a chart on the smallest phone."""
WIDE_CHARACTER, NARROW_CHARACTER = 12, 8
"""Pixels of a label's Han characters, and at most of its others."""
LABEL_GAP = 6
"""Pixels between two labels."""
LONE_POINT = 0.3
"""Half the width, in periods, of a point that has no neighbours to draw a line to."""

DateRange = tuple[date | None, date | None]
Stretch = tuple[float, float]
"""(left, width) in per cent."""
Tick = tuple[float, str, str]
"""(centre in per cent, text-anchor, label)."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How high a value is drawn. `highest`: the largest that is drawn."""

    measure: Measure
    highest: float
    height: int

    def pixels(self, value: float) -> float:
        if not value or not self.highest:
            return 0
        return max(MIN_BAR_HEIGHT, round(value / self.highest * self.height, 1))

    def line_y(self, value: float) -> float:
        """From the top of the plot."""
        return self.height - value / self.highest * self.height if self.highest else self.height

    def grid(self) -> tuple[str, float] | None:
        """The largest round number that is reached: its label, its distance from the top."""
        if not self.highest:
            return None
        value = _round_number(self.highest)
        label = (
            per_cent(value)
            if self.measure == "share"
            else _("%(number)s 篇", number=thousands(round(value)))
        )
        return label, round(self.line_y(value), 1)


def scale(trends: Trends, measure: Measure, height: int, *, lines: bool) -> Scale:
    """Bars of counts are drawn wherever there are articles, lines and shares only where a period
    has enough."""
    everywhere = measure == "count" and not lines
    shown = [
        value
        for trend in trends.trends
        for value, drawn in zip(trends.values(trend, measure), trends.drawn(trend), strict=True)
        if drawn or everywhere
    ]
    return Scale(measure, max(shown, default=0), height)


def segments(trends: Trends, trend: Trend, scale: Scale) -> list[str]:
    """Points of polylines, x in periods and y in pixels from the top: one for each run of periods
    in which a line may be drawn."""
    ys = [scale.line_y(value) for value in trends.values(trend, scale.measure)]
    runs = groupby(range(len(ys)), key=trends.drawn(trend).__getitem__)
    return [_polyline(list(run), ys) for drawn, run in runs if drawn]


def _polyline(run: Sequence[int], ys: Sequence[float]) -> str:
    if len(run) == 1:
        middle, y = run[0] + 0.5, ys[run[0]]
        return f"{middle - LONE_POINT:g},{y:.4g} {middle + LONE_POINT:g},{y:.4g}"
    return " ".join(f"{at + 0.5:g},{ys[at]:.4g}" for at in run)


def blank(trends: Trends, measure: Measure, *, lines: bool) -> tuple[bool, ...]:
    """For each period, whether nothing can be seen there: a line or a share where it has too few
    articles, a bar only where the index has none at all."""
    bars = measure == "count" and not lines
    return tuple(not count for count in trends.articles) if bars else trends.thin


def stretches(blank: Sequence[bool]) -> list[Stretch]:
    """Where adjacent periods are blank."""
    width = 100 / len(blank)
    runs = groupby(range(len(blank)), key=blank.__getitem__)
    return [
        (round(at[0] * width, 3), round(len(at) * width, 3))
        for at in (list(run) for is_blank, run in runs if is_blank)
    ]


def outside(periods: Sequence[Bucket], chosen: DateRange) -> list[Stretch]:
    """What is left and right of the chosen days; nothing where none are chosen."""
    first, last = chosen
    if first is None and last is None:
        return []
    left = _place(periods, first) if first else 0.0
    right = _place(periods, last + timedelta(days=1)) if last else 100.0
    stretches = [(0.0, left), (right, round(100 - right, 3))]
    return [(x, width) for x, width in stretches if width > 0]


def _place(periods: Sequence[Bucket], day: date) -> float:
    """Where a day begins, in per cent."""
    if day <= periods[0].first:
        return 0.0
    for at, period in enumerate(periods):
        if day <= period.last:
            part = (day - period.first) / (period.last - period.first + timedelta(days=1))
            return round((at + part) / len(periods) * 100, 3)
    return 100.0


def ticks(periods: Sequence[Bucket], most: int) -> list[Tick]:
    """Years if there are several, else periods."""
    years = [at for at, period in enumerate(periods) if _begins_year(period)]
    if len(years) > 2:
        chosen = years[:: -(-len(years) // most)]
        labels = [_("%(year)s年", year=periods[at].last.year) for at in chosen]
    else:
        count = min(most, MAX_LONG_LABELS, len(periods))
        chosen = [round(n * (len(periods) - 1) / (count - 1)) for n in range(count)]
        labels = [short_label(periods[at], first=at == 0) for at in chosen]
    middles = [round((at + 0.5) / len(periods) * 100, 2) for at in chosen]
    return [(x, _anchor(x), label) for x, label in zip(middles, labels, strict=True)]


def on_a_phone(labels: Sequence[Tick]) -> list[bool]:
    """For each label, whether it is shown in the narrowest chart: every one, every second, or so
    on, so that they do not touch."""
    step = next(step for step in range(1, len(labels) + 1) if _fit(labels[::step]))
    return [at % step == 0 for at in range(len(labels))]


def _fit(labels: Sequence[Tick]) -> bool:
    spans = [_span(*label) for label in labels]
    return all(end + LABEL_GAP <= start for (_left, end), (start, _right) in pairwise(spans))


def _span(x: float, anchor: str, label: str) -> tuple[float, float]:
    """From where to where, in pixels of the narrowest chart."""
    width = sum(NARROW_CHARACTER if c.isascii() else WIDE_CHARACTER for c in label)
    left = x / 100 * NARROWEST - {"start": 0, "middle": width / 2, "end": width}[anchor]
    return left, left + width


def _begins_year(period: Bucket) -> bool:
    """Whether the period contains the beginning of a year."""
    return period.first.year < period.last.year or (period.first.month, period.first.day) == (1, 1)


def _anchor(x: float) -> str:
    return "start" if x < EDGE_PER_CENT else "end" if x > 100 - EDGE_PER_CENT else "middle"


def _round_number(highest: float) -> float:
    """The largest 1, 2 or 5 times a power of ten up to `highest`."""
    tens = 10.0 ** len(str(int(highest))) if highest >= 1 else 1.0
    while True:
        for factor in (5, 2, 1):
            if factor * tens <= highest * (1 + 1e-9):
                return factor * tens
        tens /= 10
