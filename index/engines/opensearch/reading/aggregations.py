"""Counts facets, timelines and terms with aggregations, without a loop over matches."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from index.engines.api import TOKEN_FIELDS, Counts, Unit
from index.engines.character_tokens import decode_surrogates, encode_surrogates
from index.engines.opensearch.reading.compiler import Native
from index.engines.opensearch.reading.search_batch import Body, Steps
from index.engines.opensearch.schema import counted_column

Search = Callable[[Body], Any]
"""The body of a search → its answer."""
ONLY_COUNTS: Body = {"size": 0, "track_total_hits": True}
"""A search without hits."""

MAX_BUCKETS = 65_000
"""Of one answer. The cluster's own limit is 65,535."""
MAX_PREFIX_CHARACTERS = 200
"""Longer prefixes are cut for the cluster, which takes no automaton of more than 1,000 states; the
rest is compared here."""
MIN_VALUES_PER_SHARD = 1_000
"""A shard that has more values may lack some that are common on other shards; it is then asked for
more."""


class Aggregator:
    """Counts values over one generation."""

    def __init__(self, search: Search) -> None:
        self._search = search

    def _ask(self, body: Body) -> Any:
        return self._search({**body, **ONLY_COUNTS})

    def facets(
        self, query: Native, narrowed: Mapping[str, Sequence[Native]], size: int
    ) -> Steps[dict[str, Counts]]:
        """By field, the values with the most articles first, then by value.

        `narrowed`: by field, what its articles must match besides `query`.
        """
        if not size:
            return {field: [] for field in narrowed}
        open_fields = dict.fromkeys(narrowed, max(size, MIN_VALUES_PER_SHARD))
        found: dict[str, Counts] = {}
        while open_fields:
            asked = {
                field: _narrowed(_terms(field, size, on_shard), narrowed[field])
                for field, on_shard in open_fields.items()
            }
            answer = (yield {"query": query, "aggs": asked, **ONLY_COUNTS})["aggregations"]
            buckets = {field: answer[field].get("values", answer[field]) for field in open_fields}
            found |= {field: _counts(values) for field, values in buckets.items()}
            open_fields = {
                field: min(8 * on_shard, MAX_BUCKETS)
                for field, on_shard in open_fields.items()
                if buckets[field]["doc_count_error_upper_bound"] and on_shard < MAX_BUCKETS
            }
        return {field: found[field] for field in narrowed}

    def histogram(self, query: Native, unit: Unit) -> list[tuple[int, int]]:
        asked = {"values": _terms(unit, MAX_BUCKETS, MAX_BUCKETS)}
        values = self._ask({"query": query, "aggs": asked})["aggregations"]["values"]
        return sorted((int(value), count) for value, count in _counts(values))

    def terms(self, field: str, prefix: str, limit: int) -> Counts:
        """Terms of a token or keyword field that begin with `prefix`, the commonest first."""
        column = counted_column(field) if field in TOKEN_FIELDS else field
        beginning = encode_surrogates(prefix)[:MAX_PREFIX_CHARACTERS]
        if not limit:
            return []
        query: Native = {"prefix": {field: beginning}} if prefix else {"match_all": {}}
        size, on_shard = (
            min(limit, MAX_BUCKETS),
            min(max(2 * limit, MIN_VALUES_PER_SHARD), MAX_BUCKETS),
        )
        while True:
            asked = _terms(column, size, on_shard)
            if prefix:
                asked["terms"]["include"] = f"{_literally(beginning)}.*"
            answer = self._ask({"query": query, "aggs": {"values": asked}})
            values = answer["aggregations"]["values"]
            if not values["doc_count_error_upper_bound"] or on_shard == MAX_BUCKETS:
                return [found for found in _counts(values) if found[0].startswith(prefix)]
            on_shard = min(8 * on_shard, MAX_BUCKETS)

    def totals(self, queries: Sequence[Native]) -> Steps[list[int]]:
        """The number of articles that match each query."""
        asked = {"each": {"filters": {"filters": queries}}}
        answer = yield {"query": {"match_all": {}}, "aggs": asked, **ONLY_COUNTS}
        return [bucket["doc_count"] for bucket in answer["aggregations"]["each"]["buckets"]]

    def frequencies(self, field: str, tokens: Sequence[str]) -> dict[str, int]:
        """Articles that have each of these tokens."""
        column = counted_column(field) if field in TOKEN_FIELDS else field
        asked = _terms(column, len(tokens), len(tokens))
        compress_lines = [encode_surrogates(token) for token in tokens]
        asked["terms"]["include"] = compress_lines
        if field not in TOKEN_FIELDS:  # few articles have few values: no table of all values
            asked["terms"]["execution_hint"] = "map"
        body = {"query": {"terms": {field: compress_lines}}, "aggs": {"values": asked}}
        found = dict(_counts(self._ask(body)["aggregations"]["values"]))
        return {token: found.get(token, 0) for token in tokens}


def _terms(field: str, size: int, on_shard: int) -> dict[str, Any]:
    return {"terms": {"field": field, "size": size, "shard_size": on_shard}}


def _narrowed(counted: dict[str, Any], filters: Sequence[Native]) -> dict[str, Any]:
    if not filters:
        return counted
    return {"filter": {"bool": {"filter": list(filters)}}, "aggs": {"values": counted}}


def _counts(values: Any) -> Counts:
    return [(_text(bucket["key"]), bucket["doc_count"]) for bucket in values["buckets"]]


def _text(key: Any) -> str:
    return decode_surrogates(key) if isinstance(key, str) else str(key)


def _literally(text: str) -> str:
    """A regular expression of Lucene that matches exactly this text."""
    return re.sub(r'([.?+*|{}\[\]()"\\#@&<>~^$-])', r"\\\1", text)
