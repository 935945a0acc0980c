"""Several serving processes on one socket: Python computes on one core at a time.

Each opens the index by itself; what it reads of it through memory maps is in memory once.
"""

import multiprocessing
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from multiprocessing import connection
from multiprocessing.process import BaseProcess

Serve = Callable[[socket.socket], None]
"""Answers on a bound socket until interrupted; it must be a module's own, to be sent."""

PAUSE = 1.0
"""Seconds before a process takes the place of one that ended: what ends at once would never stop
ending."""
PATIENCE = 5.0
"""Seconds in which a process may end what it answers."""


def serve_in(count: int, serve: Serve, listener: socket.socket) -> None:
    """Answer in so many processes until interrupted; another takes the place of one that ends."""
    spawn = multiprocessing.get_context("spawn")
    workers: list[BaseProcess] = []
    try:
        while True:
            while len(workers) < count:
                worker = spawn.Process(target=_work, args=(serve, listener), name="yuansou")
                worker.start()
                workers.append(worker)
            connection.wait([worker.sentinel for worker in workers])
            workers = [worker for worker in workers if worker.is_alive()]
            time.sleep(PAUSE)
    finally:
        _end(workers)


def _work(serve: Serve, listener: socket.socket) -> None:
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        serve(listener)
    except KeyboardInterrupt:
        return


def _end_with_parent() -> None:
    """Nobody would end a process whose parent was killed, and it would keep the port."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os.kill(os.getpid(), signal.SIGTERM)


def _end(workers: list[BaseProcess]) -> None:
    for worker in workers:
        worker.terminate()
    deadline = time.monotonic() + PATIENCE
    for worker in workers:
        worker.join(max(0.0, deadline - time.monotonic()))
        if worker.is_alive():
            worker.kill()
