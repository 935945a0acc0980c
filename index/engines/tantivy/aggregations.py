"""Counts facets and timelines with Tantivy's aggregations, without a loop over matches."""

from collections.abc import Mapping, Sequence
from typing import Any

from tantivy import Query as Native

from index.engines.api import INTEGER_FIELDS, Counts

MAX_BUCKETS = 65_000
"""Of one aggregation. Tantivy's own limit is 65,535."""
EXTRA_VALUES = 16
"""Read beyond those asked for, because Tantivy does not define the order of equal counts."""


def count_facets(
    searcher: Any, query: Native, fields: Sequence[str], size: int
) -> dict[str, Counts]:
    """By field, the values with the most articles first, then by value."""
    if not size:
        return {field: [] for field in fields}
    wanted = {
        field: MAX_BUCKETS if field in INTEGER_FIELDS else size + EXTRA_VALUES for field in fields
    }
    found = _terms(searcher, query, wanted)
    while tied := [name for name in fields if _cut_within_ties(found[name], wanted[name], size)]:
        wanted |= {name: min(MAX_BUCKETS, wanted[name] * 8) for name in tied}
        found |= _terms(searcher, query, {name: wanted[name] for name in tied})
    return {name: sorted(found[name], key=_order)[:size] for name in fields}


def _cut_within_ties(values: list[tuple[str, int]], asked: int, size: int) -> bool:
    return len(values) == asked < MAX_BUCKETS and values[-1][1] == values[size - 1][1]


def histogram(searcher: Any, query: Native, field: str) -> list[tuple[int, int]]:
    """(value, articles) of an integer field, ascending."""
    counted = _terms(searcher, query, {field: MAX_BUCKETS})[field]
    return sorted((int(value), count) for value, count in counted)


def _terms(searcher: Any, query: Native, sizes: Mapping[str, int]) -> dict[str, Counts]:
    wanted = {
        field: {"terms": {"field": field, "size": size, "segment_size": MAX_BUCKETS}}
        for field, size in sizes.items()
    }
    answer = searcher.aggregate(query, wanted)
    return {
        field: [(_text(bucket["key"]), bucket["doc_count"]) for bucket in answer[field]["buckets"]]
        for field in sizes
    }


def _text(key: Any) -> str:
    return key if isinstance(key, str) else str(int(key))


def _order(item: tuple[str, int]) -> tuple[int, str]:
    return (-item[1], item[0])
