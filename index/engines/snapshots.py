"""Base classes of the adapters' snapshots (`Snapshot` in api.py): stories, prefetching, caches.

A search asks for several independent numbers. Where the engine is reached over a network, or counts
in threads of its own, they are started together and collected when they are needed.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, NamedTuple, TypeVar

from index.engines.api import Counts, Match, Matches, Sort, SortKey
from index.engines.lru_cache import LRUCache, by_length
from index.engines.queries import Query, Term

STORY_MEMBERS = 1_000
"""Articles of a story that are asked for at once; few stories have as many."""

CommonTerms = Callable[[str, str, int | None], Sequence[tuple[str, int]]]
"""(field, prefix, limit) → the commonest terms of a field with this prefix, with their articles;
all of them where `limit` is None."""

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class BaseSnapshot(ABC):
    """What follows from matching alone."""

    @abstractmethod
    def match(
        self, query: Query, *, sort: Sort = "relevance", limit: int, after: SortKey | None = None
    ) -> Matches: ...

    def story_members(self, story: str) -> list[str]:
        query = Term("story", story)
        found = self.match(query, sort="oldest", limit=STORY_MEMBERS)
        if found.total > len(found.matches):
            found = self.match(query, sort="oldest", limit=found.total)
        return [match.id for match in sorted(found.matches, key=Match.story_order)]


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
        # In this order: a fetch may end between the two, and leaves its answer in the cache.
        return not self._prefetcher.is_fetching(key) and self.cached(key) is None

    def put(self, key: K, answer: V) -> None:
        self._cache.put(key, answer)

    def prefetch(self, key: K) -> None:
        """Begin to fetch the answer, unless it is cached or being fetched."""
        if self.is_missing(key):
            self.prefetch_all([key])

    def prefetch_all(self, keys: Sequence[K]) -> None:
        """Begin to fetch these answers, one after the other."""
        self._prefetcher.start(keys, lambda: [self._fetch(key) for key in keys])

    def get(self, key: K) -> V:
        """The answer: from the cache, from a running fetch, or made now."""
        self._prefetcher.wait(key)
        cached = self.cached(key)
        return self._fetch(key) if cached is None else cached

    def _fetch(self, key: K) -> V:
        answer = self._answer(key)
        self._cache.put(key, answer)
        return answer


class FacetRequest(NamedTuple):
    """The arguments of `facet_counts`."""

    query: Query
    filters: tuple[tuple[str, Query], ...]
    fields: tuple[str, ...]
    size: int

    def key_of(self, field: str) -> "FacetKey":
        others = tuple(query for name, query in self.filters if name != field)
        return FacetKey(self.query, others, field, self.size)


class FacetKey(NamedTuple):
    """All that the counts of one field depend on, as a key of a cache."""

    query: Query
    filters: tuple[Query, ...]
    field: str
    size: int


class CacheSizes(NamedTuple):
    """How much a snapshot remembers: totals, values of facets, terms with a prefix."""

    totals: int
    facets: int
    terms: int


class CachingSnapshot(BaseSnapshot):
    """Totals, facets and terms are fetched in the background and remembered."""

    def __init__(self, prefetcher: Prefetcher, sizes: CacheSizes) -> None:
        self.prefetcher = prefetcher
        self.totals = CachedAnswers(self.prefetcher, sizes.totals, self._count)
        self._facets: LRUCache[FacetKey, Counts] = LRUCache(sizes.facets, by_length)
        self._terms: LRUCache[tuple[str, str, int | None], Counts] = LRUCache(
            sizes.terms, by_length
        )

    @abstractmethod
    def _count(self, query: Query) -> int:
        """Articles that match."""

    @abstractmethod
    def _count_facets(self, request: FacetRequest) -> dict[str, Counts]: ...

    @abstractmethod
    def _read_terms(self, field: str, prefix: str, limit: int | None) -> Counts: ...

    def prefetch_facets(
        self, query: Query, filters: Mapping[str, Query], fields: Sequence[str], size: int
    ) -> None:
        request = FacetRequest(query, tuple(filters.items()), tuple(fields), size)
        lacking = tuple(field for field in fields if self._is_uncounted(request.key_of(field)))
        if lacking:
            self._prefetch_counted_facets(request._replace(fields=lacking))

    def _is_uncounted(self, key: FacetKey) -> bool:
        return not self.prefetcher.is_fetching(key) and self._facets.get(key) is None  # as above

    def _prefetch_counted_facets(self, request: FacetRequest) -> None:
        keys = list(map(request.key_of, request.fields))
        self.prefetcher.start(keys, lambda: self._counted_facets(request))

    def _counted_facets(self, request: FacetRequest) -> dict[str, Counts]:
        counted = self._count_facets(request)
        self._keep_facets(request, counted)
        return counted

    def _keep_facets(self, request: FacetRequest, counted: Mapping[str, Counts]) -> None:
        for field, counts in counted.items():
            self._facets.put(request.key_of(field), counts)

    def facet_counts(
        self, query: Query, filters: Mapping[str, Query], fields: Sequence[str], size: int
    ) -> dict[str, Counts]:
        """Each field is remembered by itself: others of the same query may be asked for before."""
        request = FacetRequest(query, tuple(filters.items()), tuple(fields), size)
        known: dict[str, Counts] = {}
        for field in fields:
            key = request.key_of(field)
            self.prefetcher.wait(key)
            if (counts := self._facets.get(key)) is not None:
                known[field] = counts
        lacking = tuple(field for field in fields if field not in known)
        if lacking:
            known |= self._counted_facets(request._replace(fields=lacking))
        return {field: known[field] for field in fields}

    def cached_terms(self, field: str, prefix: str, limit: int | None) -> Counts:
        """The plan, the matches and the facets of a query each need the terms of its prefixes."""
        key = (field, prefix, limit)
        counts = self._terms.get(key)
        if counts is None:
            counts = self._read_terms(field, prefix, limit)
            self._terms.put(key, counts)
        return counts
