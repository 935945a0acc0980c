"""Evaluates queries: which articles match and with what scores, as two arrays."""

import threading
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
CACHED_WHOLE = 5
"""So many that match every article find room, however many articles there are."""
BYTES_PER_MATCH = 8
"""Of an evaluated query that is kept: four for the article, four for its score."""
OVERHEAD_BYTES = 1_000
"""Of each, with its query."""
FEW_CANDIDATES = 40
"""This few candidates are checked in their texts faster than another posting list is read."""
FEW = 32
"""Of two lists one of which is so many times shorter, the longer is searched, and not read."""

_QUICK = (Term, Boost, Range, All)
"""As fast to evaluate as to look up. (A union of types would be made anew for each query.)"""
_NONE: Numbers = np.empty(0, np.intp)


@dataclass(frozen=True, slots=True)
class Scored:
    """The live articles that match, ascending, and the score of each (None: all 0)."""

    articles: Numbers
    scores: Floats | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """The same in less room."""

    articles: NDArray[np.int32]
    scores: Floats | None

    @property
    def weight(self) -> int:
        scores = 0 if self.scores is None else self.scores.nbytes
        return OVERHEAD_BYTES + self.articles.nbytes + scores


class _Scratch(threading.local):
    """A score for every article, left over from earlier queries: an array of its own for each
    would be made of fresh memory, which takes longer than what is done with it."""

    def __init__(self, size: int) -> None:
        self.scores = np.empty(size, np.float32)


class Evaluator(LeafCompiler[Scored]):
    """Evaluates queries over one corpus, and caches the results."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._common = frozenset(common_characters())
        self._scratch = _Scratch(corpus.size)
        most = max(CACHE_BYTES, CACHED_WHOLE * (BYTES_PER_MATCH * corpus.size + OVERHEAD_BYTES))
        self._results: LRUCache[Query, Kept] = LRUCache(most, lambda kept: kept.weight)

    def run(self, query: Query) -> Scored:
        """The arrays may be shared: do not change them."""
        if isinstance(query, _QUICK):
            return self._eval(query)
        kept = self._results.get(query)
        if kept is not None:
            return Scored(kept.articles.astype(np.intp), kept.scores)
        scored = self._eval(query)
        self._results.put(query, Kept(scored.articles.astype(np.int32), scored.scores))
        return scored

    def _part(self, query: Query) -> Scored:
        """A part of a choice. Forms of a word in title and text are evaluated once, for the word:
        keeping them takes longer than is saved."""
        return self._eval(query) if isinstance(query, Or) else self.run(query)

    def _eval(self, query: Query) -> Scored:
        match query:
            case Term(field, token):
                return self._term(field, token)
            case Boost(inner, factor):
                scored = self._part(inner)
                if scored.scores is None or not factor:
                    return Scored(scored.articles)
                return Scored(scored.articles, scored.scores * np.float32(factor))
            case Or() | Best():
                return self._either(query)
            case And():
                return self._and(query)
            case Not(inner):
                mask = self._corpus.live.copy()
                mask[self.run(inner).articles] = False
                return Scored(mask.nonzero()[0])
            case _:
                return self.compile_leaf(query)

    def _all(self) -> Scored:
        return Scored(self._corpus.live.nonzero()[0])

    def _term(self, field: str, token: str) -> Scored:
        corpus = self._corpus
        articles, counts = corpus.postings(field, token)
        if field not in TOKEN_FIELDS or counts is None:
            return Scored(articles)
        scores = counts.astype(np.float32)
        saturated = corpus.norms[field].take(articles)
        saturated += scores
        scores *= np.float32(idf(corpus.count, len(articles)))
        scores /= saturated
        return Scored(articles, scores)

    def _and(self, query: And) -> Scored:
        needed: list[Scored] = []
        excluded: list[Numbers] = []
        for part in query.queries:
            if isinstance(part, Not):
                excluded.append(self.run(part.query).articles)
                continue
            needed.append(self.run(part))
            if not len(needed[-1].articles):
                return Scored(_NONE)
        found, *others = sorted((part.articles for part in needed or [self._all()]), key=len)
        for articles in others:
            found = found[self.among(found, articles)]
        for articles in excluded:
            found = found[~self.among(found, articles)]
        scores = [self._scores_at(found, part) for part in needed if part.scores is not None]
        return Scored(found, reduce(np.add, scores) if scores else None)

    def among(self, articles: Numbers, others: Numbers) -> Mask:
        """Which of `articles` are among `others`."""
        among: Mask
        if FEW * len(articles) < len(others):
            at = np.minimum(others.searchsorted(articles), len(others) - 1)
            among = others.take(at) == articles
        else:
            mask = np.zeros(self._corpus.size, bool)
            mask[others] = True
            among = mask.take(articles)
        return among

    def _scores_at(self, articles: Numbers, scored: Scored) -> Floats:
        """The scores of `articles`, all of which matched."""
        assert scored.scores is not None
        if len(articles) == len(scored.articles):
            return scored.scores
        if FEW * len(articles) < len(scored.articles):
            return scored.scores.take(scored.articles.searchsorted(articles))
        scratch = self._scratch.scores
        scratch[scored.articles] = scored.scores
        return scratch.take(articles)

    def _either(self, query: Or | Best) -> Scored:
        parts = [self._part(part) for part in query.queries]
        parts = [part for part in parts if len(part.articles)]
        if len(parts) == 1:
            return parts[0]
        found = self._union([part.articles for part in parts])
        scored = [(part.articles, part.scores) for part in parts if part.scores is not None]
        if not scored:
            return Scored(found)
        combine = np.maximum if isinstance(query, Best) else np.add
        scratch = self._scratch.scores
        scratch[found] = 0
        for articles, scores in scored:
            scratch[articles] = combine(scratch.take(articles), scores)
        return Scored(found, scratch.take(found))

    def _union(self, lists: Sequence[Numbers]) -> Numbers:
        mask = np.zeros(self._corpus.size, bool)
        for articles in lists:
            mask[articles] = True
        return mask.nonzero()[0]

    def _constant(self, articles: Numbers) -> Scored:
        return Scored(articles, np.ones(len(articles), np.float32))

    def _terms(self, field: str, tokens: Sequence[str]) -> Scored:
        lists = [self._corpus.postings(field, token)[0] for token in tokens]
        return self._constant(self._union(lists))

    def _near(self, near: Near) -> Scored:
        """Checked in the texts of the articles that have both."""
        left, right = (self._having(each, near.field) for each in (near.left, near.right))
        both = left[self.among(left, right)] if len(right) else _NONE
        normalized = self._corpus.normalized
        holds = [near.holds(normalized(article)) for article in both.tolist()]
        return Scored(both[np.array(holds, bool)])

    def _having(self, strings: Sequence[str], field: str | None) -> Numbers:
        return self._union([self._holding(string, field) for string in strings])

    def _range(self, field: str, low: int | None, high: int | None) -> Scored:
        values = self._corpus.numbers[field]
        mask: Mask = (values != NO_NUMBER) & self._corpus.live
        if low is not None:
            mask &= values >= low
        if high is not None:
            mask &= values <= high
        return Scored(mask.nonzero()[0])

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
        return np.array(found, np.intp)

    def _candidates(self, text: str) -> Numbers:
        """Articles that have each pair of common characters in `text`, and each other character."""
        pairs = [text[at : at + 2] for at in range(len(text) - 1)]
        pairs = [pair for pair in pairs if self._is_pair(pair)]
        covered = set("".join(pairs))
        lists = [self._corpus.postings(PAIR_TERMS, pair)[0] for pair in dict.fromkeys(pairs)]
        singles = [character for character in dict.fromkeys(text) if character not in covered]
        lists += [self._corpus.postings(CHARACTER_TERMS, character)[0] for character in singles]
        lists.sort(key=len)
        found = lists[0] if lists else _NONE
        for articles in lists[1:]:
            if len(found) < FEW_CANDIDATES:
                break
            found = found[self.among(found, articles)]
        return found

    def _is_pair(self, text: str) -> bool:
        return len(text) == 2 and text[0] in self._common and text[1] in self._common
