"""Our queries → OpenSearch's, with scores after the interface's formula."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from index.engines.base import (
    INTEGER_FIELDS,
    TOKEN_FIELDS,
    All,
    And,
    Best,
    Boost,
    Not,
    Or,
    Prefix,
    Query,
    Range,
    Substring,
    Term,
)
from index.engines.characters import characters, pairs, written
from index.engines.opensearch.schema import CHARACTERS, PAIRS

Native = dict[str, Any]

CommonTerms = Callable[[str, str, int], Sequence[tuple[str, int]]]
"""(field, prefix, limit) → the commonest terms of a field that begin so, with their articles."""

NOTHING: Native = {"match_none": {}}


Factors = Mapping[str, float]
"""By token field, what the server's BM25 is multiplied by to be ours."""


class Compiler:
    """Writes our queries as OpenSearch's."""

    def __init__(self, factors: Factors, common_terms: CommonTerms) -> None:
        self._factors = factors
        self._common_terms = common_terms

    def compile(self, query: Query) -> Native:
        match query:
            case And():
                return self._and(_flat(query))
            case Or():
                return self._or(_flat(query))
            case Best():
                parts = [self.compile(part) for part in _flat(query)]
                return {"dis_max": {"queries": parts}} if parts else NOTHING
            case Boost(inner, factor):
                return _boosted(self.compile(inner), factor)
            case Not(inner):
                return constant({"bool": {"must_not": [self.compile(inner)]}}, 0)
            case _:
                return self._leaf(query)

    def _and(self, parts: Sequence[Query]) -> Native:
        if not parts:
            return constant({"match_all": {}}, 0)
        must = [self.compile(part) for part in parts]
        scored = [part for part in must if not _is_filter(part)]
        filters = [_inside(part) for part in must if _is_filter(part)]
        return {"bool": {"must": scored, "filter": filters}}

    def _or(self, parts: Sequence[Query]) -> Native:
        """Keywords of one field together: a query may have 1,024 clauses, and stories of a window
        of matches may be as many."""
        values: dict[str, list[str]] = {}
        others: list[Native] = []
        for part in parts:
            if isinstance(part, Term) and part.field not in TOKEN_FIELDS:
                values.setdefault(part.field, []).append(written(part.token))
            else:
                others.append(self.compile(part))
        together = [constant({"terms": {field: found}}, 0) for field, found in values.items()]
        return _any([*together, *others])

    def _leaf(self, query: Term | Substring | Prefix | Range | All) -> Native:
        match query:
            case Term(field, token):
                scored = field in TOKEN_FIELDS
                value = written(token)
                if scored:
                    return {"term": {field: {"value": value, "boost": self._factors[field]}}}
                return constant({"term": {field: value}}, 0)
            case Substring(text, field):
                return constant(_substring(text, field), 1)
            case Prefix(field, text, limit):
                terms = [written(term) for term, _ in self._common_terms(field, text, limit)]
                return constant({"terms": {field: terms}}, 1)
            case Range(field, low, high):
                return constant(_range(field, low, high), 0)
            case All():
                return constant({"match_all": {}}, 0)


def constant(query: Native, score: float) -> Native:
    return {"constant_score": {"filter": query, "boost": score}}


def _flat(query: And | Or | Best) -> list[Query]:
    """Parts of parts of the same kind: OpenSearch bounds how deep a query may be."""
    found: list[Query] = []
    for part in query.queries:
        found += _flat(part) if type(part) is type(query) else [part]
    return found


def _boosted(query: Native, factor: float) -> Native:
    if not factor:
        return constant(query, 0)
    return {"bool": {"must": [query], "boost": factor}}


def _any(parts: list[Native]) -> Native:
    return {"bool": {"should": parts, "minimum_should_match": 1}} if parts else NOTHING


def _is_filter(query: Native) -> bool:
    return "constant_score" in query and not query["constant_score"]["boost"]


def _inside(query: Native) -> Native:
    inside: Native = query["constant_score"]["filter"]
    return inside


def _range(field: str, low: int | None, high: int | None) -> Native:
    if field not in INTEGER_FIELDS:
        raise ValueError(f"no integer field {field!r}")
    if low is None and high is None:
        return {"exists": {"field": field}}
    bounds = {"gte": low, "lte": high}
    return {"range": {field: {name: at for name, at in bounds.items() if at is not None}}}


def _substring(text: str, field: str | None) -> Native:
    if not text or "\n" in text:
        return NOTHING  # nothing stands across two blocks
    if len(text) == 1 and field is None:
        return {"term": {CHARACTERS: characters(text)}}
    places = [PAIRS[field]] if field else list(PAIRS.values())
    return _any([_row(name, characters(text)) for name in places])


def _row(field: str, text: str) -> Native:
    """These characters in a row."""
    if len(text) == 1:
        return {"prefix": {field: {"value": text}}}
    neighbours = pairs(text)[:-1]
    if len(neighbours) == 1:
        return {"term": {field: neighbours[0]}}
    return {"match_phrase": {field: " ".join(neighbours)}}
