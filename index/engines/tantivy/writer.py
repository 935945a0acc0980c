"""Adds to and deletes from the Tantivy index in a generation's folder."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import tantivy

from index.engines.character_tokens import encode_surrogates
from index.engines.tantivy.article_store import ArticleStoreWriter
from index.engines.tantivy.pack import Packed
from index.engines.tantivy.schema import NUMBER, build_schema

HEAP_BYTES = 192 << 20
"""Of the writer's thread. When it is full, a segment is written, of some 20,000 articles. Tantivy
merges eight of a size into one and maps all of them meanwhile (6 KB an article). With two threads
and 256 MB a million articles made more than 64 segments: most of the index was merged a second
time, and 4.8 GB of it mapped at once."""
WRITER_THREADS = 1
"""Segmentation needs the other cores. A second thread writes most terms a second time."""
LOCK_FILES = ".tantivy-*.lock"


class TantivyWriter:
    """One new commit in `folder`, which holds an index already or is empty."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._index = tantivy.Index(build_schema(), path=str(folder))
        self._articles = ArticleStoreWriter(folder)
        self._writer = self._index.writer(HEAP_BYTES, WRITER_THREADS)
        self._finished = False

    def add(self, batch: list[Packed]) -> None:
        for packed in batch:
            number = self._articles.first + len(self._articles)
            self._writer.add_document(tantivy.Document(**packed.values, **{NUMBER: [number]}))
            self._articles.add(packed.id, packed.state, packed.normalized)

    def remove(self, ids: Sequence[str]) -> None:
        """Remove from the base. An article that was also added stays, in its new form."""
        schema = self._index.schema
        old = tantivy.Query.range_query(
            schema,
            NUMBER,
            tantivy.FieldType.Integer,
            upper_bound=self._articles.first,
            include_upper=False,
        )
        named = tantivy.Query.term_set_query(
            schema, "id", [encode_surrogates(name) for name in ids]
        )
        both = [(tantivy.Occur.Must, named), (tantivy.Occur.Must, old)]
        self._writer.delete_documents_by_query(tantivy.Query.boolean_query(both))

    def commit(self) -> int:
        """Finish, with all merges, and delete files that no segment needs. Returns the segments."""
        self._writer.commit()
        self._finished = True
        self._writer.garbage_collect_files()
        self._writer.wait_merging_threads()
        self._index.reload()
        self._articles.close(self._live)
        for lock in self._folder.glob(LOCK_FILES):
            lock.unlink()
        return max(1, self._index.searcher().num_segments)

    def abort(self) -> None:
        if not self._finished:  # a committed index belongs to its generation
            self._articles.abort()
            self._writer.rollback()

    def _live(self, first: int, end: int) -> list[int]:
        """The numbers of live articles from `first` to before `end`, in any order."""
        between = tantivy.Query.range_query(
            self._index.schema,
            NUMBER,
            tantivy.FieldType.Integer,
            first,
            end,
            include_upper=False,
        )
        searcher = self._index.searcher()
        hits = searcher.search(between, end - first, count=False).hits
        numbers: Any = searcher.fast_field_values(NUMBER, [address for _, address in hits])
        return list(numbers)
