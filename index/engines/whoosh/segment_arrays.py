"""Opens what a segment has besides Whoosh's own files: posting arrays and texts."""

from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property, lru_cache
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
"""Of each field. An answer looks a word up again for its frequency, its matches, its total and the
related searches."""
STEP = 16
"""Every sixteenth term is held as an object, to be searched in C; those between are decoded."""


class Terms(Sequence[bytes]):
    """The sorted terms of a field, decoded on access."""

    def __init__(self, text: Array, ends: Array) -> None:
        # An item of a memory view is a Python integer, read in half of the time of numpy's.
        self._bytes, self._ends = text.data, ends.data
        self._count = len(ends) - 1
        self.find = lru_cache(CACHED_TERMS)(self._find)

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, number: Any) -> Any:
        return bytes(self._bytes[self._ends[number] : self._ends[number + 1]])

    @cached_property
    def _held(self) -> list[bytes]:
        return [self[number] for number in range(0, self._count, STEP)]

    def first_from(self, term: bytes) -> int:
        """The number of the first term that is not before `term`."""
        after = bisect_left(self._held, term) * STEP
        return bisect_left(self, term, max(0, after - STEP), min(after, self._count))

    def _find(self, term: bytes) -> int:
        """The term's number, or -1."""
        at = self.first_from(term)
        return at if at < self._count and self[at] == term else -1

    def with_prefix(self, prefix: bytes) -> range:
        # 0xFF does not occur in UTF-8, so it sorts after everything that begins with the prefix.
        return range(self.first_from(prefix), self.first_from(prefix + b"\xff"))


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
        self._starts = {name: self.arrays[f"{name}.starts"].data for name in INVERTED}
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
        starts = self._starts[field]
        span = slice(starts[number], starts[number + 1])
        counts = self.arrays.get(f"{field}.counts")
        articles = self.arrays[f"{field}.articles"][span]
        return articles, None if counts is None else counts[span]

    def doc_freq(self, field: str, term: bytes) -> int:
        """The articles of a term, deleted ones included."""
        number = self.terms[field].find(term)
        if number < 0:
            return 0
        starts = self._starts[field]
        return starts[number + 1] - starts[number]

    def doc_freqs(self, field: str) -> Array:
        """The articles of every term, deleted ones included."""
        return np.diff(self.arrays[f"{field}.starts"])

    def values(self, field: str) -> list[str]:
        """All terms of a (small) field as text."""
        text, ends = self.arrays[f"{field}.terms"], self.arrays[f"{field}.ends"]
        return [text_of(text[a:b]) for a, b in pairwise(ends)]
