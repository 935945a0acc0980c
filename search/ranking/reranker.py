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

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import repeat
from typing import NamedTuple

from index.engines.api import Match, matches_of
from index.engines.scoring import K1
from index.text.spans import Span
from search.budget import UNLIMITED, Budget
from search.highlighting.forms import Forms, forms_of
from search.query.expansion import ALIAS_WEIGHT, NEAR_WEIGHT, QueryWord
from search.ranking.questions import asks
from search.ranking.signals import freshness, kind_factor, pair_scores

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


_Shown = tuple[float, float, float, float]
"""How an article shows a word: (found, in_title, opening, first). `found`: 1 as typed, less under
another name, 0 not at all, in title or text. `in_title`: the same in the title. `opening`: 1 if
there or in the text's opening, under any name. `first`: 1 at the text's start, less after it."""


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
    reranked = matches[:RERANKED_MATCHES]
    texts = [normalized.get(match.id, "\n") for match in reranked]
    titles = [text[: text.find("\n")] for text in texts]
    words = _shown(titles, texts, query)
    pairs = pair_scores(query.pairs, texts)
    scores = []
    for match, title, shown, in_pairs in zip(reranked, titles, words, pairs, strict=True):
        marked = marks.get(match.id, UNMARKED)
        labelled = sum([query.idfs[at] for at in marked.labels]) / total
        score = _score(BM25_SCALE * match.score / total, shown, query.idfs, labelled)
        score += PAIRS_WEIGHT * in_pairs
        if title.strip() == query.phrase or asks(title, query.questions):
            score += WHOLE_TITLE_BONUS
        if fresh:
            score *= freshness(match.published, query.now)
        score *= kind_factor(marked.kinds, query.asked_kinds)
        scores.append(score * query.meaning.get(match.id, 1.0))
    head = _with_scores(reranked, scores)
    head.sort(key=_order)
    return [*head, *_scaled(matches[RERANKED_MATCHES:], head, total)]


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


def _score(bm25: float, words: Sequence[_Shown], idfs: Sequence[float], labelled: float) -> float:
    """What the words of the query are worth in an article, each as it shows it."""
    total = sum(idfs) or 1.0
    found = in_title = opening = first = 0.0
    for shown, idf in zip(words, idfs, strict=True):
        found += shown[0] * idf
        in_title += shown[1] * idf
        opening += shown[2] * idf
        first += shown[3] * idf
    coverage = found / total if words else 1.0
    score = (bm25 + LABELS_WEIGHT * labelled) * coverage
    score += FIRST_MENTION_WEIGHT * (first / total)
    score += OPENING_WEIGHT * (opening / total)
    return score + TITLE_WORDS_WEIGHT * (in_title / total)


def _shown(
    titles: Sequence[str], texts: Sequence[str], query: RankingQuery
) -> Iterator[tuple[_Shown, ...]]:
    """How each text shows each word of the query. Raises BudgetSpent."""
    columns = []
    for word in query.words:
        query.budget.check()
        forms = forms_of(word.forms)
        itself = _alone if forms.run == word.text else partial(_itself, forms)
        near = forms_of(tuple([form for other in word.near for form in other.forms]))
        columns.append(
            [
                itself(word.text, title, text) or _near(near, title, text)
                for title, text in zip(titles, texts, strict=True)
            ]
        )
    return zip(*columns, strict=True) if columns else repeat((), len(texts))


def _alone(typed: str, title: str, text: str) -> _Shown | None:
    """The same as `_itself` for a word with one spelling that may be part of a longer one: most
    Chinese words."""
    body = len(title) + 1
    in_title, at = float(typed in title), text.find(typed, body) - body
    if at >= 0:
        return 1.0, in_title, float(in_title or at < OPENING_CHARS), _early(1.0, at)
    return (1.0, 1.0, 1.0, 0.0) if in_title else None


def _itself(forms: Forms, typed: str, title: str, text: str) -> _Shown | None:
    """How a title, and the text that begins with it, show a word; None if no form is there."""
    span = forms.first(text)
    if span is None:
        return None
    body = len(title) + 1
    in_title = 0.0
    if span[0] < body:
        in_title, _ = _worth(forms, typed, title, span)
        span = forms.first(text, body)
        if span is None:
            return in_title, in_title, 1.0, 0.0
    found, first = _worth(forms, typed, text, span, body)
    opens = in_title > 0 or span[0] - body < OPENING_CHARS
    return max(in_title, found), in_title, float(opens), first


def _worth(forms: Forms, typed: str, text: str, span: Span, start: int = 0) -> tuple[float, float]:
    """What a word is worth in a text from `start` on, and what its place there is. `span`: its
    first match there."""
    at, end = span
    if text[at:end] == typed:
        return 1.0, _early(1.0, at - start)
    first = _early(ALIAS_WEIGHT, at - start)
    if text.find(typed, end) >= 0:
        while later := forms.first(text, end):
            at, end = later
            if text[at:end] == typed:
                return 1.0, max(first, _early(1.0, at - start))
    return ALIAS_WEIGHT, first


def _near(near: Forms, title: str, text: str) -> _Shown:
    span = near.first(text)
    if span is None:
        return 0.0, 0.0, 0.0, 0.0
    body = len(title) + 1
    in_title = NEAR_WEIGHT if span[0] < body else 0.0
    if in_title:
        span = near.first(text, body)
        if span is None:
            return in_title, in_title, in_title, 0.0
    at = span[0] - body
    opens = NEAR_WEIGHT if in_title or at < OPENING_CHARS else 0.0
    return NEAR_WEIGHT, in_title, opens, _early(NEAR_WEIGHT, at)


def _early(worth: float, at: int) -> float:
    return worth / (1 + at / HALF_WEIGHT_CHARS)
