"""Asks the engine for the window of matches: with all words, then with most; and ranks them."""

from dataclasses import dataclass, replace
from typing import NamedTuple

from index.engines.api import Match, Matches, Snapshot
from index.engines.queries import And, Boost, Not, Or, Query
from index.engines.scoring import idf
from search.ranking.reranker import RERANKED_MATCHES, RankingQuery, rerank
from search.ranking.signals import pairs_of
from search.request import MAX_WINDOW
from search.retrieval.engine_request import EngineRequest
from search.retrieval.relaxation import (
    COVERAGE_SHARES,
    ENOUGH_ARTICLES,
    PAGE_ARTICLES,
    Relaxation,
    relax,
)


@dataclass(frozen=True, slots=True)
class Retrieval:
    """The matches of one engine request.

    `ranked`: the first MAX_WINDOW matches in final order. `counted`: the query that `total` counts.
    `tail`: the query whose further matches follow those in `ranked`; `last`: the engine's last of
    those. `may_miss`: words that some matches lack. `facet_base`: the query that facets count, if
    it is not the request's own.
    """

    total: int
    all_words: int
    ranked: list[Match]
    counted: Query
    tail: Query
    last: Match | None
    may_miss: tuple[str, ...] = ()
    facet_base: Query | None = None


FACET_VALUES = 20
"""Values counted for each facet, the commonest."""


class _Window(NamedTuple):
    """`tail`: the query of the matches that follow; the first matches; how many match in all."""

    tail: Query
    matches: list[Match]
    total: int


class Retriever:
    """Retrieves from one generation."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    def retrieve(self, asked: EngineRequest) -> Retrieval:
        words = asked.plan.words
        self._snapshot.prefetch_totals(
            [each for w in words for each in (w.fallback or w.query, w.query)]
        )
        found = self._found(asked)
        return replace(found, ranked=self._rank(found.ranked, asked))

    def _prefetch_facets(self, asked: EngineRequest, base: Query) -> None:
        """Facets are counted while matches are found and their texts are read."""
        wanted = asked.request.facets
        self._snapshot.prefetch_facets(base, asked.filters, wanted, FACET_VALUES)

    def _found(self, asked: EngineRequest) -> Retrieval:
        """In the engine's order."""
        if not asked.may_relax:
            self._prefetch_facets(asked, asked.base)
        first = self._snapshot.match(asked.query, sort=asked.sort, limit=MAX_WINDOW)
        if asked.may_relax:
            relaxed = self._relaxed(asked, first) if first.total < ENOUGH_ARTICLES else None
            if relaxed:
                return relaxed
            self._prefetch_facets(asked, asked.base)
        return Retrieval(
            total=first.total,
            all_words=first.total,
            ranked=list(first.matches),
            counted=asked.query,
            tail=asked.query,
            last=first.matches[-1] if first.matches else None,
        )

    def _relaxed(self, asked: EngineRequest, first: Matches) -> Retrieval | None:
        """Also with articles that have most of the words; None if there are no such articles."""
        articles = self._snapshot.generation.articles
        found = None
        for coverage in COVERAGE_SHARES:
            relaxation = relax(asked.plan, coverage, self.frequency, articles)
            if relaxation is None:
                break
            wider = self._wider(asked, first, relaxation)
            if wider.total > first.total:
                found = wider
            if wider.total >= PAGE_ARTICLES:
                break
        return found

    def _wider(self, asked: EngineRequest, first: Matches, relaxation: Relaxation) -> Retrieval:
        """The articles with most of the words, which include those with all."""
        everything = And((relaxation.query, *asked.narrowing))
        facet_base = And((relaxation.query, *asked.limits))
        self._prefetch_facets(asked, facet_base)
        together = self._together if asked.ranks else self._after
        tail, ranked, total = together(asked, first, everything)
        return Retrieval(
            total=total,
            all_words=first.total,
            ranked=ranked,
            counted=everything,
            tail=tail,
            last=ranked[-1] if ranked else None,
            may_miss=relaxation.may_miss,
            facet_base=facet_base,
        )

    def _together(self, asked: EngineRequest, first: Matches, everything: Query) -> _Window:
        """Sorted by relevance: an article that lacks a word loses the score of that word."""
        words = Or(tuple(word.fallback or word.query for word in asked.plan.words))
        # All of these articles have at least one of the words, so none is lost.
        scored = And((Boost(everything, 0.0), words))
        found = self._snapshot.match(scored, limit=MAX_WINDOW)
        return _Window(scored, list(found.matches), found.total)

    def _after(self, asked: EngineRequest, first: Matches, everything: Query) -> _Window:
        """Sorted by date: articles with all words come first, however old."""
        rest = And((everything, Not(asked.query)))
        room = MAX_WINDOW - len(first.matches)
        more = self._snapshot.match(rest, sort=asked.sort, limit=room)
        return _Window(rest, [*first.matches, *more.matches], first.total + more.total)

    def _rank(self, matches: list[Match], asked: EngineRequest) -> list[Match]:
        if not asked.ranks or not matches:
            return matches
        head = [match.id for match in matches[:RERANKED_MATCHES]]
        rows = self._snapshot.stored(head, ("id", "folded"))
        words = asked.plan.words
        query = RankingQuery(
            words=words,
            idfs=tuple(self._idf(word.query) for word in words),
            pairs=pairs_of(asked.plan.texts),
            phrase=asked.parsed.phrase,
            now=int(asked.request.now.timestamp()),
        )
        return rerank(matches, {row["id"]: row["folded"] for row in rows}, query)

    def _idf(self, query: Query) -> float:
        """Lucene's idf of a word under all its forms."""
        return idf(self._snapshot.generation.articles, self.frequency(query))

    def frequency(self, query: Query) -> int:
        return self._snapshot.match(query, limit=0).total
