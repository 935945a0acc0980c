"""Requests wait in lanes, each with threads of its own, so that dear ones do not stop the others.

Python computes on one core at a time: what decides how long a question takes is how many others
are computed beside it. One dear request is, and each lane holds only so many; the rest is refused
at once.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol
from urllib.parse import parse_qsl

from web.http.admission import Ticket

log = logging.getLogger(__name__)

Lane = Literal["quick", "plain", "dear"]
QUICK_PATHS = frozenset(
    "/healthz /readyz /metrics /robots.txt /opensearch.xml /embed.js /openapi.json /favicon.ico"
    " /help /embed".split()
)
DEAR_PATHS = ("/search.csv", "/compare", "/sitemap")
PLAIN_QUERY_CHARS, PLAIN_PREFIXES, PLAIN_PER_PAGE = 60, 2, 30
"""A longer query, more words with `*`, or more hits a page cost many times a usual search."""
PLAIN_ADDRESS_CHARS = 1_000
MAX_WAIT_SECONDS = 10.0
"""Whoever waited longer has given up; computing the answer would only delay the others."""


class Waiting(Protocol):
    """A connection whose next request has arrived in full."""

    ticket: Ticket

    def service(self) -> None: ...

    def refuse(self) -> None:
        """Answer in a few bytes without a thread, and close."""
        ...

    def cancel(self) -> None: ...


@dataclass(frozen=True, slots=True)
class LaneSize:
    """`waiting`: requests that may wait for one of the `threads`."""

    threads: int
    waiting: int


SIZES: Mapping[Lane, LaneSize] = {
    "quick": LaneSize(2, 256),
    "plain": LaneSize(8, 64),
    "dear": LaneSize(1, 8),
}


@dataclass(frozen=True, slots=True)
class LaneState:
    """Requests that wait and that are being answered now; refused ones since the start."""

    waiting: int
    running: int
    refused: int


def lane_of(path: str, query: str) -> Lane:
    """The lane of a request, judged by its address alone: `path` below the site's own, and the part
    after the question mark."""
    if path.startswith("/static/") or path in QUICK_PATHS:
        return "quick"
    if path.startswith(DEAR_PATHS) or len(query) > PLAIN_ADDRESS_CHARS:
        return "dear"
    values: dict[str, str] = {}
    for name, value in parse_qsl(query):
        values[name] = values.get(name, "") + value
    q, per_page = values.get("q", ""), values.get("per_page", "")
    many_hits = per_page.isascii() and per_page.isdigit() and int(per_page) > PLAIN_PER_PAGE
    many_forms = q.count("*") + q.count("＊") > PLAIN_PREFIXES
    return "dear" if many_hits or many_forms or len(q) > PLAIN_QUERY_CHARS else "plain"


class LaneDispatcher:
    """Gives requests to the threads of their lanes. For waitress, which has only one of its own."""

    def __init__(
        self, lane: Callable[[Waiting], Lane], sizes: Mapping[Lane, LaneSize] = SIZES
    ) -> None:
        self._lane = lane
        self._lanes = {name: _Lane(name, size) for name, size in sizes.items()}

    def add_task(self, task: Waiting) -> None:
        lane = self._lanes[self._lane(task)]
        if lane.offer(task):
            return
        # An answer that says so takes a millisecond. If even those pile up, a few bytes do.
        task.ticket = Ticket(lane.name, 0.0, refused=True)
        if not self._lanes["quick"].offer(task, refused=True):
            task.refuse()

    def state(self) -> dict[Lane, LaneState]:
        return {name: lane.state() for name, lane in self._lanes.items()}

    def shutdown(self, cancel_pending: bool = True, timeout: float = 5) -> bool:
        """End the threads; requests that are being answered get `timeout` seconds."""
        deadline = time.monotonic() + timeout
        for lane in self._lanes.values():
            lane.end()
        return not sum(not lane.join(deadline) for lane in self._lanes.values())


class _Lane:
    """A bounded queue and its threads."""

    def __init__(self, name: Lane, size: LaneSize) -> None:
        self.name = name
        self._size = size
        self._queue: deque[tuple[float, bool, Waiting]] = deque()
        self._ready = threading.Condition()
        self._running = self._refused = 0
        self._ended = False
        self._threads = [
            threading.Thread(target=self._work, name=f"{name}-{number}", daemon=True)
            for number in range(size.threads)
        ]
        for thread in self._threads:
            thread.start()

    def offer(self, task: Waiting, *, refused: bool = False) -> bool:
        """Let a request wait; False if as many do as may. `refused`: it is to be told so."""
        with self._ready:
            idle = self._size.threads - self._running
            if len(self._queue) >= self._size.waiting + idle:
                self._refused += not refused
                return False
            self._queue.append((time.monotonic(), refused, task))
            self._ready.notify()
            return True

    def state(self) -> LaneState:
        with self._ready:
            return LaneState(len(self._queue), self._running, self._refused)

    def end(self) -> None:
        with self._ready:
            self._ended = True
            for _, _, task in self._queue:
                task.cancel()
            self._queue.clear()
            self._ready.notify_all()

    def join(self, deadline: float) -> bool:
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def _work(self) -> None:
        while True:
            with self._ready:
                while not self._queue and not self._ended:
                    self._ready.wait()
                if self._ended:
                    return
                since, refused, task = self._queue.popleft()
                self._running += 1
            try:
                self._answer(task, time.monotonic() - since, refused=refused)
            except Exception:  # a fault of the server itself; its thread is needed all the same
                log.exception("a request failed in the server")
            finally:
                with self._ready:
                    self._running -= 1

    def _answer(self, task: Waiting, waited: float, *, refused: bool) -> None:
        if not refused:
            late = waited > MAX_WAIT_SECONDS
            with self._ready:
                self._refused += late
            task.ticket = Ticket(self.name, waited, refused=late)
        task.service()
