"""Builds the snippet of a text for a query: one or two pieces, whole sentences if they fit."""

import re
from collections.abc import Sequence

from index.analysis.word_boundaries import WordBoundaries
from index.text.normalize import normalize
from index.text.spans import Span
from search.highlighting.highlighter import Mark, Marker
from search.highlighting.sentence_ends import SentenceEnds, cut_end, cut_start, whole_around
from search.highlighting.sentences import (
    LAST_LOOK_CHARS,
    MAX_SNIPPET_CHARS,
    SECOND_LOOK_CHARS,
    Piece,
    leaves_of,
    matching_sentences,
)
from search.response import Highlighted

MIN_SNIPPET_CHARS = 80
"""Minimum length of a snippet, unless the text is shorter."""
HALF_SNIPPET_CHARS, MIN_HALF_CHARS = 58, 40
LEAD_CHARS = 30
"""The first match begins at most this far into a piece, so that readers see it at once."""
MIN_FURTHER_LETTERS = 8
"""Letters that a text has to add to its title for them to be shown."""
ELLIPSIS = "…"
_ADDRESS = re.compile(r"https?:[!-~]+")
_FIRST_LETTERS = re.compile(r"[^\W_]{1,8}")
_AFTER_A_TITLE = " \n。.!?…:,;、~|-—”」』》】)"


def snippet(
    text: str, normalized: str, marker: Marker, boundaries: WordBoundaries, leaves: int
) -> Highlighted:
    """Up to two pieces of 80 to 120 characters in all, joined by an ellipsis.

    `normalized` is `text` normalised, so spans hold for both. Without a match: the beginning.
    A piece exceeds its limit only for a longer match. `leaves`: the number of leaves the text may
    match; once a sentence matches all of them, the rest of the text is not searched.
    """
    ends = SentenceEnds(normalized)
    if len(text) <= MAX_SNIPPET_CHARS:
        return _join(text, ends, [Piece(0, len(text), marker.marks(normalized, boundaries.text))])
    found = matching_sentences(ends, marker, boundaries, leaves)
    if not found:
        return _join(text, ends, [_beginning(ends, MIN_SNIPPET_CHARS, MAX_SNIPPET_CHARS)])
    first = found[0].piece
    alone = _fit(ends, first, MIN_SNIPPET_CHARS, MAX_SNIPPET_CHARS)
    unseen = ~leaves_of(alone.marks)
    if found[0].leaves & unseen:  # the sentence was cut; others may show what that took
        found = matching_sentences(ends, marker, boundaries, leaves, SECOND_LOOK_CHARS)
    more = max(found, key=lambda sentence: (sentence.leaves & unseen).bit_count())
    if more.leaves & unseen:
        return _join(text, ends, _two(ends, first, more.piece))
    if alone.length >= MIN_SNIPPET_CHARS or alone.end < len(text):
        return _join(text, ends, [alone])
    # The text ends soon after the match, so text before the match fits too.
    before = next((piece for piece, _, _ in found if piece.end <= alone.start), None)
    if before:
        return _join(text, ends, _two(ends, before, first))
    beginning = _beginning(ends, MIN_SNIPPET_CHARS - alone.length, MAX_SNIPPET_CHARS - alone.length)
    return _join(text, ends, _merged(ends, beginning, alone))


def repeats_title(shown: str, title: str) -> bool:
    """Whether a snippet says nothing but its normalised title, or a part of it."""
    known = _letters(title)
    begins = _FIRST_LETTERS.search(shown)
    if begins and _letters(normalize(begins.group())) not in known:
        return False  # true of most snippets
    letters = _letters(normalize(shown))
    return bool(letters) and letters in known


def beyond_title(
    text: str, normalized: str, title: str, marker: Marker, boundaries: WordBoundaries
) -> Highlighted:
    """The snippet of a text that begins with its normalised title: the best sentence that is not
    part of the title, else what follows the title; empty where that is less than a few words."""
    ends = SentenceEnds(normalized)
    start = _end_of_title(normalized, title)
    start += len(normalized) - start - len(normalized[start:].lstrip(_AFTER_A_TITLE))
    found = matching_sentences(ends, marker, boundaries, None, LAST_LOOK_CHARS)
    later = (sentence.piece for sentence in found if sentence.piece.start >= start)
    for piece in later:
        shown = _join(text, ends, [_fit(ends, piece, MIN_SNIPPET_CHARS, MAX_SNIPPET_CHARS)])
        if not repeats_title(shown.text, title):
            return shown
    end = cut_end(ends, start, MIN_SNIPPET_CHARS, MAX_SNIPPET_CHARS)
    if len(_letters(_ADDRESS.sub("", normalized[start:end]))) < MIN_FURTHER_LETTERS:
        return Highlighted("")
    shown = _join(text, ends, [Piece(start, end)])
    return Highlighted("") if repeats_title(shown.text, title) else shown


def _end_of_title(normalized: str, title: str) -> int:
    """Where a text goes on after its title; 0 if it does not begin with it."""
    wanted = iter(_letters(title))
    expected = next(wanted, None)
    for at, char in enumerate(normalized):
        if expected is None:
            return at
        if char.isalnum():
            if char != expected:
                return 0
            expected = next(wanted, None)
    return len(normalized) if expected is None else 0


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def _two(ends: SentenceEnds, first: Piece, second: Piece) -> list[Piece]:
    """Both whole where they fit, else cut to half the length, or to what the other leaves."""
    first, second = sorted((first, second), key=lambda piece: piece.marks[0].start)
    room = max(HALF_SNIPPET_CHARS, MAX_SNIPPET_CHARS - first.length)
    later = _fit(ends, second, MIN_HALF_CHARS, room)
    room = MAX_SNIPPET_CHARS - later.length
    earlier = _fit(ends, first, min(MIN_HALF_CHARS, room), room)
    if later.length + earlier.length < MIN_SNIPPET_CHARS and later.end < len(ends.text):
        room = max(MAX_SNIPPET_CHARS - earlier.length, MIN_HALF_CHARS)
        later = _fit(ends, second, MIN_SNIPPET_CHARS - earlier.length, room)
    return _merged(ends, earlier, later)


def _merged(ends: SentenceEnds, first: Piece, second: Piece) -> list[Piece]:
    """Merge the pieces if they touch."""
    if second.start > first.end:
        return [first, second]
    start, end = min(first.start, second.start), max(first.end, second.end)
    end = max(cut_end(ends, start, MIN_SNIPPET_CHARS, MAX_SNIPPET_CHARS), end)
    return [Piece(start, end, max(first.known, second.known, key=len))]


def _fit(ends: SentenceEnds, piece: Piece, low: int, high: int) -> Piece:
    """A sentence with what follows it, or precedes it, to fill `low` to `high` characters. One that
    is longer is cut around its first match."""
    start, end, known = piece
    whole = whole_around(ends, start, end, low, high)
    if whole:
        return Piece(*whole, known)
    first = piece.marks[0]
    if piece.length > high and first.start - start > LEAD_CHARS:
        start = cut_start(ends.text, first.start - LEAD_CHARS, first.start)
    return Piece(start, max(cut_end(ends, start, low, high), first.end), known)


def _beginning(ends: SentenceEnds, low: int, high: int) -> Piece:
    return Piece(0, cut_end(ends, 0, low, high))


def _join(text: str, ends: SentenceEnds, pieces: list[Piece]) -> Highlighted:
    """An ellipsis stands where a sentence is cut, and between two pieces."""
    shown = ""
    spans: list[Span] = []
    for piece in pieces:
        marks = piece.marks
        start, end = _stripped(text, piece, marks)
        if (shown or not ends.between(start)) and shown[-1:] != ELLIPSIS:
            shown += ELLIPSIS
        offset = len(shown) - start
        spans += [(first + offset, last + offset) for first, last, _ in marks]
        shown += text[start:end].replace("\n", " ")
        if not ends.between(end):
            shown += ELLIPSIS
    return Highlighted(shown, tuple(spans))


def _stripped(text: str, piece: Piece, marks: Sequence[Mark]) -> Span:
    """Strip white space at both ends, unless a phrase matched it."""
    start, end, _ = piece
    first, last = (marks[0].start, marks[-1].end) if marks else (end, start)
    while start < first and text[start].isspace():
        start += 1
    while end > max(last, start) and text[end - 1].isspace():
        end -= 1
    return start, end
