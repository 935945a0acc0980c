"""One daemon thread that runs the tasks given to it in turn.

A thread allocates from its own heap and keeps what it frees there: when whichever thread happened
to need a new generation opened it, a server grew by 50 MB with each update. Why not
ThreadPoolExecutor(1): Python waits for its thread at exit, and opening or warming takes seconds.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Any, TypeVar

T = TypeVar("T")


class SingleThread:
    """Starts with the first task and ends with the process."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._lock = threading.Lock()
        self._tasks: SimpleQueue[tuple[Callable[[], Any], Future[Any]]] | None = None

    def submit(self, task: Callable[[], T]) -> Future[T]:
        """The future gives the task's result or raises its exception."""
        future: Future[T] = Future()
        with self._lock:
            if self._tasks is None:
                self._tasks = SimpleQueue()
                threading.Thread(
                    target=_run, args=(self._tasks,), name=self._name, daemon=True
                ).start()
        self._tasks.put((task, future))
        return future


def _run(tasks: SimpleQueue[tuple[Callable[[], Any], Future[Any]]]) -> None:
    while True:
        _run_one(*tasks.get())  # in a call, so that nothing of the last task is held while waiting


def _run_one(task: Callable[[], Any], future: Future[Any]) -> None:
    try:
        future.set_result(task())
    except BaseException as error:
        future.set_exception(error)
