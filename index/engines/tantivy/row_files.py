"""Files of one string for each article, by article number, next to Tantivy's own.

Tantivy needs 20 µs to read a stored document, so 20 ms for the ids of a thousand matches. Here each
is one slice of a memory map. An update adds a file. A file is merged with the one before it unless
that has more than twice its rows, so that there are few files and rows are seldom copied. Merging
drops the rows of deleted articles.

An index larger than memory is read from the disk. By default the system reads far around each
request, one after the other: fifty texts took 300 ms. Announced with `madvise`, they take 3 ms.
Where all is in memory, the announcement costs 0.1 ms.
"""

import mmap
from array import array
from bisect import bisect_right
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from index.errors import IndexDamaged

NUMBER_BYTES = 8
FIRST_NUMBER = 1

Live = Callable[[int, int], Sequence[int]]
"""(first, end) → the article numbers from `first` to before `end` that are not deleted."""


class RowWriter:
    """Appends rows from article number `first` on; `close` completes the file. `kind`: its name."""

    def __init__(self, folder: Path, kind: str, first: int) -> None:
        self._folder = folder
        self._kind = kind
        self._first = first
        self._file: BinaryIO | None = None
        self._ends = array("Q")

    def __len__(self) -> int:
        return len(self._ends)

    def add(self, row: bytes) -> None:
        if self._file is None:
            self._file = self._new.open("wb")
        self._file.write(row)
        self._ends.append((self._ends[-1] if self._ends else 0) + len(row))

    def close(self, live: Live) -> None:
        if self._file is not None:
            _finish(self._file, np.array(self._ends, np.uint64))
            self._new.replace(_path(self._folder, self._kind, self._first))
        _merge(self._folder, self._kind, live)

    def abort(self) -> None:
        if self._file is not None:
            self._file.close()

    @property
    def _new(self) -> Path:
        return self._folder / f"{self._kind}.new"


class RowReader:
    """Reads rows by article number. Raises IndexDamaged for an incomplete file.

    `long`: a row is about a page of memory, so reading around it is a waste.
    """

    def __init__(self, folder: Path, kind: str, *, long: bool = False) -> None:
        self._files = [_File(path, long=long) for path in _paths(folder, kind)]
        self._firsts = [file.first for file in self._files]

    def read(self, numbers: Sequence[int]) -> list[bytes]:
        """Rows in the order of `numbers`."""
        if len(self._files) == 1:
            return self._files[0].read(numbers)
        rows: dict[int, bytes] = {}
        by_file: dict[int, list[int]] = {}
        for number in numbers:
            by_file.setdefault(bisect_right(self._firsts, number) - 1, []).append(number)
        for at, wanted in by_file.items():
            rows |= zip(wanted, self._files[at].read(wanted), strict=True)
        return [rows[number] for number in numbers]


class _File:
    """The rows one after the other, the end of each (8 bytes), and their number (8 bytes)."""

    def __init__(self, path: Path, *, long: bool = False) -> None:
        self._long = long
        self.first = int(path.stem.rpartition("-")[2])
        try:
            with path.open("rb") as file:
                self.data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            self.count = int.from_bytes(self.data[-NUMBER_BYTES:], "little")
            self.size = len(self.data) - NUMBER_BYTES * (self.count + 1)
            self.ends: NDArray[np.uint64] = np.frombuffer(
                self.data, np.uint64, self.count, self.size
            )
        except (OSError, ValueError, OverflowError) as error:
            raise IndexDamaged(f"索引文件 {path.name} 已损坏或不完整（{error}）。") from error
        if long and self.size:
            self.data.madvise(mmap.MADV_RANDOM, 0, self.size)

    def read(self, numbers: Sequence[int]) -> list[bytes]:
        places = np.array(numbers, np.int64) - self.first
        ends = self.ends[places].astype(np.int64)
        starts = np.where(places > 0, self.ends[places - 1].astype(np.int64), 0)
        data = self.data
        pairs = list(zip(starts.tolist(), ends.tolist(), strict=True))
        if self._long:
            for start, end in pairs:
                page = start - start % mmap.PAGESIZE
                data.madvise(mmap.MADV_WILLNEED, page, end - page)
        return [data[start:end] for start, end in pairs]


def next_number(folder: Path, kind: str) -> int:
    """The first article number without a row. Numbers of deleted articles are never given again:
    files would have two rows for one."""
    paths = _paths(folder, kind)
    if not paths:
        return FIRST_NUMBER
    last = _File(paths[-1])
    return last.first + last.count


def _path(folder: Path, kind: str, first: int) -> Path:
    return folder / f"{kind}-{first:015d}.bin"


def _paths(folder: Path, kind: str) -> list[Path]:
    return sorted(folder.glob(f"{kind}-*.bin"))


def _finish(file: BinaryIO, ends: NDArray[np.uint64]) -> None:
    """The ends of rows come after them, because they are known only then. numpy reads them
    unaligned."""
    file.write(ends.tobytes())
    file.write(len(ends).to_bytes(NUMBER_BYTES, "little"))
    file.close()


def _merge(folder: Path, kind: str, live: Live) -> None:
    paths = _paths(folder, kind)
    files = [_File(path) for path in paths]
    while len(files) > 1 and files[-2].count <= 2 * files[-1].count:
        new = paths[-2].with_suffix(".new")
        _write_merged(new, files[-2], files[-1], live)
        new.replace(paths[-2])  # the old file may be linked in another generation
        paths.pop().unlink()
        files[-2:] = [_File(paths[-1])]


def _write_merged(path: Path, one: _File, other: _File, live: Live) -> None:
    """The rows of two adjacent files; those of deleted articles become empty."""
    total = other.first + other.count - one.first
    ends = np.zeros(total, np.uint64)
    with path.open("wb") as out:
        for file in (one, other):
            for number in sorted(live(file.first, file.first + file.count)):
                (row,) = file.read([number])
                out.write(row)
                ends[number - one.first] = len(row)
        _finish(out, np.cumsum(ends, dtype=np.uint64))
