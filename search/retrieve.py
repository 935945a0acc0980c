"""The window of ranked matches: those with all words, then those with most."""

import math
from dataclasses import dataclass

from index.engines.base import And, Match, Not, Or, Query, Snapshot
from index.normalize import normalize
from search.question import Question
from search.ranking import RERANKED, Wish, rerank
from search.relax import COVERAGES, ENOUGH, relax
from search.request import MAX_WINDOW

_QUOTES = '"“”「」『』'


@dataclass(frozen=True, slots=True)
class Found:
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


class Retriever:
    """Asks one generation."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    def retrieve(self, question: Question) -> Found:
        first = self._snapshot.match(question.query, sort=question.sort, limit=MAX_WINDOW)
        found = Found(
            total=first.total,
            all_words=first.total,
            ranked=self._rank(list(first.matches), question),
            counted=question.query,
            tail=question.query,
            last=first.matches[-1] if first.matches else None,
        )
        few = first.total < ENOUGH and question.request.widen
        return self._relax(question, found) if few and question.plan.may_relax else found

    def _relax(self, question: Question, found: Found) -> Found:
        """Add the articles that have most of the words."""
        articles = self._snapshot.generation.articles
        room = MAX_WINDOW - len(found.ranked)
        for coverage in COVERAGES:
            relaxation = relax(question.plan, coverage, self.frequency, articles)
            if relaxation is None:
                return found
            narrowed = And((relaxation.query, *question.narrowing))
            rest = And((narrowed, Not(question.query)))
            more = self._snapshot.match(rest, sort=question.sort, limit=room)
            if more.total:
                return Found(
                    total=found.total + more.total,
                    all_words=found.all_words,
                    ranked=[*found.ranked, *self._rank(list(more.matches), question)],
                    counted=Or((question.query, narrowed)),
                    tail=rest,
                    last=more.matches[-1],
                    may_miss=relaxation.may_miss,
                    facet_base=Or((question.base, And((relaxation.query, *question.limits)))),
                )
        return found

    def _rank(self, matches: list[Match], question: Question) -> list[Match]:
        if not question.ranks or not matches:
            return matches
        head = [match.id for match in matches[:RERANKED]]
        rows = self._snapshot.stored(head, ("id", "folded"))
        words = question.plan.words
        wish = Wish(
            words=words,
            idfs=tuple(self._idf(word.query) for word in words),
            phrase=normalize(" ".join(question.request.q.split())).strip(_QUOTES),
            now=int(question.request.now.timestamp()),
        )
        return rerank(matches, {row["id"]: row["folded"] for row in rows}, wish)

    def _idf(self, query: Query) -> float:
        """Lucene's idf of a word under all its forms."""
        total, found = self._snapshot.generation.articles, self.frequency(query)
        return math.log(1 + (total - found + 0.5) / (found + 0.5))

    def frequency(self, query: Query) -> int:
        return self._snapshot.match(query, limit=0).total
