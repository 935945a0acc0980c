"""One generation's Tantivy index as a `Snapshot` (index/engines/api.py)."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeGuard

import tantivy
from tantivy import Query as Native

from index.engines.api import Counts, Generation, Matches, Sort, SortKey, State, Unit
from index.engines.character_tokens import decode_surrogates, encode_surrogates
from index.engines.lru_cache import LRUCache
from index.engines.queries import And, Near, Query, Term
from index.engines.snapshots import CacheSizes, CachingSnapshot, FacetRequest, Prefetcher
from index.engines.tantivy.aggregations import count_facets, histogram
from index.engines.tantivy.article_store import ArticleStore
from index.engines.tantivy.compiler import TantivyCompiler, unscored
from index.engines.tantivy.documents import (
    CACHED_NEAR_COPIES,
    ArticleAddresses,
    Documents,
    Membership,
)
from index.engines.tantivy.schema import (
    EVERY,
    NUMBER,
    SKETCH_BANDS,
    bands,
)
from index.engines.tantivy.score_tiers import score_tiers
from index.engines.tantivy.sorting import Sorted, Sorter
from index.lexicon.model import Lexicon

CACHE_SIZES = CacheSizes(totals=4_096, facets=16_384, terms=20_000)
CACHED_DOC_FREQS = 16_384
"""A plan asks for the frequency of a word several times."""
MAX_CACHED_MATCHES = 50_000
"""The first matches by relevance of the latest queries, some 10 MB. A page, the next one and
related searches have the same."""
TEXTS_AT_ONCE = 1_000
"""Texts in memory while candidates are checked."""
FEW_ARTICLES = 100_000
"""Words of so few are counted when they are needed: to hand them over takes as long as counting."""
COUNTING_THREADS = 2
"""They count words and facets while the request's own thread searches: at a million articles facets
take as long as the matches."""


class TantivySnapshot(CachingSnapshot):
    """Reads memory maps and releases Python's lock. Threads may share it."""

    def __init__(self, folder: Path, generation: Generation, lexicon: Lexicon) -> None:
        super().__init__(Prefetcher(COUNTING_THREADS), CACHE_SIZES)
        self.generation = generation
        self.lexicon = lexicon
        self._index = tantivy.Index.open(str(folder))
        self._searcher = self._index.searcher()
        self._schema = self._index.schema
        self._compiler = TantivyCompiler(self._schema, self.cached_terms, self._near)
        self._articles = ArticleStore(folder)
        self._addresses = ArticleAddresses(self._searcher, self._compiler, self._articles)
        self._membership = Membership(self._searcher, self._compiler, self._addresses)
        self._documents = Documents(self._searcher)
        self._sorter = Sorter(self._searcher, self._compiler, self._addresses)
        self._first: LRUCache[Query, Matches] = LRUCache(
            MAX_CACHED_MATCHES, lambda found: 1 + len(found.matches)
        )
        self._doc_freq = lru_cache(CACHED_DOC_FREQS)(self._read_doc_freq)
        self._has_deleted = self._searcher.doc_freq(EVERY, EVERY) > self._searcher.num_docs

    def close(self) -> None:
        """Tantivy closes its files when the last reference to the searcher goes."""
        self.prefetcher.close()

    def match(
        self, query: Query, *, sort: Sort = "relevance", limit: int, after: SortKey | None = None
    ) -> Matches:
        if not limit:
            return Matches(self.totals.get(query), ())
        if sort != "relevance" or after is not None:
            return self._matched(query, sort, limit, after)
        first = self._first.get(query)
        if first is None or len(first.matches) < min(limit, first.total):
            first = self._matched(query, sort, limit, after)
            self._first.put(query, first)
        return replace(first, matches=first.matches[:limit])

    def _matched(self, query: Query, sort: Sort, limit: int, after: SortKey | None) -> Matches:
        total, found = self._ordered(query, sort, limit, after)
        if total is None:
            total = self.totals.get(query)
        else:
            self.totals.put(query, total)
        return Matches(total, tuple(found))

    def _ordered(self, query: Query, sort: Sort, limit: int, after: SortKey | None) -> Sorted:
        """The total is counted at the same time, unless it comes with the matches."""
        if sort != "relevance":
            if after is not None:
                self.totals.prefetch(query)
            return self._sorter.dated(query, sort, limit, after)
        tiers = score_tiers(query)
        if tiers is None:
            return self._sorter.ranked(query, limit, after)
        if after is not None or not tiers.is_one:
            self.totals.prefetch(query)
        return self._sorter.by_tiers(tiers, limit, after)

    def _count(self, query: Query) -> int:
        if self._has_stored_count(query):
            return int(self._searcher.doc_freq(query.field, encode_surrogates(query.token)))
        return self._count_native(self._compiler.filter(query))

    def _has_stored_count(self, query: Query) -> TypeGuard[Term]:
        """Whether it is a term: its count is in the index, exact if no article is deleted."""
        return isinstance(query, Term) and not self._has_deleted

    def _count_native(self, native: Native) -> int:
        # The stubs do not know the attribute that the library has.
        return int(self._searcher.search(native, 1).count)  # type: ignore[attr-defined]

    def prefetch_totals(self, queries: Sequence[Query]) -> None:
        """Each thread gets its share at once: handing over a query costs as much as counting it."""
        if self._searcher.num_docs <= FEW_ARTICLES:
            return
        lacking = dict.fromkeys(query for query in queries if not self._has_stored_count(query))
        missing = list(filter(self.totals.is_missing, lacking))
        for start in range(min(COUNTING_THREADS, len(missing))):
            self.totals.prefetch_all(missing[start::COUNTING_THREADS])

    def _count_facets(self, request: FacetRequest) -> dict[str, Counts]:
        alike: dict[Query, list[str]] = {}
        for field in request.fields:
            others = [other for name, other in request.filters if name != field]
            narrowed = And((request.query, *others)) if others else request.query
            alike.setdefault(narrowed, []).append(field)
        counted: dict[str, Counts] = {}
        for each, fields in alike.items():
            native = self._compiler.filter(each)
            counted |= count_facets(self._searcher, native, fields, request.size)
        return {
            field: [(decode_surrogates(value), count) for value, count in counted[field]]
            for field in request.fields
        }

    def prefetch_matches(self, query: Query, limit: int) -> None:
        """Nothing to do: there is no round trip to save."""

    def prefetch_which_match(self, ids: Sequence[str], queries: Sequence[Query]) -> None:
        """Asks at once, because all queries together are one search."""
        self._membership.tell(ids, queries)

    def which_match(self, ids: Sequence[str], queries: Sequence[Query]) -> list[set[str]]:
        return self._membership.tell(ids, queries)

    def histogram(self, query: Query, unit: Unit) -> list[tuple[int, int]]:
        return histogram(self._searcher, self._compiler.filter(query), unit)

    def stored(self, ids: Sequence[str], fields: Sequence[str]) -> list[dict[str, Any]]:
        found = self._addresses.of(ids)
        there = [name for name in ids if name in found]
        wanted = [found[name].number for name in there] if "normalized" in fields else []
        texts = self._articles.normalized(wanted) or [""] * len(there)
        held = self._documents.held(fields)
        rows = []
        for name, normalized in zip(there, texts, strict=True):
            row: dict[str, Any] = {"id": name, "normalized": normalized}
            if held:
                row |= self._documents.read(found[name], held)
            rows.append({field: row[field] for field in fields})
        return rows

    def terms(self, field: str, prefix: str = "", limit: int | None = 10) -> list[tuple[str, int]]:
        return list(self.cached_terms(field, prefix, limit))

    def _read_terms(self, field: str, prefix: str, limit: int | None) -> Counts:
        live = Native.all_query() if self._has_deleted else None
        found = self._searcher.terms_with_prefix(field, encode_surrogates(prefix), live, limit)
        return [(decode_surrogates(term), count) for term, count in found if count]

    def _near(self, candidates: Native, near: Near) -> list[int]:
        """The numbers of the candidates in whose texts it holds."""
        limit = max(1, self._count_native(candidates))
        hits = self._searcher.search(unscored(candidates), limit, count=False).hits
        numbers: Any = self._searcher.fast_field_values(NUMBER, [address for _, address in hits])
        found: list[int] = []
        for start in range(0, len(numbers), TEXTS_AT_ONCE):
            some = numbers[start : start + TEXTS_AT_ONCE]
            texts = self._articles.normalized(some)
            found += [n for n, text in zip(some, texts, strict=True) if near.holds(text)]
        return found

    def doc_freq(self, field: str, token: str) -> int:
        return self._doc_freq(field, token)

    def _read_doc_freq(self, field: str, token: str) -> int:
        if self._has_deleted:
            return self.totals.get(Term(field, token))
        return int(self._searcher.doc_freq(field, encode_surrogates(token)))

    def doc_freqs(self, field: str, tokens: Sequence[str]) -> dict[str, int]:
        return {token: self.doc_freq(field, token) for token in tokens}

    def states(self, ids: Sequence[str] | None = None) -> dict[str, State]:
        if ids is not None:
            return self._articles.states(
                [place.number for place in self._addresses.of(ids).values()]
            )
        limit = max(1, self._searcher.num_docs)
        hits = self._searcher.search(Native.all_query(), limit, count=False).hits
        addresses = [address for _, address in hits]
        numbers: Any = self._searcher.fast_field_values(NUMBER, addresses)
        return self._articles.states(numbers)

    def near_copies(self, sketches: Sequence[str]) -> set[str]:
        # Few bands are shared, and Tantivy takes seven times as long to miss one in a set of terms
        # as to look for it alone.
        terms = {term for sketch in sketches for term in bands(sketch)}
        shared = {t: n for t in sorted(terms) if (n := self._searcher.doc_freq(SKETCH_BANDS, t))}
        if not shared:
            return set()
        chosen = unscored(Native.term_set_query(self._schema, SKETCH_BANDS, [*shared]))
        hits = self._searcher.search(chosen, sum(shared.values()), count=False).hits
        addresses = [address for _, address in hits]
        return {name for name, _ in self._addresses.names(addresses, CACHED_NEAR_COPIES)}
