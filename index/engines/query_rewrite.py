"""Rewrites queries: into filters, where no scores are needed, and into flat lists of parts.

A word is the best of its forms in title and text, each with a weight. Where only matches count, it
is a plain choice of terms, whose frequencies the engine need not read.
"""

from functools import lru_cache

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
    Not,
    Or,
    Query,
    Substring,
    Term,
)

CACHED_FILTERS = 1_024
"""The words of a query are parts of its matches, facets, totals and partial matches."""

COMPOUND = (And, Or, Best)
_EVERYTHING = All()


def matching(query: Query) -> Filter:
    """A filter for the same articles: no weights, no choice within a choice, nothing twice."""
    if isinstance(query, Boost):
        return matching(query.query)
    if isinstance(query, COMPOUND):
        return _matching_parts(query)
    if isinstance(query, Not):
        return Not(matching(query.query))
    return query


@lru_cache(CACHED_FILTERS)
def _matching_parts(query: Or | Best | And) -> Filter:
    found: dict[Filter, None] = {}
    if isinstance(query, And):
        _collect(query, AllOf, found)
        found.pop(_EVERYTHING, None)
        return _together(AllOf, tuple(found)) if found else _EVERYTHING
    _collect(query, AnyOf, found)
    return _EVERYTHING if _EVERYTHING in found else _together(AnyOf, tuple(found))


def _collect(
    query: Or | Best | And, kind: type[AllOf] | type[AnyOf], found: dict[Filter, None]
) -> None:
    """Add the filters of a query's parts; of parts that are of the same kind, their parts."""
    for part in query.queries:
        plain = part.query if isinstance(part, Boost) else part
        if isinstance(plain, Term):
            found[plain] = None
        elif isinstance(plain, Or) and kind is AnyOf:  # title or text: remembered with the word
            _collect(plain, kind, found)
        else:
            filter_ = matching(plain)
            if isinstance(filter_, kind):
                found |= dict.fromkeys(filter_.queries)
            else:
                found[filter_] = None


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
    if isinstance(query, Boost):
        score = constant_score(query.query) if query.factor else 0.0
        return None if score is None else score * query.factor
    if isinstance(query, Term):
        return None if query.field in TOKEN_FIELDS else 0.0
    if isinstance(query, COMPOUND):
        total = 0.0
        for part in query.queries:
            score = constant_score(part)
            if score is None or (score and not isinstance(query, And)):
                return None
            total += score
        return total
    return 1.0 if isinstance(query, Substring | AnyTerm) else 0.0


def _together(kind: type[AllOf] | type[AnyOf], filters: tuple[Filter, ...]) -> Filter:
    return filters[0] if len(filters) == 1 else kind(filters)
