"""Searches over time beside all articles of each step: counts, shares, and what dates allow to say.

Where few articles have a date, a line would show which sources give dates, not what was written.
So nothing is drawn in a step with fewer than `MIN_STEP_ARTICLES` dated articles of the whole index
(one article more or less moves a share there by five points), nor for a search of whose articles
more than `MAX_UNDATED_SHARE` have no date: with nine of ten unseen, which of two lines is higher
says nothing. Where fewer are undated the line is drawn, and the legend says how many it lacks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from search.explore.timeline import STEPS, Bars, Bucket, Step, articles_of, bars, counted_on
from search.response import SearchResponse, Timeline
from search.searcher import Searcher

MIN_STEP_ARTICLES = 20
MAX_UNDATED_SHARE = 0.9
MIN_COVERED_SHARE = 0.5
"""Of the articles found that have a date. If fewer are in steps with enough articles, a longer step
is taken."""

Measure = Literal["count", "share"]


@dataclass(frozen=True, slots=True)
class Trend:
    """One search: its articles at any time, and how many of them each period has. `total` includes
    `undated`; `estimated` are among the dated ones."""

    name: str
    total: int
    undated: int
    estimated: int
    counts: tuple[int, ...]

    @property
    def mostly_undated(self) -> bool:
        return self.undated > MAX_UNDATED_SHARE * self.total


@dataclass(frozen=True, slots=True)
class Trends:
    """Searches on one axis. `articles`: all articles of the index in each period; `undated`: those
    without a date."""

    periods: tuple[Bucket, ...]
    articles: tuple[int, ...]
    undated: int
    trends: tuple[Trend, ...]

    @property
    def step(self) -> Step | None:
        return self.periods[0].step if self.periods else None

    def is_thin(self, at: int) -> bool:
        """Whether a period has too few articles to draw a line or a share."""
        return self.articles[at] < MIN_STEP_ARTICLES

    @property
    def thin(self) -> tuple[bool, ...]:
        """For each period."""
        return tuple(map(self.is_thin, range(len(self.periods))))

    def value(self, trend: Trend, at: int, measure: Measure) -> float:
        """A count, or a share of all articles, of one period; 0 where there are none."""
        if measure == "count":
            return float(trend.counts[at])
        return trend.counts[at] / self.articles[at] if self.articles[at] else 0.0

    def values(self, trend: Trend, measure: Measure) -> tuple[float, ...]:
        """For each period."""
        return tuple(self.value(trend, at, measure) for at in range(len(self.periods)))

    def is_drawn(self, trend: Trend, at: int) -> bool:
        """Whether a line or a share may be drawn in one period."""
        return not trend.mostly_undated and not self.is_thin(at)

    def drawn(self, trend: Trend) -> tuple[bool, ...]:
        """For each period."""
        return tuple(self.is_drawn(trend, at) for at in range(len(self.periods)))


def trends(
    searcher: Searcher, answers: Sequence[tuple[str, SearchResponse]], *, covered: bool
) -> Trends:
    """The searches with their names. The answers have a timeline by day. `covered`: the steps are
    long enough that most have enough articles, where that is possible."""
    found = [(name, answer.any_time) for name, answer in answers]
    timelines = [each.timeline for _, each in found if each]
    drawn = _covered(searcher, timelines) if covered else bars(timelines)
    dated = articles_of(searcher.days)
    return Trends(
        drawn.periods,
        counted_on(drawn, searcher.days),
        searcher.index.articles - dated,
        tuple(
            Trend(name, each.total, each.undated, each.estimated, counts)
            for (name, each), counts in zip(found, drawn.counts, strict=True)
            if each
        ),
    )


def _covered(searcher: Searcher, timelines: Sequence[Timeline]) -> Bars:
    """In the shortest steps of which most have enough articles; in the shortest that fit, if none
    of two periods or more are so long."""
    finest = bars(timelines)
    steps = STEPS[STEPS.index(finest.step) :] if finest.step else ()
    for step in steps:
        drawn = bars(timelines, step)
        if len(drawn.periods) > 1 and _is_covered(drawn, counted_on(drawn, searcher.days)):
            return drawn
    return finest


def _is_covered(drawn: Bars, articles: Sequence[int]) -> bool:
    counts = [sum(row) for row in zip(*drawn.counts, strict=True)]
    enough = sum(c for c, a in zip(counts, articles, strict=True) if a >= MIN_STEP_ARTICLES)
    return bool(enough >= MIN_COVERED_SHARE * sum(counts))
