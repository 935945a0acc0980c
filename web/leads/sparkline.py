"""A small line of counts over time, to be read beside its figure: no axis, no labels, no links."""

from collections.abc import Sequence
from dataclasses import dataclass

from search.explore.timeline import bars
from web.i18n import gettext as _
from web.markup.formatting import thousands

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


def sparkline(months: Sequence[tuple[int, int]], total: int) -> Sparkline | None:
    """The line of counts by month (202209, count). None where it would say nothing, or something
    false. `total`: articles with and without a date."""
    drawn = bars([("month", list(months))])
    dated = sum(count for _month, count in months)
    if len(drawn.periods) < MIN_PERIODS or dated < MIN_DATED_SHARE * total:
        return None
    return Sparkline(_points(drawn.counts[0], drawn.highest), _label(months, dated, total))


def _points(counts: Sequence[int], highest: int) -> str:
    step = (WIDTH - 2 * MARGIN) / (len(counts) - 1)
    height = HEIGHT - 2 * MARGIN
    return " ".join(
        f"{MARGIN + at * step:.4g},{MARGIN + height * (1 - count / highest):.4g}"
        for at, count in enumerate(counts)
    )


def _label(months: Sequence[tuple[int, int]], dated: int, total: int) -> str:
    month, count = max(months, key=lambda point: point[1])
    span = _(
        "%(first)s至%(last)s，最多的是%(most)s，%(count)s 篇",
        first=_name(months[0][0]),
        last=_name(months[-1][0]),
        most=_name(month),
        count=thousands(count),
    )
    if dated == total:
        return span
    undated = thousands(total - dated)
    return _("%(span)s；%(undated)s 篇日期不详", span=span, undated=undated)


def _name(month: int) -> str:
    return _("%(year)s年%(month)s月", year=month // 100, month=month % 100)
