"""Counts facets, timelines and terms with aggregations, without a loop over matches."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from index.engines.api import TOKEN_FIELDS, Counts, Unit
from index.engines.character_tokens import decode_surrogates, encode_surrogates
from index.engines.opensearch.reading.compiler import Native
from index.engines.opensearch.reading.search_batch import Body, Searches, Steps
from index.engines.opensearch.schema import counted_column

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


FEW_TERMS = 500
"""So many that begin alike are counted each by itself, which a cluster does without looking at
articles; more, by the articles that have one, each with all its terms."""


class Aggregator:
    """Counts values over one generation."""

    def __init__(self, searches: Searches) -> None:
        self._searches = searches

    def _ask(self, body: Body) -> Any:
        return self._searches.search_all([{**body, **ONLY_COUNTS}])[0]

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
        if prefix and len(terms := self._beginning(column, beginning)) <= FEW_TERMS:
            found = self._counted(field, [each for each in terms if _text(each).startswith(prefix)])
            return found[:limit]
        query: Native = {"prefix": {field: beginning}} if prefix else {"match_all": {}}
        size, on_shard = (
            min(limit, MAX_BUCKETS),
            min(max(2 * limit, MIN_VALUES_PER_SHARD), MAX_BUCKETS),
        )
        while True:
            asked = _terms(column, size, on_shard)
            if prefix:
                asked["terms"]["include"] = _beginning_with(beginning)
            answer = self._ask({"query": query, "aggs": {"values": asked}})
            values = answer["aggregations"]["values"]
            if not values["doc_count_error_upper_bound"] or on_shard == MAX_BUCKETS:
                return [found for found in _counts(values) if found[0].startswith(prefix)]
            on_shard = min(8 * on_shard, MAX_BUCKETS)

    def _beginning(self, column: str, beginning: str) -> list[Any]:
        """The first terms that begin so, at most one more than `FEW_TERMS`. They are asked for over
        no articles, with terms that none of these has: that reads the dictionary alone."""
        terms = _terms(column, FEW_TERMS + 1, FEW_TERMS + 1)
        terms["terms"] |= {
            "include": _beginning_with(beginning),
            "min_doc_count": 0,
            "order": {"_key": "asc"},
        }
        answer = self._ask({"query": {"match_none": {}}, "aggs": {"values": terms}})
        return [bucket["key"] for bucket in answer["aggregations"]["values"]["buckets"]]

    def _counted(self, field: str, terms: Sequence[Any]) -> Counts:
        """These terms with their articles, the commonest first, without those that have none. In
        one request."""
        asked = [{"query": {"term": {field: term}}, **ONLY_COUNTS} for term in terms]
        answers = self._searches.search_all(asked) if asked else []
        counts = [total_of(answer) for answer in answers]
        found = [(_text(term), count) for term, count in zip(terms, counts, strict=True) if count]
        return sorted(found, key=lambda counted: (-counted[1], counted[0]))

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


def total_of(answer: Any) -> int:
    """The articles that match the search of this answer."""
    return int(answer["hits"]["total"]["value"])


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


def _beginning_with(text: str) -> str:
    return f"{_literally(text)}.*"


def _literally(text: str) -> str:
    """A regular expression of Lucene that matches exactly this text."""
    return re.sub(r'([.?+*|{}\[\]()"\\#@&<>~^$-])', r"\\\1", text)
