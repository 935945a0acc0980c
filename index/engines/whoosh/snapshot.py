"""One generation on disk as a `Snapshot` (index/engines/api.py)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from functools import cached_property, lru_cache
from itertools import compress
from pathlib import Path
from typing import Any

import numpy as np

from index.duplicates.minhash import sharing_a_band
from index.engines.api import (
    Generation,
    Match,
    Matches,
    Sort,
    SortKey,
    State,
    Unit,
    matches_of,
)
from index.engines.document_fields import HEAD_FIELDS
from index.engines.queries import Query
from index.engines.snapshots import BaseSnapshot
from index.engines.whoosh.corpus import Corpus, Floats, Mask, Numbers
from index.engines.whoosh.evaluator import Evaluator
from index.engines.whoosh.fields import NO_NUMBER
from index.engines.whoosh.segment_arrays import BODIES, TEXTS
from index.engines.whoosh.text_files import expand
from index.lexicon.model import Lexicon

LATEST = 128
"""Articles whose stored fields and normalised texts are not read again: the first matches are
compared with the query, the best of them are shown, and related searches look at their titles."""


class WhooshSnapshot(BaseSnapshot):
    """Reads memory maps. Threads may share it."""

    def __init__(self, folder: Path, generation: Generation, lexicon: Lexicon) -> None:
        self.generation = generation
        self.lexicon = lexicon
        self._corpus = Corpus(folder)
        self._evaluator = Evaluator(self._corpus)
        self._stories = _column(self._corpus, "story")
        self._stored_fields = lru_cache(LATEST)(self._corpus.stored_fields)
        self._texts: dict[str, Callable[[int], str]] = {
            "normalized": lru_cache(LATEST)(self._corpus.normalized),
            "text": self._text,
            "body": lambda article: self._body(article)[1],
            "body_format": lambda article: self._body(article)[0],
        }

    def close(self) -> None:
        self._corpus.close()

    def match(
        self, query: Query, *, sort: Sort = "relevance", limit: int, after: SortKey | None = None
    ) -> Matches:
        scored = self._evaluator.run(query)
        articles, scores = scored.articles, scored.scores
        total = len(articles)
        if limit <= 0:
            return Matches(total, ())
        if scores is None:
            scores = np.zeros(total, np.float32)
        keys = self._keys(articles, scores, sort)
        if after is not None:
            keep = self._beyond(keys, sort, after)
            articles, scores = articles[keep], scores[keep]
            keys = tuple(key[keep] for key in keys)
        top = _first(keys, limit)
        return Matches(total, self._matches(articles[top], scores[top]))

    def _keys(self, articles: Numbers, scores: Any, sort: Sort) -> tuple[Any, ...]:
        """Arrays to sort by, the most significant first, all ascending."""
        if sort == "oldest":
            return (self._corpus.oldest_rank[articles],)
        newest = self._corpus.newest_rank[articles]
        return (newest,) if sort == "newest" else (-scores, newest)

    def _beyond(self, keys: tuple[Any, ...], sort: Sort, after: SortKey) -> Mask:
        score, published, article_id = after
        rank = self._rank_of(published, article_id, sort)
        if sort == "relevance":
            last = -np.float32(score)
            beyond: Mask = (keys[0] > last) | ((keys[0] == last) & (keys[1] > rank))
        else:
            beyond = keys[0] > rank
        return beyond

    def _rank_of(self, published: int | None, article_id: str, sort: Sort) -> float:
        """The position of an article in an order, or where it would be if it is gone."""
        corpus = self._corpus
        ranks = corpus.oldest_rank if sort == "oldest" else corpus.newest_rank
        number = corpus.number_of.get(article_id)
        if number is not None:
            return float(ranks[number])
        own = _order(published, article_id, sort)
        times = corpus.numbers["published"].tolist()
        before = sum(
            _order(None if time == NO_NUMBER else time, other, sort) < own
            for time, other in zip(times, corpus.ids, strict=True)
        )
        return before - 0.5

    def _matches(self, articles: Numbers, scores: Floats) -> tuple[Match, ...]:
        corpus = self._corpus
        times: list[int | None] = corpus.numbers["published"][articles].tolist()
        if NO_NUMBER in times:
            times = [None if time == NO_NUMBER else time for time in times]
        numbers = articles.tolist()
        rows = zip(
            map(corpus.ids.__getitem__, numbers),
            scores.tolist(),
            times,
            map(self._stories.__getitem__, numbers),
            corpus.numbers["estimated"][articles].astype(bool).tolist(),
            strict=True,
        )
        return tuple(matches_of(rows))

    def prefetch_totals(self, queries: Sequence[Query]) -> None:
        """Nothing to do: counting takes no round trip."""

    def prefetch_facets(
        self, query: Query, filters: Mapping[str, Query], fields: Sequence[str], size: int
    ) -> None:
        """Nothing to do: facets are counted when they are needed."""

    def prefetch_matches(self, query: Query, limit: int) -> None:
        """Nothing to do: there is no round trip to save."""

    def prefetch_which_match(self, ids: Sequence[str], queries: Sequence[Query]) -> None:
        """Nothing to do: there is no round trip to save."""

    def facet_counts(
        self, query: Query, filters: Mapping[str, Query], fields: Sequence[str], size: int
    ) -> dict[str, list[tuple[str, int]]]:
        matching = self._evaluator.run(query).articles
        narrowed = {
            name: self._evaluator.among(matching, self._evaluator.run(narrowing).articles)
            for name, narrowing in filters.items()
        }
        counts = {}
        for field in fields:
            others = [mask for name, mask in narrowed.items() if name != field]
            articles = matching[np.logical_and.reduce(others)] if others else matching
            counts[field] = self._corpus.facets[field].commonest(articles, size)
        return counts

    def which_match(self, ids: Sequence[str], queries: Sequence[Query]) -> list[set[str]]:
        numbers = self._corpus.number_of
        there = [name for name in ids if name in numbers]
        articles = np.array([numbers[name] for name in there], np.intp)
        found = []
        for query in queries:
            mask = self._evaluator.among(articles, self._evaluator.run(query).articles)
            found.append(set(compress(there, mask.tolist())))
        return found

    def histogram(self, query: Query, unit: Unit) -> list[tuple[int, int]]:
        facet = self._corpus.facets[unit]
        totals = facet.count(self._evaluator.run(query).articles).tolist()
        return [(name, total) for name, total in zip(facet.names, totals, strict=True) if total]

    def stored(self, ids: Sequence[str], fields: Sequence[str]) -> list[dict[str, Any]]:
        corpus = self._corpus
        found = [(name, corpus.number_of[name]) for name in ids if name in corpus.number_of]
        heads = [(name, f"stored_{name}") for name in HEAD_FIELDS if name in fields]
        texts = [(name, read) for name, read in self._texts.items() if name in fields]
        if heads == [_ID]:
            rows: list[dict[str, Any]] = [{"id": name} for name, _ in found]
        elif heads:
            stored = (self._stored_fields(article) for _, article in found)
            rows = [
                {name: values.get(key, _EMPTY.get(name)) for name, key in heads}
                for values in stored
            ]
        else:
            rows = [{} for _ in found]
        for name, read in texts:
            for row, (_, article) in zip(rows, found, strict=True):
                row[name] = read(article)
        return rows

    def _text(self, article: int) -> str:
        return expand(self._corpus.blob(article, TEXTS))

    def _body(self, article: int) -> list[str]:
        """Its format and the body itself."""
        return expand(self._corpus.blob(article, BODIES)).split("\n", 1)

    def terms(self, field: str, prefix: str = "", limit: int = 10) -> list[tuple[str, int]]:
        return self._corpus.common_terms(field, prefix, limit)

    def doc_freq(self, field: str, token: str) -> int:
        return self._corpus.doc_freq(field, token)

    def doc_freqs(self, field: str, tokens: Sequence[str]) -> dict[str, int]:
        return {token: self.doc_freq(field, token) for token in tokens}

    def states(self, ids: Sequence[str] | None = None) -> dict[str, State]:
        if ids is None:
            return self._every_state
        return {name: self._state(name) for name in ids if name in self._corpus.number_of}

    @cached_property
    def _every_state(self) -> dict[str, State]:
        return {name: self._state(name) for name in self._corpus.number_of}

    def _state(self, name: str) -> State:
        stored = self._corpus.stored_fields(self._corpus.number_of[name])
        values: dict[str, Any] = {field: stored.get(key) for field, key in _STATE}
        return State(**values)

    def near_copies(self, sketches: Sequence[str]) -> set[str]:
        held = {name: state.sketch for name, state in self.states().items()}
        return sharing_a_band(sketches, held)


_ID = ("id", "stored_id")
_EMPTY = dict.fromkeys(("categories", "topics", "organisations", "kinds"), ())
"""What is stored of an article that has none."""
_STATE = [(field.name, f"stored_{field.name}") for field in fields(State)]


def _order(published: int | None, article_id: str, sort: Sort) -> tuple[bool, int, str]:
    time = published or 0
    return (published is None, time if sort == "oldest" else -time, article_id)


def _first(keys: tuple[Any, ...], limit: int) -> Numbers:
    """The indices of the first `limit` rows in order."""
    count = len(keys[0])
    if limit <= 0:
        return np.empty(0, np.int64)
    chosen = np.arange(count)
    if count > limit:
        edge = np.partition(keys[0], limit - 1)[limit - 1]
        chosen = np.flatnonzero(keys[0] <= edge)
    order = np.lexsort(tuple(key[chosen] for key in reversed(keys)))
    first: Numbers = chosen[order[:limit]]
    return first


def _column(corpus: Corpus, field: str) -> list[str]:
    """By article number, the value of a keyword field that every article has once."""
    facet = corpus.facets[field]
    return [facet.names[code] for code in facet.codes.tolist()]
