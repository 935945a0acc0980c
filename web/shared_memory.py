"""Memory that all processes of a server see, with locks that end with the process that holds them.

multiprocessing's own locks stay locked for ever when a process is killed that holds one.
"""

import fcntl
import mmap
import os
import tempfile
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing.reduction import DupFd
from typing import Any


class SharedMemory:
    """Zeros at first. Can be given to a process that is forked, or started with its arguments.

    `bytes`: the memory itself. A lock is named by a number and locks nothing but that number.
    """

    def __init__(self, size: int) -> None:
        descriptor = _file_without_name()
        os.ftruncate(descriptor, size)
        self._use(descriptor, size)

    def _use(self, descriptor: int, size: int) -> None:
        self._descriptor, self._size = descriptor, size
        weakref.finalize(self, os.close, descriptor)
        self.bytes = mmap.mmap(descriptor, size)
        # Those of the system are of a process, whichever of its threads holds one.
        self._threads = threading.Lock()

    @contextmanager
    def locked(self, number: int) -> Iterator[None]:
        """Waits until no other thread or process holds this lock. Hold it for microseconds."""
        with self._threads:
            fcntl.lockf(self._descriptor, fcntl.LOCK_EX, 1, number)
            try:
                yield
            finally:
                fcntl.lockf(self._descriptor, fcntl.LOCK_UN, 1, number)

    def try_lock(self, number: int) -> bool:
        """Whether this process holds the lock now. Its threads must see to themselves."""
        try:
            fcntl.lockf(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, number)
        except OSError:
            return False
        return True

    def unlock(self, number: int) -> None:
        fcntl.lockf(self._descriptor, fcntl.LOCK_UN, 1, number)

    def __getstate__(self) -> tuple[Any, int]:
        return DupFd(self._descriptor), self._size

    def __setstate__(self, state: tuple[Any, int]) -> None:
        self._use(state[0].detach(), state[1])


def _file_without_name() -> int:
    """A descriptor of a file in memory; on the disk where the system has no such files."""
    with suppress(AttributeError, OSError):
        return os.memfd_create("yuansou")
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())
