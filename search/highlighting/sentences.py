"""Splits a text into sentences and finds those that match a query, for snippets."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from index.analysis.word_boundaries import WordBoundaries
from index.text.spans import Span
from search.highlighting.highlighter import Mark, Marker

MAX_SNIPPET_CHARS = 117
"""Maximum length of a snippet without its ellipses: two lines on a desktop, three on a phone."""
BORDER_SEARCH_CHARS = 120
"""Maximum distance from a match at which a sentence border is searched for."""
CONTEXT_CHARS = MAX_SNIPPET_CHARS + 2 * BORDER_SEARCH_CHARS
"""Characters after a match that a snippet may need; a word cut off at their end is not shown."""
FIRST_LOOK_CHARS, LOOK_GROWTH = 250, 4
"""Characters of a text that are searched first, and the factor by which that grows. News says in
its first sentences what it is about."""
SECOND_LOOK_CHARS = FIRST_LOOK_CHARS * LOOK_GROWTH
LAST_LOOK_CHARS = 16_000
"""After this many characters, only texts without a match so far are searched further."""
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


class Piece(NamedTuple):
    """[start, end) of the text, and the marks found in and around it."""

    start: int
    end: int
    known: tuple[Mark, ...] = ()

    @property
    def marks(self) -> tuple[Mark, ...]:
        return tuple([m for m in self.known if self.start <= m.start and m.end <= self.end])

    @property
    def leaves(self) -> frozenset[int]:
        return frozenset([mark.leaf for mark in self.marks])

    @property
    def length(self) -> int:
        return self.end - self.start


class Sentence(NamedTuple):
    """A sentence and the leaves of the query that it matches. `printed`: it is boilerplate."""

    piece: Piece
    leaves: frozenset[int]
    printed: bool


def matching_sentences(
    normalized: str,
    marker: Marker,
    boundaries: WordBoundaries,
    leaves: int,
    looked_at: int = FIRST_LOOK_CHARS,
) -> list[Sentence]:
    """Matching sentences: boilerplate last, then by number of leaves matched, then in text order.
    `looked_at` characters are searched, and more until a sentence matches all `leaves`."""
    found: list[Sentence] = []
    marks: tuple[Mark, ...] = ()
    marked = 0
    while True:
        if looked_at > marked:
            # Whoever looks further mostly looks to the end, so that is marked at once.
            marked = looked_at if not marked else max(looked_at, LAST_LOOK_CHARS)
            seen = marked + CONTEXT_CHARS
            marks = tuple(marker.marks(normalized[:seen], boundaries.text))
        after = found[-1].piece.end if found else 0
        found += _sentences(normalized, marks, (after, looked_at), boundaries.boilerplate)
        shows_all = any(_worth(sentence) <= (False, -leaves) for sentence in found)
        far_enough = looked_at >= (LAST_LOOK_CHARS if found else len(normalized))
        if shows_all or far_enough or looked_at >= len(normalized):
            return sorted(found, key=_worth)
        looked_at *= LOOK_GROWTH


def _sentences(
    normalized: str, marks: tuple[Mark, ...], part: Span, boilerplate: Sequence[Span]
) -> Iterator[Sentence]:
    """Sentences with a mark that begins in this part of the text, in order."""
    starts = [mark.start for mark in marks]
    covered, end = part
    for mark in marks[: bisect_left(starts, end)]:
        if mark.end > covered:
            start, covered = _sentence(normalized, mark)
            # Includes marks around the sentence, as far as the snippet may be moved or extended.
            reach = MAX_SNIPPET_CHARS + BORDER_SEARCH_CHARS
            around = slice(bisect_left(starts, start - reach), bisect_left(starts, covered + reach))
            piece = Piece(start, covered, marks[around])
            printed = any(first <= mark.start < last for first, last in boilerplate)
            yield Sentence(piece, piece.leaves, printed)


def _worth(sentence: Sentence) -> tuple[bool, int]:
    return (sentence.printed, -len(sentence.leaves))


def _sentence(normalized: str, mark: Mark) -> Span:
    """The span between the borders before and after a match."""
    low = max(0, mark.start - BORDER_SEARCH_CHARS)
    borders = _borders(_SENTENCE_END, normalized, low, mark.start)
    start = borders[-1] if borders else cut_start(normalized, low, mark.start) if low else 0
    end = _SENTENCE_END.search(normalized, mark.end - 1, mark.end + BORDER_SEARCH_CHARS)
    return start, end.end() if end else min(len(normalized), mark.end + BORDER_SEARCH_CHARS)


def cut_start(text: str, low: int, high: int) -> int:
    """The first place after a comma between `low` and `high`, else `high`."""
    return next(iter(_borders(_CLAUSE_END, text, low, high)), high)


def cut_end(text: str, start: int, low: int, high: int) -> int:
    """The last sentence that ends at most `high` characters after `start` and not long before
    `low`, else the last clause that ends between them."""
    shortest = start + int(low * WHOLE_SHARE)
    low, high = start + low, start + high
    if len(text) <= high:
        return len(text)
    for pattern, least in ((_SENTENCE_END, shortest), (_CLAUSE_END, low)):
        borders = _borders(pattern, text, least, high)
        if borders:
            return borders[-1]
    places = range(high, max(low, high - MAX_WHOLE_RUN_CHARS), -1)
    return next((at for at in places if not _WITHIN_RUN.match(text, at - 1)), high)


def earlier_start(text: str, low: int, start: int) -> int:
    """The first beginning of a sentence between `low` and `start`, else `start`."""
    if low <= 0:
        return 0
    return min(_borders(_SENTENCE_END, text, low, start), default=start)


def between_sentences(text: str, at: int) -> bool:
    """Whether a sentence ends at `at`, apart from white space, or the text begins or ends there."""
    before = text[max(0, at - BORDER_SEARCH_CHARS) : at]
    space = len(before) - len(before.rstrip())
    after = text[at : at + BORDER_SEARCH_CHARS]
    if space == len(before) or not after.strip():
        return True
    if "\n" in (before[-space:] if space else after[0]):
        return True
    # From further back, because closing quotes belong to the end of a sentence.
    ends = _SENTENCE_END.finditer(text, max(0, at - BORDER_SEARCH_CHARS), at + 1)
    return any(match.end() == at - space for match in ends)


def whole_around(text: str, piece: Piece, low: int, high: int) -> Span | None:
    """A sentence with the whole ones that follow it, and if need be precede it, to fill `low` to
    `high` characters, or not much less; None if they do not."""
    if not (between_sentences(text, piece.start) and between_sentences(text, piece.end)):
        return None
    start, end = piece.start, piece.end
    if end - start > high:
        return None
    end = max(_borders(_SENTENCE_END, text, end, min(start + high, len(text))), default=end)
    if not text[end : start + high].strip():
        end = min(len(text), start + high)
    if end - start < low:
        start = earlier_start(text, end - high, start)
    return (start, end) if end - start >= low * WHOLE_SHARE else None


def _borders(pattern: re.Pattern[str], text: str, low: int, high: int) -> list[int]:
    """Ends of sentences or clauses from `low` to `high`, both inclusive."""
    # One more character on each side, because a border depends on the characters around it.
    ends = [match.end() for match in pattern.finditer(text, max(0, low - 1), high + 1)]
    return [end for end in ends if low <= end <= high]
