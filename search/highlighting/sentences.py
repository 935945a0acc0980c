"""Finds the sentences of a text that match a query, for snippets."""

import sys
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from operator import attrgetter
from typing import NamedTuple

from index.analysis.word_boundaries import WordBoundaries
from index.text.spans import Span
from search.highlighting.highlighter import Mark, Marker
from search.highlighting.sentence_ends import BORDER_SEARCH_CHARS, SentenceEnds, cut_start

MAX_SNIPPET_CHARS = 117
"""Maximum length of a snippet without its ellipses: two lines on a desktop, three on a phone."""
CONTEXT_CHARS = MAX_SNIPPET_CHARS + 2 * BORDER_SEARCH_CHARS
"""Characters after a match that a snippet may need; a word cut off at their end is not shown."""
FIRST_LOOK_CHARS, LOOK_GROWTH = 250, 4
"""Characters of a text that are searched first, and the factor by which that grows. News says in
its first sentences what it is about."""
SECOND_LOOK_CHARS = FIRST_LOOK_CHARS * LOOK_GROWTH
LAST_LOOK_CHARS = 16_000
"""After this many characters, only texts without a match so far are searched further."""
NOTHING = (False, -sys.maxsize)
"""Better than any sentence."""
_WORTH = attrgetter("worth")


class Piece(NamedTuple):
    """[start, end) of the text. `known`: marks of the text, at least those in and near it."""

    start: int
    end: int
    known: Sequence[Mark] = ()

    @property
    def marks(self) -> Sequence[Mark]:
        """The marks in it."""
        return _within(self.known, self.start, self.end)

    @property
    def length(self) -> int:
        return self.end - self.start


class Sentence(NamedTuple):
    """A sentence and the leaves of the query that it matches. `worth`: sorts better ones first:
    boilerplate last, then by number of leaves."""

    piece: Piece
    leaves: int
    worth: tuple[bool, int]


def leaves_of(marks: Sequence[Mark]) -> int:
    """The leaves that marks belong to, one bit each."""
    found = 0
    for _, _, leaf in marks:
        found |= 1 << leaf
    return found


def matching_sentences(
    ends: SentenceEnds,
    marker: Marker,
    boundaries: WordBoundaries,
    leaves: int | None,
    looked_at: int = FIRST_LOOK_CHARS,
) -> list[Sentence]:
    """Matching sentences: boilerplate last, then by number of leaves matched, then in text order.
    `looked_at` characters are searched, and more until a sentence matches all of `leaves` that the
    text has; those after it are left out. Without `leaves`, all are returned."""
    normalized = ends.text
    found: list[Sentence] = []
    marks: list[Mark] = []
    marked = 0
    enough = NOTHING if leaves is None else (False, -leaves)
    while True:
        if looked_at > marked:
            # Whoever looks further mostly looks to the end, so that is marked at once.
            marked = looked_at if not marked else max(looked_at, LAST_LOOK_CHARS)
            marks = marker.marks(normalized[: marked + CONTEXT_CHARS], boundaries.text)
            if leaves is not None and marked >= LAST_LOOK_CHARS:
                enough = (False, -min(leaves, leaves_of(marks).bit_count()))
        shows_all = any(sentence.worth <= enough for sentence in found)
        part = (found[-1].piece.end if found else 0, looked_at)
        following = _sentences(ends, marks, part, boundaries.boilerplate)
        while not shows_all and (sentence := next(following, None)):
            found.append(sentence)
            shows_all = sentence.worth <= enough
        far_enough = looked_at >= (LAST_LOOK_CHARS if found else len(normalized))
        if shows_all or far_enough or looked_at >= len(normalized):
            return sorted(found, key=_WORTH)
        looked_at *= LOOK_GROWTH


def _sentences(
    ends: SentenceEnds, marks: list[Mark], part: Span, boilerplate: Sequence[Span]
) -> Iterator[Sentence]:
    """Sentences with a mark that begins in this part of the text, in order."""
    covered, looked_at = part
    for mark in marks:
        if mark.start >= looked_at:
            return
        if mark.end > covered:
            start, covered = _sentence(ends, mark)
            leaves = leaves_of(_within(marks, start, covered))
            printed = bool(boilerplate) and _begins_in(mark, boilerplate)
            yield Sentence(Piece(start, covered, marks), leaves, (printed, -leaves.bit_count()))


def _begins_in(mark: Mark, spans: Sequence[Span]) -> bool:
    return any(first <= mark.start < last for first, last in spans)


def _within(marks: Sequence[Mark], start: int, end: int) -> Sequence[Mark]:
    """Those of some marks, in order and without overlap, that are in [start, end)."""
    last = bisect_left(marks, (end,))
    if last and marks[last - 1].end > end:
        last -= 1
    return marks[bisect_left(marks, (start,)) : last]


def _sentence(ends: SentenceEnds, mark: Mark) -> Span:
    """The span between the borders before and after a match."""
    low, high = max(0, mark.start - BORDER_SEARCH_CHARS), mark.end + BORDER_SEARCH_CHARS
    start = ends.last(low, mark.start)
    if start is None:
        start = cut_start(ends.text, low, mark.start) if low else 0
    end = ends.first(mark.end, high)
    return start, min(len(ends.text), high) if end is None else end
