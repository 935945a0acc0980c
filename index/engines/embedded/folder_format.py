"""The interface of an embedded engine: writing and reading the files of a generation."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

from index.document import Document
from index.engines.api import Generation, Snapshot
from index.lexicon.model import Lexicon


class FolderWriter(Protocol):
    """Writes an engine's files into a folder."""

    def add(self, batch: Any) -> None: ...

    def remove(self, ids: Sequence[str]) -> None: ...

    def commit(self) -> int:
        """Finish the files. Returns the number of segments."""
        ...

    def abort(self) -> None: ...


class FolderFormat(Protocol):
    """Writes and reads generations of one engine. `version`: of the files it writes."""

    name: str
    version: int
    max_segments: int

    @property
    def pack(self) -> Callable[[Sequence[Document]], Any]: ...

    def writer(self, folder: Path) -> FolderWriter: ...

    def snapshot(self, folder: Path, generation: Generation, lexicon: Lexicon) -> Snapshot: ...
