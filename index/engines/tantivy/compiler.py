"""Our queries → Tantivy's, with scores after the interface's formula."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from tantivy import FieldType, Occur
from tantivy import Query as Native

from index.engines.api import INTEGER_FIELDS, TOKEN_FIELDS
from index.engines.character_tokens import characters, pairs, written
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
from index.engines.query_rewrite import constant_score, matching, only_adding
from index.engines.scoring import K1
from index.engines.snapshots import CommonTerms
from index.engines.tantivy.schema import CHARACTERS, NUMBER, PAIRS
from index.engines.tantivy.score_tiers import Tally

BM25 = 1 / (K1 + 1)
"""Tantivy's BM25 has the factor k1 + 1 of the original formula; Lucene's and ours have not."""

REMEMBERED = 1_024
"""Compiled queries that are kept: where words may be missing, one query has each word many times.
"""

Clause = tuple[Occur, Native]


class Compiler:
    """Writes our queries as Tantivy's for one schema."""

    def __init__(self, schema: Any, common_terms: CommonTerms) -> None:
        self._schema = schema
        self._common_terms = common_terms
        self._compiled = lru_cache(REMEMBERED)(self._several)
        self._matching = lru_cache(REMEMBERED)(self._unscored)

    def compile(self, query: Query) -> Native:
        """A query that scores its matches."""
        match query:
            case And() | Or() | Best():
                return self._compiled(query)
            case Boost(inner, factor) if factor:
                return Native.boost_query(self.compile(inner), factor)
            case Term(field, token) if field in TOKEN_FIELDS:
                return Native.boost_query(self._term(field, token, "freq"), BM25)
            case Substring() | Prefix():
                return Native.const_score_query(self._plain(query), 1.0)
            case _:
                return self.filter(query)

    def filter(self, query: Query) -> Native:
        """A query for the same matches that scores none. Tantivy would compute the scores of what
        it is told to score by a constant: at a million articles three times the work."""
        return self._matching(query)

    def tally(self, tally: Tally, count: int) -> Native:
        """Matches of so many of its options, of no more; scores nothing."""
        parts = [(Occur.Must, self.filter(part)) for part in tally.needed]
        options = [(Occur.Should, self.filter(option)) for option in tally.options]
        parts.append((Occur.Must, Native.boolean_query(options, count)))
        if count < len(options):
            parts.append((Occur.MustNot, Native.boolean_query(options, count + 1)))
        return unscored(Native.boolean_query(parts))

    def numbered(self, numbers: Sequence[int]) -> Native:
        """Articles by number; scores nothing."""
        return unscored(Native.term_set_query(self._schema, NUMBER, numbers))

    def named(self, ids: Sequence[str]) -> Native:
        return Native.term_set_query(self._schema, "id", [written(name) for name in ids])

    def _unscored(self, query: Query) -> Native:
        return unscored(self._plain(matching(query)))

    def _several(self, query: And | Or | Best) -> Native:
        if constant_score(query) == 0:
            return self.filter(query)
        match query:
            case And(queries):
                return _joined(list(self._conditions(queries)))
            case Or(queries):
                return _boolean([(Occur.Should, self.compile(part)) for part in queries])
            case Best(queries):
                parts = [self.compile(part) for part in queries]
                return Native.disjunction_max_query(parts) if parts else Native.empty_query()

    def _conditions(self, queries: Sequence[Query]) -> Iterator[Clause]:
        for query in queries:
            adding = only_adding(query)
            if isinstance(query, Not):
                yield Occur.MustNot, self.filter(query.query)
            elif adding is not None:
                yield from ((Occur.Should, self.compile(option)) for option in adding)
            else:
                yield Occur.Must, self.compile(query)

    def _plain(self, query: Query) -> Native:
        """What `matching` gave, as a query whose scores mean nothing."""
        match query:
            case And(queries):
                return _joined([self._condition(part) for part in queries])
            case Or(queries):
                return _boolean([(Occur.Should, self._plain(part)) for part in queries])
            case Not():
                return _joined([self._condition(query)])
            case Best() | Boost():
                raise TypeError(f"{type(query).__name__} says nothing about matches")
            case _:
                return self._leaf(query)

    def _condition(self, query: Query) -> Clause:
        if isinstance(query, Not):
            return Occur.MustNot, self._plain(query.query)
        return Occur.Must, self._plain(query)

    def _leaf(self, query: Term | Substring | Prefix | Range | All) -> Native:
        match query:
            case Term(field, token):
                return self._term(field, token, "basic")
            case Substring(text, field):
                return self._substring(text, field)
            case Prefix(field, text, limit):
                terms = [written(term) for term, _ in self._common_terms(field, text, limit)]
                return Native.term_set_query(self._schema, field, terms)
            case Range(field, low, high):
                return self._range(field, low, high)
            case All():
                return Native.all_query()

    def _term(self, field: str, token: str, index_option: str) -> Native:
        return Native.term_query(self._schema, field, written(token), index_option)

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


def _boolean(parts: list[Clause]) -> Native:
    return Native.boolean_query(parts) if parts else Native.empty_query()


def _joined(parts: list[Clause]) -> Native:
    if all(occur != Occur.Must for occur, _ in parts):
        parts = [(Occur.Must, unscored(Native.all_query())), *parts]
    return Native.boolean_query(parts)


def unscored(query: Native) -> Native:
    return Native.const_score_query(query, 0.0)
