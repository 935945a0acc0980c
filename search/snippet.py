"""The best one or two pieces of a text for a query: whole sentences where they fit."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from search.highlight import Mark, Marker
from search.results import Highlighted, Span

LENGTH = 120
"""Characters in all: what two lines hold on a desktop, three on a phone."""
LEAD = 30
"""The first match stands within so many characters of a piece's start, where the eye falls."""
MAX_HINTS = 60
"""Of a long text, the places with a possible match that are looked at."""
MAX_CUT = 6
"""Sentences that are cut into words to see whether they really match, the most promising first."""
ELLIPSIS = "…"
_SENTENCE_ENDS = "。！？!?；;\n"
_CLAUSE_ENDS = "，,、：: " + _SENTENCE_ENDS
_SENTENCE_END = re.compile(f"[{_SENTENCE_ENDS}]")
_BORDERS = str.maketrans("\n", " ")


@dataclass(frozen=True, slots=True)
class _Piece:
    """[start, end) of the text, with the marks in it and `beyond` it, as far as was looked."""

    start: int
    end: int
    marks: tuple[Mark, ...]
    beyond: tuple[Mark, ...] = ()

    @property
    def leaves(self) -> frozenset[int]:
        return frozenset(mark.leaf for mark in self.marks)


def snippet(text: str, folded: str, marker: Marker) -> Highlighted:
    """Up to two pieces of 80 to 120 characters in all, joined by an ellipsis.

    `folded` is `text` normalised, so spans hold for both. Without a match: the text's beginning.
    """
    found = _matching_sentences(folded, marker)
    if not found:
        return _join(text, [_Piece(0, _cut_end(text, 0, LENGTH), ())])
    best = found[0]
    more = [piece for piece in found[1:] if piece.leaves - best.leaves]
    pieces = [_fit(folded, best, LENGTH // 2 if more else LENGTH)]
    if more:
        second = max(more, key=lambda piece: len(piece.leaves - best.leaves))
        room = LENGTH - (pieces[0].end - pieces[0].start)
        pieces.append(_fit(folded, second, max(room, LENGTH // 3)))
    return _join(text, _merge(sorted(pieces, key=lambda piece: piece.start)))


def _matching_sentences(folded: str, marker: Marker) -> list[_Piece]:
    """Sentences that match, those that show the most leaves first, then in the text's order."""
    hinted: dict[Span, set[int]] = {}
    first: dict[Span, int] = {}
    sentence = (0, 0)
    for start, leaf in islice(marker.hints(folded), MAX_HINTS):
        if start >= sentence[1]:
            sentence = _sentence(folded, start)
            first.setdefault(sentence, start)
        hinted.setdefault(sentence, set()).add(leaf)
    promising = sorted(hinted, key=lambda span: (-len(hinted[span]), span))
    missing = set().union(*hinted.values())
    found = []
    for span in promising[:MAX_CUT]:
        piece = _marked(folded, span, first[span] + LENGTH, marker)
        if piece.marks:
            found.append(piece)
            missing -= piece.leaves
        if not missing:
            break
    return sorted(found, key=lambda piece: (-len(piece.leaves), piece.start))


def _marked(folded: str, span: Span, reach: int, marker: Marker) -> _Piece:
    """A sentence with its marks, and those of what follows up to the sentence end after `reach`,
    so that it can be moved and grown without being cut into words again."""
    start, end = span
    after = _SENTENCE_END.search(folded, reach, reach + LENGTH)
    whole = folded[start : after.end() if after else reach + LENGTH]
    marks = [Mark(m.start + start, m.end + start, m.leaf) for m in marker.marks(whole)]
    inside = tuple(mark for mark in marks if mark.end <= end)
    return _Piece(start, end, inside, tuple(mark for mark in marks if mark.end > end))


def _sentence(folded: str, at: int) -> Span:
    low, high = max(0, at - LENGTH), min(len(folded), at + LENGTH)
    start = max(folded.rfind(border, low, at) for border in _SENTENCE_ENDS) + 1
    end = _SENTENCE_END.search(folded, at, high)
    return start or _cut_start(folded, low, at) if low else start, end.end() if end else high


def _fit(folded: str, piece: _Piece, length: int) -> _Piece:
    """Cut a sentence to `length` around its first match, or let it grow into the next ones."""
    first = piece.marks[0]
    start = piece.start
    if first.start - start > LEAD:
        start = _cut_start(folded, first.start - LEAD, first.start)
    end = max(_cut_end(folded, start, length), first.end)
    marks = (*piece.marks, *piece.beyond)
    return _Piece(start, end, tuple(m for m in marks if start <= m.start and m.end <= end))


def _cut_start(text: str, low: int, high: int) -> int:
    """The first place after a comma between `low` and `high`, else `high`."""
    places = (text.find(mark, low, high) for mark in _CLAUSE_ENDS)
    return min((place + 1 for place in places if place >= 0), default=high)


def _cut_end(text: str, start: int, length: int) -> int:
    """The last sentence or clause that ends within `length`, if it ends past two thirds of it."""
    if len(text) - start <= length:
        return len(text)
    limit = start + length
    for borders in (_SENTENCE_ENDS, _CLAUSE_ENDS):
        place = max(text.rfind(border, start, limit) for border in borders) + 1
        if place - start >= length * 2 // 3:
            return place
    return limit


def _merge(pieces: list[_Piece]) -> list[_Piece]:
    """Two pieces that touch are one."""
    if len(pieces) == 1 or pieces[1].start > pieces[0].end:
        return pieces
    first, second = pieces
    later = (mark for mark in second.marks if mark.start >= first.end)
    kept = [mark for mark in first.marks if mark.end <= second.start or mark not in second.marks]
    marks = sorted({*kept, *second.marks, *later}, key=lambda mark: mark.start)
    return [_Piece(first.start, max(first.end, second.end), tuple(_apart(marks)))]


def _apart(marks: list[Mark]) -> Iterator[Mark]:
    end = 0
    for mark in marks:
        if mark.start >= end:
            yield mark
            end = mark.end


def _join(text: str, pieces: list[_Piece]) -> Highlighted:
    shown = ""
    marks: list[Span] = []
    for piece in pieces:
        if piece.start > 0 and not shown.endswith(ELLIPSIS):
            shown += ELLIPSIS
        offset = len(shown) - piece.start
        marks += [(mark.start + offset, mark.end + offset) for mark in piece.marks]
        shown += text[piece.start : piece.end].translate(_BORDERS)
        if piece.end < len(text):
            shown += ELLIPSIS
    return Highlighted(shown, tuple(marks))
