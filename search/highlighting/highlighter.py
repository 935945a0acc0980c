"""Finds the spans of a text that match the query, each with the leaf of the query it matches.

Words are compared with the words of the text, segmented as in the index, so no half word is marked.
Phrases are compared character by character. Texts are normalised; normalisation keeps the length,
so the offsets also hold in the original.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from operator import itemgetter
from typing import NamedTuple

from index.analysis.segmenter import Segmenter
from index.analysis.word_boundaries import ends
from index.lexicon.model import token_of
from index.text.normalize import normalize
from index.text.numbers.amounts import amounts
from index.text.spans import Span
from search.budget import UNLIMITED, Budget
from search.highlighting.forms import Forms, forms_of
from search.query.planner import Plan
from search.query.wildcard import WordPattern

_START = itemgetter(0)


class Mark(NamedTuple):
    """A matched span and the number of the leaf that it matches."""

    start: int
    end: int
    leaf: int


_mark_of = partial(tuple.__new__, Mark)
"""Of its three values: calling the class takes three times as long."""


@dataclass(frozen=True)
class Marker:
    """Finds the marks of one query in any text. Raises BudgetSpent where that takes too long."""

    segmenter: Segmenter
    plan: Plan
    budget: Budget = UNLIMITED
    _tokens: dict[str, int] = field(default_factory=dict)
    _concepts: dict[str, int] = field(default_factory=dict)
    _runs: list[tuple[str, int]] = field(default_factory=list)
    _wildcards: list[tuple[WordPattern, int]] = field(default_factory=list)
    _amounts: dict[str, int] = field(default_factory=dict)
    _known: dict[str, Sequence[Mark]] = field(default_factory=dict)
    _lacking: dict[tuple[str, ...], "Marker"] = field(default_factory=dict)

    def __post_init__(self) -> None:
        leaf = 0
        for word in self.plan.words:
            if word.amount:
                self._amounts.setdefault(word.amount, leaf)
                self._tokens.setdefault(word.token, leaf)
            elif word.characters:
                self._runs.append((word.text, leaf))
            else:
                regional = (token_of(normalize(other)) for other in word.regional)
                for token in (word.token, *self.segmenter.pieces(word.token), *regional):
                    self._tokens.setdefault(token, leaf)
                if word.concept:
                    self._concepts.setdefault(word.concept.token, leaf)
            leaf += 1
        for phrase in self.plan.phrases:
            self._runs.append((phrase, leaf))
            leaf += 1
        for pattern in self.plan.wildcards:
            self._wildcards.append((pattern, leaf))
            leaf += 1

    def lacking(self, missing: tuple[str, ...]) -> "Marker":
        """Marks what is near these words, as typed, in articles that lack them."""
        if missing not in self._lacking:
            plan = self.plan.lacking(missing)
            same = plan.words == self.plan.words
            self._lacking[missing] = self if same else Marker(self.segmenter, plan, self.budget)
        return self._lacking[missing]

    def marks(self, normalized: str, lengths: str | None = None) -> list[Mark]:
        """All marks in order. If two overlap, only the longer one.

        `lengths`: of the pieces of the text, as stored (word_boundaries.py); of more than this text
        where it is the beginning of one. Without it, the text is segmented.
        """
        marks = self._characters(normalized) if self._runs else []
        if self._amounts:
            marks += self._numbers(normalized)
        words: list[Mark] = []
        if self._tokens or self._concepts or self._wildcards:
            words = self._words(normalized, lengths)
        return _disjoint(marks + words) if marks else words

    def hints(self, normalized: str) -> list[Span]:
        """Spans that may contain marks, in order. Fast; `marks` finds the exact ones."""
        found: list[Span] = []
        for forms in self._forms:
            self.budget.check()
            found += forms.spans(normalized)
        return sorted(found) if len(self._forms) > 1 else found

    @property
    def leaves(self) -> int:
        """Number of leaves (words, phrases, wildcards) that marks can belong to."""
        plan = self.plan
        return len(plan.words) + len(plan.phrases) + len(plan.wildcards)

    @cached_property
    def _forms(self) -> list[Forms]:
        """Of each leaf."""
        words = [forms_of(word.forms) for word in self.plan.words]
        runs = [forms_of((), (text,)) for text, _ in self._runs]
        beginnings = [forms_of((), (pattern.beginning,)) for pattern, _ in self._wildcards]
        return [*words, *runs, *beginnings]

    def _characters(self, normalized: str) -> list[Mark]:
        marks = []
        for text, leaf in self._runs:
            at = normalized.find(text)
            while at >= 0:
                marks.append(Mark(at, at + len(text), leaf))
                at = normalized.find(text, at + len(text))
        return marks

    def _numbers(self, normalized: str) -> Iterator[Mark]:
        for amount in amounts(normalized):
            for token in amount.tokens:
                if token in self._amounts:
                    yield Mark(amount.start, amount.end, self._amounts[token])

    def _words(self, normalized: str, lengths: str | None) -> list[Mark]:
        """In order and without overlap: pieces are, and what is known of each."""
        hints = self.hints(normalized)
        pieces = self._cut(normalized, hints) if lengths is None else _pieces(lengths, hints)
        known = self._known
        marks = []
        for start, end in pieces:
            piece = normalized[start:end]
            inside = known.get(piece)
            if inside is None:
                inside = known[piece] = self._inside(piece)
            for first, last, leaf in inside:
                marks.append(_mark_of((start + first, start + last, leaf)))
        return marks

    def _cut(self, normalized: str, hints: list[Span]) -> list[Span]:
        """The pieces between two borders that enclose a hint. Other text is not segmented."""
        borders: list[int] = []
        pieces: list[Span] = []
        done = 0
        for first, last in hints:
            if last <= done:
                continue
            borders = borders or [0, *self.segmenter.borders(normalized), len(normalized)]
            at = max(borders[bisect_right(borders, first) - 1], done)
            done = borders[bisect_left(borders, last)]
            for piece in self.segmenter.segment(normalized[at:done]):
                pieces.append((at, at + len(piece)))
                at += len(piece)
        return pieces

    def _inside(self, piece: str) -> Sequence[Mark]:
        """The matches in one word: the whole word, or words inside it."""
        self.budget.check()
        if not any(forms.first(piece) for forms in self._forms):
            return ()  # true of most words, so they are not split into parts
        token = token_of(piece)
        leaf = self._leaf_of(token)
        if leaf is not None and not self._named_by_part(token):
            return (Mark(0, len(piece), leaf),)
        found = []
        for part in self.segmenter.parts(token):
            leaf = self._leaf_of(part)
            if leaf is not None and not self._named_by_part(part):
                found += [Mark(*span, leaf) for span in Forms((part,)).spans(piece)]
        return _disjoint(found)

    def _named_by_part(self, token: str) -> bool:
        """Whether only words inside the word match, which are marked instead: 商业[银行], but all
        of 零知识证明 for its other name 零知识."""
        return self._leaf_of_whole(token) is None and any(
            self._leaf_of(part) is not None for part in self.segmenter.parts(token)
        )

    def _leaf_of(self, token: str) -> int | None:
        """The leaf that a word matches, as a whole or because of a concept that is named in it."""
        leaf = self._leaf_of_whole(token)
        if leaf is not None:
            return leaf
        for concept in self.segmenter.concepts(token):
            if concept in self._concepts:
                return self._concepts[concept]
        return None

    def _leaf_of_whole(self, token: str) -> int | None:
        """The leaf that a whole word matches: as typed, by wildcard, or as a concept's name."""
        if token in self._tokens:
            return self._tokens[token]
        for pattern, leaf in self._wildcards:
            if pattern.matches(token):
                return leaf
        return self._concepts.get(self.segmenter.named(token) or "")


def _pieces(lengths: str, hints: list[Span]) -> list[Span]:
    """The pieces that overlap a hint."""
    pieces: list[Span] = []
    if not hints:
        return pieces
    borders = ends(lengths, max(last for _, last in hints))
    following, count = 0, len(borders)
    for first, last in hints:
        following = bisect_right(borders, first, following)
        start = borders[following - 1] if following else 0
        while start < last and following < count:
            end = borders[following]
            pieces.append((start, end))
            start, following = end, following + 1
    return pieces


def _disjoint(marks: list[Mark]) -> list[Mark]:
    result: list[Mark] = []
    covered = 0
    for mark in sorted(marks, key=_START):
        if mark.start >= covered:
            result.append(mark)
            covered = mark.end
        elif mark.end - mark.start > covered - result[-1].start:
            result[-1] = mark
            covered = mark.end
    return result
