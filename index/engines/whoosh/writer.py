"""Writes one Whoosh segment into a generation's folder; deletes from those already there."""
# mypy: allow-untyped-calls

from collections.abc import Iterable, Sequence
from pathlib import Path

from whoosh import index as whoosh_index
from whoosh.writing import SegmentWriter

from index.engines.whoosh.codec import PackedCodec, SegmentFiles
from index.engines.whoosh.corpus import Corpus
from index.engines.whoosh.fields import schema
from index.engines.whoosh.pack import Batch


class PackedSegmentWriter(SegmentWriter):
    """Whoosh's writer of a segment, for documents whose stored fields are packed already."""

    def add_packed(self, documents: Iterable[bytes]) -> None:
        for values in documents:
            self.perdocwriter.add_packed(self.docnum, values)
            self.docnum += 1
            self._added = True


class WhooshWriter:
    """One new segment in `folder`, which holds a Whoosh index already or is empty."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        if whoosh_index.exists_in(str(folder)):
            handle = whoosh_index.open_dir(str(folder))
        else:
            handle = whoosh_index.create_in(str(folder), schema())
        codec = PackedCodec()
        # A compound file would be read into memory each time it is opened.
        self._writer = PackedSegmentWriter(handle, codec=codec, compound=False)
        assert codec.files is not None
        self._files: SegmentFiles = codec.files

    def add(self, batch: Batch) -> None:
        self._writer.add_packed(batch.stored)
        self._files.add(batch)

    def remove(self, ids: Sequence[str]) -> None:
        corpus = Corpus(self._folder)
        for article_id in ids:
            number = corpus.number_of.get(article_id)
            if number is not None:
                self._writer.delete_document(number)
        corpus.close()

    def commit(self) -> int:
        """Finish the segment. Returns the number of segments."""
        self._writer.commit(merge=False)
        return len(list(whoosh_index.open_dir(str(self._folder)).reader().leaf_readers()))

    def abort(self) -> None:
        if not self._writer.is_closed:  # a committed segment belongs to its generation
            self._writer.cancel()
