"""Whoosh's codec interface, implemented so that a posting list is one packed array.

Whoosh asks a codec for a field writer at the start of a segment and hands it the postings at
commit. Ours has gathered them in bulk meanwhile (`SegmentFiles.add`) and writes them then. The
reading side serves Whoosh's own queries; our scoring reads the same arrays directly.
"""
# mypy: allow-untyped-calls

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from whoosh.codec import whoosh3
from whoosh.matching import ListMatcher
from whoosh.reading import TermInfo, TermNotFound

from index.engines.whoosh.fields import INVERTED
from index.engines.whoosh.invert import Batch, Inverted, Inverter
from index.engines.whoosh.pack import Array, PackWriter, read_pack, text_of
from index.engines.whoosh.texts import Blobs, BlobWriter

PACK, FOLDED, TEXTS, BODIES = ".pack", ".folded", ".texts", ".bodies"
OFFSETS = "_offsets"
WIDE = 0xFFFF
"""Segments of more articles number them in four bytes, others in two."""


class PackedCodec(whoosh3.W3Codec):
    """Stored fields, deletions and the table of contents are Whoosh's; postings are ours."""

    length_stats = False

    def __init__(self) -> None:
        super().__init__()
        self.files: SegmentFiles | None = None

    def __reduce__(self) -> tuple[type["PackedCodec"], tuple[()]]:
        return (PackedCodec, ())  # pickled into the table of contents: without the open files

    def field_writer(self, storage: Any, segment: Any) -> "SegmentFiles":
        self.files = SegmentFiles(storage, segment)
        return self.files

    def terms_reader(self, storage: Any, segment: Any) -> "TermsReader":
        return TermsReader(SegmentArrays(storage, segment))


class SegmentFiles:
    """The files of a segment that is being written. To Whoosh it is a field writer."""

    def __init__(self, storage: Any, segment: Any) -> None:
        self.is_closed = False
        self._inverter = Inverter()
        self._pack_file = segment.create_file(storage, PACK)
        self._blobs = {
            ext: BlobWriter(
                segment.create_file(storage, ext), segment.create_file(storage, ext + OFFSETS)
            )
            for ext in (FOLDED, TEXTS, BODIES)
        }

    def add(self, batch: Batch) -> None:
        self._inverter.add(batch)
        self._blobs[FOLDED].extend(batch.folded)
        self._blobs[TEXTS].extend(batch.texts)
        self._blobs[BODIES].extend(batch.bodies)

    def add_postings(self, schema: Any, lengths: Any, items: Any) -> None:
        """Called by Whoosh at commit; `items` is empty, for no field goes through its pool."""
        pack = PackWriter(self._pack_file)
        wide = self._inverter.size > WIDE
        for name in INVERTED:
            _write_field(pack, name, self._inverter.field(name), wide)
        for name, chunks in self._inverter.lengths.items():
            pack.add(f"{name}.lengths", np.concatenate(chunks))
        for name, numbers in self._inverter.numbers.items():
            pack.add(name, np.array(numbers, np.int64))
        pack.finish()

    def close(self) -> None:
        self._pack_file.close()
        for blobs in self._blobs.values():
            blobs.close()
        self.is_closed = True


def _write_field(pack: PackWriter, name: str, field: Inverted, wide: bool) -> None:
    pack.add(f"{name}.terms", np.frombuffer(b"".join(field.terms), np.uint8))
    ends = np.cumsum([0, *map(len, field.terms)], dtype=np.uint32)
    pack.add(f"{name}.ends", ends)
    pack.add(f"{name}.starts", field.starts)
    pack.add(f"{name}.articles", field.articles.astype(np.uint32 if wide else np.uint16))
    if field.counts is not None:
        pack.add(f"{name}.counts", field.counts)


class Terms(Sequence[bytes]):
    """The sorted terms of a field, decoded as they are asked for."""

    def __init__(self, text: Array, ends: Array) -> None:
        self._bytes = text.data
        self._ends = ends

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __getitem__(self, number: Any) -> Any:
        return bytes(self._bytes[self._ends[number] : self._ends[number + 1]])

    def find(self, term: bytes) -> int:
        """The term's number, or -1."""
        at = bisect_left(self, term)
        return at if at < len(self) and self[at] == term else -1

    def with_prefix(self, prefix: bytes) -> range:
        first = bisect_left(self, prefix)
        # 0xFF is in no UTF-8 text, so it sorts after everything that begins with the prefix.
        return range(first, bisect_left(self, prefix + b"\xff", first))


class SegmentArrays:
    """A segment's arrays and texts, memory-mapped."""

    def __init__(self, storage: Any, segment: Any) -> None:
        folder = Path(storage.folder)
        self.size: int = segment.doc_count_all()
        self.arrays = read_pack(folder / segment.make_filename(PACK))
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

    def postings(self, field: str, number: int) -> tuple[Array, Array | None]:
        """(articles, counts) of term `number`; counts are None where a field has none."""
        starts = self.arrays[f"{field}.starts"]
        span = slice(starts[number], starts[number + 1])
        counts = self.arrays.get(f"{field}.counts")
        articles = self.arrays[f"{field}.articles"][span]
        return articles, None if counts is None else counts[span]

    def doc_freqs(self, field: str) -> Array:
        """The number of articles of every term, deleted ones included."""
        return np.diff(self.arrays[f"{field}.starts"])

    def values(self, field: str) -> list[str]:
        """All terms of a (small) field as text."""
        text, ends = self.arrays[f"{field}.terms"], self.arrays[f"{field}.ends"]
        return [text_of(text[a:b]) for a, b in pairwise(ends)]


class TermsReader:
    """What Whoosh's own readers and queries ask of a codec."""

    def __init__(self, segment: SegmentArrays) -> None:
        self._segment = segment

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        return self._segment.terms[term[0]].find(term[1]) >= 0

    def indexed_field_names(self) -> tuple[str, ...]:
        return INVERTED

    def terms(self) -> Iterator[tuple[str, bytes]]:
        for name in sorted(INVERTED):
            yield from self.terms_from(name, b"")

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        terms = self._segment.terms[fieldname]
        for number in range(bisect_left(terms, prefix), len(terms)):
            yield fieldname, terms[number]

    def items(self) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        for name, text in self.terms():
            yield (name, text), self.term_info(name, text)

    def items_from(
        self, fieldname: str, prefix: bytes
    ) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        for name, text in self.terms_from(fieldname, prefix):
            yield (name, text), self.term_info(name, text)

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:
        articles, counts = self._find(fieldname, text)
        weights = np.ones(len(articles)) if counts is None else counts
        return TermInfo(
            weight=float(weights.sum()),
            df=len(articles),
            maxweight=float(weights.max()),
            minid=int(articles[0]),
            maxid=int(articles[-1]),
        )

    def frequency(self, fieldname: str, text: bytes) -> float:
        return float(self.term_info(fieldname, text).weight())

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        return len(self._find(fieldname, text)[0])

    def matcher(self, fieldname: str, text: bytes, format_: Any, scorer: Any = None) -> ListMatcher:
        articles, counts = self._find(fieldname, text)
        weights = [1.0] * len(articles) if counts is None else counts.astype(float).tolist()
        return ListMatcher(
            articles.tolist(),
            weights,
            [b""] * len(articles),
            format_,
            scorer=scorer,
            term=(fieldname, text),
            terminfo=self.term_info(fieldname, text),
        )

    def _find(self, fieldname: str, text: bytes) -> tuple[Array, Array | None]:
        number = self._segment.terms[fieldname].find(text)
        if number < 0:
            raise TermNotFound(f"{fieldname}:{text!r}")
        return self._segment.postings(fieldname, number)

    def close(self) -> None:
        """Nothing to do: the memory maps go with the last array that views them."""
