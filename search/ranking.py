"""The final order of the engine's best: its score, and what only the texts can tell.

Over the spike's formula (docs/relevance.md), with w the words of the query and i their idf:
score = (BM25 / Σ i + TITLE·titlecoverage² + CLOSE·closeness + EXACT·[title is the query])
        · freshness.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.engines.base import Match
from search.freshness import freshness
from search.highlight import any_of
from search.words import QueryWord

RERANKED = 50
"""Matches whose texts are read. Further down, the engine's order stays."""
TITLE_COVERAGE = 0.5
CLOSENESS = 0.5
EXACT_TITLE = 1.0
WHOLE_QUERY = 0.3
NEAR = 20
"""Characters within which two words count as close."""
MAX_PLACES = 20
"""Places of one word that closeness looks at."""
NOTHING = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True)
class Wish:
    """What the ranking knows of a query: its words with their idf, and its whole text."""

    words: tuple[QueryWord, ...]
    idfs: tuple[float, ...]
    phrase: str
    now: int


def rerank(
    matches: Sequence[Match], folded: Mapping[str, str], wish: Wish, *, fresh: bool = True
) -> list[Match]:
    """Reorder the first matches, whose normalised texts are given by id, title line first."""
    total = sum(wish.idfs) or 1.0
    patterns = [any_of(word.forms) or NOTHING for word in wish.words]
    head = []
    for match in matches[:RERANKED]:
        title, _, text = folded.get(match.id, "\n").partition("\n")
        score = match.score / total + _bonus(title, text, patterns, wish)
        if fresh:
            score *= freshness(match.published, wish.now)
        head.append(_scored(match, score))
    head.sort(key=_order)
    return [*head, *_scaled(matches[RERANKED:], head, total)]


def _scaled(rest: Sequence[Match], head: Sequence[Match], total: float) -> list[Match]:
    """Scores of what was not reread, on the same scale and below what was."""
    ceiling = head[-1].score if head else 0.0
    return [_scored(match, min(match.score / total, ceiling)) for match in rest]


def _scored(match: Match, score: float) -> Match:
    return Match(match.id, score, match.published, match.story)


def _order(match: Match) -> tuple[float, bool, int, str]:
    return (-match.score, match.published is None, -(match.published or 0), match.id)


def _bonus(title: str, text: str, patterns: list[re.Pattern[str]], wish: Wish) -> float:
    in_title = [bool(pattern.search(title)) for pattern in patterns]
    total = sum(wish.idfs) or 1.0
    covered = sum(idf for idf, found in zip(wish.idfs, in_title, strict=True) if found) / total
    bonus = TITLE_COVERAGE * covered**2
    if title.strip() == wish.phrase:
        bonus += EXACT_TITLE
    if len(patterns) > 1:
        bonus += CLOSENESS * closeness([places(pattern, text) for pattern in patterns])
        if wish.phrase in title or wish.phrase in text:
            bonus += WHOLE_QUERY
    return bonus


def places(pattern: re.Pattern[str], text: str) -> list[int]:
    """Where a word stands, the first MAX_PLACES times."""
    found = []
    for match in pattern.finditer(text):
        found.append(match.start())
        if len(found) == MAX_PLACES:
            break
    return found


def closeness(positions: list[list[int]]) -> float:
    """0 to 1: how near neighbours in the query come to each other at their nearest.

    1 for two words that follow each other, 0 from NEAR characters on; the mean over neighbours.
    """
    nearest = []
    for first, second in pairwise(positions):
        gap = _gap(first, second)
        nearest.append(0.0 if gap is None else max(0.0, 1 - gap / NEAR))
    return sum(nearest) / len(nearest) if nearest else 0.0


def _gap(first: list[int], second: list[int]) -> int | None:
    """The least distance between two ascending lists of places."""
    best = None
    at = 0
    for place in first:
        while at + 1 < len(second) and second[at + 1] <= place:
            at += 1
        for other in second[at : at + 2]:
            distance = abs(other - place)
            best = distance if best is None else min(best, distance)
    return best
