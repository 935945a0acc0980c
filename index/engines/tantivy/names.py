"""Ids and stories by article number, in files beside Tantivy's.

Tantivy gives strings of a thousand matches in 20 ms; these are read in one. An update adds a file,
and where there are many they become one.
"""

import mmap
from bisect import bisect_right
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

PATTERN = "names-*.bin"
MAX_FILES = 8
SEPARATOR = "\0"
_COUNT_BYTES = 8


class NameWriter:
    """Gathers names from number `first` on; `close` writes them in one file."""

    def __init__(self, first: int) -> None:
        self.first = first
        self._parts: list[bytes] = []

    def __len__(self) -> int:
        return len(self._parts)

    def add(self, article_id: str, story: str) -> None:
        name = f"{article_id}{SEPARATOR}{story}"
        self._parts.append(name.encode("utf-8", "surrogatepass"))

    def close(self, folder: Path) -> None:
        if self._parts:
            _write(folder / f"names-{self.first:015d}.bin", self._parts)
        if len(files := sorted(folder.glob(PATTERN))) > MAX_FILES:
            _merge(files)


class Names:
    """Reads (id, story) by number, through memory maps."""

    def __init__(self, folder: Path) -> None:
        files = sorted(folder.glob(PATTERN))
        self._firsts = [_first_of(file) for file in files]
        self._files = [_File(file) for file in files]

    def read(self, numbers: Sequence[int]) -> list[tuple[str, str]]:
        return [self._one(number) for number in numbers]

    def _one(self, number: int) -> tuple[str, str]:
        at = bisect_right(self._firsts, number) - 1
        name = self._files[at].read(number - self._firsts[at])
        article_id, _, story = name.decode("utf-8", "surrogatepass").rpartition(SEPARATOR)
        return article_id, story


class _File:
    """The number of names (8 bytes), where each ends (8 bytes each), the names."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self.count = int.from_bytes(self._data[:_COUNT_BYTES], "little")
        self._ends: NDArray[np.uint64] = np.frombuffer(
            self._data, np.uint64, self.count, _COUNT_BYTES
        )
        self._start = _COUNT_BYTES * (self.count + 1)

    def read(self, at: int) -> bytes:
        begin = int(self._ends[at - 1]) if at else 0
        return self._data[self._start + begin : self._start + int(self._ends[at])]


def _first_of(path: Path) -> int:
    return int(path.stem.removeprefix("names-"))


def _write(path: Path, parts: Sequence[bytes]) -> None:
    ends = np.cumsum([len(part) for part in parts], dtype=np.uint64)
    with path.open("wb") as file:
        file.write(len(parts).to_bytes(_COUNT_BYTES, "little"))
        file.write(ends.tobytes())
        file.writelines(parts)


def _merge(files: Sequence[Path]) -> None:
    """All into the first, which is written anew: its old form may belong to another generation."""
    opened = [_File(file) for file in files]
    parts = [each.read(at) for each in opened for at in range(each.count)]
    new = files[0].with_suffix(".new")
    _write(new, parts)
    new.replace(files[0])
    for file in files[1:]:
        file.unlink()
