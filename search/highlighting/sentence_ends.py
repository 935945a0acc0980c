"""Where the sentences and clauses of a text end, for snippets that begin and end there."""

import re
import sys
from bisect import bisect_left, bisect_right

from index.text.spans import Span

BORDER_SEARCH_CHARS = 120
"""Maximum distance from a match at which a sentence border is searched for."""
FIRST_READ_CHARS, READ_GROWTH = 600, 4
"""Characters that are read first for the ends of sentences, and the factor by which that grows."""
WHOLE_SHARE = 0.6
"""Whole sentences may be this share of the length that is wanted, before one is cut instead."""
MAX_WHOLE_RUN_CHARS = 20
"""Longer runs of Latin letters and digits may be cut."""
# Each pattern begins with one character class, which makes searching five times as fast.
_CLOSING = "[”’」』）)》】]*"
_END = rf"(?:(?<=[。！？\n])|(?<=[!?])(?![0-9A-Za-z])|(?<=\.)(?=\s)){_CLOSING}"
_SENTENCE_END = re.compile(rf"[。！？\n!?.]{_END}")
_CLAUSE_END = re.compile(
    rf"[，、：； ,:;。！？\n!?.](?:(?<=[，、：； ])|(?<=[,:;])(?![0-9A-Za-z])|{_END})"
)
_WITHIN_RUN = re.compile(r"[0-9A-Za-z.,%_/:-]{2}|[0-9].")


class SentenceEnds:
    """The ends of the sentences in one normalised `text`. A part of it is read when it is first
    asked for; then each answer is a look-up in a sorted list."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._read = 0
        """All ends up to here are known."""
        self._stops: list[int] = []
        """The position of the character that ends each sentence."""
        self._ends: list[int] = []
        """The ends themselves: after that character and the quotes and brackets that it closes."""

    def first(self, low: int, high: int) -> int | None:
        """The first end from `low` to `high`, both inclusive. A quote that closes at `low` is not
        looked back across; nor in `last`."""
        if high > self._read:
            self._read_to(high)
        at = bisect_left(self._stops, low - 1)
        return self._ends[at] if at < len(self._ends) and self._ends[at] <= high else None

    def last(self, low: int, high: int) -> int | None:
        """The last end from `low` to `high`, both inclusive."""
        if high > self._read:
            self._read_to(high)
        at = bisect_right(self._ends, high) - 1
        return self._ends[at] if at >= 0 and self._stops[at] >= low - 1 else None

    def between(self, at: int) -> bool:
        """Whether a sentence ends at `at`, apart from white space, or the text begins or ends
        there."""
        text = self.text
        low = max(0, at - BORDER_SEARCH_CHARS)
        if at and not text[at - 1].isspace():
            end = at
            if text[at : at + 1] == "\n":
                return True
        else:
            before = text[low:at]
            end = low + len(before.rstrip())
            if end == low or "\n" in text[end:at]:
                return True
        return self.last(low + 1, end) == end or not text[at : at + BORDER_SEARCH_CHARS].strip()

    def _read_to(self, position: int) -> None:
        text, known = self.text, self._ends[-1] if self._ends else 0
        until = min(max(position + 1, FIRST_READ_CHARS, self._read * READ_GROWTH), len(text))
        spans = [match.span() for match in _SENTENCE_END.finditer(text, known, until)]
        if until == len(text):
            self._read = sys.maxsize
        else:
            self._read = until - 1  # an end depends on the character after it
            if spans and spans[-1][1] == until:
                spans.pop()
        self._stops += [stop for stop, _ in spans]
        self._ends += [end for _, end in spans]


def cut_start(text: str, low: int, high: int) -> int:
    """The first place after a comma between `low` and `high`, else `high`."""
    return min(_clause_ends(text, low, high), default=high)


def cut_end(ends: SentenceEnds, start: int, low: int, high: int) -> int:
    """The last sentence that ends at most `high` characters after `start` and not long before
    `low`, else the last clause that ends between them."""
    text = ends.text
    shortest = start + int(low * WHOLE_SHARE)
    low, high = start + low, start + high
    if len(text) <= high:
        return len(text)
    whole = ends.last(shortest, high)
    if whole is not None:
        return whole
    clauses = _clause_ends(text, low, high)
    if clauses:
        return clauses[-1]
    places = range(high, max(low, high - MAX_WHOLE_RUN_CHARS), -1)
    return next((at for at in places if not _WITHIN_RUN.match(text, at - 1)), high)


def whole_around(ends: SentenceEnds, start: int, end: int, low: int, high: int) -> Span | None:
    """A sentence with the whole ones that follow it, and if need be precede it, to fill `low` to
    `high` characters, or not much less; None if they do not."""
    text = ends.text
    if end - start > high or not (ends.between(start) and ends.between(end)):
        return None
    end = ends.last(end, min(start + high, len(text))) or end
    if not text[end : start + high].strip():
        end = min(len(text), start + high)
    if end - start < low:
        start = _earlier_start(ends, end - high, start)
    return (start, end) if end - start >= low * WHOLE_SHARE else None


def _earlier_start(ends: SentenceEnds, low: int, start: int) -> int:
    """The first beginning of a sentence between `low` and `start`, else `start`."""
    if low <= 0:
        return 0
    first = ends.first(low, start)
    return start if first is None else first


def _clause_ends(text: str, low: int, high: int) -> list[int]:
    """Ends of clauses from `low` to `high`, both inclusive."""
    # One more character on each side, because a border depends on the characters around it.
    ends = [match.end() for match in _CLAUSE_END.finditer(text, max(0, low - 1), high + 1)]
    return [end for end in ends if low <= end <= high]
