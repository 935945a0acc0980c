"""Named arrays in one file, read through a memory map.

Layout: the arrays' bytes, each at a multiple of 8; then a JSON directory; then its length (8 bytes,
little endian) and a magic number (8 bytes).
"""

import json
import mmap
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from index.errors import IndexDamaged

MAGIC = b"YSPACK01"
ALIGN = 8

Array = NDArray[Any]


class ArrayFileWriter:
    """Writes arrays one at a time, so that only one has to be in memory."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._directory: dict[str, tuple[str, int, int]] = {}
        self._position = 0

    def add(self, name: str, array: Array) -> None:
        padding = -self._position % ALIGN
        self._file.write(b"\0" * padding)
        self._position += padding
        self._directory[name] = (array.dtype.str, self._position, array.size)
        self._file.write(np.ascontiguousarray(array).data)
        self._position += array.nbytes

    def add_text(self, name: str, text: str) -> None:
        self.add(name, np.frombuffer(text.encode("utf-8", "surrogatepass"), np.uint8))

    def finish(self) -> None:
        directory = json.dumps(self._directory).encode()
        self._file.write(directory + struct.pack("<Q", len(directory)) + MAGIC)


def map_file(path: Path) -> mmap.mmap:
    """A file's bytes. They stay readable as long as they are referenced, even if it is deleted."""
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def read_arrays(path: Path) -> Mapping[str, Array]:
    """The arrays of a file by name, as views of its memory map. Raises IndexDamaged."""
    try:
        data = map_file(path)
        if data[-8:] != MAGIC:
            raise ValueError("no magic number at the end")
        (length,) = struct.unpack("<Q", data[-16:-8])
        directory = json.loads(data[-16 - length : -16])
        return {
            name: np.frombuffer(data, np.dtype(dtype), count, offset)
            for name, (dtype, offset, count) in directory.items()
        }
    except (OSError, ValueError, struct.error) as error:
        raise IndexDamaged(f"索引文件 {path.name} 已损坏或不完整（{error}）。") from error


def text_of(array: Array) -> str:
    return array.tobytes().decode("utf-8", "surrogatepass")
