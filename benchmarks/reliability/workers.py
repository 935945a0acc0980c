"""Operations in processes that are forked from a warm one: importing takes longer than they do."""

import multiprocessing
import os
import signal
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from multiprocessing import reduction
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path

from benchmarks.reliability import seccomp
from benchmarks.reliability.systems import system

PRELOADED = ["benchmarks.reliability.systems", "benchmarks.reliability.warm"]
TIMEOUT = 120


@dataclass(frozen=True, slots=True)
class Worker:
    """A process that is about to do an operation, and waits for `go`."""

    process: ForkServerProcess
    pipe: Connection
    listener: int = -1

    @property
    def pid(self) -> int:
        return self.process.pid or 0

    def go(self) -> None:
        self.pipe.send("go")

    def kill(self) -> None:
        with suppress(ProcessLookupError):  # it has ended
            os.kill(self.pid, signal.SIGKILL)

    def acknowledged(self) -> bool:
        """Waits for the end. Whether the operation returned."""
        self.process.join(TIMEOUT)
        if self.process.exitcode is None:
            self.kill()
            raise TimeoutError(f"no end after {TIMEOUT} s")
        try:
            return self.process.exitcode == 0 or bool(self.pipe.poll() and self.pipe.recv())
        except (EOFError, ConnectionError):  # killed before it read `go`
            return False


def started(name: str, operation: str, folder: Path, watch: Sequence[str] = ()) -> Worker:
    """Starts a process for an operation of a system. `watch`: calls that wait for an answer on
    `listener`."""
    ours, theirs = context().Pipe()
    process = context().Process(target=_act, args=(theirs, name, operation, folder, watch))
    process.start()
    theirs.close()
    ours.recv()
    return Worker(process, ours, reduction.recv_handle(ours) if watch else -1)


@cache
def context() -> ForkServerContext:
    made = multiprocessing.get_context("forkserver")
    made.set_forkserver_preload(PRELOADED)
    return made


def _act(pipe: Connection, name: str, operation: str, folder: Path, watch: Sequence[str]) -> None:
    subject = system(name)
    pipe.send("ready")
    if watch:
        reduction.send_handle(pipe, seccomp.watched(watch), os.getppid())
    pipe.recv()
    try:
        subject.act(folder, operation)
        pipe.send("acknowledged")
    except BaseException:  # what is written to stderr may fail as well
        os._exit(1)
    os._exit(0)
