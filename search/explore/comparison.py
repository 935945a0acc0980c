"""Several queries asked of one generation, side by side."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from search.explore.timeline import Bars, Bucket, bars
from search.request import SearchRequest
from search.response import SearchResponse
from search.searcher import Searcher

MAX_COMPARED = 4
"""Queries that can be told apart in one chart."""
ARTICLES_PER_QUERY = 5


@dataclass(frozen=True, slots=True)
class Peak:
    """The earliest of the periods with the most articles, and how many have as many."""

    period: Bucket
    articles: int
    periods: int


@dataclass(frozen=True, slots=True)
class ComparedQuery:
    """One query: its answer, what share of all articles it is, and when there were most."""

    q: str
    answer: SearchResponse
    share: float
    peak: Peak | None


@dataclass(frozen=True, slots=True)
class Comparison:
    sides: tuple[ComparedQuery, ...]
    bars: Bars


def compare_queries(searcher: Searcher, queries: Sequence[str], base: SearchRequest) -> Comparison:
    """Each of `queries` under the conditions and in the order of `base`."""
    answers = [searcher.search(_asked(base, q)) for q in queries]
    drawn = bars([answer.timeline or ("day", []) for answer in answers])
    articles = searcher.index.articles
    sides = tuple(
        ComparedQuery(q, answer, answer.total / articles if articles else 0.0, _peak(drawn, row))
        for q, answer, row in zip(queries, answers, drawn.counts, strict=True)
    )
    return Comparison(sides, drawn)


def distinct_queries(given: Sequence[str]) -> list[str]:
    """The queries typed: without blank ones and repetitions, in order."""
    typed = (" ".join(q.split()) for q in given)
    return list(dict.fromkeys(q for q in typed if q))


def _asked(base: SearchRequest, q: str) -> SearchRequest:
    """A query beside others is counted as it is: no article that lacks a word, no correction."""
    asked = replace(base, q=q, page=1, per_page=ARTICLES_PER_QUERY, cursor=None)
    return replace(asked, facets=(), timeline="day", widen=False)


def _peak(drawn: Bars, row: Sequence[int]) -> Peak | None:
    most = max(row, default=0)
    return Peak(drawn.periods[row.index(most)], most, row.count(most)) if most else None
