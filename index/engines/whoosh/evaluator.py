"""Evaluates queries: which articles match and with what scores, as arrays over all articles."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from index.engines.api import TOKEN_FIELDS
from index.engines.lru_cache import LRUCache
from index.engines.queries import (
    All,
    And,
    Best,
    Boost,
    Near,
    Not,
    Or,
    Query,
    Range,
    Term,
)
from index.engines.query_compiler import LeafCompiler
from index.engines.scoring import idf
from index.engines.whoosh.corpus import Corpus, Floats, Mask, Numbers
from index.engines.whoosh.fields import CHARACTER_TERMS, NO_NUMBER, PAIR_TERMS
from index.engines.whoosh.pack import common_characters

CACHE_BYTES = 16 << 20
"""Of evaluated queries. Each process that answers has its own."""
CACHED_WHOLE = 8
"""So many that match most articles find room, however many articles there are."""
BYTES_PER_ARTICLE = 5
"""Of an evaluated query: one in the mask, four in the scores."""
BYTES_PER_MATCH = 8
"""Of one that is kept: four for the article, four for its score."""
OVERHEAD_BYTES = 1_000
"""Of each, with its query."""
FEW_CANDIDATES = 40
"""This few candidates are checked in their texts faster than another posting list is read."""


@dataclass(frozen=True, slots=True)
class Scored:
    """Which articles match, and their scores (None: all 0)."""

    mask: Mask
    scores: Floats | None = None

    def kept(self) -> "Scored | Matched":
        """The smaller form of the two."""
        articles = np.flatnonzero(self.mask)
        if BYTES_PER_MATCH * len(articles) > BYTES_PER_ARTICLE * len(self.mask):
            return self
        scores = None if self.scores is None else self.scores[articles]
        return Matched(len(self.mask), articles.astype(np.int32), scores)

    def whole(self) -> "Scored":
        return self

    @property
    def nbytes(self) -> int:
        return self.mask.nbytes + (0 if self.scores is None else self.scores.nbytes)


@dataclass(frozen=True, slots=True)
class Matched:
    """The same with the matching articles alone: most queries match few. `size`: of the corpus."""

    size: int
    articles: NDArray[np.int32]
    scores: Floats | None

    def whole(self) -> Scored:
        mask = np.zeros(self.size, bool)
        mask[self.articles] = True
        if self.scores is None:
            return Scored(mask)
        scores = np.zeros(self.size, np.float32)
        scores[self.articles] = self.scores
        return Scored(mask, scores)

    @property
    def nbytes(self) -> int:
        return self.articles.nbytes + (0 if self.scores is None else self.scores.nbytes)


def _weight(kept: Scored | Matched) -> int:
    return OVERHEAD_BYTES + kept.nbytes


class Evaluator(LeafCompiler[Scored]):
    """Evaluates queries over one corpus, and caches the results."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._common = frozenset(common_characters())
        most = max(CACHE_BYTES, CACHED_WHOLE * (BYTES_PER_ARTICLE * corpus.size + OVERHEAD_BYTES))
        self._results: LRUCache[Query, Scored | Matched] = LRUCache(most, _weight)

    def run(self, query: Query) -> Scored:
        """The live articles that match, with scores. The arrays are shared: do not change them."""
        if isinstance(query, Term | Boost | Range | All):
            return self._live(self._eval(query))  # as fast to evaluate as to look up
        kept = self._results.get(query)
        if kept is not None:
            return kept.whole()
        scored = self._live(self._eval(query))
        self._results.put(query, scored.kept())
        return scored

    def _live(self, scored: Scored) -> Scored:
        if self._corpus.all_live:
            return scored
        return Scored(scored.mask & self._corpus.live, scored.scores)

    def _eval(self, query: Query) -> Scored:
        match query:
            case And():
                return self._and(query)
            case Or() | Best():
                return self._either(query)
            case Boost():
                inner = self.run(query.query)
                boosted = None if inner.scores is None else inner.scores * np.float32(query.factor)
                return Scored(inner.mask, boosted)
            case Not():
                return Scored(~self.run(query.query).mask)
            case _:
                return self.compile_leaf(query)

    def _all(self) -> Scored:
        return Scored(np.ones(self._corpus.size, bool))

    def _term(self, field: str, token: str) -> Scored:
        corpus = self._corpus
        articles, counts = corpus.postings(field, token)
        mask = np.zeros(corpus.size, bool)
        mask[articles] = True
        if field not in TOKEN_FIELDS or counts is None:
            return Scored(mask)
        tf = counts.astype(np.float32)
        scores = np.zeros(corpus.size, np.float32)
        norm = corpus.norms[field][articles]
        scores[articles] = np.float32(idf(corpus.count, len(articles))) * tf / (tf + norm)
        return Scored(mask, scores)

    def _and(self, query: And) -> Scored:
        parts = [self.run(part) for part in query.queries]
        mask = reduce(np.logical_and, (part.mask for part in parts), self._corpus.live)
        scores = [part.scores for part in parts if part.scores is not None]
        # Articles that match only some parts have scores in those; the mask removes them.
        return Scored(mask, reduce(np.add, scores) * mask if scores else None)

    def _either(self, query: Or | Best) -> Scored:
        parts = [self.run(part) for part in query.queries]
        nothing = np.zeros(self._corpus.size, bool)
        mask = reduce(np.logical_or, (part.mask for part in parts), nothing)
        scores = [part.scores for part in parts if part.scores is not None]
        combine = np.maximum if isinstance(query, Best) else np.add
        return Scored(mask, reduce(combine, scores) if scores else None)

    def _constant(self, articles: Numbers) -> Scored:
        mask = np.zeros(self._corpus.size, bool)
        mask[articles] = True
        return Scored(mask, mask.astype(np.float32))

    def _terms(self, field: str, tokens: Sequence[str]) -> Scored:
        lists = [self._corpus.postings(field, token)[0] for token in tokens]
        return self._constant(np.concatenate(lists) if lists else np.empty(0, np.int64))

    def _near(self, near: Near) -> Scored:
        """Checked in the texts of the articles that have both."""
        both: Mask = self._having(near.left, near.field) & self._having(near.right, near.field)
        for article in np.flatnonzero(both).tolist():
            both[article] = near.holds(self._corpus.normalized(article))
        return Scored(both)

    def _having(self, strings: Sequence[str], field: str | None) -> Mask:
        mask: Mask = np.zeros(self._corpus.size, bool)
        for string in strings:
            mask[self._holding(string, field)] = True
        return mask

    def _range(self, field: str, low: int | None, high: int | None) -> Scored:
        values = self._corpus.numbers[field]
        mask: Mask = values != NO_NUMBER
        if low is not None:
            mask &= values >= low
        if high is not None:
            mask &= values <= high
        return Scored(mask)

    def _substring(self, text: str, field: str | None) -> Scored:
        return self._constant(self._holding(text, field))

    def _holding(self, text: str, field: str | None) -> Numbers:
        """Articles that contain a string: candidates by characters and pairs, then checked."""
        candidates = self._candidates(text)
        if field is None and (len(text) == 1 or self._is_pair(text)):
            return candidates
        needle = text.encode("utf-8", "surrogatepass")
        holds = self._corpus.holds
        found = [n for n in candidates.tolist() if holds(n, needle, field)]
        return np.array(found, np.int64)

    def _candidates(self, text: str) -> Numbers:
        """Articles that have each pair of common characters in `text`, and each other character."""
        pairs = [text[at : at + 2] for at in range(len(text) - 1)]
        pairs = [pair for pair in pairs if self._is_pair(pair)]
        covered = set("".join(pairs))
        lists = [self._corpus.postings(PAIR_TERMS, pair)[0] for pair in dict.fromkeys(pairs)]
        singles = [character for character in dict.fromkeys(text) if character not in covered]
        lists += [self._corpus.postings(CHARACTER_TERMS, character)[0] for character in singles]
        lists.sort(key=len)
        found = lists[0] if lists else np.empty(0, np.int64)
        for articles in lists[1:]:
            if len(found) < FEW_CANDIDATES:
                break
            member = np.zeros(self._corpus.size, bool)
            member[articles] = True
            found = found[member[found]]
        return found

    def _is_pair(self, text: str) -> bool:
        return len(text) == 2 and text[0] in self._common and text[1] in self._common
