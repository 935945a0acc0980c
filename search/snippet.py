"""The best one or two pieces of a text for a query: whole sentences where they fit."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from operator import itemgetter

from index.boilerplate import Span
from index.outline import Outline
from search.highlight import Mark, Marker
from search.results import Highlighted

LENGTH = 117
"""Characters at the most, besides three ellipses: two lines on a desktop, three on a phone."""
LEAST = 80
"""Characters at the least, where the text has so many."""
HALF, LEAST_OF_TWO = 58, 40
LEAD = 30
"""The first match stands within so many characters of a piece's start, where the eye falls."""
WINDOW = 120
"""A border between sentences is looked for within so many characters."""
LONG, MAX_HINTS = 5_000, 60
"""Of a text with more characters, the places with a possible match that are looked at."""
MAX_RUN = 20
"""Longer runs of Latin letters and digits may be cut."""
ELLIPSIS = "…"
# Each begins with one set of characters, which makes a search five times as fast.
_CLOSING = "[”’」』）)》】]*"
_END = rf"(?:(?<=[。！？；\n])|(?<=[!?;])(?![0-9A-Za-z])|(?<=\.)(?=\s)){_CLOSING}"
_SENTENCE_END = re.compile(rf"[。！？；\n!?;.]{_END}")
_CLAUSE_END = re.compile(
    rf"[，、： ,:。！？；\n!?;.](?:(?<=[，、： ])|(?<=[,:])(?![0-9A-Za-z])|{_END})"
)
_WITHIN_RUN = re.compile(r"[0-9A-Za-z.,%_/:-]{2}|[0-9].")
_BORDERS = str.maketrans("\n", " ")


@dataclass(frozen=True, slots=True)
class _Piece:
    """[start, end) of the text, and the marks that are known in and around it."""

    start: int
    end: int
    known: tuple[Mark, ...] = ()

    @property
    def marks(self) -> tuple[Mark, ...]:
        return tuple(m for m in self.known if self.start <= m.start and m.end <= self.end)

    @property
    def leaves(self) -> frozenset[int]:
        return frozenset(mark.leaf for mark in self.marks)

    def __len__(self) -> int:
        return self.end - self.start


def snippet(text: str, folded: str, marker: Marker, outline: Outline) -> Highlighted:
    """Up to two pieces of 80 to 120 characters in all, joined by an ellipsis.

    `folded` is `text` normalised, so spans hold for both. Without a match: the text's beginning.
    Only a match that is longer than a piece makes it longer.
    """
    marks = tuple(marker.marks(_looked_at(folded, marker), outline.text))
    if len(text) <= LENGTH:
        return _join(text, [_Piece(0, len(text), marks)])
    found = _matching_sentences(folded, marks, outline.aside)
    if not found:
        return _join(text, [_beginning(folded, LEAST, LENGTH)])
    alone = _fit(folded, found[0], LEAST, LENGTH)
    more = max(found, key=lambda piece: len(piece.leaves - alone.leaves))
    if more.leaves - alone.leaves:
        return _join(text, _two(folded, found[0], more))
    if len(alone) >= LEAST:
        return _join(text, [alone])
    # The text ends soon after the match: there is room for what stands before.
    before = next((piece for piece in found if piece.end <= alone.start), None)
    if before:
        return _join(text, _two(folded, before, found[0]))
    beginning = _beginning(folded, LEAST - len(alone), LENGTH - len(alone))
    return _join(text, _merged(folded, beginning, alone))


def _looked_at(folded: str, marker: Marker) -> str:
    """A text, or so much of a long one that it has MAX_HINTS and what may be shown after them."""
    if len(folded) <= LONG:
        return folded
    last = next(islice(marker.hints(folded), MAX_HINTS, None), None)
    return folded if last is None else folded[: last.end + 2 * WINDOW + LENGTH]


def _matching_sentences(
    folded: str, marks: tuple[Mark, ...], aside: Sequence[Span]
) -> list[_Piece]:
    """Sentences that match: boilerplate last, those that show the most leaves first, then in the
    text's order."""
    starts = [mark.start for mark in marks]
    found: list[tuple[bool, int, _Piece]] = []
    covered = 0
    for at, mark in enumerate(marks):
        if mark.end > covered:
            start, covered = _sentence(folded, mark)
            # With those of what follows, as far as the piece can be moved and grown.
            known = marks[at : bisect_left(starts, covered + LENGTH + WINDOW)]
            piece = _Piece(start, covered, known)
            printed = any(start <= mark.start < end for start, end in aside)
            found.append((printed, -len(piece.leaves), piece))
    return [piece for _, _, piece in sorted(found, key=itemgetter(0, 1))]


def _sentence(folded: str, mark: Mark) -> Span:
    """From the border before a match to the one after it."""
    low = max(0, mark.start - WINDOW)
    borders = _borders(_SENTENCE_END, folded, low, mark.start)
    start = borders[-1] if borders else _cut_start(folded, low, mark.start) if low else 0
    end = _SENTENCE_END.search(folded, mark.end - 1, mark.end + WINDOW)
    return start, end.end() if end else min(len(folded), mark.end + WINDOW)


def _two(folded: str, first: _Piece, second: _Piece) -> list[_Piece]:
    """Both cut to half the length; what one leaves over, for the text ends, the other takes."""
    first, second = sorted((first, second), key=lambda piece: piece.marks[0].start)
    later = _fit(folded, second, LEAST_OF_TWO, HALF)
    earlier = _fit(folded, first, LEAST_OF_TWO, HALF)
    if len(later) < LEAST_OF_TWO:
        earlier = _fit(folded, first, LEAST - len(later), LENGTH - len(later))
    else:
        low = max(LEAST - len(earlier), LEAST_OF_TWO)
        later = _fit(folded, second, low, max(LENGTH - len(earlier), low))
    return _merged(folded, earlier, later)


def _merged(folded: str, first: _Piece, second: _Piece) -> list[_Piece]:
    """Two pieces that touch are one."""
    if second.start > first.end:
        return [first, second]
    start, end = min(first.start, second.start), max(first.end, second.end)
    end = max(_cut_end(folded, start, LEAST, LENGTH), end)
    return [_Piece(start, end, tuple(dict.fromkeys([*first.known, *second.known])))]


def _fit(folded: str, piece: _Piece, low: int, high: int) -> _Piece:
    """Cut a sentence to `high` around its first match, or let it grow into the next ones."""
    first = piece.marks[0]
    start = piece.start
    if first.start - start > LEAD:
        start = _cut_start(folded, first.start - LEAD, first.start)
    return replace(piece, start=start, end=max(_cut_end(folded, start, low, high), first.end))


def _beginning(folded: str, low: int, high: int) -> _Piece:
    return _Piece(0, _cut_end(folded, 0, low, high))


def _cut_start(text: str, low: int, high: int) -> int:
    """The first place after a comma between `low` and `high`, else `high`."""
    return next(iter(_borders(_CLAUSE_END, text, low, high)), high)


def _cut_end(text: str, start: int, low: int, high: int) -> int:
    """The last sentence, or else clause, that ends `low` to `high` characters after `start`."""
    low, high = start + low, start + high
    if len(text) <= high:
        return len(text)
    for pattern in (_SENTENCE_END, _CLAUSE_END):
        borders = _borders(pattern, text, low, high)
        if borders:
            return borders[-1]
    places = range(high, max(low, high - MAX_RUN), -1)
    return next((at for at in places if not _WITHIN_RUN.match(text, at - 1)), high)


def _borders(pattern: re.Pattern[str], text: str, low: int, high: int) -> list[int]:
    """Where sentences or clauses end, from `low` to `high`, both included."""
    # One character more on both sides: a border ends there, or is none for what follows it.
    ends = [match.end() for match in pattern.finditer(text, max(0, low - 1), high + 1)]
    return [end for end in ends if low <= end <= high]


def _join(text: str, pieces: list[_Piece]) -> Highlighted:
    shown = ""
    marks: list[Span] = []
    for piece in (_stripped(text, piece) for piece in pieces):
        if piece.start > 0 and not shown.endswith(ELLIPSIS):
            shown += ELLIPSIS
        offset = len(shown) - piece.start
        marks += [(mark.start + offset, mark.end + offset) for mark in piece.marks]
        shown += text[piece.start : piece.end].translate(_BORDERS)
        if piece.end < len(text):
            shown += ELLIPSIS
    return Highlighted(shown, tuple(marks))


def _stripped(text: str, piece: _Piece) -> _Piece:
    """Without white space at either end, unless a phrase matched it."""
    start, end, marks = piece.start, piece.end, piece.marks
    first, last = (marks[0].start, marks[-1].end) if marks else (end, start)
    while start < first and text[start].isspace():
        start += 1
    while end > max(last, start) and text[end - 1].isspace():
        end -= 1
    return replace(piece, start=start, end=end)
