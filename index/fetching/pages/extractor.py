"""Reads pages in a process of its own, so that none takes more than its share of the machine.

A table of 100 KB whose cells claim a thousand columns each holds trafilatura for longer than anyone
waits. The kernel ends a process whose timer of processor time runs out, also on a busy machine.
"""

import logging
import resource
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, Pipe
from threading import Lock
from typing import Protocol

from index.fetching.pages.extraction import article_html

MAX_SECONDS = 5
"""Of the processor, for a page; real ones take 0.02."""
MAX_MEMORY = 1_000_000_000
"""Bytes of address space; pages of news take 60 million."""
_ENDED_BY_A_PAGE = frozenset((-signal.SIGPROF, -signal.SIGSEGV, -signal.SIGABRT))
_PROGRAM = """
import sys
sys.path = {path!r}
from index.fetching.pages.extractor import extract_pages
extract_pages({pipe}, {seconds})
"""
"""Not multiprocessing's: that runs the program that started us again, with all that this loads."""


class ExtractionError(Exception):
    """A page was not read. `lasting`: because of the page, which took too much time or memory, or
    on which the library failed; else the process could not run."""

    def __init__(self, *, lasting: bool) -> None:
        super().__init__()
        self.lasting = lasting


class Extractor(Protocol):
    """The article of a page in HTML, "" where there is none. Raises ExtractionError."""

    def article(self, page: str) -> str: ...

    def close(self) -> None: ...


@dataclass(slots=True)
class ProcessExtractor:
    """Starts its process with the first page, and a new one after one that was ended. One page at a
    time, also when several threads ask."""

    seconds: int = MAX_SECONDS
    _lock: Lock = field(default_factory=Lock)
    _running: tuple[subprocess.Popen[bytes], Connection] | None = None

    def article(self, page: str) -> str:
        with self._lock:
            try:
                self._running = self._running or _started(self.seconds)
                self._running[1].send(page)
                found = self._running[1].recv()
            except (EOFError, OSError) as problem:
                raise ExtractionError(lasting=self._end() in _ENDED_BY_A_PAGE) from problem
            if found is None:
                raise ExtractionError(lasting=True)
            return str(found)

    def close(self) -> None:
        with self._lock:
            self._end()

    def _end(self) -> int:
        """The status with which the process ended, by itself if it did; it ends with its pipe."""
        if self._running is None:
            return 0
        process, pipe = self._running
        self._running = None
        pipe.close()
        with process:
            return process.wait()


def _started(seconds: int) -> tuple[subprocess.Popen[bytes], Connection]:
    """A process and our end of its pipe. It ends when that is closed: also where we are killed."""
    ours, theirs = Pipe()
    with theirs:
        number = theirs.fileno()
        program = _PROGRAM.format(path=sys.path, pipe=number, seconds=seconds)
        process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-c", program],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=(number,),
        )
    return process, ours


def extract_pages(number: int, seconds: int) -> None:
    """The process, with the number of its pipe: a page in, its article out, None where the library
    failed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the one that waits
    logging.disable()  # what the library thinks of pages is for its own developers
    article_html("")  # what is missing is missed before the first page
    with suppress(ValueError, OSError):  # services may be forbidden to set limits
        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    with suppress(EOFError, OSError), Connection(number) as pipe:
        while True:
            page = pipe.recv()
            signal.setitimer(signal.ITIMER_PROF, seconds)
            pipe.send(_article(page))


def _article(page: str) -> str | None:
    try:
        return article_html(page)
    except Exception:  # whatever a page does to the library, the next one is read
        return None
