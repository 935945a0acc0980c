"""Our queries → Tantivy's, with scores after the interface's formula."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from tantivy import FieldType, Occur
from tantivy import Query as Native

from index.engines.base import (
    INTEGER_FIELDS,
    K1,
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
from index.engines.tantivy.schema import CHARACTERS, NUMBER, PAIRS

BM25 = 1 / (K1 + 1)
"""Tantivy's BM25 has the factor k1 + 1 of the original formula; Lucene's and ours have not."""

REMEMBERED = 1_024
"""Compiled queries that are kept: where words may be missing, one query has each word many times.
"""

CommonTerms = Callable[[str, str, int | None], Sequence[tuple[str, int]]]
"""(field, prefix, limit) → the commonest terms of a field that begin so, with their articles."""


class Compiler:
    """Writes our queries as Tantivy's for one schema."""

    def __init__(self, schema: Any, common_terms: CommonTerms) -> None:
        self._schema = schema
        self._common_terms = common_terms
        self._compiled = lru_cache(REMEMBERED)(self._several)

    def compile(self, query: Query) -> Native:
        match query:
            case And() | Or() | Best():
                return self._compiled(query)
            case Boost(inner, factor):
                return self._boost(inner, factor)
            case Not(inner):
                everything = (Occur.Must, unscored(Native.all_query()))
                return _boolean([everything, (Occur.MustNot, self.compile(inner))])
            case _:
                return self._leaf(query)

    def _several(self, query: And | Or | Best) -> Native:
        match query:
            case And(queries):
                return self._and(queries)
            case Or(queries):
                return _boolean([(Occur.Should, self.compile(part)) for part in queries])
            case Best(queries):
                return self._best(queries)

    def _and(self, queries: Sequence[Query]) -> Native:
        if not queries:
            return unscored(Native.all_query())
        return _boolean([(Occur.Must, self.compile(part)) for part in queries])

    def _best(self, queries: Sequence[Query]) -> Native:
        parts = [self.compile(part) for part in queries]
        return Native.disjunction_max_query(parts) if parts else Native.empty_query()

    def _boost(self, inner: Query, factor: float) -> Native:
        native = self.compile(inner)
        return Native.boost_query(native, factor) if factor else unscored(native)

    def numbered(self, numbers: Sequence[int]) -> Native:
        """Articles by number; scores nothing."""
        return unscored(Native.term_set_query(self._schema, NUMBER, numbers))

    def named(self, ids: Sequence[str]) -> Native:
        return Native.term_set_query(self._schema, "id", [written(name) for name in ids])

    def _leaf(self, query: Term | Substring | Prefix | Range | All) -> Native:
        match query:
            case Term(field, token):
                term = Native.term_query(self._schema, field, written(token), "freq")
                scored = field in TOKEN_FIELDS
                return Native.boost_query(term, BM25) if scored else unscored(term)
            case Substring(text, field):
                return Native.const_score_query(self._substring(text, field), 1.0)
            case Prefix(field, text, limit):
                terms = [written(term) for term, _ in self._common_terms(field, text, limit)]
                found = Native.term_set_query(self._schema, field, terms)
                return Native.const_score_query(found, 1.0)
            case Range(field, low, high):
                return unscored(self._range(field, low, high))
            case All():
                return unscored(Native.all_query())

    def _range(self, field: str, low: int | None, high: int | None) -> Native:
        if field not in INTEGER_FIELDS:
            raise ValueError(f"no integer field {field!r}")
        if low is None and high is None:
            return Native.exists_query(field)
        return Native.range_query(self._schema, field, FieldType.Integer, low, high)

    def _substring(self, text: str, field: str | None) -> Native:
        if not text or "\n" in text:
            return Native.empty_query()  # nothing stands across two blocks
        if len(text) == 1 and field is None:
            return Native.term_query(self._schema, CHARACTERS, characters(text), "basic")
        places = [PAIRS[field]] if field else list(PAIRS.values())
        return _boolean([(Occur.Should, self._row(name, characters(text))) for name in places])

    def _row(self, field: str, text: str) -> Native:
        """These characters in a row: pairs that overlap as little as they can."""
        if len(text) == 1:
            terms = [term for term, _ in self._common_terms(field, text, None)]
            return Native.term_set_query(self._schema, field, terms)
        neighbours = pairs(text)[:-1]
        last = len(neighbours) - 1
        starts = [*range(0, last, 2), last]
        if len(starts) == 1:
            return Native.term_query(self._schema, field, neighbours[0], "position")
        return Native.phrase_query(self._schema, field, [(at, neighbours[at]) for at in starts])


def constant_score(query: Query) -> float | None:
    """The score that every match of a query has; None where they differ, or may."""
    match query:
        case Term(field):
            return None if field in TOKEN_FIELDS else 0.0
        case Substring() | Prefix():
            return 1.0
        case Range() | All() | Not():
            return 0.0
        case Boost(inner, factor):
            score = constant_score(inner) if factor else 0.0
            return None if score is None else score * factor
    scores = [constant_score(part) for part in query.queries]
    if None in scores:
        return None
    if isinstance(query, And):
        return sum(score for score in scores if score is not None)
    return 0.0 if not any(scores) else None


def _boolean(parts: list[tuple[Occur, Native]]) -> Native:
    return Native.boolean_query(parts) if parts else Native.empty_query()


def unscored(query: Native) -> Native:
    return Native.const_score_query(query, 0.0)
