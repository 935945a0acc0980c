"""Compiles our queries to Tantivy's, with the scores that queries.py defines."""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from tantivy import FieldType, Occur
from tantivy import Query as Native

from index.engines.api import TOKEN_FIELDS
from index.engines.character_tokens import PAIRS, characters, encode_surrogates, pairs
from index.engines.queries import (
    And,
    AnyTerm,
    Best,
    Boost,
    Filter,
    Near,
    Not,
    Or,
    Query,
    Substring,
    Term,
)
from index.engines.query_compiler import QueryCompiler
from index.engines.query_rewrite import COMPOUND, constant_score, only_adding
from index.engines.scoring import K1
from index.engines.snapshots import CommonTerms
from index.engines.tantivy.schema import NUMBER
from index.engines.tantivy.score_tiers import Tally

BM25_FACTOR = float(np.float32(1 / (K1 + 1)))
"""Tantivy's BM25 has the factor k1 + 1 of the original formula; Lucene's and ours do not."""

CACHED_QUERIES = 1_024
"""Where words may be missing, one query has each word many times."""

CACHED_NEAR = 64
"""Some are checked in texts, for which a part of the query is searched: once, not for each of its
matches, facets and total."""

FEW_TERMS = 100
"""So few are looked up one by one. A set of terms walks the whole dictionary of their field: with
50 of 35,000 numbers that takes 510 µs instead of 54."""

TOLD_APART = 24
"""So many powers of two add up exactly in a score, which has 24 bits."""

Clause = tuple[Occur, Native]

CheckedInTexts = Callable[[Native, Near], Sequence[int]]
"""(candidates, near) → the numbers of those in whose texts it holds."""


class TantivyCompiler(QueryCompiler[Native]):
    """Compiles queries for one schema. Equal queries are compiled once."""

    def __init__(
        self, schema: Any, common_terms: CommonTerms, checked_in_texts: CheckedInTexts
    ) -> None:
        super().__init__(common_terms)
        self._checked_in_texts = checked_in_texts
        self._schema = schema
        self._cached_scored = lru_cache(CACHED_QUERIES)(self._compound)
        self._cached_filter = lru_cache(CACHED_QUERIES)(self._compiled_filter)
        self._cached_any = lru_cache(CACHED_QUERIES)(super()._any_filter)
        self._cached_near = lru_cache(CACHED_NEAR)(self._compiled_near)

    def compile(self, query: Query) -> Native:
        """A query that scores its matches."""
        return self._scored(query, 1.0)

    def filter(self, query: Query) -> Native:
        """Scores 0: at a million articles, scoring by a constant takes Tantivy three times as long
        as not scoring."""
        return self._cached_filter(query)

    def tally(self, tally: Tally, count: int) -> Native:
        """Articles that match exactly `count` of a tally's options; scores 0."""
        parts = [(Occur.Must, self.filter(part)) for part in tally.needed]
        options = [(Occur.Should, self.filter(option)) for option in tally.options]
        parts.append((Occur.Must, Native.boolean_query(options, count)))
        if count < len(options):
            parts.append((Occur.MustNot, Native.boolean_query(options, count + 1)))
        return unscored(Native.boolean_query(parts))

    def numbered(self, numbers: Sequence[int]) -> Native:
        """Articles by number; scores 0."""
        return unscored(self._any_term(NUMBER, numbers))

    def telling_apart(self, queries: Sequence[Query]) -> Native:
        """Articles that match any of at most TOLD_APART queries. The score has bit n set where an
        article matches query n."""
        filters = map(self.filter, queries)
        bits = [Native.const_score_query(each, 2.0**at) for at, each in enumerate(filters)]
        return self._any_of(bits)

    def with_ids(self, ids: Sequence[str]) -> Native:
        return self._terms("id", ids)

    def _compiled_filter(self, query: Query) -> Native:
        return unscored(super().filter(query))

    def _any_filter(self, filters: Sequence[Filter]) -> Native:
        return self._cached_any(filters)

    def _scored(self, query: Query, factor: float) -> Native:
        """`factor`: what the scores are multiplied by; in single precision, as Tantivy multiplies
        the factors of boosts within boosts, from the outermost in."""
        if isinstance(query, Boost):
            if not query.factor:
                return self.filter(query)
            return self._scored(query.query, _product(factor, query.factor))
        if isinstance(query, Term) and query.field in TOKEN_FIELDS:
            token = encode_surrogates(query.token)
            term = Native.term_query(self._schema, query.field, token, "freq")
            return Native.boost_query(term, factor * BM25_FACTOR)
        if isinstance(query, Or):
            return self._compound(query, factor)
        if isinstance(query, COMPOUND):
            return self._cached_scored(query, factor)
        if isinstance(query, Substring | AnyTerm):
            return Native.const_score_query(self.compile_leaf(query), factor)
        return self.filter(query)

    def _compound(self, query: And | Or | Best, factor: float) -> Native:
        if constant_score(query) == 0:
            return self.filter(query)
        if isinstance(query, And):
            return _joined(list(self._conditions(query.queries, factor)))
        parts = [self._scored(part, factor) for part in query.queries]
        return (
            Native.disjunction_max_query(parts) if isinstance(query, Best) else self._any_of(parts)
        )

    def _conditions(self, parts: Sequence[Query], factor: float) -> Iterator[Clause]:
        for part in parts:
            adding = only_adding(part)
            if isinstance(part, Not):
                yield Occur.MustNot, self.filter(part.query)
            elif adding is not None:
                yield from ((Occur.Should, self._scored(option, factor)) for option in adding)
            else:
                yield Occur.Must, self._scored(part, factor)

    def _any_of(self, parts: list[Native]) -> Native:
        clauses = [(Occur.Should, part) for part in parts]
        return Native.boolean_query(clauses) if clauses else self._nothing()

    def _all_of(self, needed: list[Native], excluded: list[Native]) -> Native:
        clauses = [(Occur.Must, part) for part in needed]
        return _joined([*clauses, *((Occur.MustNot, part) for part in excluded)])

    def _term(self, field: str, token: str) -> Native:
        return Native.term_query(self._schema, field, encode_surrogates(token), "basic")

    def _terms(self, field: str, tokens: Sequence[str]) -> Native:
        return self._any_term(field, [encode_surrogates(token) for token in tokens])

    def _any_term(self, field: str, values: Sequence[str | int]) -> Native:
        """Articles with any of these values; scores 1."""
        if not 0 < len(values) <= FEW_TERMS:
            return Native.term_set_query(self._schema, field, values)
        terms = [Native.term_query(self._schema, field, value, "basic") for value in values]
        return Native.const_score_query(self._any_of(terms), 1.0)

    def _near(self, near: Near) -> Native:
        return self._cached_near(near)

    def _compiled_near(self, near: Near) -> Native:
        """The last pair of one and the first pair of the other, with a gap, or an overlap of both.
        This says all of strings that are one pair; others are checked in the texts that are left.
        """
        fields = [PAIRS[near.field]] if near.field else list(PAIRS.values())
        close = [
            Native.phrase_query(
                self._schema,
                name,
                [(0, characters(first[-2:])), (2, characters(second[:2]))],
                near.gap,
            )
            for name in fields
            for one in near.left
            for other in near.right
            for first, second in ((one, other), (other, one))
        ]
        close += [self._substring(both, near.field) for both in _overlaps(near.left, near.right)]
        if all(len(string) == 2 for string in (*near.left, *near.right)):
            return self._any_of(close)
        sides = [
            self._any_of([self._substring(string, near.field) for string in side])
            for side in (near.left, near.right)
        ]
        candidates = self._all_of([self._any_of(close), *sides], [])
        return self.numbered(self._checked_in_texts(candidates, near))

    def _range(self, field: str, low: int | None, high: int | None) -> Native:
        if low is None and high is None:
            return Native.exists_query(field)
        return Native.range_query(self._schema, field, FieldType.Integer, low, high)

    def _all(self) -> Native:
        return Native.all_query()

    def _nothing(self) -> Native:
        return Native.empty_query()

    def _in_a_row(self, field: str, tokens: str) -> Native:
        """A phrase of pairs that overlap as little as they can."""
        if len(tokens) == 1:
            return self._terms(field, [pair for pair, _ in self.common_terms(field, tokens, None)])
        neighbours = pairs(tokens)[:-1]
        last = len(neighbours) - 1
        starts = [*range(0, last, 2), last]
        if len(starts) == 1:
            return Native.term_query(self._schema, field, neighbours[0], "position")
        return Native.phrase_query(self._schema, field, [(at, neighbours[at]) for at in starts])


def _joined(clauses: list[Clause]) -> Native:
    if all(occur != Occur.Must for occur, _ in clauses):
        clauses = [(Occur.Must, unscored(Native.all_query())), *clauses]
    return Native.boolean_query(clauses)


@lru_cache(CACHED_QUERIES)
def _product(one: float, other: float) -> float:
    """Of numbers of single precision."""
    return float(np.float32(one) * np.float32(other))


def unscored(query: Native) -> Native:
    return Native.const_score_query(query, 0.0)


def both_of(query: Native, other: Native) -> Native:
    return Native.boolean_query([(Occur.Must, query), (Occur.Must, other)])


def _overlaps(left: Sequence[str], right: Sequence[str]) -> list[str]:
    """The strings in which one of `left` and one of `right` share a character."""
    found: dict[str, None] = {}
    for one in left:
        for other in right:
            for first, second in ((one, other), (other, one)):
                if second in first:
                    found[first] = None
                for shared in range(1, min(len(first), len(second))):
                    if first.endswith(second[:shared]):
                        found[first + second[shared:]] = None
    return list(found)
