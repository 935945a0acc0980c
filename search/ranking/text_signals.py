"""What the text of an article says of a query: which words, in which places, how early.

Computed once for a query and an article of one generation, because the same query comes again with
another page, order or filter.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from functools import partial
from itertools import repeat
from typing import NamedTuple

from index.engines.lru_cache import LRUCache, by_length
from index.text.spans import Span
from search.highlighting.forms import Forms, forms_of
from search.query.expansion import ALIAS_WEIGHT, NEAR_WEIGHT
from search.ranking.questions import asks
from search.ranking.ranking_query import RankingQuery, near_forms
from search.ranking.signals import pair_scores

HALF_WEIGHT_CHARS = 100
"""A first mention this many characters into the text counts half of one at its start."""
OPENING_CHARS = 200
"""A word in the title or in as much of the text counts as part of what the article opens with: news
says there what it is about."""
MAX_CACHED_SIGNALS = 10_000
"""Of 400 bytes each: those of two hundred queries."""
CHARACTERS_AT_ONCE = 1_000_000
"""Texts of so many are looked at together. Those of an answer mostly have 150,000 in all; fifty of
the longest would take a second for each word, and 400 MB."""


class TextSignals(NamedTuple):
    """Each from 0 to 1. The first four are means over the words of the query, weighted by their
    idf; `pairs` is a mean over its pairs. `whole_title`: the title is the query, or asks it."""

    coverage: float
    first: float
    opening: float
    title: float
    pairs: float
    whole_title: bool


class SignalCache:
    """Signals of articles of one generation under recent queries. Threads may share it."""

    def __init__(self) -> None:
        self._known: LRUCache[Hashable, Mapping[str, TextSignals]] = LRUCache(
            MAX_CACHED_SIGNALS, by_length
        )

    def known(self, query: RankingQuery) -> Mapping[str, TextSignals]:
        """By id, those that need no text."""
        return self._known.get(query.subject) or {}

    def of(
        self,
        texts: Mapping[str, str],
        query: RankingQuery,
        known: Mapping[str, TextSignals] | None = None,
    ) -> Mapping[str, TextSignals]:
        """By id, those of these texts and perhaps of others. `texts`: by id, title, line break and
        text, normalised. `known`: what `known` returned, so that its texts were not read. Raises
        BudgetSpent."""
        known = self.known(query) if known is None else known
        new = {name: text for name, text in texts.items() if name not in known}
        if new:
            made = text_signals([*new.values()], query)
            known = {**known, **dict(zip(new, made, strict=True))}
            self._known.put(query.subject, known)
        return known


def text_signals(texts: Sequence[str], query: RankingQuery) -> Iterator[TextSignals]:
    """The signals of each text. Raises BudgetSpent."""
    for some in _parts(texts):
        query.budget.check()
        yield from _signals(some, query)


def _parts(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """The texts in order, in parts of CHARACTERS_AT_ONCE at most, or of one longer text."""
    start = size = 0
    for at, text in enumerate(texts):
        size += len(text)
        if size > CHARACTERS_AT_ONCE and at > start:
            yield texts[start:at]
            start, size = at, len(text)
    yield texts[start:]


def _signals(texts: Sequence[str], query: RankingQuery) -> Iterator[TextSignals]:
    total = sum(query.idfs) or 1.0
    titles = [text[: text.find("\n")] for text in texts]
    shown = _shown(titles, texts, query)
    pairs = pair_scores(query.pairs, texts)
    for title, words, in_pairs in zip(titles, shown, pairs, strict=True):
        found = in_title = opening = first = 0.0
        for word, idf in zip(words, query.idfs, strict=True):
            found += word[0] * idf
            in_title += word[1] * idf
            opening += word[2] * idf
            first += word[3] * idf
        yield TextSignals(
            coverage=found / total if words else 1.0,
            first=first / total,
            opening=opening / total,
            title=in_title / total,
            pairs=in_pairs,
            whole_title=title.strip() == query.phrase or asks(title, query.questions),
        )


_Shown = tuple[float, float, float, float]
"""How an article shows a word: (found, in_title, opening, first). `found`: 1 as typed, less under
another name, 0 not at all, in title or text. `in_title`: the same in the title. `opening`: 1 if
there or in the text's opening, under any name. `first`: 1 at the text's start, less after it."""


def _shown(
    titles: Sequence[str], texts: Sequence[str], query: RankingQuery
) -> Iterator[tuple[_Shown, ...]]:
    """How each text shows each word of the query. Raises BudgetSpent."""
    columns = []
    for word in query.words:
        query.budget.check()
        forms = forms_of(word.forms)
        itself = _alone if forms.run == word.text else partial(_itself, forms)
        near = forms_of(near_forms(word))
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
