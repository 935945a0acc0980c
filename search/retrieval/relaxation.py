"""Relaxes a query that too few articles match in full: which words may be missing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import sqrt

from index.engines.queries import And, Or, Query
from index.engines.scoring import idf
from search.query.planner import Plan

ENOUGH_ARTICLES = 50
"""If this many articles (five pages) have all words, articles that lack one are not shown."""
PAGE_ARTICLES = 10
COVERAGE_SHARES = (0.4, 0.25)
"""Shares of the words' weight (square root of idf) that an article must have: the heavier of two
words, or, where that does not fill A_PAGE, a quarter."""
ROUNDING = 1e-9
MAX_NEEDED_WORDS = 7
"""In longer queries only the rarest words decide which articles match; the others affect the order.
The number of combinations grows fast, and a sentence is about its rarest words."""

Frequency = Callable[[Query], int]
"""Query → articles that match it, exactly."""


@dataclass(frozen=True, slots=True)
class Relaxation:
    """A query for articles with most of the words. `may_miss`: words they may lack, as typed."""

    query: Query
    may_miss: tuple[str, ...]


def relax(plan: Plan, coverage: float, frequency: Frequency, articles: int) -> Relaxation | None:
    """A query for articles with a share (`coverage`) of the words by weight; None if that needs all
    words. `articles`: of the generation.

    A word weighs the square root of Lucene's idf; a word that no article has weighs nothing.
    """
    found = [frequency(word.fallback or word.query) for word in plan.words]
    weights = [sqrt(idf(articles, count)) if count else 0.0 for count in found]
    by_weight = sorted(range(len(weights)), key=lambda at: -weights[at])
    needed = [at for at in by_weight[:MAX_NEEDED_WORDS] if weights[at]]
    total = sum(weights[at] for at in needed)
    options = _enough([weights[at] for at in needed], coverage * total)
    if not options or (len(needed) == len(weights) and options == [frozenset(range(len(needed)))]):
        return None
    wide = [plan.words[at].fallback or plan.words[at].query for at in needed]
    query = _weighing(
        list(zip([weights[at] for at in needed], wide, strict=True)), coverage * total
    )
    always = {needed[at] for at in frozenset.intersection(*options)}
    may_miss = tuple(word.typed for at, word in enumerate(plan.words) if at not in always)
    return Relaxation(And((query, *plan.fixed)), may_miss)


def _enough(weights: list[float], wanted: float) -> list[frozenset[int]]:
    """The sets of words that weigh `wanted` or more, without those that contain a smaller one."""
    found: list[frozenset[int]] = []
    for size in range(1, len(weights) + 1):
        for chosen in map(frozenset, combinations(range(len(weights)), size)):
            heavy = sum(weights[at] for at in chosen) >= wanted - ROUNDING
            if heavy and not any(smaller <= chosen for smaller in found):
                found.append(chosen)
    return found


def _weighing(words: Sequence[tuple[float, Query]], wanted: float) -> Query:
    """Articles whose words weigh `wanted`; `words` come heaviest first. It matches what the sets of
    `_enough` match, but words that several sets share appear once, so it is a third as long."""
    chosen: list[Query] = []
    for at, (weight, word) in enumerate(words):
        left = wanted - weight - ROUNDING
        rest = words[at + 1 :]
        if left <= 0:
            chosen.append(word)
        elif sum(other for other, _ in rest) >= left:
            chosen.append(And((word, _weighing(rest, wanted - weight))))
    return chosen[0] if len(chosen) == 1 else Or(tuple(chosen))
