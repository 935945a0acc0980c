"""One generation on disk as a `Snapshot` (index/engines/api.py)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from index.duplicates.minhash import sharing_a_band
from index.engines.api import Generation, Match, Matches, Sort, SortKey, State, Unit
from index.engines.document_fields import HEAD_FIELDS
from index.engines.queries import Query
from index.engines.snapshots import BaseSnapshot
from index.engines.whoosh.corpus import Corpus, Floats, Mask, Numbers
from index.engines.whoosh.evaluator import Evaluator, Scored
from index.engines.whoosh.fields import NO_NUMBER
from index.engines.whoosh.segment_arrays import BODIES, TEXTS
from index.engines.whoosh.text_files import expand
from index.lexicon.model import Lexicon


class WhooshSnapshot(BaseSnapshot):
    """Reads memory maps. Threads may share it."""

    def __init__(self, folder: Path, generation: Generation, lexicon: Lexicon) -> None:
        self.generation = generation
        self.lexicon = lexicon
        self._corpus = Corpus(folder)
        self._evaluator = Evaluator(self._corpus)
        self._stories = _column(self._corpus, "story")

    def close(self) -> None:
        self._corpus.close()

    def match(
        self, query: Query, *, sort: Sort = "relevance", limit: int, after: SortKey | None = None
    ) -> Matches:
        scored = self._evaluator.run(query)
        articles = np.flatnonzero(scored.mask)
        total = len(articles)
        scores = _scores_of(scored, articles)
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
        columns = (
            articles.tolist(),
            scores.tolist(),
            corpus.numbers["published"][articles].tolist(),
            corpus.numbers["estimated"][articles].astype(bool).tolist(),
        )
        return tuple(
            Match(
                corpus.ids[at], score, None if time == NO_NUMBER else time, self._stories[at], guess
            )
            for at, score, time, guess in zip(*columns, strict=True)
        )

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
        masks = {name: self._evaluator.run(narrowing).mask for name, narrowing in filters.items()}
        base = self._evaluator.run(query).mask
        counts = {}
        for field in fields:
            mask = base
            for name, narrowing in masks.items():
                if name != field:
                    mask = mask & narrowing
            counts[field] = self._count(field, mask, size)
        return counts

    def _count(self, field: str, mask: Mask, size: int) -> list[tuple[str, int]]:
        facet = self._corpus.facets.get(field)
        if facet is not None:
            return facet.counts(mask, size)
        values = [(str(value), count) for value, count in self._histogram(field, mask)]
        return sorted(values, key=lambda item: (-item[1], item[0]))[:size]

    def which_match(self, ids: Sequence[str], queries: Sequence[Query]) -> list[set[str]]:
        numbers = self._corpus.number_of
        there = [name for name in ids if name in numbers]
        masks = (self._evaluator.run(query).mask for query in queries)
        return [{name for name in there if mask[numbers[name]]} for mask in masks]

    def histogram(self, query: Query, unit: Unit) -> list[tuple[int, int]]:
        return self._histogram(unit, self._evaluator.run(query).mask)

    def _histogram(self, field: str, mask: Mask) -> list[tuple[int, int]]:
        values = self._corpus.numbers[field][mask]
        found, counts = np.unique(values[values != NO_NUMBER], return_counts=True)
        return list(zip(found.tolist(), counts.tolist(), strict=True))

    def stored(self, ids: Sequence[str], fields: Sequence[str]) -> list[dict[str, Any]]:
        numbers = [self._corpus.number_of.get(article_id) for article_id in ids]
        return [self._read(number, fields) for number in numbers if number is not None]

    def _read(self, article: int, fields: Sequence[str]) -> dict[str, Any]:
        values: dict[str, Any] = {"id": self._corpus.ids[article]} if "id" in fields else {}
        if any(name in HEAD_FIELDS for name in fields if name != "id"):
            stored = self._corpus.stored_fields(article)
            empty = dict.fromkeys(("categories", "topics", "organisations", "kinds"), ())
            for name in HEAD_FIELDS:
                if name in fields:
                    values[name] = stored.get(f"stored_{name}", empty.get(name))
        for name, read in _TEXTS.items():
            if name in fields:
                values[name] = read(self._corpus, article)
        return values

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


_STATE = [(field.name, f"stored_{field.name}") for field in fields(State)]


def _body(corpus: Corpus, article: int) -> str:
    return expand(corpus.blob(article, BODIES)).split("\n", 1)[1]


def _body_format(corpus: Corpus, article: int) -> str:
    return expand(corpus.blob(article, BODIES)).split("\n", 1)[0]


_TEXTS: dict[str, Callable[[Corpus, int], str]] = {
    "normalized": Corpus.normalized,
    "text": lambda corpus, article: expand(corpus.blob(article, TEXTS)),
    "body": _body,
    "body_format": _body_format,
}


def _scores_of(scored: Scored, articles: Numbers) -> Any:
    if scored.scores is None:
        return np.zeros(len(articles), np.float32)
    return scored.scores[articles]


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
    values = [""] * corpus.size
    for article, code in zip(facet.articles.tolist(), facet.codes.tolist(), strict=True):
        values[article] = facet.names[code]
    return values
