"""Queries that are answered step by step: all that score alike in order of date, the best first.

To find the newest of half a million matches that tie, Tantivy would have to name them all.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from index.engines.api import TOKEN_FIELDS
from index.engines.queries import And, Best, Boost, Or, Prefix, Query, Substring, Term
from index.engines.query_rewrite import constant_score, flat, only_adding

CACHED_QUERIES = 1_024
"""Queries: what is asked for once is asked for again, for the next page or under a filter."""
SHORT_QUOTE_CHARACTERS = 2
"""Characters of a quotation that is one term: quick to look for twice, and common. Longer ones are
phrases, which few articles have."""


class Tally(NamedTuple):
    """A match scores `each` as often as it matches one of `options`; it must match `needed` too.

    What begins so does in one field, in two, in three …
    """

    options: tuple[Query, ...]
    each: float
    needed: tuple[Query, ...] = ()

    @property
    def is_one(self) -> bool:
        """Whether all matches score alike."""
        return len(self.options) == 1


class LiftedMatches(NamedTuple):
    """All matches of `needed` score `score`, but more if they match one of `lifting`.

    What has a quotation has it in words of the same, or across others.
    """

    needed: tuple[Query, ...]
    score: float
    lifting: tuple[Query, ...]

    @property
    def is_one(self) -> bool:
        """They do not score alike."""
        return False


ScoreTiers = Tally | LiftedMatches


@lru_cache(CACHED_QUERIES)
def score_tiers(query: Query) -> ScoreTiers | None:
    """The query in steps; None where scores may be any."""
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
    """Whether every match of it scores more than nothing."""
    match query:
        case Term(field):
            return field in TOKEN_FIELDS
        case Substring() | Prefix():
            return True
        case Boost(inner, factor):
            return factor > 0 and _always_scores(inner)
        case Or(queries) | Best(queries):
            return all(map(_always_scores, queries))
        case And(queries):
            return any(map(_always_scores, queries))
        case _:
            return False
