"""Counts over time become bars: a fitting step, gaps as zeros, every article counted."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.explore.timeline import MAX_BARS, Bucket, bars, recent
from search.response import Timeline

DAYS = st.dates(date(1971, 1, 1), date(2099, 12, 31))


def as_int(day: date) -> int:
    return day.year * 10_000 + day.month * 100 + day.day


def by_day(*days: date) -> Timeline:
    return "day", [(as_int(day), 1) for day in sorted(set(days))]


def period(step: str, first: str, last: str) -> Bucket:
    return Bucket(step, date.fromisoformat(first), date.fromisoformat(last))  # type: ignore[arg-type]  # a step, as text


SPANS = [
    pytest.param(20220905, 20221103, "day", 60, id="sixty days"),
    pytest.param(20220905, 20221104, "week", 9, id="one more"),
    pytest.param(20220905, 20231022, "week", 59, id="weeks"),
    pytest.param(20220901, 20270801, "month", 60, id="five years"),
    pytest.param(20220901, 20270901, "quarter", 21, id="a month more"),
    pytest.param(19710101, 20981231, "year", 128, id="longer than fits"),
]


@pytest.mark.parametrize(("first", "last", "step", "count"), SPANS)
def test_the_finest_step_that_fits(first: int, last: int, step: str, count: int) -> None:
    """At most sixty bars; years if no longer step is left."""
    drawn = bars([("day", [(first, 1), (last, 1)])])

    assert (drawn.step, len(drawn.periods)) == (step, count)


UNITS = [
    pytest.param("month", [(202201, 1), (202203, 2)], "month", (1, 0, 2), id="months"),
    pytest.param("month", [(201501, 1), (202203, 2)], "quarter", None, id="months as quarters"),
    pytest.param("year", [(2015, 1), (2017, 2)], "year", (1, 0, 2), id="years"),
    pytest.param("day", [(20220905, 4)], "day", (4,), id="a single day"),
]


@pytest.mark.parametrize(("unit", "points", "step", "counts"), UNITS)
def test_a_unit_is_never_made_finer(
    unit: str, points: list[tuple[int, int]], step: str, counts: tuple[int, ...] | None
) -> None:
    """Counts by month cannot become counts by day."""
    drawn = bars([(unit, points)])

    assert drawn.step == step
    assert sum(drawn.counts[0]) == sum(count for _, count in points)
    assert counts is None or drawn.counts == (counts,)


PERIODS = [
    pytest.param("day", period("day", "2022-09-05", "2022-09-05"), 3, id="day"),
    pytest.param("week", period("week", "2022-09-05", "2022-09-11"), 100, id="week"),
    pytest.param("month", period("month", "2022-09-01", "2022-09-30"), 600, id="month"),
    pytest.param("quarter", period("quarter", "2022-07-01", "2022-09-30"), 2_500, id="quarter"),
    pytest.param("year", period("year", "2022-01-01", "2022-12-31"), 9_000, id="year"),
]


@pytest.mark.parametrize(("step", "first", "length"), PERIODS)
def test_a_period_has_the_days_of_the_calendar(step: str, first: Bucket, length: int) -> None:
    """Weeks begin on Monday, quarters in January, April, July and October."""
    begin = date(2022, 9, 5)
    drawn = bars([by_day(begin, begin + timedelta(days=length))])

    assert drawn.periods[0] == first


@given(st.lists(st.lists(DAYS, max_size=20), min_size=1, max_size=4))
def test_nothing_is_lost_and_nothing_overlaps(series: list[list[date]]) -> None:
    """Each article is in the one bar whose period has its day; periods are adjacent."""
    timelines = [by_day(*days) for days in series]
    drawn = bars(timelines)

    assert len(drawn.counts) == len(series)
    for row, (_, points) in zip(drawn.counts, timelines, strict=True):
        assert len(row) == len(drawn.periods)
        expected = [
            sum(as_int(p.first) <= day <= as_int(p.last) for day, _ in points)
            for p in drawn.periods
        ]
        assert list(row) == expected
        assert sum(row) == len(points)
    assert all(b.first - a.last == timedelta(days=1) for a, b in pairwise(drawn.periods))
    if drawn.periods:
        assert any(row[0] for row in drawn.counts)
        assert any(row[-1] for row in drawn.counts)
        assert len(drawn.periods) <= MAX_BARS or drawn.step == "year"


def test_no_articles_no_bars() -> None:
    """Without dated articles there are no periods."""
    drawn = bars([("day", []), ("day", [])])

    assert (drawn.periods, drawn.counts, drawn.highest, drawn.step) == ((), ((), ()), 0, None)


TODAY = date(2022, 9, 30)
RECENT = [
    pytest.param([20220930], (1, 0), id="today"),
    pytest.param([20220924], (1, 0), id="the first of seven days"),
    pytest.param([20220923, 20220917], (0, 2), id="the seven before"),
    pytest.param([20220916, 20221001], (0, 0), id="older, or yet to come"),
]


@pytest.mark.parametrize(("days", "expected"), RECENT)
def test_recent_days_beside_those_before(days: list[int], expected: tuple[int, int]) -> None:
    """The recent days end today; later days are in neither part."""
    assert recent(("day", [(day, 1) for day in days]), TODAY, 7) == expected
