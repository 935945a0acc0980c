"""Files of texts by article number, outside Whoosh: one of bytes, one of offsets. And what Whoosh
stores of an article, as bytes."""

import mmap
import pickle
import zlib
from collections.abc import Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from typing import BinaryIO

import numpy as np

from index.errors import IndexDamaged

COMPRESSION = 1
"""zlib's fastest level: bodies shrink to 40%, and reading one takes 16 µs."""


def compress(text: str) -> bytes:
    return zlib.compress(text.encode("utf-8", "surrogatepass"), COMPRESSION)


def pack_values(values: Mapping[str, object]) -> bytes:
    """Stored fields of a document as Whoosh writes them: sorted, pickled and compressed."""
    return zlib.compress(pickle.dumps(dict(sorted(values.items())), 2), 3)


def expand(data: bytes) -> str:
    """Undoes `compress`. Raises IndexDamaged for other data."""
    try:
        return zlib.decompress(data).decode("utf-8", "surrogatepass")
    except (zlib.error, UnicodeDecodeError) as error:
        raise IndexDamaged(f"索引里的一篇文章已损坏（{error}）。") from error


class BlobWriter:
    """Appends blobs to `file`, and writes their offsets to `offsets` at the end."""

    def __init__(self, file: BinaryIO, offsets: BinaryIO) -> None:
        self._file = file
        self._offsets_file = offsets
        self._ends = [0]

    def extend(self, blobs: Sequence[bytes]) -> None:
        self._file.write(b"".join(blobs))
        self._ends += accumulate(map(len, blobs), initial=self._ends.pop())

    def close(self) -> None:
        self._offsets_file.write(np.array(self._ends, np.uint64).tobytes())
        self._file.close()
        self._offsets_file.close()


class Blobs:
    """Reads blobs through a memory map. Raises IndexDamaged for damaged files."""

    def __init__(self, path: Path, offsets: Path) -> None:
        try:
            starts = np.fromfile(offsets, np.uint64)
            if (starts[:-1] > starts[1:]).any():
                raise ValueError("offsets descend")
            self.starts: list[int] = starts.tolist()
            with path.open("rb") as file:
                size = self.starts[-1]
                self.data = mmap.mmap(file.fileno(), size, access=mmap.ACCESS_READ) if size else b""
        except (OSError, ValueError, IndexError, OverflowError) as error:
            raise IndexDamaged(f"索引文件 {path.name} 已损坏或不完整（{error}）。") from error

    def __len__(self) -> int:
        return len(self.starts) - 1

    def __getitem__(self, number: int) -> bytes:
        return self.data[self.starts[number] : self.starts[number + 1]]
