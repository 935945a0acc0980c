"""Relaxes a query that too few articles match in full: which words a partial match may lack."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt

from index.engines.queries import And, Or, Query
from index.engines.scoring import idf
from search.query.expansion import QueryWord
from search.query.planner import Plan

ENOUGH_ARTICLES = 50
"""If this many articles (five pages) have all words, articles that lack one are not shown."""
MIN_COVERAGE = 0.5
"""Share of the words' weight that an article must have."""
LEAST_COVERAGE = 0.15
"""The same where no article has as much."""
LONG_QUERY = 4
"""Words of a question or headline, at least. Its rarest word often only asks (哪一年)."""
CONCEPT_WEIGHT = 2.0
"""A name from the lexicon weighs this many times its rarity: it says what the query is about."""
ROUNDING = 1e-9
MAX_NEEDED_WORDS = 7
"""In longer queries only the heaviest words decide which articles match; the others affect the
order. The number of combinations grows fast, and a sentence is about its rarest words."""

Frequency = Callable[[Query], int]
"""Query → articles that match it, exactly."""


@dataclass(frozen=True, slots=True)
class Relaxation:
    """A query for articles with most of the words, which also finds those with all. `may_miss`:
    words they may lack, as typed; `near`: names of what may stand for them."""

    query: Query
    may_miss: tuple[str, ...]
    near: tuple[str, ...] = ()


def relax(
    plan: Plan, frequency: Frequency, articles: int, *, loosely: bool = False
) -> Relaxation | None:
    """A query for articles with the subject and half of the words by weight; None if that needs all
    words. `articles`: of the generation.

    The subject is a name from the lexicon (one of them if there are several), else the rarest word.
    If there are several names, all of them together are enough: a long question is about them. What
    is near a word may stand for it, but not for the subject. A word weighs the square root of
    Lucene's idf, a name twice that.

    `loosely`: for queries with which nothing is found so. LEAST_COVERAGE is enough, and a long
    query without names has no subject.
    """
    names = [at for at, word in enumerate(plan.words) if word.concept]
    names_suffice = 1 < len(names) < len(plan.words)
    frequencies = [frequency(word.query) for word in plan.words]
    weights = [_weight(*each, articles) for each in zip(plan.words, frequencies, strict=True)]
    subjects = set(names) or {max(range(len(weights)), key=lambda at: weights[at])}
    coverage = MIN_COVERAGE
    if loosely:
        coverage = LEAST_COVERAGE
        if not names and len(plan.words) >= LONG_QUERY:
            subjects = {at for at, number in enumerate(frequencies) if number} or subjects
        # What no article has cannot tell one from another, and must not take the place of what can.
        weights = [w if n else 0.0 for w, n in zip(weights, frequencies, strict=True)]
    heaviest = sorted(range(len(weights)), key=lambda at: -weights[at])[:MAX_NEEDED_WORDS]
    reachable = sum(weights[at] for at in heaviest)
    wanted = min(coverage * sum(weights), reachable)

    def is_missable(at: int) -> bool:
        if subjects == {at}:
            return False
        if plan.words[at].near or (names_suffice and at not in names):
            return True
        return at not in heaviest or reachable - weights[at] >= wanted - ROUNDING

    missable = [word for at, word in enumerate(plan.words) if is_missable(at)]
    may_miss = tuple(word.typed for word in missable)
    if not may_miss:
        return None
    about = Or(tuple(plan.words[at].query for at in sorted(subjects)))
    # What is about a single subject has its weight: the subject is asked for once.
    weighed = [(weights[at], plan.words[at].or_near()) for at in heaviest if subjects != {at}]
    left = wanted - sum(weights[at] for at in heaviest if subjects == {at})
    enough = [_weighing(weighed, left)] if left > ROUNDING else []
    if names_suffice and enough:
        enough = [Or((*enough, And(tuple(plan.words[at].query for at in names))))]
    near = dict.fromkeys(other.name for word in missable for other in word.near)
    return Relaxation(And((about, *enough, *plan.fixed)), may_miss, tuple(near))


def _weight(word: QueryWord, articles_with: int, articles: int) -> float:
    return sqrt(idf(articles, articles_with)) * (CONCEPT_WEIGHT if word.concept else 1.0)


def _weighing(words: Sequence[tuple[float, Query]], wanted: float) -> Query:
    """Articles whose words weigh `wanted` or more; `words` come heaviest first and weigh as much
    together. Words that several combinations share appear once."""
    chosen: list[Query] = []
    for at, (weight, word) in enumerate(words):
        left = wanted - weight - ROUNDING
        rest = words[at + 1 :]
        if left <= 0:
            chosen.append(word)
        elif sum(other for other, _ in rest) >= left:
            chosen.append(And((word, _weighing(rest, wanted - weight))))
    return chosen[0] if len(chosen) == 1 else Or(tuple(chosen))
