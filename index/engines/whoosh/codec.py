"""Whoosh's codec interface, implemented so that a posting list is one packed array.

Whoosh asks a codec for a field writer when it begins a segment and gives it the postings at commit.
Ours collects them in bulk before that (`SegmentFiles.add`) and writes them at commit. The readers
here serve Whoosh's own queries; our evaluator reads the same arrays directly.
"""
# mypy: allow-untyped-calls

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from whoosh.codec import whoosh3
from whoosh.columns import VarBytesColumn
from whoosh.filedb.structfile import BufferFile, StructFile
from whoosh.matching import ListMatcher
from whoosh.reading import TermInfo, TermNotFound

from index.engines.capacity import check_memory
from index.engines.whoosh.array_file import Array, ArrayFileWriter, map_file
from index.engines.whoosh.fields import INVERTED
from index.engines.whoosh.invert import InvertedField, Inverter
from index.engines.whoosh.pack import Batch
from index.engines.whoosh.segment_arrays import BODIES, FOLDED, OFFSETS, PACK, TEXTS, SegmentArrays
from index.engines.whoosh.text_files import BlobWriter

MAX_TWO_BYTE_ARTICLES = 0xFFFF
"""Larger segments number their articles in four bytes instead of two."""


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

    def per_document_writer(self, storage: Any, segment: Any) -> "PackedDocuments":
        return PackedDocuments(self, storage, segment)

    def terms_reader(self, storage: Any, segment: Any) -> "TermsReader":
        return TermsReader(SegmentArrays(storage, segment))

    def per_document_reader(self, storage: Any, segment: Any) -> "MappedDocuments":
        return MappedDocuments(storage, segment)


class PackedDocuments(whoosh3.W3PerDocWriter):
    """Writes stored fields as Whoosh does, but packed already (`text_files.pack_values`): Whoosh
    would look up every field of every document in the schema, in the one process that writes."""

    def _create_column(self, fieldname: str, column: Any) -> None:
        super()._create_column(fieldname, VarBytesColumn())

    def add_packed(self, number: int, values: bytes) -> None:
        self._get_column("_stored").add(number, values)
        self._doccount = number + 1


class MappedDocuments(whoosh3.W3PerDocReader):
    """Reads stored fields through a memory map that is opened at once.

    Whoosh opens the file by name at the first read, when the generation may have been deleted, and
    uses seek and read, which threads cannot share.
    """

    def __init__(self, storage: Any, segment: Any) -> None:
        super().__init__(storage, segment)
        self._cached_reader("_stored", whoosh3.STORED_COLUMN)

    def _get_column_file(self, fieldname: str) -> tuple["MappedFile", int, int]:
        name = whoosh3.W3Codec.column_filename(self._segment, fieldname)
        file = MappedFile(Path(self._storage.folder) / name)
        return file, 0, len(file.file)


class MappedFile(BufferFile):
    """A `BufferFile` over a memory map. Whoosh's own would copy it."""

    def __init__(self, path: Path) -> None:
        StructFile.__init__(self, map_file(path), name=path.name)
        self._buf = self.file


class SegmentFiles:
    """The files of a segment that is being written. Whoosh uses it as its field writer."""

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
        check_memory(self._inverter.size, self._inverter.to_finish)
        self._blobs[FOLDED].extend(batch.normalized)
        self._blobs[TEXTS].extend(batch.texts)
        self._blobs[BODIES].extend(batch.bodies)

    def add_postings(self, schema: Any, lengths: Any, items: Any) -> None:
        """Called by Whoosh at commit. `items` is empty: no field goes through Whoosh's pool."""
        pack = ArrayFileWriter(self._pack_file)
        wide = self._inverter.size > MAX_TWO_BYTE_ARTICLES
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


def _write_field(pack: ArrayFileWriter, name: str, field: InvertedField, wide: bool) -> None:
    pack.add(f"{name}.terms", np.frombuffer(field.terms, np.uint8))
    pack.add(f"{name}.ends", field.ends)
    pack.add(f"{name}.starts", field.starts)
    pack.add(f"{name}.articles", field.articles.astype(np.uint32 if wide else np.uint16))
    if field.counts is not None:
        pack.add(f"{name}.counts", field.counts)


class TermsReader:
    """The terms and postings of a segment, for Whoosh's own readers and queries."""

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
        for number in range(terms.first_from(prefix), len(terms)):
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
        try:
            articles, counts = self._find(fieldname, text)
        except KeyError as error:
            raise TermNotFound(f"{fieldname}:{text!r}") from error
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
        """Raises KeyError, which Whoosh takes as: this segment does not have the term."""
        number = self._segment.terms[fieldname].find(text)
        if number < 0:
            raise KeyError(text)
        return self._segment.postings(fieldname, number)

    def close(self) -> None:
        """Nothing to do: a memory map closes with the last array that views it."""
