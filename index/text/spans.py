"""Spans of a text, for every room that points at a part of one.

Offsets are code points. They hold in a text and in its normalised form, which have equal lengths.
"""

from collections.abc import Sequence

Span = tuple[int, int]
"""[start, end)."""


def without_spans(text: str, spans: Sequence[Span]) -> str:
    """A text without these spans, which are in order; a line break takes the place of each."""
    if not spans:
        return text
    starts = [0, *(end for _, end in spans)]
    ends = [*(start for start, _ in spans), len(text)]
    return "\n".join(text[start:end] for start, end in zip(starts, ends, strict=True))
