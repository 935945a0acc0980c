"""What matches a query, apart from what it scores: a smaller query where nobody asks for scores.

A word is the best of its forms in title and text, each with a weight: where only matches count,
that is a plain choice of terms, whose frequencies need not be read.
"""

from collections.abc import Iterator

from index.engines.api import TOKEN_FIELDS
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


def matching(query: Query) -> Query:
    """A query for the same articles: no weights, no choice within a choice, nothing twice."""
    match query:
        case Boost(inner):
            return matching(inner)
        case Not(inner):
            return Not(matching(inner))
        case Or(queries) | Best(queries):
            options = tuple(dict.fromkeys(_parts(queries, Or)))
            return All() if All() in options else _together(Or, options)
        case And(queries):
            needed = dict.fromkeys(_parts(queries, And))
            needed.pop(All(), None)
            return _together(And, tuple(needed)) if needed else All()
        case _:
            return query


def flat(query: And | Or | Best) -> list[Query]:
    """Its parts, and in place of parts of the same kind theirs."""
    found: list[Query] = []
    for part in query.queries:
        found += flat(part) if type(part) is type(query) else [part]
    return found


def only_adding(query: Query) -> tuple[Query, ...] | None:
    """The other options, where everything is one: as a condition they take no match away, and only
    add to scores. None where it is a condition."""
    if isinstance(query, Or) and All() in query.queries:
        return tuple(option for option in query.queries if option != All())
    return None


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
    total = 0.0
    for part in query.queries:
        score = constant_score(part)
        if score is None or (score and not isinstance(query, And)):
            return None
        total += score
    return total


def _parts(queries: tuple[Query, ...], kind: type[And] | type[Or]) -> Iterator[Query]:
    for query in map(matching, queries):
        if isinstance(query, kind):
            yield from query.queries
        else:
            yield query


def _together(kind: type[And] | type[Or], queries: tuple[Query, ...]) -> Query:
    return queries[0] if len(queries) == 1 else kind(queries)
