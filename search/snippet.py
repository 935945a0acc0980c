"""The best one or two pieces of a text for a query: whole sentences where they fit."""

import re
from dataclasses import dataclass

from search.highlight import Mark, Marker, sentences
from search.results import Highlighted

LENGTH = 120
"""Characters in all: what two lines hold on a desktop, three on a phone."""
LEAD = 30
"""The first match stands within so many characters of a piece's start, where the eye falls."""
MAX_SENTENCES = 60
"""Of a long text, the sentences with a possible match that are looked at."""
ELLIPSIS = "…"
_CUT_AFTER = "，,、：:。！？!?；;\n "
_SPACES = re.compile(r"[\n ]")


@dataclass(frozen=True, slots=True)
class _Piece:
    """[start, end) of the text, with the marks in it."""

    start: int
    end: int
    marks: tuple[Mark, ...]


def snippet(text: str, folded: str, marker: Marker) -> Highlighted:
    """Up to two pieces of 80 to 120 characters in all, joined by an ellipsis.

    `folded` is `text` normalised, so spans hold for both. Without a match: the text's beginning.
    """
    found = _marked_sentences(folded, marker)
    if not found:
        end = _cut_end(text, 0, LENGTH)
        return _join(text, [_Piece(0, end, ())])
    best = max(found, key=lambda piece: (_worth(piece), -piece.start))
    rest = [piece for piece in found if piece is not best]
    new = {mark.leaf for mark in best.marks}
    others = [p for p in rest if any(mark.leaf not in new for mark in p.marks)]
    length = LENGTH // 2 if others else LENGTH
    pieces = [_fit(text, best, length)]
    if others:
        second = max(others, key=lambda piece: (_worth(piece), -piece.start))
        pieces.append(_fit(text, second, LENGTH - (pieces[0].end - pieces[0].start)))
    return _join(text, _merge(sorted(pieces, key=lambda piece: piece.start)))


def _marked_sentences(folded: str, marker: Marker) -> list[_Piece]:
    found = []
    for start, end in sentences(folded, marker.hints(), MAX_SENTENCES):
        marks = marker.marks(folded[start:end])
        if marks:
            moved = tuple(Mark(m.start + start, m.end + start, m.leaf) for m in marks)
            found.append(_Piece(start, end, moved))
    return found


def _worth(piece: _Piece) -> int:
    """How many different leaves a piece shows."""
    return len({mark.leaf for mark in piece.marks})


def _fit(text: str, piece: _Piece, length: int) -> _Piece:
    """Cut a sentence to `length` around its first match, or grow it to the next sentences."""
    first = piece.marks[0]
    start = piece.start
    if first.start - start > LEAD:
        start = _cut_start(text, max(start, first.start - LEAD), first.start)
    end = max(_cut_end(text, start, length), first.end)
    marks = tuple(mark for mark in piece.marks if start <= mark.start and mark.end <= end)
    return _Piece(start, end, marks)


def _cut_start(text: str, low: int, high: int) -> int:
    """The first place after a comma between `low` and `high`, else `low`."""
    places = [text.find(mark, low, high) for mark in _CUT_AFTER]
    after = [place + 1 for place in places if place >= 0]
    return min(after, default=low)


def _cut_end(text: str, start: int, length: int) -> int:
    """The last sentence or clause that ends within `length`, if it ends past two thirds of it."""
    if len(text) - start <= length:
        return len(text)
    limit = start + length
    for borders in ("。！？!?；;\n", _CUT_AFTER):
        place = max(text.rfind(border, start, limit) for border in borders) + 1
        if place - start >= length * 2 // 3:
            return place
    return limit


def _merge(pieces: list[_Piece]) -> list[_Piece]:
    """Two pieces that touch are one."""
    if len(pieces) == 2 and pieces[1].start <= pieces[0].end:
        first, second = pieces
        marks = {(mark.start, mark.end): mark for mark in (*first.marks, *second.marks)}
        ordered = tuple(mark for _, mark in sorted(marks.items()))
        return [_Piece(first.start, max(first.end, second.end), ordered)]
    return pieces


def _join(text: str, pieces: list[_Piece]) -> Highlighted:
    shown = ""
    marks: list[tuple[int, int]] = []
    for number, piece in enumerate(pieces):
        if piece.start > 0 and (number == 0 or not shown.endswith(ELLIPSIS)):
            shown += ELLIPSIS
        offset = len(shown) - piece.start
        marks += [(mark.start + offset, mark.end + offset) for mark in piece.marks]
        shown += _SPACES.sub(" ", text[piece.start : piece.end])
        if piece.end < len(text):
            shown += ELLIPSIS
    return Highlighted(shown, tuple(marks))
