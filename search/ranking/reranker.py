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

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from index.engines.api import Match, matches_of
from index.engines.scoring import K1
from search.budget import UNLIMITED, Budget
from search.highlighting.highlighter import any_of
from search.query.expansion import ALIAS_WEIGHT, NEAR_WEIGHT, QueryWord
from search.ranking.questions import asks
from search.ranking.signals import freshness, kind_factor, pair_score

RERANKED_MATCHES = 50
"""Matches whose texts are read. Those after them stay in the engine's order."""
BM25_SCALE = K1 + 1
"""Engines leave out this constant factor of BM25. With it, a word scores up to 2.2 in a field."""
FIRST_MENTION_WEIGHT = 0.5
HALF_WEIGHT_CHARS = 100
"""A first mention this many characters into the text counts half of one at its start."""
OPENING_WEIGHT = 0.2
OPENING_CHARS = 200
"""A word in the title or in as much of the text counts as part of what the article opens with: news
says there what it is about."""
LABELS_WEIGHT = 0.4
"""For a word whose concept is what the article is labelled with: its topic, or an organisation."""
TITLE_WORDS_WEIGHT = 0.3
PAIRS_WEIGHT = 1.0
WHOLE_TITLE_BONUS = 2.0
NO_MATCH = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True)
class RankingQuery:
    """What ranking uses of a query: its words with the idf of each, its pairs of characters, its
    whole text normalised (`phrase`), the same as titles may ask it where it says more than its
    words (`questions`), the time in epoch seconds (`now`), and the kinds of articles that it asks
    for. `meaning`: factors by id (meaning.py)."""

    words: tuple[QueryWord, ...]
    idfs: tuple[float, ...]
    pairs: tuple[str, ...]
    phrase: str
    now: int
    questions: tuple[str, ...] = ()
    asked_kinds: frozenset[str] = frozenset()
    meaning: Mapping[str, float] = field(default_factory=dict)
    budget: Budget = UNLIMITED


class Marks(NamedTuple):
    """Of an article: its kinds, and the numbers of the query's words whose concepts label it."""

    kinds: tuple[str, ...] = ()
    labels: tuple[int, ...] = ()


UNMARKED = Marks()
NO_MARKS: Mapping[str, Marks] = {}


class _Patterns(NamedTuple):
    """What a word and what is near it look like in a text."""

    word: re.Pattern[str]
    near: re.Pattern[str] | None

    @classmethod
    def of(cls, word: QueryWord) -> "_Patterns":
        near = [form for other in word.near for form in other.forms]
        return cls(any_of(word.forms) or NO_MATCH, any_of(tuple(near)) if near else None)


class _Seen(NamedTuple):
    """How a text shows a word. `found`: 1 as typed, less under another name, 0 not at all, in
    title or text. `title`: the same in the title. `opening`: 1 if there or in the text's opening,
    under any name. `first`: 1 at the text's start, less after it."""

    found: float
    title: float
    opening: float
    first: float


def rerank(
    matches: Sequence[Match],
    normalized: Mapping[str, str],
    query: RankingQuery,
    *,
    marks: Mapping[str, Marks] = NO_MARKS,
    fresh: bool = True,
) -> list[Match]:
    """All matches, the first RERANKED_MATCHES of them with new scores and in their order.

    `normalized`: title, line break and text of those, normalised, by id; `marks`: theirs, also by
    id. `fresh`: count their age. Raises BudgetSpent.
    """
    total = sum(query.idfs) or 1.0
    patterns = [_Patterns.of(word) for word in query.words]
    head = []
    for match in matches[:RERANKED_MATCHES]:
        query.budget.check()
        text = normalized.get(match.id, "\n")
        marked = marks.get(match.id, UNMARKED)
        labelled = sum(query.idfs[at] for at in marked.labels) / total
        score = _score(BM25_SCALE * match.score / total, text, patterns, query, labelled)
        if fresh:
            score *= freshness(match.published, query.now)
        score *= kind_factor(marked.kinds, query.asked_kinds)
        score *= query.meaning.get(match.id, 1.0)
        head.append(match._replace(score=score))
    head.sort(key=_order)
    return [*head, *_scaled(matches[RERANKED_MATCHES:], head, total)]


def _scaled(rest: Sequence[Match], head: Sequence[Match], total: float) -> list[Match]:
    """The matches after the reranked ones, with scores on the same scale, at most theirs."""
    if not rest:
        return []
    ceiling = head[-1].score
    factor = BM25_SCALE / total
    ids, scores, *others = zip(*rest, strict=True)
    scaled = [score if (score := each * factor) < ceiling else ceiling for each in scores]
    return matches_of(zip(ids, scaled, *others, strict=True))


def _order(match: Match) -> tuple[float, bool, int, str]:
    return (-match.score, match.published is None, -(match.published or 0), match.id)


def _score(
    bm25: float, normalized: str, patterns: list[_Patterns], query: RankingQuery, labelled: float
) -> float:
    total = sum(query.idfs) or 1.0
    title, _, text = normalized.partition("\n")
    found = in_title = opening = first = 0.0
    for pattern, word, idf in zip(patterns, query.words, query.idfs, strict=True):
        seen = _seen(pattern, word, title, text)
        found += seen.found * idf
        in_title += seen.title * idf
        opening += seen.opening * idf
        first += seen.first * idf
    coverage = found / total if patterns else 1.0
    score = (bm25 + LABELS_WEIGHT * labelled) * coverage
    score += FIRST_MENTION_WEIGHT * (first / total)
    score += OPENING_WEIGHT * (opening / total)
    score += TITLE_WORDS_WEIGHT * (in_title / total)
    score += PAIRS_WEIGHT * pair_score(query.pairs, normalized)
    if title.strip() == query.phrase or asks(title, query.questions):
        score += WHOLE_TITLE_BONUS
    return score


def _seen(patterns: _Patterns, word: QueryWord, title: str, text: str) -> _Seen:
    """A near word counts where the word itself is missing."""
    seen = _seen_itself(patterns.word, word, title, text)
    if seen.found or patterns.near is None:
        return seen
    in_title, at = bool(patterns.near.search(title)), patterns.near.search(text)
    opens = in_title or (at is not None and at.start() < OPENING_CHARS)
    return _Seen(
        NEAR_WEIGHT * (in_title or at is not None),
        NEAR_WEIGHT * in_title,
        NEAR_WEIGHT * opens,
        NEAR_WEIGHT / (1 + at.start() / HALF_WEIGHT_CHARS) if at else 0.0,
    )


def _seen_itself(pattern: re.Pattern[str], word: QueryWord, title: str, text: str) -> _Seen:
    if pattern.pattern == word.text:
        return _seen_alone(word.text, title, text)
    in_title = max([_worth(m.group(), word) for m in pattern.finditer(title)], default=0.0)
    in_text, first, opens = 0.0, 0.0, in_title > 0
    for match in pattern.finditer(text):
        worth = _worth(match.group(), word)
        if worth > in_text:
            in_text = worth
            first = max(first, worth / (1 + match.start() / HALF_WEIGHT_CHARS))
            opens = opens or match.start() < OPENING_CHARS
        if worth == 1.0:
            break
    return _Seen(max(in_title, in_text), in_title, float(opens), first)


def _seen_alone(word: str, title: str, text: str) -> _Seen:
    """A word with one spelling that may be part of a longer one: most Chinese words."""
    in_title, at = float(word in title), text.find(word)
    return _Seen(
        max(in_title, float(at >= 0)),
        in_title,
        max(in_title, float(0 <= at < OPENING_CHARS)),
        1 / (1 + at / HALF_WEIGHT_CHARS) if at >= 0 else 0.0,
    )


def _worth(form: str, word: QueryWord) -> float:
    return 1.0 if form == word.text else ALIAS_WEIGHT
