"""Whoosh as a `FolderFormat` (index/engines/embedded/folder_format.py)."""

from collections.abc import Callable, Sequence
from pathlib import Path

from index.document import Document
from index.engines.api import Generation
from index.engines.whoosh.pack import Batch, pack
from index.engines.whoosh.snapshot import WhooshSnapshot
from index.engines.whoosh.writer import WhooshWriter
from index.errors import IndexDamaged
from index.lexicon.model import Lexicon


class WhooshFormat:
    """Raise `version` whenever files written before could be read wrongly."""

    name = "whoosh"
    version = 4
    max_segments = 12
    """Measured: with fourteen segments a query takes twice as long as with one."""

    @property
    def pack(self) -> Callable[[Sequence[Document]], Batch]:
        return pack

    def writer(self, folder: Path) -> WhooshWriter:
        return WhooshWriter(folder)

    def snapshot(self, folder: Path, generation: Generation, lexicon: Lexicon) -> WhooshSnapshot:
        try:
            return WhooshSnapshot(folder, generation, lexicon)
        except IndexDamaged:
            raise
        except Exception as error:  # Whoosh's table of contents is a pickle: it may raise anything
            raise IndexDamaged(f"索引版本 {generation.name} 无法打开（{error!r}）。") from error
