"""Articles over time as bars of a chart: in the finest steps that fit, with zeros for gaps."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import accumulate, pairwise
from operator import itemgetter
from typing import Literal

from index.engines.api import Unit
from search.response import Timeline

MAX_BARS = 60
"""More bars are narrower than a finger, and each is a stop of the Tab key."""

Step = Literal["day", "week", "month", "quarter", "year"]
STEPS: tuple[Step, ...] = ("day", "week", "month", "quarter", "year")
_DAY = timedelta(days=1)
_VALUE, _COUNT = itemgetter(0), itemgetter(1)
"""Of a point of a timeline."""
CACHED_DAYS = 16_384
"""Of 45 years: the same days come again with every answer."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """A day, week, month, quarter or year; `first` and `last` are inclusive. Weeks begin on
    Monday."""

    step: Step
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Bars:
    """Adjacent buckets (`periods`), and for each timeline a row with a count for each bucket."""

    periods: tuple[Bucket, ...] = ()
    counts: tuple[tuple[int, ...], ...] = ()

    @property
    def step(self) -> Step | None:
        return self.periods[0].step if self.periods else None

    @property
    def highest(self) -> int:
        return max((count for row in self.counts for count in row), default=0)


def bars(timelines: Sequence[Timeline], least: Step = "day") -> Bars:
    """The timelines on one axis, from the first to the last period that has an article.

    The step is the finest that is no finer than `least`, needs at most `MAX_BARS` bars and that the
    units allow: days make weeks and all that is longer, months make quarters and years.
    """
    steps = _steps([least, *(unit for unit, _ in timelines)])
    ends = [(points[0][0], points[-1][0]) for _, points in timelines if points]
    if not ends:
        return Bars(counts=tuple(() for _ in timelines))
    first = min(_first_day(oldest) for oldest, _ in ends)
    last = max(_first_day(newest) for _, newest in ends)
    fitting = (s for s in steps if _index(s, last) - _index(s, first) < MAX_BARS)
    step = next(fitting, steps[-1])
    low, high = _index(step, first), _index(step, last)
    periods = tuple(_period(step, index) for index in range(low, high + 1))
    return Bars(periods, tuple(_row(periods, timeline) for timeline in timelines))


def counted_on(drawn: Bars, timeline: Timeline) -> tuple[int, ...]:
    """The articles of another timeline by day in each period of the bars; others are left out."""
    return _row(drawn.periods, timeline) if drawn.periods else ()


def articles_of(timeline: Timeline) -> int:
    """Of all its days."""
    return sum(map(_COUNT, timeline[1]))


def since(timeline: Timeline, first: date) -> int:
    """Articles of this day and all later ones."""
    unit, points = timeline
    return sum(map(_COUNT, points[bisect_left(points, _in_unit(unit, first), key=_VALUE) :]))


def newest_day(timeline: Timeline, today: date) -> date | None:
    """The last day up to today that has an article."""
    days = (_first_day(value) for value, _ in reversed(timeline[1]))
    return next((day for day in days if day <= today), None)


def recent(timeline: Timeline, today: date, days: int) -> tuple[int, int]:
    """Articles of the last `days` days, today included, and of as many days before them."""
    later, begin, before = (since(timeline, today - (n * days - 1) * _DAY) for n in (0, 1, 2))
    return begin - later, before - begin


def _steps(units: Iterable[str]) -> tuple[Step, ...]:
    """The steps that the coarsest of these units can be counted in."""
    at = max((STEPS.index(step) for unit in units for step in STEPS if step == unit), default=0)
    return STEPS[at:]


def _row(periods: Sequence[Bucket], timeline: Timeline) -> tuple[int, ...]:
    """Articles of the timeline in each of these adjacent periods."""
    unit, points = timeline
    sums = [0, *accumulate(map(_COUNT, points))]
    values = list(map(_VALUE, points))
    borders = [bisect_left(values, _in_unit(unit, period.first)) for period in periods]
    borders.append(bisect_right(values, _in_unit(unit, periods[-1].last)))
    return tuple(sums[end] - sums[start] for start, end in pairwise(borders))


def _in_unit(unit: Unit, day: date) -> int:
    """The day, month or year as an integer, as timelines have it."""
    match unit:
        case "day":
            return day.year * 10_000 + day.month * 100 + day.day
        case "month":
            return day.year * 100 + day.month
        case "year":
            return day.year


@lru_cache(CACHED_DAYS)
def _first_day(value: int) -> date:
    """20220905, 202209 or 2022 → the first day of it."""
    text = str(value)
    return date(int(text[:4]), int(text[4:6] or 1), int(text[6:8] or 1))


def _index(step: Step, day: date) -> int:
    """The number of the bucket that a day lies in; adjacent buckets differ by one."""
    match step:
        case "day":
            return day.toordinal()
        case "week":
            return (day.toordinal() - 1) // 7  # day 1 of the calendar is a Monday
        case "month":
            return day.year * 12 + day.month - 1
        case "quarter":
            return day.year * 4 + (day.month - 1) // 3
        case "year":
            return day.year


def _period(step: Step, index: int) -> Bucket:
    return Bucket(step, _begin(step, index), _begin(step, index + 1) - _DAY)


def _begin(step: Step, index: int) -> date:
    match step:
        case "day":
            return date.fromordinal(index)
        case "week":
            return date.fromordinal(index * 7 + 1)
        case "month":
            return date(index // 12, index % 12 + 1, 1)
        case "quarter":
            return date(index // 4, index % 4 * 3 + 1, 1)
        case "year":
            return date(index, 1, 1)
