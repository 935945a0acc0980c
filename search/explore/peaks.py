"""The highest periods of a search over time, each with the story that made it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from index.engines.api import Match, Snapshot
from index.engines.queries import And, Query, Range
from search.explore.timeline import Bucket
from search.explore.trends import Measure, Trends
from search.query.date_conditions import as_day
from search.request import MAX_WINDOW
from search.response import AnyTime

MIN_PEAK_ARTICLES = 3
MIN_PEAK_RATIO = 1.5
"""Of the mean of all periods; a lower one stands out by chance."""


@dataclass(frozen=True, slots=True)
class Headline:
    """The story with the most articles of a period, or the best article where none has several.

    `id`, `url`, `title`: of its first article that matches. `articles`: how many match.
    """

    story: str
    id: str
    url: str | None
    title: str
    articles: int


@dataclass(frozen=True, slots=True)
class Peak:
    """A period and its articles that match; `at` is its place among the periods."""

    at: int
    period: Bucket
    articles: int
    headline: Headline | None


def peaks(
    snapshot: Snapshot, answer: AnyTime, trends: Trends, measure: Measure, most: int
) -> tuple[Peak, ...]:
    """At most `most` peaks of the only search of a chart, in order of time."""
    if not trends.trends:
        return ()
    (trend,), periods = trends.trends, trends.periods
    values, drawn = trends.values(trend, measure), trends.drawn(trend)
    shown = [v if d or measure == "count" else 0.0 for v, d in zip(values, drawn, strict=True)]
    return tuple(
        Peak(at, periods[at], trend.counts[at], headline(snapshot, answer.query, periods[at]))
        for at in peak_places(shown, trend.counts, most)
    )


def peak_places(values: Sequence[float], counts: Sequence[int], most: int) -> list[int]:
    """Places of the highest values that stand out and have no higher neighbour; of equal ones next
    to each other the first."""
    least = MIN_PEAK_RATIO * sum(values) / len(values) if values else 0.0
    padded = [0.0, *values, 0.0]
    tops = [
        at
        for at, value in enumerate(values)
        if value >= least
        and padded[at] < value >= padded[at + 2]
        and counts[at] >= MIN_PEAK_ARTICLES
    ]
    return sorted(sorted(tops, key=lambda at: -values[at])[:most])


def headline(snapshot: Snapshot, query: Query, period: Bucket) -> Headline | None:
    """The story with the most of the period's best MAX_WINDOW articles; of equal ones the best."""
    days = Range("day", as_day(period.first), as_day(period.last))
    found = snapshot.match(And((query, days)), limit=MAX_WINDOW).matches
    if not found:
        return None
    sizes = Counter(match.story for match in found)
    story = max(sizes, key=lambda each: sizes[each])  # of equal ones the first that was counted
    first = min((m for m in found if m.story == story), key=Match.story_order)
    (row,) = snapshot.stored([first.id], ("id", "url", "title"))
    return Headline(story, row["id"], row["url"], row["title"], sizes[story])
