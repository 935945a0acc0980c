"""Base classes of the adapters' snapshots (`Snapshot` in api.py)."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from index.engines.api import Counts, Matches, Sort, SortKey
from index.engines.lru_cache import LRUCache, by_length
from index.engines.prefetch import CachedAnswers, Prefetcher
from index.engines.queries import Query, Term

STORY_MEMBERS = 1_000
"""Articles of a story that are asked for at once; few stories have as many."""

CommonTerms = Callable[[str, str, int | None], Sequence[tuple[str, int]]]
"""(field, prefix, limit) → the commonest terms of a field with this prefix, with their articles;
all of them where `limit` is None."""


class FacetRequest(NamedTuple):
    """The arguments of `facet_counts`, as a key of a cache."""

    query: Query
    filters: tuple[tuple[str, Query], ...]
    fields: tuple[str, ...]
    size: int


class CacheSizes(NamedTuple):
    """How much a snapshot remembers: totals, facet requests, terms with a prefix."""

    totals: int
    facets: int
    terms: int


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
        return [match.id for match in found.matches]


class CachingSnapshot(BaseSnapshot):
    """Totals, facets and terms are fetched in the background and remembered."""

    def __init__(self, threads: int, sizes: CacheSizes) -> None:
        self.prefetcher = Prefetcher(threads)
        self._totals = CachedAnswers(self.prefetcher, sizes.totals, self._count)
        self._facets = CachedAnswers(self.prefetcher, sizes.facets, self._count_facets)
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
        if fields:
            self._facets.prefetch(_facet_request(query, filters, fields, size))

    def facet_counts(
        self, query: Query, filters: Mapping[str, Query], fields: Sequence[str], size: int
    ) -> dict[str, Counts]:
        return dict(self._facets.get(_facet_request(query, filters, fields, size)))

    def _cached_terms(self, field: str, prefix: str, limit: int | None) -> Counts:
        """The plan, the matches and the facets of a query each need the terms of its prefixes."""
        key = (field, prefix, limit)
        counts = self._terms.get(key)
        if counts is None:
            counts = self._read_terms(field, prefix, limit)
            self._terms.put(key, counts)
        return counts


def _facet_request(
    query: Query, filters: Mapping[str, Query], fields: Sequence[str], size: int
) -> FacetRequest:
    return FacetRequest(query, tuple(filters.items()), tuple(fields), size)
