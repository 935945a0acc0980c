"""Compares several queries over one generation: totals, shares, timelines and peaks."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from index.engines.queries import All, And
from search.explore.peaks import Peak, peaks
from search.explore.timeline import Bucket
from search.explore.trends import Trend, Trends, trends
from search.request import SearchRequest
from search.response import SearchResponse
from search.retrieval.engine_request import date_conditions
from search.searcher import Searcher

MAX_COMPARED = 4
"""With more lines, one chart is hard to read."""
ARTICLES_PER_QUERY = 5


@dataclass(frozen=True, slots=True)
class ComparedQuery:
    """One of the queries: its answer, its share of the articles that are compared with, and when it
    had most in the dates that are chosen."""

    q: str
    answer: SearchResponse
    share: float
    peak: Peak | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """`articles`: how many there are in the dates that are chosen; of the whole index without."""

    sides: tuple[ComparedQuery, ...]
    trends: Trends
    articles: int


def compare_queries(searcher: Searcher, queries: Sequence[str], base: SearchRequest) -> Comparison:
    """Searches each query with the filters and sort order of `base`."""
    answers = [searcher.search(_asked(base, q)) for q in queries]
    drawn = trends(searcher, list(zip(queries, answers, strict=True)), covered=True)
    everything = And((All(), *date_conditions(base)))
    articles = searcher.snapshot.match(everything, limit=0).total
    sides = tuple(
        ComparedQuery(
            q,
            answer,
            answer.total / articles if articles else 0.0,
            _peak(searcher, answer, replace(drawn, trends=(_chosen(trend, drawn.periods, base),))),
        )
        for q, answer, trend in zip(queries, answers, drawn.trends, strict=True)
    )
    return Comparison(sides, drawn, articles)


def distinct_queries(given: Sequence[str]) -> list[str]:
    """The queries in order, without blanks and repetitions."""
    typed = (" ".join(q.split()) for q in given)
    return list(dict.fromkeys(q for q in typed if q))


def _asked(base: SearchRequest, q: str) -> SearchRequest:
    """Compared queries are counted as typed: no article that lacks a word, no correction."""
    asked = replace(base, q=q, page=1, per_page=ARTICLES_PER_QUERY, cursor=None)
    return replace(asked, facets=(), timeline="day", partial=False, correct=False)


def _chosen(trend: Trend, periods: Sequence[Bucket], base: SearchRequest) -> Trend:
    """The trend, with nothing in periods that are not wholly within the dates that are chosen."""
    first, last = base.from_day or date.min, base.to_day or date.max
    inside = (first <= period.first and period.last <= last for period in periods)
    counts = (count if kept else 0 for count, kept in zip(trend.counts, inside, strict=True))
    return replace(trend, counts=tuple(counts))


def _peak(searcher: Searcher, answer: SearchResponse, drawn: Trends) -> Peak | None:
    any_time = answer.any_time
    found = peaks(searcher.snapshot, any_time, drawn, "count", 1) if any_time else ()
    return found[0] if found else None
