"""Makes the vectors that articles of a generation lack, and drops those of articles gone."""

from collections.abc import Callable, Iterator, Sequence

from index.engines.api import Snapshot
from index.engines.queries import All
from index.vectors.embedder import Embedder
from index.vectors.vector_file import TEXT_CHARS, VectorFile, key_of

BATCH_ARTICLES = 20
"""What a kill loses at most: five seconds of work."""


class VectorMaker:
    """For one generation. Articles of one text share a vector."""

    def __init__(self, snapshot: Snapshot, file: VectorFile, embedder: Embedder) -> None:
        self._snapshot = snapshot
        self._file = file
        self._embedder = embedder

    def articles(self) -> list[str]:
        """Ids of all articles, the newest first: they are asked for most."""
        total = self._snapshot.generation.articles
        return [
            match.id for match in self._snapshot.match(All(), sort="newest", limit=total).matches
        ]

    def lacking(self, ids: Sequence[str]) -> list[str]:
        """One article of `ids` for each text that has no vector, in their order."""
        held = self._file.vectors()
        first: dict[int, str] = {}
        for name, key in self._keys(ids):
            if key not in held:
                first.setdefault(key, name)
        return [*first.values()]

    def make(self, ids: Sequence[str], progress: Callable[[int], None]) -> None:
        """Make the vectors of `ids`. `progress` is told how many were made since it was last told.
        Those are on the disk, so it may be interrupted at any moment. Raises IndexLocked if
        another process makes vectors."""
        with self._file.writing() as writer:
            for batch in _batches(ids):
                keys = dict(self._keys(batch))
                rows = self._snapshot.stored(batch, ("id", "title", "text"))
                texts = {row["id"]: f"{row['title']}\n{row['text'][:TEXT_CHARS]}" for row in rows}
                writer.append({keys[name]: self._embedder.passage(texts[name]) for name in texts})
                progress(len(batch))

    def drop_others(self, ids: Sequence[str]) -> int:
        """Drop the vectors of texts that none of `ids` has; returns how many."""
        with self._file.writing():
            return self._file.keep_only({key for _, key in self._keys(ids)})

    def _keys(self, ids: Sequence[str]) -> Iterator[tuple[str, int]]:
        for batch in _batches(ids):
            for row in self._snapshot.stored(batch, ("id", "normalized")):
                yield row["id"], key_of(row["normalized"])


def _batches(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), BATCH_ARTICLES):
        yield ids[start : start + BATCH_ARTICLES]
