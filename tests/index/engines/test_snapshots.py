"""Background fetches, and the cache of their answers."""

import threading
from collections.abc import Callable, Hashable

import pytest

from index.engines.api import Counts, Matches, Sort, SortKey
from index.engines.lru_cache import LRUCache, by_length
from index.engines.queries import All, Query, Term
from index.engines.snapshots import (
    CachedAnswers,
    CacheSizes,
    CachingSnapshot,
    FacetRequest,
    Prefetcher,
)


class _CountedFields(CachingSnapshot):
    """Remembers which fields were counted together. Each has one value, the field's name."""

    def __init__(
        self, prefetcher: Prefetcher, may_count: Callable[[], object] = lambda: None
    ) -> None:
        super().__init__(prefetcher, CacheSizes(totals=9, facets=99, terms=9))
        self._may_count = may_count
        self.counted: list[tuple[str, ...]] = []

    def _count_facets(self, request: FacetRequest) -> dict[str, Counts]:
        self._may_count()
        self.counted.append(request.fields)
        return {field: [(field, 1)] for field in request.fields}

    def match(
        self, query: Query, *, sort: Sort = "relevance", limit: int, after: SortKey | None = None
    ) -> Matches:
        return Matches(0, ())

    def _count(self, query: Query) -> int:
        return 0

    def _read_terms(self, field: str, prefix: str, limit: int | None) -> Counts:
        return []


def test_the_answer_is_waited_for() -> None:
    """A caller waits for a key that is being fetched, and for no other."""
    prefetcher, may_go, learnt = Prefetcher(2), threading.Event(), list[str]()

    def learn() -> None:
        may_go.wait(5)
        learnt.append("fetched")

    prefetcher.start(["one", "two"], learn)
    prefetcher.wait("three")
    assert learnt == []
    threading.Timer(0.01, may_go.set).start()
    prefetcher.wait("two")
    assert learnt == ["fetched"]
    prefetcher.close()


def test_a_waiting_caller_gets_the_error() -> None:
    """An error is not kept: the next call fetches again."""
    prefetcher, may_fail = Prefetcher(2), threading.Event()

    def fail() -> None:
        may_fail.wait(5)
        raise ValueError("no such thing")

    prefetcher.start(["one"], fail)
    threading.Timer(0.01, may_fail.set).start()
    with pytest.raises(ValueError, match="no such thing"):
        prefetcher.wait("one")
    prefetcher.close()
    prefetcher.wait("one")


def test_an_answer_is_made_once() -> None:
    """An answer is made once, however often it is prefetched and asked for."""
    prefetcher, may_go, made = Prefetcher(2), threading.Event(), list[str]()

    def answer(question: str) -> str:
        may_go.wait(5)
        made.append(question)
        return question.upper()

    answers = CachedAnswers(prefetcher, 2, answer)
    answers.prefetch("one")
    answers.prefetch("one")
    assert not answers.is_missing("one")
    may_go.set()
    assert [answers.get("one"), answers.get("one")] == ["ONE", "ONE"]
    answers.prefetch("one")
    prefetcher.close()
    assert made == ["one"]


class _EndsWhenAsked(Prefetcher):
    """A fetch ends when somebody asks whether it runs, before he is told."""

    def __init__(self) -> None:
        super().__init__(1)
        self.may_end = threading.Event()

    def is_fetching(self, key: Hashable) -> bool:
        if super().is_fetching(key):
            self.may_end.set()
            self._pool.shutdown()
        return super().is_fetching(key)


def test_a_fetch_that_ends_meanwhile() -> None:
    """What was fetched while somebody asked is not fetched again."""
    prefetcher = _EndsWhenAsked()
    answers = CachedAnswers[str, bool](prefetcher, 9, lambda key: prefetcher.may_end.wait(5))
    answers.prefetch("one")
    assert not answers.is_missing("one")

    prefetcher = _EndsWhenAsked()
    snapshot = _CountedFields(prefetcher, lambda: prefetcher.may_end.wait(5))
    for _ in range(2):
        snapshot.prefetch_facets(All(), {}, ("source",), 5)
    assert snapshot.counted == [("source",)]


def test_a_field_is_counted_once() -> None:
    """A field is counted again only where another query or a filter of another field applies."""
    snapshot, chosen = _CountedFields(Prefetcher(1)), {"source": Term("source", "某报")}
    snapshot.prefetch_facets(All(), {}, ("source", "topic", "year"), 5)
    snapshot.prefetch_facets(All(), {}, ("topic", "kind"), 5)
    counted = snapshot.facet_counts(All(), {}, ("topic", "kind", "year"), 5)
    assert counted == {name: [(name, 1)] for name in ("topic", "kind", "year")}
    snapshot.facet_counts(All(), chosen, ("source", "topic"), 5)
    snapshot.facet_counts(All(), chosen, ("topic",), 6)
    snapshot.prefetcher.close()
    assert snapshot.counted == [("source", "topic", "year"), ("kind",), ("topic",), ("topic",)]


def test_cache_is_bounded() -> None:
    """The cache keeps what was used last, up to its weight."""
    cache: LRUCache[int, str] = LRUCache(6, len)
    for key, value in enumerate(("ab", "cd", "ef")):
        cache.put(key, value)
    assert cache.get(0) == "ab"
    cache.put(3, "gh")
    assert [cache.get(key) for key in range(4)] == ["ab", None, "ef", "gh"]
    cache.put(4, "far too long")
    assert [cache.get(key) for key in range(5)] == [None] * 5


def test_empty_lists_are_bounded() -> None:
    """Empty lists have a weight too, so that their number is bounded."""
    cache: LRUCache[int, list[int]] = LRUCache(2, by_length)
    for key in range(3):
        cache.put(key, [])
    assert [cache.get(key) for key in range(3)] == [None, [], []]
