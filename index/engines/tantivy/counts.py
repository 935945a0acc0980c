"""Facets and timelines as Tantivy's aggregations: no loop over the matches."""

from typing import Any

from tantivy import Query as Native

from index.engines.base import INTEGER_FIELDS

EVERY = 65_000
"""Buckets an aggregation may have: Tantivy's own limit is 65,535."""


def facet(searcher: Any, query: Native, field: str, size: int) -> list[tuple[Any, int]]:
    """The values with the most articles first, then by value.

    Tantivy does not say in what order it gives values of equal counts, so those that tie with the
    last one are asked for too.
    """
    if not size:
        return []
    if field in INTEGER_FIELDS:
        counted = [(str(value), count) for value, count in histogram(searcher, query, field)]
        return sorted(counted, key=_order)[:size]
    asked = size + 1
    while True:
        found = _terms(searcher, query, field, asked)
        whole = len(found) < asked or asked >= EVERY
        if whole or found[-1][1] < found[size - 1][1]:
            return sorted(found, key=_order)[:size]
        asked = min(EVERY, asked * 8)


def histogram(searcher: Any, query: Native, field: str) -> list[tuple[int, int]]:
    """(value, articles) of an integer field, ascending."""
    return sorted((int(value), count) for value, count in _terms(searcher, query, field, EVERY))


def _terms(searcher: Any, query: Native, field: str, size: int) -> list[tuple[Any, int]]:
    wanted = {"counted": {"terms": {"field": field, "size": size, "segment_size": EVERY}}}
    buckets = searcher.aggregate(query, wanted)["counted"]["buckets"]
    return [(bucket["key"], bucket["doc_count"]) for bucket in buckets]


def _order(item: tuple[Any, int]) -> tuple[int, Any]:
    return (-item[1], item[0])
