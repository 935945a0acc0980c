"""A thread of its own for one kind of work, done in turn.

Threads take memory from heaps of their own, and what they free stays there: where each generation
was opened by the thread that happened to ask for it, a server grew by 50 MB an update.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Any, TypeVar

T = TypeVar("T")


class Lane:
    """Starts with the first work, and ends with the process."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._lock = threading.Lock()
        self._work: SimpleQueue[tuple[Callable[[], Any], Future[Any]]] | None = None

    def do(self, work: Callable[[], T]) -> Future[T]:
        """What it gives or raises is in the future."""
        done: Future[T] = Future()
        with self._lock:
            if self._work is None:
                self._work = SimpleQueue()
                threading.Thread(
                    target=_run, args=(self._work,), name=self._name, daemon=True
                ).start()
        self._work.put((work, done))
        return done


def _run(queue: SimpleQueue[tuple[Callable[[], Any], Future[Any]]]) -> None:
    while True:
        _one(*queue.get())  # what it holds is let go of before the next is waited for


def _one(work: Callable[[], Any], done: Future[Any]) -> None:
    try:
        done.set_result(work())
    except BaseException as error:
        done.set_exception(error)
