"""Queries whose matches have one of a few scores: those that begin so in one field, in two, …"""

from typing import NamedTuple

from index.engines.base import And, Or, Query
from index.engines.matching import constant_score


class Tally(NamedTuple):
    """A match scores `each` as often as it matches one of `options`; it must match `needed` too."""

    options: tuple[Query, ...]
    each: float
    needed: tuple[Query, ...] = ()


def tally_of(query: Query) -> Tally | None:
    """The query as a tally; None where scores may be any."""
    score = constant_score(query)
    if score is not None:
        return Tally((query,), score)
    if isinstance(query, And):
        scored = [part for part in query.queries if constant_score(part) != 0]
        others = tuple(part for part in query.queries if part not in scored)
        found = tally_of(scored[0]) if len(scored) == 1 else None
        return found and found._replace(needed=(*found.needed, *others))
    return _choice(query.queries) if isinstance(query, Or) else None


def _choice(options: tuple[Query, ...]) -> Tally | None:
    each, *others = {constant_score(option) for option in options}
    return Tally(options, each) if each is not None and not others else None
