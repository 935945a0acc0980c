"""Reads pages in a process of its own, so that none takes more than its share of the machine.

A table of 100 KB whose cells claim a thousand columns each holds trafilatura for longer than anyone
waits. The kernel ends a process whose timer of processor time runs out, also on a busy machine.
"""

import logging
import resource
import signal
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from threading import Lock
from typing import Protocol

from index.fetching.pages.extraction import article_html

MAX_SECONDS = 5
"""Of the processor, for a page; real ones take 0.02."""
MAX_MEMORY = 1_000_000_000
"""Bytes of address space; pages of news take 60 million."""


class ExtractionError(Exception):
    """A page took too much time or memory, or the library failed on it."""


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
    _running: tuple[SpawnProcess, Connection] | None = None

    def article(self, page: str) -> str:
        with self._lock:
            self._running = self._running or _started(self.seconds)
            pipe = self._running[1]
            try:
                pipe.send(page)
                found = pipe.recv()
            except (EOFError, OSError) as problem:
                self._end()
                raise ExtractionError from problem
            if found is None:
                raise ExtractionError
            return str(found)

    def close(self) -> None:
        with self._lock:
            self._end()

    def _end(self) -> None:
        if self._running:
            process, pipe = self._running
            self._running = None
            pipe.close()
            process.kill()
            process.join()


def _started(seconds: int) -> tuple[SpawnProcess, Connection]:
    """A process and our end of its pipe. It ends when that is closed: also where we are killed."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=extract_pages, args=(theirs, seconds), daemon=True)
    process.start()
    theirs.close()
    return process, ours


def extract_pages(pipe: Connection, seconds: int) -> None:
    """The process: a page in, its article out, None where the library failed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the one that waits
    logging.disable()  # what the library thinks of pages is for its own developers
    with suppress(ValueError, OSError):  # services may be forbidden to set limits
        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    with suppress(EOFError, OSError):
        while True:
            page = pipe.recv()
            signal.setitimer(signal.ITIMER_PROF, seconds)
            pipe.send(_article(page))


def _article(page: str) -> str | None:
    try:
        return article_html(page)
    except Exception:  # whatever a page does to the library, the next one is read
        return None
