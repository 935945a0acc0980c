"""The engine interface implemented as plainly as possible, in memory: the oracle of the engines."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from threading import Lock

from index.document import Document
from index.engines.api import Generation, Snapshot
from index.errors import IndexLocked, IndexMissing, NoSuchGeneration
from index.lexicon.model import Lexicon
from tests.support.naive_snapshot import NaiveSnapshot


def pack(documents: Sequence[Document]) -> list[Document]:
    return list(documents)


@dataclass
class NaiveWriter:
    """Collects documents; `commit` stores them under a new name."""

    engine: "NaiveEngine"
    lexicon: Lexicon
    base: str | None
    sources: Sequence[str]
    fresh: list[Document] = field(default_factory=list)
    removed: set[str] = field(default_factory=set)

    def add(self, batch: Sequence[Document]) -> None:
        self.fresh += batch

    def remove(self, ids: Sequence[str]) -> None:
        self.removed.update(ids)

    def commit(self, *, wait_visible: bool = True) -> Generation:
        old = self.engine.kept[self.base] if self.base else None
        documents = [d for d in old[2] if d.id not in self.removed] if old else []
        documents += self.fresh
        generation = self.engine.describe(self.lexicon)
        generation = replace(
            generation,
            articles=len(documents),
            segments=(old[0].segments if old else 0) + bool(self.fresh),
            sources=tuple(self.sources),
        )
        self.engine.kept[generation.name] = (generation, self.lexicon, documents)
        return generation

    def abort(self) -> None:
        """Nothing was kept."""


class NaiveEngine:
    """Generations in a dictionary."""

    name = "naive"
    max_segments = 12
    location = "memory"
    is_remote = False
    updates_in_place = False

    def __init__(self) -> None:
        self.kept: dict[str, tuple[Generation, Lexicon, list[Document]]] = {}
        self._current: str | None = None
        self._lock = Lock()
        self._count = 0

    @property
    def pack(self) -> Callable[[Sequence[Document]], list[Document]]:
        return pack

    def describe(self, lexicon: Lexicon) -> Generation:
        self._count += 1
        name = f"{self._count:06d}"
        return Generation(name, self.name, 1, "naive", lexicon.version, 0, int(time.time()))

    @contextmanager
    def lock(self, wait: float, *, shared: bool = False) -> Iterator[None]:
        if not self._lock.acquire(timeout=wait):
            raise IndexLocked("另一个线程正在写入索引。")
        try:
            yield
        finally:
            self._lock.release()

    def build(self, lexicon: Lexicon, *, base: str | None, sources: Sequence[str]) -> NaiveWriter:
        return NaiveWriter(self, lexicon, base, sources)

    def publish(self, generation: str) -> None:
        self._current = self._known(generation)

    def _known(self, generation: str) -> str:
        if generation not in self.kept:
            raise NoSuchGeneration(f"没有名为 {generation} 的索引版本。")
        return generation

    def generations(self) -> list[Generation]:
        return [self.kept[name][0] for name in sorted(self.kept)]

    def read(self, generation: str) -> Generation:
        return self.kept[generation][0]

    def current(self) -> str:
        if self._current is None:
            raise IndexMissing("还没有索引。")
        return self._current

    def drop(self, generation: str) -> None:
        self.kept.pop(generation, None)

    def previous(self) -> str:
        older = [name for name in sorted(self.kept) if name < self.current()]
        if not older:
            raise NoSuchGeneration("没有更早的索引版本可以退回。")
        return older[-1]

    def substitutes(self) -> list[str]:
        return [name for name in sorted(self.kept, reverse=True) if name < self.current()]

    def collect(self, keep: int) -> list[str]:
        spared = {*sorted(self.kept)[-keep:], self.current()}
        dropped = [name for name in sorted(self.kept) if name not in spared]
        for name in dropped:
            self.drop(name)
        return dropped

    def verify(self, generation: str) -> list[str]:
        self._known(generation)
        return []

    def verify_unread(self, generation: str) -> list[str]:
        return self.verify(generation)

    def status_messages(self) -> list[str]:
        return []

    def open(self, generation: str | None = None) -> Snapshot:
        return NaiveSnapshot(*self.kept[self._known(generation or self.current())])

    def check(self, generation: str) -> None:
        self._known(generation)

    def open_articles(self, generation: str | None = None) -> Snapshot:
        return self.open(generation)
