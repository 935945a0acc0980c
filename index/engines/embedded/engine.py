"""An engine whose generations are folders on this machine, written by a `FolderFormat`."""

import shutil
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from index.document import Document
from index.engines.api import Generation, Snapshot
from index.engines.capacity import outgrown
from index.engines.compatibility import PROGRAM_VERSION, ReadableFormat, analyzer_fingerprint
from index.engines.embedded.folder_format import FolderFormat, FolderWriter
from index.engines.embedded.generations import LEXICON, Generations, read_manifest
from index.engines.queries import All
from index.errors import IndexDamaged, IndexProblem, NoSuchGeneration
from index.lexicon.model import Lexicon


class EmbeddedEngine:
    """An `Engine` (index/engines/api.py) over a folder of generations in one format."""

    is_remote = False
    updates_in_place = False

    def __init__(self, store: Generations, folder_format: FolderFormat) -> None:
        self.store = store
        self._format = folder_format
        self.readable = ReadableFormat(folder_format.name, folder_format.version)
        self.name = folder_format.name
        self.max_segments = folder_format.max_segments
        self.location = str(store.root)

    @property
    def pack(self) -> Callable[[Sequence[Document]], Any]:
        return self._format.pack

    def lock(self, wait: float, *, shared: bool = False) -> AbstractContextManager[None]:
        # Two updates of the same base would undo each other, so none is shared.
        return self.store.lock(wait)

    def build(
        self, lexicon: Lexicon, *, base: str | None, sources: Sequence[str]
    ) -> "GenerationWriter":
        self._drop_abandoned()
        folder = self.store.begin(base)
        return GenerationWriter(self, folder, _Origin(lexicon, base, tuple(sources)))

    def adopt(self, folder: Path) -> Generation:
        """Copy the generation in `folder`: complete, under a new name, not published. Call with the
        lock held. Raises IndexDamaged if something else arrives than its manifest says."""
        self._drop_abandoned()
        described, files = read_manifest(folder)
        target = self.store.begin(None)
        adopted = replace(described, name=target.stem)
        try:
            for name in files.keys() - {LEXICON}:
                shutil.copyfile(folder / name, target / name)
            self.store.finish(target, adopted, (folder / LEXICON).read_text("utf-8"))
        except BaseException:
            shutil.rmtree(target, ignore_errors=True)
            raise
        if self.store.files(adopted.name) != files:
            self.drop(adopted.name)
            raise IndexDamaged("复制来的文件与原来的不同。", hint="请检查磁盘，再运行一次。")
        return adopted

    def _drop_abandoned(self) -> None:
        with suppress(IndexProblem):
            current = self.current()
            for name in self.store.names():
                if name > current:
                    self.drop(name)

    def folder_writer(self, folder: Path) -> FolderWriter:
        return self._format.writer(folder)

    def describe(self, name: str, lexicon: Lexicon) -> Generation:
        """The manifest of a generation that is being built, without counts."""
        return Generation(
            name=name,
            engine=self.name,
            format=self._format.version,
            analyzer=analyzer_fingerprint(),
            lexicon=lexicon.version,
            articles=0,
            created_at=int(time.time()),
            program=PROGRAM_VERSION,
        )

    def read_folder(self, folder: Path, generation: Generation, lexicon: Lexicon) -> Snapshot:
        return self._format.snapshot(folder, generation, lexicon)

    def publish(self, generation: str) -> None:
        self.store.publish(generation)

    def generations(self) -> list[Generation]:
        return [found for found in map(self._read, self.store.names()) if found]

    def _read(self, name: str) -> Generation | None:
        """None if the manifest cannot be read; `status_messages` reports it."""
        with suppress(IndexProblem):
            return self.store.read(name)
        return None

    def read(self, generation: str) -> Generation:
        return self.store.read(generation)

    def current(self) -> str:
        return self.store.current()

    def drop(self, generation: str) -> None:
        self.store.drop(generation)

    def previous(self) -> str:
        held = self.generations()
        # What is published may be lost, but not if there is nothing to go back to.
        published = self._published() if held else self.current()
        older = [found for found in held if found.name < published]
        own = [found.name for found in older if self.readable.accepts(found)]
        sound = next((name for name in reversed(own) if not self.verify(name)), None)
        if own and sound is None:
            raise IndexDamaged(
                f"更早的版本都已损坏：{'、'.join(own)}。",
                hint="请运行 yuansou index rebuild，或用 yuansou restore 恢复备份。",
            )
        if sound is None:
            others = sorted({found.engine for found in older} - {self.name})
            hint = f"更早的版本由 {'、'.join(others)} 建成：把设置 engine 改成它再退回。"
            raise NoSuchGeneration(
                "没有更早的索引版本可以退回。",
                hint=hint if others else "yuansou index status 会列出现有版本。",
            )
        return sound

    def substitutes(self) -> list[str]:
        held = self.store.names()
        published = self._published()
        older = [name for name in held if name < published] if published in held else held
        return [name for name in reversed(older) if name != published]

    def _published(self) -> str:
        """The name of the published generation; if it is lost, a name that sorts after all."""
        try:
            return self.current()
        except IndexProblem:
            return "~"

    def collect(self, keep: int) -> list[str]:
        spared = {*[found.name for found in self.generations()][-keep:], self.current()}
        dropped = [name for name in self.store.names() if name not in spared]
        for name in dropped:
            self.drop(name)
        return dropped

    def verify(self, generation: str) -> list[str]:
        return self.store.verify(generation)

    def verify_unread(self, generation: str) -> list[str]:
        return self.store.verify(generation, again=False)

    def status_messages(self) -> list[str]:
        damaged = [name for name in self.store.names() if self._read(name) is None]
        return [
            f"版本 {name} 的清单无法读取，不能使用；yuansou index gc 会删除它。" for name in damaged
        ] + self._outgrown()

    def _outgrown(self) -> list[str]:
        current = self._read(self._published())
        return outgrown(current) if current else []

    def check(self, generation: str) -> None:
        self.readable.check_search(self.store.read(generation))

    def open(self, generation: str | None = None) -> Snapshot:
        """Raises IndexMissing, IndexOutdated or IndexDamaged."""
        described = self.store.read(generation or self.current())
        self.readable.check_search(described)
        return self._opened(described)

    def open_articles(self, generation: str | None = None) -> Snapshot:
        """Raises the same, but IndexOutdated only for another format."""
        described = self.store.read(generation or self.current())
        self.readable.check_articles(described)
        return self._opened(described)

    def _opened(self, described: Generation) -> Snapshot:
        name = described.name
        self.store.check_quickly(name)
        try:
            lexicon = Lexicon.from_json(self.store.lexicon_json(name))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise IndexDamaged(f"索引版本 {name} 的词库无法读取。") from error
        return self.read_folder(self.store.path(name), described, lexicon)


@dataclass(frozen=True, slots=True)
class _Origin:
    """What a generation is made from. `base`: the generation that an update starts from."""

    lexicon: Lexicon
    base: str | None
    sources: tuple[str, ...]


class GenerationWriter:
    """A `Writer` that builds one generation in a folder of its own."""

    def __init__(self, engine: EmbeddedEngine, folder: Path, origin: "_Origin") -> None:
        self._engine = engine
        self._folder = folder
        self._origin = origin
        self._writer = engine.folder_writer(folder)

    def add(self, batch: Any) -> None:
        self._writer.add(batch)

    def remove(self, ids: Sequence[str]) -> None:
        self._writer.remove(ids)

    def commit(self, *, wait_visible: bool = True) -> Generation:
        # A published generation is visible at once, so there is nothing to wait for.
        segments = self._writer.commit()
        base, lexicon = self._origin.base, self._origin.lexicon
        if base is not None:
            self._engine.store.check_replaced(base, self._folder)
        described = self._engine.describe(self._folder.stem, lexicon)
        snapshot = self._engine.read_folder(self._folder, described, lexicon)
        generation = replace(
            described,
            articles=snapshot.match(All(), limit=0).total,
            segments=segments,
            bytes=sum(path.stat().st_size for path in self._folder.iterdir()),
            sources=self._origin.sources,
        )
        snapshot.close()
        self._engine.store.finish(self._folder, generation, lexicon.to_json())
        return generation

    def abort(self) -> None:
        try:
            self._writer.abort()
        finally:
            shutil.rmtree(self._folder, ignore_errors=True)
