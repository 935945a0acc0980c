"""What a process shares with the one that forked it, beside what that has loaded."""

from collections.abc import Iterator
from contextlib import contextmanager

from web.serving.shared_verdict import SharedVerdict
from web.shared_memory import SharedMemory


class Inherited:
    """Made before the fork.

    `published`: the name in force when the index was opened for them, empty if none was.
    `generation`: what was opened. `verdict`: of the full reading of it.
    """

    def __init__(self) -> None:
        self.published = self.generation = ""
        self.verdict = SharedVerdict()
        self._turn = SharedMemory(1)

    def is_replaced_soon(self, published: str) -> bool:
        """Whether processes that have another generation loaded are being started."""
        return published not in ("", self.published)

    @contextmanager
    def turn(self, *, waiting: bool) -> Iterator[bool]:
        """Whether it is this process's turn to read a generation. `waiting`: it has to be."""
        if waiting:
            with self._turn.locked(0):
                yield True
        elif self._turn.try_lock(0):
            try:
                yield True
            finally:
                self._turn.unlock(0)
        else:
            yield False
