"""The window of ranked matches: those with all words, then those with most."""

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
    """`ranked`: the first MAX_WINDOW matches in their final order. `counted`: what `total` counts.

    `tail`: the query whose further matches follow those in `ranked`; `last`: the engine's last of
    them. `may_miss`: words that some of the matches lack. `facet_base`: what facets count, where
    that is not the question's own.
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
"""Values a facet."""


class _Window(NamedTuple):
    """The query whose further matches follow, the first matches, and how many there are in all."""

    tail: Query
    matches: list[Match]
    total: int


class Retriever:
    """Asks one generation."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    def retrieve(self, question: EngineRequest) -> Retrieval:
        words = question.plan.words
        self._snapshot.prefetch_totals(
            [each for w in words for each in (w.fallback or w.query, w.query)]
        )
        found = self._found(question)
        return replace(found, ranked=self._rank(found.ranked, question))

    def _prefetch_facets(self, question: EngineRequest, base: Query) -> None:
        """They are counted while others are looked for and read."""
        wanted = question.request.facets
        self._snapshot.prefetch_facets(base, question.filters, wanted, FACET_VALUES)

    def _found(self, question: EngineRequest) -> Retrieval:
        """Not read again yet."""
        if not question.may_relax:
            self._prefetch_facets(question, question.base)
        first = self._snapshot.match(question.query, sort=question.sort, limit=MAX_WINDOW)
        if question.may_relax:
            relaxed = self._relaxed(question, first) if first.total < ENOUGH_ARTICLES else None
            if relaxed:
                return relaxed
            self._prefetch_facets(question, question.base)
        return Retrieval(
            total=first.total,
            all_words=first.total,
            ranked=list(first.matches),
            counted=question.query,
            tail=question.query,
            last=first.matches[-1] if first.matches else None,
        )

    def _relaxed(self, question: EngineRequest, first: Matches) -> Retrieval | None:
        """With the articles that have most of the words; None where there are none."""
        articles = self._snapshot.generation.articles
        found = None
        for coverage in COVERAGE_SHARES:
            relaxation = relax(question.plan, coverage, self.frequency, articles)
            if relaxation is None:
                break
            wider = self._wider(question, first, relaxation)
            if wider.total > first.total:
                found = wider
            if wider.total >= PAGE_ARTICLES:
                break
        return found

    def _wider(self, question: EngineRequest, first: Matches, relaxation: Relaxation) -> Retrieval:
        """Those with most of the words, and so those with all."""
        everything = And((relaxation.query, *question.narrowing))
        facet_base = And((relaxation.query, *question.limits))
        self._prefetch_facets(question, facet_base)
        together = self._together if question.ranks else self._after
        tail, ranked, total = together(question, first, everything)
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

    def _together(self, question: EngineRequest, first: Matches, everything: Query) -> _Window:
        """By relevance, what an article lacks costs it as much as the word is worth."""
        words = Or(tuple(word.fallback or word.query for word in question.plan.words))
        # All articles have one of the words at least, so the words take none away.
        scored = And((Boost(everything, 0.0), words))
        found = self._snapshot.match(scored, limit=MAX_WINDOW)
        return _Window(scored, list(found.matches), found.total)

    def _after(self, question: EngineRequest, first: Matches, everything: Query) -> _Window:
        """By date, articles with all words come first: the newest that has a word is no answer."""
        rest = And((everything, Not(question.query)))
        room = MAX_WINDOW - len(first.matches)
        more = self._snapshot.match(rest, sort=question.sort, limit=room)
        return _Window(rest, [*first.matches, *more.matches], first.total + more.total)

    def _rank(self, matches: list[Match], question: EngineRequest) -> list[Match]:
        if not question.ranks or not matches:
            return matches
        head = [match.id for match in matches[:RERANKED_MATCHES]]
        rows = self._snapshot.stored(head, ("id", "folded"))
        words = question.plan.words
        wish = RankingQuery(
            words=words,
            idfs=tuple(self._idf(word.query) for word in words),
            pairs=pairs_of(question.plan.texts),
            phrase=question.parsed.phrase,
            now=int(question.request.now.timestamp()),
        )
        return rerank(matches, {row["id"]: row["folded"] for row in rows}, wish)

    def _idf(self, query: Query) -> float:
        """Lucene's idf of a word under all its forms."""
        return idf(self._snapshot.generation.articles, self.frequency(query))

    def frequency(self, query: Query) -> int:
        return self._snapshot.match(query, limit=0).total
