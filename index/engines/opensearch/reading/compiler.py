"""Compiles our queries to OpenSearch's, with the scores that queries.py defines."""

from collections.abc import Mapping, Sequence
from typing import Any

from index.engines.api import TOKEN_FIELDS
from index.engines.character_tokens import PAIRS, characters, encode_surrogates, pairs
from index.engines.queries import (
    All,
    And,
    AnyTerm,
    Best,
    Boost,
    Filter,
    Near,
    Or,
    Query,
    Substring,
    Term,
)
from index.engines.query_compiler import QueryCompiler
from index.engines.query_rewrite import constant_score, flat, only_adding
from index.engines.snapshots import CommonTerms

Native = dict[str, Any]
"""A query as OpenSearch's JSON."""

Factors = Mapping[str, float]
"""By token field, what the server's BM25 is multiplied by to give ours."""


class OpenSearchCompiler(QueryCompiler[Native]):
    """Compiles queries for one index."""

    def __init__(self, factors: Factors, common_terms: CommonTerms) -> None:
        super().__init__(common_terms)
        self._factors = factors

    def compile(self, query: Query) -> Native:
        """A query that scores its matches."""
        match query:
            case And() | Or() | Best():
                return self._compound(query)
            case Boost(inner, factor) if constant_score(query) != 0:
                return {"bool": {"must": [self.compile(inner)], "boost": factor}}
            case Term(field, token) if field in TOKEN_FIELDS:
                value = encode_surrogates(token)
                return {"term": {field: {"value": value, "boost": self._factors[field]}}}
            case Substring() | AnyTerm():
                return self._scored_alike(self.compile_leaf(query), 1.0)
            case _:
                return self._unscored(query)

    def _compound(self, query: And | Or | Best) -> Native:
        if constant_score(query) == 0:
            return self._unscored(query)
        parts = flat(query)
        if isinstance(query, And):
            return self._all_scored(parts)
        compiled = [self.compile(part) for part in parts]
        return (
            {"dis_max": {"queries": compiled}}
            if isinstance(query, Best)
            else self._any_of(compiled)
        )

    def _unscored(self, query: Query) -> Native:
        return self._scored_alike(self.filter(query), 0)

    def _all_scored(self, parts: Sequence[Query]) -> Native:
        # Without a filter, one of the clauses that only add to scores would have to match.
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

    def _any_of(self, parts: list[Native]) -> Native:
        if not parts:
            return self._nothing()
        return {"bool": {"should": parts, "minimum_should_match": 1}}

    def _all_of(self, needed: list[Native], excluded: list[Native]) -> Native:
        return {"bool": {"filter": needed, "must_not": excluded}}

    def _any_filter(self, filters: Sequence[Filter]) -> Native:
        """Terms of one field become one clause: a query may have 1,024, and the stories of a window
        of matches may be as many."""
        tokens: dict[str, list[str]] = {}
        others: list[Native] = []
        for part in filters:
            if isinstance(part, Term):
                tokens.setdefault(part.field, []).append(part.token)
            else:
                others.append(self.compile_filter(part))
        return self._any_of([*(self._terms(*item) for item in tokens.items()), *others])

    def _scored_alike(self, query: Native, score: float) -> Native:
        return {"constant_score": {"filter": query, "boost": score}}

    def _term(self, field: str, token: str) -> Native:
        return {"term": {field: encode_surrogates(token)}}

    def _terms(self, field: str, tokens: Sequence[str]) -> Native:
        return {"terms": {field: [encode_surrogates(token) for token in tokens]}}

    def _near(self, near: Near) -> Native:
        """Spans of pairs. The last character of a string begins a pair that is not part of its
        span, so the gap between two spans is one more than that between the strings."""
        fields = [PAIRS[near.field]] if near.field else list(PAIRS.values())
        return self._any_of(
            [
                {
                    "span_near": {
                        "clauses": [_any_span(field, near.left), _any_span(field, near.right)],
                        "slop": near.gap + 1,
                        "in_order": False,
                    }
                }
                for field in fields
            ]
        )

    def _range(self, field: str, low: int | None, high: int | None) -> Native:
        if low is None and high is None:
            return {"exists": {"field": field}}
        bounds = {"gte": low, "lte": high}
        return {"range": {field: {name: at for name, at in bounds.items() if at is not None}}}

    def _all(self) -> Native:
        return {"match_all": {}}

    def _nothing(self) -> Native:
        return {"match_none": {}}

    def _in_a_row(self, field: str, tokens: str) -> Native:
        if len(tokens) == 1:
            return {"prefix": {field: {"value": tokens}}}
        neighbours = pairs(tokens)[:-1]
        if len(neighbours) == 1:
            return {"term": {field: neighbours[0]}}
        return {"match_phrase": {field: " ".join(neighbours)}}


def _any_span(field: str, strings: Sequence[str]) -> Native:
    spans = [_span(field, pairs(characters(string))[:-1]) for string in strings]
    return {"span_or": {"clauses": spans}} if len(spans) > 1 else spans[0]


def _span(field: str, neighbours: Sequence[str]) -> Native:
    terms: list[Native] = [{"span_term": {field: pair}} for pair in neighbours]
    if len(terms) == 1:
        return terms[0]
    return {"span_near": {"clauses": terms, "slop": 0, "in_order": True}}
