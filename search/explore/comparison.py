"""Compares several queries over one generation: totals, shares and timelines."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from search.explore.timeline import Bars, Bucket, bars
from search.request import SearchRequest
from search.response import SearchResponse
from search.searcher import Searcher

MAX_COMPARED = 4
"""With more lines, one chart is hard to read."""
ARTICLES_PER_QUERY = 5


@dataclass(frozen=True, slots=True)
class Peak:
    """The earliest bucket with the most articles. `periods`: how many buckets have as many."""

    period: Bucket
    articles: int
    periods: int


@dataclass(frozen=True, slots=True)
class ComparedQuery:
    """One of the queries: its answer, its share of all articles, and when it had most."""

    q: str
    answer: SearchResponse
    share: float
    peak: Peak | None


@dataclass(frozen=True, slots=True)
class Comparison:
    sides: tuple[ComparedQuery, ...]
    bars: Bars


def compare_queries(searcher: Searcher, queries: Sequence[str], base: SearchRequest) -> Comparison:
    """Searches each query with the filters and sort order of `base`."""
    answers = [searcher.search(_asked(base, q)) for q in queries]
    drawn = bars([answer.timeline or ("day", []) for answer in answers])
    articles = searcher.index.articles
    sides = tuple(
        ComparedQuery(q, answer, answer.total / articles if articles else 0.0, _peak(drawn, row))
        for q, answer, row in zip(queries, answers, drawn.counts, strict=True)
    )
    return Comparison(sides, drawn)


def distinct_queries(given: Sequence[str]) -> list[str]:
    """The queries in order, without blanks and repetitions."""
    typed = (" ".join(q.split()) for q in given)
    return list(dict.fromkeys(q for q in typed if q))


def _asked(base: SearchRequest, q: str) -> SearchRequest:
    """Compared queries are counted as typed: no article that lacks a word, no correction."""
    asked = replace(base, q=q, page=1, per_page=ARTICLES_PER_QUERY, cursor=None)
    return replace(asked, facets=(), timeline="day", partial=False, correct=False)


def _peak(drawn: Bars, row: Sequence[int]) -> Peak | None:
    most = max(row, default=0)
    return Peak(drawn.periods[row.index(most)], most, row.count(most)) if most else None
