"""One generation on a cluster as a `Snapshot` (index/engines/api.py)."""

from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple

from index.duplicates.minhash import sharing_a_band
from index.engines.api import (
    KEYWORD_FIELDS,
    TOKEN_FIELDS,
    Counts,
    Generation,
    Match,
    Matches,
    Sort,
    SortKey,
    State,
    Unit,
)
from index.engines.lru_cache import LRUCache
from index.engines.opensearch.reading.aggregations import (
    MAX_BUCKETS,
    ONLY_COUNTS,
    Aggregator,
    total_of,
)
from index.engines.opensearch.reading.common_values import CommonValues
from index.engines.opensearch.reading.compiler import Factors, Native, OpenSearchCompiler
from index.engines.opensearch.reading.point_in_time import PointInTime
from index.engines.opensearch.reading.search_batch import Body, SearchBatch, Steps
from index.engines.opensearch.reading.sorting import match_of, search_after, sort_of
from index.engines.opensearch.reading.stored_fields import StoredFields
from index.engines.queries import All, Or, Query, Term
from index.engines.snapshots import CacheSizes, CachingSnapshot, FacetRequest
from index.lexicon.model import Lexicon, token_of

MAX_MATCHES = 10_000
"""Of one answer: the cluster's own limit."""
MAX_PER_REQUEST = 1_000
"""Tokens that one request counts, or ids that it names."""
CACHE_SIZES = CacheSizes(totals=65_536, facets=65_536, terms=65_536)
BACKGROUND_THREADS = 8
"""Requests in the background at once: the lexicon's names, when the first word is counted."""
HINTED_MATCHES, HINTED_QUERIES = 64, 512
"""Answers of `prefetch_matches` and `prefetch_which_match` that are kept."""
_WEIGHED_FIELDS = ("text_words", "text_fine", "text_concepts", "title_words", "title_fine")
"""Token fields in which the lexicon's names are counted ahead, to weigh words by rarity."""
_PARTS_FIELD = "text_fine"
"""The field whose commonest words are read ahead: queries are weighed by parts of words."""
COMMON_WORDS = 50_000
"""Read by one request."""
_FEW_VALUES = frozenset(KEYWORD_FIELDS) - {"id", "url", "story"}
"""Keyword fields with few values, each in many articles."""


class OpenSearchSnapshot(CachingSnapshot):
    """Searches one point in time. Threads may share it."""

    def __init__(
        self, point: PointInTime, generation: Generation, lexicon: Lexicon, factors: Factors
    ) -> None:
        self._batch = SearchBatch(point, BACKGROUND_THREADS)
        super().__init__(self._batch, CACHE_SIZES)
        self.generation = generation
        self.lexicon = lexicon
        self.point = point
        self._aggregator = Aggregator(self._batch)
        self._compiler = OpenSearchCompiler(factors, self.cached_terms)
        self._lexicon_tokens = [token_of(form) for form in lexicon.by_form]
        """Counted together, with the first word that is counted."""
        self._started_lexicon_counts = False
        self._common_values = CommonValues()
        self._stored_fields = StoredFields(self._batch.search)
        self._hinted: LRUCache[_MatchesHint, Matches] = LRUCache(HINTED_MATCHES)
        self._which: LRUCache[Query, _Which] = LRUCache(HINTED_QUERIES)

    def close(self) -> None:
        self.prefetcher.close()
        self.point.close()

    def match(
        self, query: Query, *, sort: Sort = "relevance", limit: int, after: SortKey | None = None
    ) -> Matches:
        if not limit:
            return Matches(self.totals.get(query), ())
        hinted = _MatchesHint(query, limit)
        if sort == "relevance" and after is None:
            self._batch.wait(hinted)
            if (known := self._hinted.get(hinted)) is not None:
                return known
        found: list[Match] = []
        native, total = self._compiler.compile(query), 0
        while len(found) < limit:
            size = min(limit - len(found), MAX_MATCHES)
            total, page = self._page(native, sort, size, found[-1].sort_key() if found else after)
            found += page
            if len(page) < size:
                break
        if after is None:
            self.totals.put(query, total)
        return Matches(total, tuple(found))

    def _page(
        self, query: Native, sort: Sort, size: int, after: SortKey | None
    ) -> tuple[int, list[Match]]:
        body = _matching(query, sort, size)
        if after is not None:
            body["search_after"] = search_after(sort, after)
        return _matches(self._batch.search(body), sort)

    def prefetch_matches(self, query: Query, limit: int) -> None:
        hint = _MatchesHint(query, limit)
        if not self._batch.is_fetching(hint) and self._hinted.get(hint) is None:
            self._batch.add([hint, query], self._hinted_matches(hint))

    def _hinted_matches(self, hint: "_MatchesHint") -> Steps[None]:
        native = self._compiler.compile(hint.query)
        total, found = _matches((yield _matching(native, "relevance", hint.limit)), "relevance")
        self.totals.put(hint.query, total)
        self._hinted.put(hint, Matches(total, tuple(found)))

    def _count(self, query: Query) -> int:
        return total_of(self._batch.search(self._counting(query)))

    def _counting(self, query: Query) -> Body:
        return {"query": self._compiler.filter(query), **ONLY_COUNTS}

    def prefetch_totals(self, queries: Sequence[Query]) -> None:
        lacking = filter(self.totals.is_missing, dict.fromkeys(queries))
        for query in lacking:
            if not self._is_common(query):
                self._batch.add([query], self._fetch_total(query))

    def _is_common(self, query: Query) -> bool:
        if not isinstance(query, Term):
            return False
        return self._common_values.articles(query.field, query.token) is not None

    def _fetch_total(self, query: Query) -> Steps[None]:
        """By a search of its own, beside others in one request: a cluster knows how many articles
        have a word. Counting several queries in one search compares each article with each."""
        self.totals.put(query, total_of((yield self._counting(query))))

    def _prefetch_counted_facets(self, request: FacetRequest) -> None:
        if request.size:
            keys = list(map(request.key_of, request.fields))
            self._batch.add(keys, self._fetch_facets(request))

    def _fetch_facets(self, request: FacetRequest) -> Steps[None]:
        self._keep_facets(request, (yield from self._facet_steps(request)))

    def _count_facets(self, request: FacetRequest) -> dict[str, Counts]:
        return self._batch.run(self._facet_steps(request))

    def _facet_steps(self, request: FacetRequest) -> Steps[dict[str, Counts]]:
        narrowing = {name: self._compiler.filter(part) for name, part in request.filters}
        narrowed = {
            field: [part for name, part in narrowing.items() if name != field]
            for field in request.fields
        }
        return self._aggregator.facets(self._compiler.filter(request.query), narrowed, request.size)

    def prefetch_which_match(self, ids: Sequence[str], queries: Sequence[Query]) -> None:
        if ids and queries:
            self._batch.add([*map(_WhichHint, queries)], self._fetch_which(tuple(ids), queries))

    def _fetch_which(self, ids: Sequence[str], queries: Sequence[Query]) -> Steps[None]:
        natives = [self._compiler.filter(query) for query in queries]
        found = yield from self._stored_fields.which_match(ids, natives)
        asked = frozenset(ids)
        for query, matching in zip(queries, found, strict=True):
            self._which.put(query, _Which(asked, frozenset(matching)))

    def which_match(self, ids: Sequence[str], queries: Sequence[Query]) -> list[set[str]]:
        for query in queries:
            self._batch.wait(_WhichHint(query))
        known = [found for query in queries if (found := self._which.get(query)) is not None]
        if len(known) == len(queries) and all(found.ids.issuperset(ids) for found in known):
            return [set(found.matching.intersection(ids)) for found in known]
        natives = [self._compiler.filter(query) for query in queries]
        return self._batch.run(self._stored_fields.which_match(ids, natives))

    def histogram(self, query: Query, unit: Unit) -> list[tuple[int, int]]:
        return self._aggregator.histogram(self._compiler.filter(query), unit)

    def stored(self, ids: Sequence[str], fields: Sequence[str]) -> list[dict[str, Any]]:
        return self._stored_fields.read(ids, fields)

    def terms(self, field: str, prefix: str = "", limit: int = 10) -> list[tuple[str, int]]:
        self._prefetch_lexicon_counts()
        found = self._aggregator.terms(field, prefix, limit)
        if not prefix and field in TOKEN_FIELDS:
            self._common_values.learn(field, found, limit)
        return found

    def _read_terms(self, field: str, prefix: str, limit: int | None) -> Counts:
        return self._aggregator.terms(field, prefix, MAX_BUCKETS if limit is None else limit)

    def doc_freq(self, field: str, token: str) -> int:
        if field in _FEW_VALUES and not self._common_values.knows(field):
            self._common_values.learn(
                field, self.terms(field, limit=MAX_PER_REQUEST), MAX_PER_REQUEST
            )
        common = self._common_values.articles(field, token)
        if common is not None:
            return common
        self._prefetch_lexicon_counts()
        return self.totals.get(Term(field, token))

    def _prefetch_lexicon_counts(self) -> None:
        if not self._started_lexicon_counts:
            self._started_lexicon_counts = True
            for field in _WEIGHED_FIELDS:
                self.prefetcher.start([], partial(self.doc_freqs, field, self._lexicon_tokens))
            self.prefetcher.start([], partial(self.terms, _PARTS_FIELD, limit=COMMON_WORDS))

    def doc_freqs(self, field: str, tokens: Sequence[str]) -> dict[str, int]:
        known = {token: self.totals.cached(Term(field, token)) for token in tokens}
        unknown = [token for token, count in known.items() if count is None]
        for at in range(0, len(unknown), MAX_PER_REQUEST):
            found = self._aggregator.frequencies(field, unknown[at : at + MAX_PER_REQUEST])
            for token, count in found.items():
                self.totals.put(Term(field, token), count)
            known |= found
        return {token: count or 0 for token, count in known.items()}

    def states(self, ids: Sequence[str] | None = None) -> dict[str, State]:
        if ids is None:
            return self._states_of(All())
        chosen = [ids[at : at + MAX_PER_REQUEST] for at in range(0, len(ids), MAX_PER_REQUEST)]
        parts = (Or(tuple(Term("id", each) for each in part)) for part in chosen)
        return {name: state for part in parts for name, state in self._states_of(part).items()}

    def _states_of(self, query: Query) -> dict[str, State]:
        rows = self._stored_fields.columns(self._compiler.filter(query), MAX_MATCHES)
        return {name: State(**values) for name, values in rows}

    def near_copies(self, sketches: Sequence[str]) -> set[str]:
        held = {name: state.sketch for name, state in self.states().items()}
        return sharing_a_band(sketches, held)


class _MatchesHint(NamedTuple):
    """The arguments of `prefetch_matches`, as a key."""

    query: Query
    limit: int


class _WhichHint(NamedTuple):
    """A query of `prefetch_which_match`, as a key: queries alone are those of totals."""

    query: Query


class _Which(NamedTuple):
    """Which of some articles match a query."""

    ids: frozenset[str]
    matching: frozenset[str]


def _matching(query: Native, sort: Sort, size: int) -> Body:
    """A search for matches, without their documents."""
    return {
        "query": query,
        "size": size,
        "sort": sort_of(sort),
        "track_scores": True,
        "track_total_hits": True,
        "stored_fields": "_none_",
    }


def _matches(answer: Any, sort: Sort) -> tuple[int, list[Match]]:
    hits = answer["hits"]
    return hits["total"]["value"], [match_of(hit, sort) for hit in hits["hits"]]
