"""One process that opens an index, and the processes forked from it that answer.

They share what it has loaded: the dictionary, the index's tables, suggestions. It answers nothing
itself and runs no threads, since only the thread that forks lives on in what it forks. It replaces
processes that end.
"""

import multiprocessing
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from multiprocessing import connection
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Protocol

from index.errors import YuansouError
from web.serving.process_tuning import share_one_heap

RESTART_DELAY_SECONDS = 1.0
"""Delay before a process that ended is replaced. Avoids a tight loop if processes end at once."""
SHUTDOWN_SECONDS = 5.0
"""Time for a process to finish its requests before it is killed."""
RETIRE_SECONDS = 60.0
"""The same for one that others have taken over from, which hurries nobody."""

_SIGNALS = (signal.SIGTERM, signal.SIGINT)

Ending = Callable[[], bool]
"""Whether a process is to take no more connections and to end with the last that it has."""


class Preloaded(Protocol):
    """An application that is loaded in one process and answers in those forked from it."""

    def open(self) -> str:
        """Open what answers. Returns a sentence about what went wrong, else an empty string."""
        ...

    def warm(self) -> bool:
        """Load what takes seconds and the first requests can do without; False if nothing can be
        shared."""
        ...

    def verify(self) -> None:
        """Read all files that answers come from; runs in a process of its own."""
        ...

    def serve(self, listener: socket.socket, ending: Ending) -> None:
        """Answer on a bound socket until interrupted, or until nothing is left after `ending`."""
        ...


Load = Callable[[], Preloaded]
"""Must be picklable: a module-level function, or a `partial` of one."""
MADE = None
"""What a preloading process says first: its application is made."""


def preload(
    load: Load, count: int, listener: socket.socket, orders: Connection, *, first: bool
) -> None:
    """The preloading process. It says over `orders` that the application is made (`MADE`), or why
    that cannot be (the exception); then, as soon as `count` processes answer, what went wrong at
    opening (an empty string: nothing). It retires them when told anything.

    `first`: no other process answers yet, so some answer at once, until all is loaded; and it goes
    on where opening fails, because pages can say why.
    """
    share_one_heap()
    retired: list[BaseProcess] = []
    answering = _Answering(count, listener)
    try:
        for number in _SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:  # as Ctrl+C is in a background job
                signal.signal(number, _interrupt_once)
        let_signals_in()
        loaded = _made(load, orders)
        if loaded is None:
            return
        problem = loaded.open()
        if problem and not first:
            orders.send(problem)
            return
        if first:
            answering.start(loaded)
        if loaded.warm():
            retired += answering.retire()
        answering.start(loaded)
        retired.append(_forked(loaded.verify, "verify"))
        orders.send(problem)
        answering.keep(loaded, orders, retired)
        retired += answering.retire()
        _wait_for(retired, orders)
    except (KeyboardInterrupt, EOFError, BrokenPipeError, ConnectionResetError):
        pass  # the parent says so, or is gone
    finally:
        _ignore_signals()
        end([*answering.processes, *retired], SHUTDOWN_SECONDS)


def _interrupt_once(number: int, frame: object) -> None:
    """Ctrl+C comes from the terminal, and soon after it SIGTERM from the parent, which would
    interrupt the end. Those that are forked have this too."""
    _ignore_signals()
    raise KeyboardInterrupt


def _ignore_signals() -> None:
    """By a function: of a signal that waits already, Python complains if it is then SIG_IGN."""
    for number in _SIGNALS:
        signal.signal(number, lambda number, frame: None)


def _made(load: Load, orders: Connection) -> Preloaded | None:
    """None where that cannot be: the parent was told why."""
    try:
        loaded = load()
    except (YuansouError, OSError) as error:
        orders.send(error)
        return None
    orders.send(MADE)
    return loaded


class _Answering:
    """The processes that answer now."""

    def __init__(self, count: int, listener: socket.socket) -> None:
        self._count = count
        self._listener = listener
        self.processes: list[BaseProcess] = []

    def start(self, loaded: Preloaded) -> None:
        """Fork as many as are missing."""
        while len(self.processes) < self._count:
            self.processes.append(_forked(lambda: _answer(loaded, self._listener), "yuansou"))

    def retire(self) -> list[BaseProcess]:
        """Let all end with the last connection that they have; returns them."""
        ending, self.processes = self.processes, []
        for process in ending:
            if process.pid is not None and process.is_alive():
                os.kill(process.pid, signal.SIGUSR1)
        return ending

    def keep(self, loaded: Preloaded, orders: Connection, ending: list[BaseProcess]) -> None:
        """Replace those that end, until there is an order. Those of `ending` are dropped from it
        when they have ended. Raises EOFError when the parent is gone."""
        while True:
            living = [process.sentinel for process in (*self.processes, *ending)]
            if orders in connection.wait([orders, *living]):
                orders.recv()
                return
            ending[:] = [process for process in ending if process.is_alive()]
            self.processes = [process for process in self.processes if process.is_alive()]
            if len(self.processes) < self._count:
                time.sleep(RESTART_DELAY_SECONDS)
                self.start(loaded)


def _wait_for(ending: list[BaseProcess], orders: Connection) -> None:
    """Until all have ended, or too late. Raises EOFError when the parent is gone."""
    deadline = time.monotonic() + RETIRE_SECONDS
    while ending and (left := deadline - time.monotonic()) > 0:
        living = [process.sentinel for process in ending]
        if orders in connection.wait([orders, *living], left):
            orders.recv()
        ending = [process for process in ending if process.is_alive()]


def _forked(task: Callable[[], None], name: str) -> BaseProcess:
    process = multiprocessing.get_context("fork").Process(target=_run, args=(task,), name=name)
    with signals_wait():
        process.start()
    return process


@contextmanager
def signals_wait() -> Iterator[None]:
    """Let the signals that end a process wait while the block starts one: here until its end, in
    what it starts until that is ready to deal with them (`let_signals_in`)."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def let_signals_in() -> None:
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)


def _run(task: Callable[[], None]) -> None:
    try:
        let_signals_in()
        threading.Thread(target=_end_with_parent, daemon=True).start()
        task()
    except KeyboardInterrupt:
        return


def _answer(loaded: Preloaded, listener: socket.socket) -> None:
    ordered: list[int] = []
    signal.signal(signal.SIGUSR1, lambda number, frame: ordered.append(number))
    loaded.serve(listener, lambda: bool(ordered))


def _end_with_parent() -> None:
    """End this process when its parent is killed; otherwise it would keep the port forever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os.kill(os.getpid(), signal.SIGTERM)


def end(processes: Iterable[BaseProcess], seconds: float) -> None:
    """End them now; kill those that have not ended after some seconds."""
    ending = [process for process in processes if process.is_alive()]
    for process in ending:
        process.terminate()
    deadline = time.monotonic() + seconds
    for process in ending:
        process.join(max(0.0, deadline - time.monotonic()))
        if process.is_alive():
            process.kill()
