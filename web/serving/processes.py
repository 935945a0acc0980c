"""Runs several server processes on one socket, since one Python process uses one core.

Each process opens the index itself. Memory-mapped files are shared between them.
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
"""Serves a bound socket until interrupted. Must be a module-level function, to be pickled."""

RESTART_DELAY_SECONDS = 1.0
"""Delay before a process that ended is replaced. Avoids a tight loop if processes end at once."""
SHUTDOWN_SECONDS = 5.0
"""Time for a process to finish its requests before it is killed."""


def serve_in(count: int, serve: Serve, listener: socket.socket) -> None:
    """Serve in `count` processes until interrupted, replacing each that ends."""
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
            time.sleep(RESTART_DELAY_SECONDS)
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
    """End this process when its parent is killed; otherwise it would keep the port forever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os.kill(os.getpid(), signal.SIGTERM)


def _end(workers: list[BaseProcess]) -> None:
    for worker in workers:
        worker.terminate()
    deadline = time.monotonic() + SHUTDOWN_SECONDS
    for worker in workers:
        worker.join(max(0.0, deadline - time.monotonic()))
        if worker.is_alive():
            worker.kill()
