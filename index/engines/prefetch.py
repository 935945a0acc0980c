"""Counts and facets that are fetched in the background, and a cache of them.

A search asks for several independent numbers. Where the engine is reached over a network, or counts
in threads of its own, they are started together and collected when they are needed.
"""

from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, TypeVar

from index.engines.lru_cache import LRUCache

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Prefetcher:
    """Runs fetches in threads, and knows which keys are being fetched. Threads may share it."""

    def __init__(self, threads: int) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="prefetch")
        self._pending: dict[Hashable, Future[object]] = {}

    def start(self, keys: Sequence[Hashable], fetch: Callable[[], object]) -> None:
        """Begin `fetch`, which stores the values of all `keys` itself."""
        pending = self._pool.submit(fetch)
        for key in keys:
            self._pending[key] = pending
        pending.add_done_callback(lambda _: self._forget(keys))

    def is_fetching(self, key: Hashable) -> bool:
        return key in self._pending

    def wait(self, key: Hashable) -> None:
        """Return when the fetch of `key` is done, at once if none is running; raises its error."""
        pending = self._pending.get(key)
        if pending is not None:
            pending.result()

    def close(self) -> None:
        self._pool.shutdown(wait=False)

    def _forget(self, keys: Sequence[Hashable]) -> None:
        for key in keys:
            self._pending.pop(key, None)


class CachedAnswers(Generic[K, V]):
    """The answers used last, up to `max_answers`, each made by `answer` at most once at a time."""

    def __init__(self, prefetcher: Prefetcher, max_answers: int, answer: Callable[[K], V]) -> None:
        self._prefetcher = prefetcher
        self._answer = answer
        self._cache: LRUCache[K, V] = LRUCache(max_answers)

    def cached(self, key: K) -> V | None:
        return self._cache.get(key)

    def is_missing(self, key: K) -> bool:
        """Whether the answer is neither cached nor being fetched."""
        return self.cached(key) is None and not self._prefetcher.is_fetching(key)

    def put(self, key: K, answer: V) -> None:
        self._cache.put(key, answer)

    def prefetch(self, key: K) -> None:
        """Begin to fetch the answer, unless it is cached or being fetched."""
        if self.is_missing(key):
            self._prefetcher.start([key], lambda: self._fetch(key))

    def get(self, key: K) -> V:
        """The answer: from the cache, from a running fetch, or made now."""
        self._prefetcher.wait(key)
        cached = self.cached(key)
        return self._fetch(key) if cached is None else cached

    def _fetch(self, key: K) -> V:
        answer = self._answer(key)
        self._cache.put(key, answer)
        return answer
