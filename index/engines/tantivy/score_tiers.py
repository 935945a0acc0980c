"""Recognises queries whose matches have only a few different scores, and splits them into tiers.

A tier holds the matches of one score, sorted by date. Without tiers, Tantivy would have to list all
of half a million matches that tie to find the newest of them.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from index.engines.api import TOKEN_FIELDS
from index.engines.queries import And, AnyTerm, Best, Boost, Or, Query, Substring, Term
from index.engines.query_rewrite import constant_score, flat, only_adding

CACHED_TALLIES = 1_024
"""The same query comes again for the next page, or with a filter."""
MAX_OPTIONS = 4
"""Each tier is a search: for 64 single characters, any of which may match, that is 64 of them, and
they take 2.2 s where sorting by score takes 0.01. A prefix has four fields."""
SHORT_QUOTE_CHARACTERS = 2
"""A quotation this short is one term: quick to search twice, and common. Longer ones are phrases,
which few articles have."""


class Tally(NamedTuple):
    """Each of `options` that an article matches adds `each` to its score. It must match `needed`.

    Example: a prefix occurs in one, two or three fields of an article.
    """

    options: tuple[Query, ...]
    each: float
    needed: tuple[Query, ...] = ()

    @property
    def is_one(self) -> bool:
        """Whether there is one tier: all matches have the same score."""
        return len(self.options) == 1


class LiftedMatches(NamedTuple):
    """All matches of `needed` score `score`, and more if they match any of `lifting`.

    Example: a quotation lies within the words of an article, or across their borders.
    """

    needed: tuple[Query, ...]
    score: float
    lifting: tuple[Query, ...]

    @property
    def is_one(self) -> bool:
        """Never: matches of `lifting` score more."""
        return False


ScoreTiers = Tally | LiftedMatches


@lru_cache(CACHED_TALLIES)
def score_tiers(query: Query) -> ScoreTiers | None:
    """The tiers of a query; None if its matches may have any scores."""
    score = constant_score(query)
    if score is not None:
        return Tally((query,), score)
    if isinstance(query, Or):
        return _choice(query.queries)
    if not isinstance(query, And):
        return None
    parts = flat(query)
    scored = [part for part in parts if constant_score(part) != 0]
    if len(scored) == 1 and isinstance(scored[0], Or):
        found = _choice(scored[0].queries)
        return found and found._replace(needed=tuple(part for part in parts if part not in scored))
    return _lifted(parts)


def _choice(options: tuple[Query, ...]) -> Tally | None:
    if len(options) > MAX_OPTIONS:
        return None
    each, *others = {constant_score(option) for option in options}
    return Tally(options, each) if each is not None and not others else None


def _lifted(parts: Sequence[Query]) -> LiftedMatches | None:
    adding = [options for part in parts if (options := only_adding(part)) is not None]
    needed = tuple(part for part in parts if only_adding(part) is None)
    score = constant_score(And(needed))
    if len(adding) != 1 or score is None:
        return None
    (lifting,) = adding
    fits = all(map(_is_short, needed)) and all(map(_always_scores, lifting))
    return LiftedMatches(needed, score, lifting) if fits else None


def _is_short(query: Query) -> bool:
    return not isinstance(query, Substring) or len(query.text) <= SHORT_QUOTE_CHARACTERS


def _always_scores(query: Query) -> bool:
    """Whether every match of it has a score above 0."""
    match query:
        case Term(field):
            return field in TOKEN_FIELDS
        case Substring() | AnyTerm():
            return True
        case Boost(inner, factor):
            return factor > 0 and _always_scores(inner)
        case Or(queries) | Best(queries):
            return all(map(_always_scores, queries))
        case And(queries):
            return any(map(_always_scores, queries))
        case _:
            return False
