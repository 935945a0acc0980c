"""Tantivy as a `FolderFormat` (index/engines/embedded/folder_format.py)."""

from collections.abc import Callable, Sequence
from pathlib import Path

from index.document import Document
from index.engines.api import Generation
from index.engines.tantivy.pack import Packed, pack
from index.engines.tantivy.snapshot import TantivySnapshot
from index.engines.tantivy.writer import TantivyWriter
from index.errors import IndexDamaged
from index.lexicon.model import Lexicon


class TantivyFormat:
    """Raise `version` whenever files written before could be read wrongly."""

    name = "tantivy"
    version = 6
    max_segments = 1_000_000
    """Tantivy merges segments itself: an update never has to become a rebuild."""

    @property
    def pack(self) -> Callable[[Sequence[Document]], list[Packed]]:
        return pack

    def writer(self, folder: Path) -> TantivyWriter:
        return TantivyWriter(folder)

    def snapshot(self, folder: Path, generation: Generation, lexicon: Lexicon) -> TantivySnapshot:
        try:
            return TantivySnapshot(folder, generation, lexicon)
        except Exception as error:  # ValueError, or a panic of the library below
            raise IndexDamaged(f"索引版本 {generation.name} 无法打开（{error!r}）。") from error
