"""A value that is computed at first use, once, even if several threads ask for it."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Lazy(Generic[T]):
    """Calls `make` at the first `get`. Threads that call `get` meanwhile wait for the result."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._made: list[T] = []

    @property
    def made(self) -> bool:
        return bool(self._made)

    def get(self) -> T:
        if not self._made:
            with self._lock:
                if not self._made:
                    self._made.append(self._make())
        return self._made[0]

    def get_within(self, seconds: float) -> T | None:
        """The value; None if another thread is still computing it after `seconds`."""
        if not self._made:
            if not self._lock.acquire(timeout=seconds):
                return None
            self._lock.release()
        return self.get()
