"""Opens what a segment has besides Whoosh's own files: posting arrays and texts."""

from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from index.engines.whoosh.array_file import Array, read_arrays, text_of
from index.engines.whoosh.fields import INVERTED
from index.engines.whoosh.text_files import Blobs
from index.errors import IndexDamaged

PACK, FOLDED, TEXTS, BODIES = ".pack", ".folded", ".texts", ".bodies"
OFFSETS = "_offsets"
CACHED_TERMS = 4_096
"""Of each field. A look-up takes 18 steps in 300,000 terms, and an answer looks a word up again for
its frequency, its matches, its total and the related searches."""


class Terms(Sequence[bytes]):
    """The sorted terms of a field, decoded on access."""

    def __init__(self, text: Array, ends: Array) -> None:
        self._bytes = text.data
        self._ends = ends
        self.find = lru_cache(CACHED_TERMS)(self._find)

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __getitem__(self, number: Any) -> Any:
        return bytes(self._bytes[self._ends[number] : self._ends[number + 1]])

    def _find(self, term: bytes) -> int:
        """The term's number, or -1."""
        at = bisect_left(self, term)
        return at if at < len(self) and self[at] == term else -1

    def with_prefix(self, prefix: bytes) -> range:
        first = bisect_left(self, prefix)
        # 0xFF does not occur in UTF-8, so it sorts after everything that begins with the prefix.
        return range(first, bisect_left(self, prefix + b"\xff", first))


class SegmentArrays:
    """A segment's arrays and texts, memory-mapped."""

    def __init__(self, storage: Any, segment: Any) -> None:
        folder = Path(storage.folder)
        self.size: int = segment.doc_count_all()
        self.arrays = read_arrays(folder / segment.make_filename(PACK))
        self.terms = {
            name: Terms(self.arrays[f"{name}.terms"], self.arrays[f"{name}.ends"])
            for name in INVERTED
        }
        self.blobs = {
            ext: Blobs(
                folder / segment.make_filename(ext), folder / segment.make_filename(ext + OFFSETS)
            )
            for ext in (FOLDED, TEXTS, BODIES)
        }
        if any(len(blobs) != self.size for blobs in self.blobs.values()):
            raise IndexDamaged("索引里的文章数与文章表不符。")

    def postings(self, field: str, number: int) -> tuple[Array, Array | None]:
        """(articles, counts) of term `number`; counts are None if the field has none."""
        starts = self.arrays[f"{field}.starts"]
        span = slice(starts[number], starts[number + 1])
        counts = self.arrays.get(f"{field}.counts")
        articles = self.arrays[f"{field}.articles"][span]
        return articles, None if counts is None else counts[span]

    def doc_freq(self, field: str, term: bytes) -> int:
        """The articles of a term, deleted ones included."""
        number = self.terms[field].find(term)
        if number < 0:
            return 0
        starts = self.arrays[f"{field}.starts"]
        return int(starts[number + 1] - starts[number])

    def doc_freqs(self, field: str) -> Array:
        """The articles of every term, deleted ones included."""
        return np.diff(self.arrays[f"{field}.starts"])

    def values(self, field: str) -> list[str]:
        """All terms of a (small) field as text."""
        text, ends = self.arrays[f"{field}.terms"], self.arrays[f"{field}.ends"]
        return [text_of(text[a:b]) for a, b in pairwise(ends)]
