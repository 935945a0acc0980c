"""Spans of a text, for every room that points at a part of one.

Offsets are code points. They hold in a text and in its normalised form, which have equal lengths.
"""

from collections.abc import Iterator, Sequence

Span = tuple[int, int]
"""[start, end)."""


def without_spans(text: str, spans: Sequence[Span]) -> str:
    """A text without these spans, which are in order; a line break takes the place of each."""
    if not spans:
        return text
    starts = [0, *(end for _, end in spans)]
    ends = [*(start for start, _ in spans), len(text)]
    return "\n".join(text[start:end] for start, end in zip(starts, ends, strict=True))


def near_spans(text: str, left: Sequence[str], right: Sequence[str], gap: int) -> Iterator[Span]:
    """Each place where a string of one side follows one of the other with at most `gap` characters
    between them, or overlaps it. Linear in the occurrences."""
    sides = [
        (start, -end, side)
        for side, strings in enumerate((left, right))
        for start, end in _occurrences(text, strings)
    ]
    last: dict[int, Span] = {}
    for start, negative_end, side in sorted(sides):
        end = -negative_end
        other = last.get(1 - side)
        if other and start - other[1] <= gap:
            yield other[0], max(end, other[1])
        if side not in last or end > last[side][1]:
            last[side] = (start, end)


def _occurrences(text: str, strings: Sequence[str]) -> Iterator[Span]:
    for string in strings:
        at = text.find(string)
        while at >= 0:
            yield at, at + len(string)
            at = text.find(string, at + 1)
