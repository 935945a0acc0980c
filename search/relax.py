"""Which words may be missing where too few articles have all of them."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations

from index.engines.base import And, Or, Query
from search.plan import Plan
from search.rarity import idf

ENOUGH = 50
"""With so many articles that have all words, none that lacks one is shown: five pages of ten."""
COVERAGES = (0.4, 0.25)
"""Shares of the words' weight (square root of idf) that an article must have: the heavier of two
words, or, where that finds nothing, a quarter."""
ROUNDING = 1e-9
MAX_RELAXED_WORDS = 8
"""Of longer queries only so many words may be missing: combinations grow fast."""

Frequency = Callable[[Query], int]
"""How many articles match a query, exactly."""


@dataclass(frozen=True, slots=True)
class Relaxation:
    """A query for articles with most of the words, and the words they may lack, as typed."""

    query: Query
    may_miss: tuple[str, ...]


def relax(plan: Plan, coverage: float, frequency: Frequency, articles: int) -> Relaxation | None:
    """Articles with a share of the words by weight, where they may be too few with all.

    A word's weight is the square root of its idf, Lucene's.
    """
    words = plan.words
    weights = [math.sqrt(idf(articles, frequency(word.query))) for word in words]
    missable = _missable(weights, (1 - coverage) * sum(weights))
    if not missable:
        return None
    options = []
    for missing in missable:
        kept = [word.near or word.query for at, word in enumerate(words) if at not in missing]
        options.append(And(tuple(kept)))
    may_miss = sorted({at for missing in missable for at in missing})
    query = And((Or(tuple(options)), *plan.fixed))
    return Relaxation(query, tuple(words[at].typed for at in may_miss))


def _missable(weights: list[float], allowed: float) -> list[frozenset[int]]:
    """The largest sets of words whose weight is at most `allowed`."""
    lightest = sorted(range(len(weights)), key=weights.__getitem__)[:MAX_RELAXED_WORDS]
    found: list[frozenset[int]] = []
    for size in range(len(lightest), 0, -1):
        for missing in map(frozenset, combinations(lightest, size)):
            lost = sum(weights[at] for at in missing)
            fits = lost <= allowed + ROUNDING and len(missing) < len(weights)
            if fits and not any(missing < larger for larger in found):
                found.append(missing)
    return found
