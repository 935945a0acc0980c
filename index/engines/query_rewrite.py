"""Rewrites queries: into filters, where no scores are needed, and into flat lists of parts.

A word is the best of its forms in title and text, each with a weight. Where only matches count, it
is a plain choice of terms, whose frequencies the engine need not read.
"""

from collections.abc import Iterator

from index.engines.api import TOKEN_FIELDS
from index.engines.queries import (
    All,
    AllOf,
    And,
    AnyOf,
    AnyTerm,
    Best,
    Boost,
    Filter,
    Near,
    Not,
    Or,
    Query,
    Range,
    Substring,
    Term,
)


def matching(query: Query) -> Filter:
    """A filter for the same articles: no weights, no choice within a choice, nothing twice."""
    match query:
        case Boost(inner):
            return matching(inner)
        case Not(inner):
            return Not(matching(inner))
        case Or(queries) | Best(queries):
            options = tuple(dict.fromkeys(_parts(queries, AnyOf)))
            return All() if All() in options else _together(AnyOf, options)
        case And(queries):
            needed = dict.fromkeys(_parts(queries, AllOf))
            needed.pop(All(), None)
            return _together(AllOf, tuple(needed)) if needed else All()
        case _:
            return query


def flat(query: And | Or | Best) -> list[Query]:
    """Its parts; a part of the same kind is replaced by its own parts."""
    found: list[Query] = []
    for part in query.queries:
        found += flat(part) if type(part) is type(query) else [part]
    return found


def only_adding(query: Query) -> tuple[Query, ...] | None:
    """The other options of a choice that every article matches: they only add to scores. None where
    the query is a condition."""
    if isinstance(query, Or) and All() in query.queries:
        return tuple(option for option in query.queries if option != All())
    return None


def constant_score(query: Query) -> float | None:
    """The score that every match of a query has; None where they differ, or may."""
    match query:
        case Term(field):
            return None if field in TOKEN_FIELDS else 0.0
        case Substring() | AnyTerm():
            return 1.0
        case Near() | Range() | All() | Not():
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


def _parts(queries: tuple[Query, ...], kind: type[AllOf] | type[AnyOf]) -> Iterator[Filter]:
    for part in map(matching, queries):
        if isinstance(part, kind):
            yield from part.queries
        else:
            yield part


def _together(kind: type[AllOf] | type[AnyOf], filters: tuple[Filter, ...]) -> Filter:
    return filters[0] if len(filters) == 1 else kind(filters)
