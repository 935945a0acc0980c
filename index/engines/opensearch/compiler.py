"""Our queries → OpenSearch's, with scores after the interface's formula."""

from collections.abc import Mapping, Sequence
from typing import Any

from index.engines.api import INTEGER_FIELDS
from index.engines.character_tokens import characters, pairs, written
from index.engines.opensearch.schema import CHARACTERS, PAIRS
from index.engines.queries import (
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
from index.engines.query_rewrite import constant_score, flat, matching, only_adding
from index.engines.snapshots import CommonTerms

Native = dict[str, Any]

NOTHING: Native = {"match_none": {}}


Factors = Mapping[str, float]
"""By token field, what the server's BM25 is multiplied by to be ours."""


class Compiler:
    """Writes our queries as OpenSearch's."""

    def __init__(self, factors: Factors, common_terms: CommonTerms) -> None:
        self._factors = factors
        self._common_terms = common_terms

    def compile(self, query: Query) -> Native:
        """A query that scores its matches."""
        if constant_score(query) == 0:
            return constant(self.filter(query), 0)
        match query:
            case And():
                return self._and(flat(query))
            case Or():
                return _any([self.compile(part) for part in flat(query)])
            case Best():
                return {"dis_max": {"queries": [self.compile(part) for part in flat(query)]}}
            case Boost(inner, factor):
                return {"bool": {"must": [self.compile(inner)], "boost": factor}}
            case Term(field, token):
                return {"term": {field: {"value": written(token), "boost": self._factors[field]}}}
            case _:
                return constant(self._plain(query), 1)

    def _and(self, parts: Sequence[Query]) -> Native:
        # Without a condition, one of what only adds to scores would have to match.
        filters, must, should = [self.filter(All())], [], []
        for part in parts:
            adding = only_adding(part)
            if constant_score(part) == 0:
                filters.append(self.filter(part))
            elif adding is not None:
                should += [self.compile(option) for option in adding]
            else:
                must.append(self.compile(part))
        return {"bool": {"filter": filters, "must": must, "should": should}}

    def filter(self, query: Query) -> Native:
        """A query for the same matches, for where no scores are asked for."""
        return self._plain(matching(query))

    def _plain(self, query: Query) -> Native:
        match query:
            case And(queries):
                needed = [self._plain(part) for part in queries if not isinstance(part, Not)]
                lacking = [self._plain(part.query) for part in queries if isinstance(part, Not)]
                return {"bool": {"filter": needed, "must_not": lacking}}
            case Or(queries):
                return self._or(queries)
            case Not(inner):
                return {"bool": {"must_not": [self._plain(inner)]}}
            case Best() | Boost():
                raise TypeError(f"{type(query).__name__} says nothing about matches")
            case _:
                return self._leaf(query)

    def _or(self, parts: Sequence[Query]) -> Native:
        """Terms of one field together: a query may have 1,024 clauses, and stories of a window of
        matches may be as many."""
        terms: dict[str, list[str]] = {}
        others: list[Native] = []
        for part in parts:
            if isinstance(part, Term):
                terms.setdefault(part.field, []).append(written(part.token))
            else:
                others.append(self._plain(part))
        return _any([*({"terms": {field: found}} for field, found in terms.items()), *others])

    def _leaf(self, query: Term | Substring | Prefix | Range | All) -> Native:
        match query:
            case Term(field, token):
                return {"term": {field: written(token)}}
            case Substring(text, field):
                return _substring(text, field)
            case Prefix(field, text, limit):
                terms = [written(term) for term, _ in self._common_terms(field, text, limit)]
                return {"terms": {field: terms}}
            case Range(field, low, high):
                return _range(field, low, high)
            case All():
                return {"match_all": {}}


def constant(query: Native, score: float) -> Native:
    return {"constant_score": {"filter": query, "boost": score}}


def _any(parts: list[Native]) -> Native:
    return {"bool": {"should": parts, "minimum_should_match": 1}} if parts else NOTHING


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
