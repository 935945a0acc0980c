"""The file of vectors: a header, then rows of a key and a vector, only ever appended to.

Rows belong to texts and not to generations, so rebuilds, updates and rollbacks keep them, and
reposts share one. A process that is killed leaves half a row at most, which nobody reads and the
next writer overwrites.
"""

import hashlib
import os
import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.durable import FRESH, make_folder, sync
from index.errors import IndexLocked
from index.file_lock import try_lock
from index.vectors.embedder import Embedder, Vector

VECTORS_FILE = "vectors.bin"
TEXT_CHARS = 400
"""Of a text, the beginning that stands for the whole of it."""
HEADER_BYTES = 128
LENGTHS = (0.98, 1.02)
"""A vector of another length is damaged: all have length 1."""


def key_of(normalized: str) -> int:
    """The key of an article's vector. `normalized`: title, line break and text, normalised."""
    title, _, text = normalized.partition("\n")
    seed = f"{title}\n{text[:TEXT_CHARS]}".encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(seed, digest_size=8).digest(), "little")


@dataclass(frozen=True, slots=True)
class Vectors:
    """What the file held when it was opened. `stamp` tells it from what it holds at another
    time. `keys` are in order; `places`: the row of each."""

    stamp: str
    keys: NDArray[np.uint64]
    places: NDArray[np.int64]
    rows: NDArray[np.void]

    def __len__(self) -> int:
        return len(self.keys)

    def __contains__(self, key: int) -> bool:
        """Whether `key` has a sound vector."""
        return bool(self.of([key]))

    def of(self, keys: Sequence[int]) -> dict[int, Vector]:
        """The vectors of those keys that have a sound one."""
        found: dict[int, Vector] = {}
        for key in keys:
            place = self._place(key)
            if place is None:
                continue
            vector = self.rows["vector"][place].astype(np.float32)
            if LENGTHS[0] <= float(np.linalg.norm(vector)) <= LENGTHS[1]:
                found[key] = vector
        return found

    def _place(self, key: int) -> int | None:
        at = int(np.searchsorted(self.keys, np.uint64(key)))
        return int(self.places[at]) if at < len(self.keys) and self.keys[at] == key else None


class VectorFile:
    """The vectors of one model, in the folder of the index. Threads may share it."""

    def __init__(self, folder: Path, embedder: Embedder) -> None:
        self.path = folder / VECTORS_FILE
        self._row = np.dtype([("key", "<u8"), ("vector", "<f2", (embedder.dimensions,))])
        line = f"yuansou vectors 1 {embedder.name} {embedder.dimensions}\n"
        self._header = line.encode().ljust(HEADER_BYTES, b"\0")
        self._lock = threading.Lock()
        self._opened: Vectors | None = None

    def vectors(self) -> Vectors:
        """What the file holds now: nothing where it is missing or of another model."""
        stamp = _stamp(self.path)
        opened = self._opened
        if opened is None or opened.stamp != stamp:
            with self._lock:
                opened = self._opened = self._read(stamp)
        return opened

    @contextmanager
    def writing(self) -> Iterator["VectorWriter"]:
        """Be the only writer; raises IndexLocked. A file of another model is emptied."""
        make_folder(self.path.parent)
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            if not self._is_alone(descriptor):
                raise IndexLocked("另一个进程正在做意思向量。", hint="请等它做完，或先停下它。")
            self._start(descriptor)
            yield VectorWriter(descriptor, self._row)
        finally:
            os.close(descriptor)

    def keep_only(self, keys: Collection[int]) -> int:
        """Drop the rows of all other keys; returns how many. Call it while writing. Readers hold
        what they have opened."""
        held = self.vectors()
        wanted = np.fromiter(keys, dtype=np.uint64, count=len(keys))
        kept = np.sort(held.places[np.isin(held.keys, wanted)])
        dropped = self._count(self.path.stat().st_size) - len(kept)
        if dropped:
            fresh = self.path.with_name(self.path.name + FRESH)
            fresh.write_bytes(self._header + held.rows[kept].tobytes())
            sync(fresh)
            fresh.replace(self.path)
            sync(self.path.parent)
        return dropped

    def _is_alone(self, descriptor: int) -> bool:
        # Another writer may have replaced the file while this one waited for the system.
        return try_lock(descriptor) and os.fstat(descriptor).st_ino == self.path.stat().st_ino

    def _start(self, descriptor: int) -> None:
        """Write at the end of the last whole row, or behind a new header."""
        size = os.fstat(descriptor).st_size
        if os.pread(descriptor, HEADER_BYTES, 0) != self._header:
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, self._header, 0)
            sync(self.path.parent)
            size = HEADER_BYTES
        whole = HEADER_BYTES + self._count(size) * self._row.itemsize
        os.ftruncate(descriptor, whole)
        os.lseek(descriptor, whole, os.SEEK_SET)

    def _count(self, size: int) -> int:
        return max(0, size - HEADER_BYTES) // self._row.itemsize

    def _read(self, stamp: str) -> Vectors:
        rows: NDArray[np.void] = np.empty(0, self._row)
        if stamp:
            with self.path.open("rb") as file:
                count = self._count(os.fstat(file.fileno()).st_size)
                if count and file.read(HEADER_BYTES) == self._header:
                    rows = np.memmap(file, self._row, "r", HEADER_BYTES, (count,))
        # The last row of a key counts: an earlier one was damaged, or it would not be there again.
        keys, places = np.unique(rows["key"][::-1], return_index=True)
        return Vectors(stamp, keys, len(rows) - 1 - places, rows)


class VectorWriter:
    """Appends rows to the file."""

    def __init__(self, descriptor: int, row: "np.dtype[np.void]") -> None:
        self._descriptor = descriptor
        self._row = row

    def append(self, vectors: Mapping[int, Vector]) -> None:
        """On the disk when it returns."""
        rows = np.array([(key, vector) for key, vector in vectors.items()], self._row)
        left = memoryview(rows.tobytes())
        while left:
            left = left[os.write(self._descriptor, left) :]
        os.fsync(self._descriptor)


def _stamp(path: Path) -> str:
    """Changes with every write to the file; empty if there is none."""
    try:
        found = path.stat()
    except OSError:
        return ""
    return f"{found.st_ino} {found.st_size} {found.st_mtime_ns}"
