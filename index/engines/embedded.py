"""Engines that live in a folder of this machine: generations on disk, one adapter inside."""

import shutil
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from index.document import Document
from index.engines.base import All, Generation, Snapshot
from index.errors import IndexDamaged, IndexMissing, IndexOutdated, NoSuchGeneration
from index.generations import Generations
from index.lexicon import Lexicon
from index.normalize import fingerprint as folding_fingerprint
from index.outgrown import outgrown
from index.segment import dictionary_fingerprint
from index.sketch import fingerprint as sketch_fingerprint


class FolderWriter(Protocol):
    """Writes an engine's files into a folder."""

    def add(self, batch: Any) -> None: ...

    def remove(self, ids: Sequence[str]) -> None: ...

    def commit(self) -> int: ...

    def abort(self) -> None: ...


class FolderFormat(Protocol):
    """What an embedded engine brings: how it writes a folder and how it reads one."""

    name: str
    version: int
    max_segments: int

    @property
    def pack(self) -> Callable[[Sequence[Document]], Any]: ...

    def writer(self, folder: Path) -> FolderWriter: ...

    def snapshot(self, folder: Path, generation: Generation, lexicon: Lexicon) -> Snapshot: ...


def analyzer_fingerprint() -> str:
    """Changes whenever a text would be folded, cut or sketched otherwise by the same lexicon."""
    return f"{folding_fingerprint()}-{dictionary_fingerprint()}-{sketch_fingerprint()}"


class EmbeddedEngine:
    """An `Engine` (index/engines/base.py) over a folder and an engine's format."""

    updates_in_place = False

    def __init__(self, store: Generations, folder_format: FolderFormat) -> None:
        self.store = store
        self._format = folder_format
        self.name = folder_format.name
        self.max_segments = folder_format.max_segments
        self.place = str(store.root)

    @property
    def pack(self) -> Callable[[Sequence[Document]], Any]:
        return self._format.pack

    def lock(self, wait: float, *, shared: bool = False) -> AbstractContextManager[None]:
        # An update that does not begin with the one before it would undo it.
        return self.store.lock(wait)

    def build(
        self, lexicon: Lexicon, *, base: str | None, sources: Sequence[str]
    ) -> "GenerationWriter":
        self._drop_abandoned()
        folder = self.store.begin(base)
        return GenerationWriter(self, folder, lexicon, tuple(sources))

    def _drop_abandoned(self) -> None:
        with suppress(IndexMissing):
            current = self.current()
            for name in self.store.names():
                if name > current:
                    self.drop(name)

    def folder_writer(self, folder: Path) -> FolderWriter:
        return self._format.writer(folder)

    def describe(self, name: str, lexicon: Lexicon) -> Generation:
        """A manifest for a generation that is being built: nothing counted yet."""
        return Generation(
            name=name,
            engine=self.name,
            format=self._format.version,
            analyzer=analyzer_fingerprint(),
            lexicon=lexicon.version,
            articles=0,
            created_at=int(time.time()),
        )

    def read_folder(self, folder: Path, generation: Generation, lexicon: Lexicon) -> Snapshot:
        return self._format.snapshot(folder, generation, lexicon)

    def publish(self, generation: str) -> None:
        self.store.publish(generation)

    def generations(self) -> list[Generation]:
        return [self.store.read(name) for name in self.store.names()]

    def current(self) -> str:
        return self.store.current()

    def drop(self, generation: str) -> None:
        self.store.drop(generation)

    def previous(self) -> str:
        current = self.current()
        older = [name for name in self.store.names() if name < current]
        if not older:
            raise NoSuchGeneration(
                "没有更早的索引版本可以退回。", hint="yuansou index status 会列出现有版本。"
            )
        return older[-1]

    def collect(self, keep: int) -> list[str]:
        spared = {*self.store.names()[-keep:], self.current()}
        dropped = [name for name in self.store.names() if name not in spared]
        for name in dropped:
            self.drop(name)
        return dropped

    def verify(self, generation: str) -> list[str]:
        return self.store.verify(generation)

    def condition(self) -> list[str]:
        return outgrown(self.store.read(self.current()))

    def open(self, generation: str | None = None) -> Snapshot:
        """A snapshot; raises IndexMissing, IndexOutdated or IndexDamaged."""
        name = generation or self.current()
        described = self.store.read(name)
        self._check(described)
        try:
            lexicon = Lexicon.from_json(self.store.lexicon_json(name))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise IndexDamaged(f"索引版本 {name} 的词库无法读取。") from error
        return self.read_folder(self.store.path(name), described, lexicon)

    def _check(self, generation: Generation) -> None:
        expected = (self.name, self._format.version, analyzer_fingerprint())
        found = (generation.engine, generation.format, generation.analyzer)
        if found != expected:
            raise IndexOutdated(
                f"索引版本 {generation.name} 由另一种引擎、格式或分词方式建成，不能混用。",
                hint="请运行 yuansou index rebuild。",
            )


class GenerationWriter:
    """A `Writer`: builds one generation in a folder aside."""

    def __init__(
        self, engine: EmbeddedEngine, folder: Path, lexicon: Lexicon, sources: tuple[str, ...]
    ) -> None:
        self._engine = engine
        self._folder = folder
        self._lexicon = lexicon
        self._sources = sources
        self._writer = engine.folder_writer(folder)

    def add(self, batch: Any) -> None:
        self._writer.add(batch)

    def remove(self, ids: Sequence[str]) -> None:
        self._writer.remove(ids)

    def commit(self, *, wait_visible: bool = True) -> Generation:
        # What is published is visible at once, whether one waits for it or not.
        segments = self._writer.commit()
        described = self._engine.describe(self._folder.stem, self._lexicon)
        snapshot = self._engine.read_folder(self._folder, described, self._lexicon)
        generation = replace(
            described,
            articles=snapshot.match(All(), limit=0).total,
            segments=segments,
            bytes=sum(path.stat().st_size for path in self._folder.iterdir()),
            sources=self._sources,
        )
        snapshot.close()
        self._engine.store.finish(self._folder, generation, self._lexicon.to_json())
        return generation

    def abort(self) -> None:
        try:
            self._writer.abort()
        finally:
            shutil.rmtree(self._folder, ignore_errors=True)
