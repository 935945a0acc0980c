"""Orders the engine's best matches anew, by signals that only the articles' texts show.

docs/how/relevance.md explains the formula. With w the words of the query and i their idf:

    score = (((k1 + 1) · BM25 / Σ i) · coverage + FIRST_MENTION_WEIGHT · first
             + OPENING_WEIGHT · opening + LABELS_WEIGHT · labels · coverage
             + TITLE_WORDS_WEIGHT · title + PAIRS_WEIGHT · pairs
             + WHOLE_TITLE_BONUS · [title is the query, or asks it in a clause])
            · freshness · kind · meaning

coverage, first, opening, labels and title are means over the words weighted by i, pairs is a mean
over pairs; each lies between 0 and 1. meaning is 1 unless there are vectors (meaning.py).
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from index.engines.api import Match, matches_of
from index.engines.scoring import K1
from search.ranking.ranking_query import RankingQuery
from search.ranking.signals import freshness, kind_factor
from search.ranking.text_signals import TextSignals

RERANKED_MATCHES = 50
"""Matches whose texts are read. Those after them stay in the engine's order."""
BM25_SCALE = K1 + 1
"""Engines leave out this constant factor of BM25. With it, a word scores up to 2.2 in a field."""
FIRST_MENTION_WEIGHT = 0.5
OPENING_WEIGHT = 0.2
LABELS_WEIGHT = 0.4
"""For a word whose concept is what the article is labelled with: its topic, or an organisation."""
TITLE_WORDS_WEIGHT = 0.3
PAIRS_WEIGHT = 1.0
WHOLE_TITLE_BONUS = 2.0


class Marks(NamedTuple):
    """Of an article: its kinds, and the numbers of the query's words whose concepts label it."""

    kinds: tuple[str, ...] = ()
    labels: tuple[int, ...] = ()


UNMARKED = Marks()
NO_MARKS: Mapping[str, Marks] = {}


def rerank(
    matches: Sequence[Match],
    signals: Mapping[str, TextSignals],
    query: RankingQuery,
    *,
    marks: Mapping[str, Marks] = NO_MARKS,
    fresh: bool = True,
) -> list[Match]:
    """All matches, the first RERANKED_MATCHES of them with new scores and in their order.

    `signals`, `marks`: of those, by id. `fresh`: count their age.
    """
    total = sum(query.idfs) or 1.0
    reranked = matches[:RERANKED_MATCHES]
    scores = []
    for match in reranked:
        name, bm25, published, _, _ = match
        kinds, labels = marks.get(name, UNMARKED)
        labelled = sum([query.idfs[at] for at in labels]) / total
        score = _score(BM25_SCALE * bm25 / total, signals[name], labelled)
        if fresh:
            score *= freshness(published, query.now)
        if kinds:
            score *= kind_factor(kinds, query.asked_kinds)
        scores.append(score * query.meaning.get(name, 1.0))
    head = _with_scores(reranked, scores)
    head.sort(key=_order)
    return [*head, *_scaled(matches[RERANKED_MATCHES:], head, total)]


def _score(bm25: float, signals: TextSignals, labelled: float) -> float:
    coverage, first, opening, title, pairs, whole_title = signals
    score = (bm25 + LABELS_WEIGHT * labelled) * coverage
    score += FIRST_MENTION_WEIGHT * first
    score += OPENING_WEIGHT * opening
    score += TITLE_WORDS_WEIGHT * title
    score += PAIRS_WEIGHT * pairs
    return score + WHOLE_TITLE_BONUS if whole_title else score


def _scaled(rest: Sequence[Match], head: Sequence[Match], total: float) -> list[Match]:
    """The matches after the reranked ones, with scores on the same scale, at most theirs."""
    if not rest:
        return []
    ceiling = head[-1].score
    factor = BM25_SCALE / total
    return _with_scores(
        rest, [score if (score := match.score * factor) < ceiling else ceiling for match in rest]
    )


def _with_scores(matches: Sequence[Match], scores: Sequence[float]) -> list[Match]:
    if not matches:
        return []
    ids, _, *others = zip(*matches, strict=True)
    return matches_of(zip(ids, scores, *others, strict=True))


def _order(match: Match) -> tuple[float, bool, int, str]:
    return (-match.score, match.published is None, -(match.published or 0), match.id)
