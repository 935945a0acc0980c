"""The final order of the engine's best: its score, and what only the texts can tell.

docs/how/relevance.md has the formula, with w the words of the query and i their idf:

    score = (((k1 + 1) · BM25 / Σ i) · coverage + FIRST·first + TITLE·title + PAIRS·pairs
             + WHOLE·[whole query in a row] + EXACT·[title is the query])
            · freshness

Every part but BM25 lies between 0 and 1, and is a mean over words weighted by i, or over pairs.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import mul
from typing import NamedTuple

from index.engines.api import Match
from index.engines.scoring import K1
from search.highlighting.highlighter import any_of
from search.query.expansion import ALIAS_WEIGHT, QueryWord
from search.ranking.signals import freshness, pair_score

RERANKED = 50
"""Matches whose texts are read. Further down, the engine's order stays."""
SCALE = K1 + 1
"""Engines leave out the constant factor of BM25; with it, a word counts up to 2.2 a field."""
FIRST = 0.5
EARLY = 100
"""Characters after which a word that comes first there counts half."""
TITLE = 0.3
PAIRS = 1.0
WHOLE_QUERY = 0.3
EXACT_TITLE = 1.0
NOTHING = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True)
class RankingQuery:
    """What the ranking knows of a query: its words with their idf, its pairs of characters, and its
    whole text."""

    words: tuple[QueryWord, ...]
    idfs: tuple[float, ...]
    pairs: tuple[str, ...]
    phrase: str
    now: int


class _Seen(NamedTuple):
    """How a text shows a word. `found`: 1 as typed, less under another name, 0 not at all, in
    title or text; `title`: the same in the title; `first`: 1 at the text's very beginning."""

    found: float
    title: float
    first: float


def rerank(
    matches: Sequence[Match], folded: Mapping[str, str], wish: RankingQuery, *, fresh: bool = True
) -> list[Match]:
    """Reorder the first matches, whose normalised texts are given by id, title line first."""
    total = sum(wish.idfs) or 1.0
    patterns = [any_of(word.forms) or NOTHING for word in wish.words]
    head = []
    for match in matches[:RERANKED]:
        score = _score(SCALE * match.score / total, folded.get(match.id, "\n"), patterns, wish)
        if fresh:
            score *= freshness(match.published, wish.now)
        head.append(_scored(match, score))
    head.sort(key=_order)
    return [*head, *_scaled(matches[RERANKED:], head, total)]


def _scaled(rest: Sequence[Match], head: Sequence[Match], total: float) -> list[Match]:
    """Scores of what was not reread, on the same scale and below what was."""
    ceiling = head[-1].score if head else 0.0
    factor = SCALE / total
    scores = [min(match.score * factor, ceiling) for match in rest]
    told = zip(rest, scores, strict=True)
    return [Match(id_, score, published, story) for (id_, _, published, story), score in told]


def _scored(match: Match, score: float) -> Match:
    return Match(match.id, score, match.published, match.story)


def _order(match: Match) -> tuple[float, bool, int, str]:
    return (-match.score, match.published is None, -(match.published or 0), match.id)


def _score(bm25: float, folded: str, patterns: list[re.Pattern[str]], wish: RankingQuery) -> float:
    title, _, text = folded.partition("\n")
    seen = [_seen(p, word, title, text) for p, word in zip(patterns, wish.words, strict=True)]
    coverage = _mean([each.found for each in seen], wish.idfs) if seen else 1.0
    score = bm25 * coverage
    score += FIRST * _mean([each.first for each in seen], wish.idfs)
    score += TITLE * _mean([each.title for each in seen], wish.idfs)
    score += PAIRS * pair_score(wish.pairs, folded)
    if title.strip() == wish.phrase:
        score += EXACT_TITLE
    if len(patterns) > 1 and wish.phrase in folded:
        score += WHOLE_QUERY
    return score


def _mean(values: Sequence[float], weights: Sequence[float]) -> float:
    products: list[float] = list(map(mul, values, weights))
    return sum(products) / (sum(weights) or 1.0)


def _seen(pattern: re.Pattern[str], word: QueryWord, title: str, text: str) -> _Seen:
    if pattern.pattern == word.text:
        return _seen_alone(word.text, title, text)
    in_title = max([_worth(m.group(), word) for m in pattern.finditer(title)], default=0.0)
    in_text, first = 0.0, 0.0
    for match in pattern.finditer(text):
        worth = _worth(match.group(), word)
        if worth > in_text:
            in_text = worth
            first = max(first, worth / (1 + match.start() / EARLY))
        if worth == 1.0:
            break
    return _Seen(max(in_title, in_text), in_title, first)


def _seen_alone(word: str, title: str, text: str) -> _Seen:
    """A word that has no other names, and may stand within anything: most Chinese words."""
    in_title, at = float(word in title), text.find(word)
    return _Seen(max(in_title, float(at >= 0)), in_title, 1 / (1 + at / EARLY) if at >= 0 else 0.0)


def _worth(form: str, word: QueryWord) -> float:
    return 1.0 if form == word.text else ALIAS_WEIGHT
