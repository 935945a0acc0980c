"""What the processes of a server count, in memory that they share.

Each adds to a row of its own, so that no process waits for another or leaves a lock behind when it
is killed. Who comes after it goes on with its row, so sums over all rows never shrink.
"""

import os
import threading
import time
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from index import errors
from index.errors import YuansouError
from web.serving.lanes import SIZES, Lane
from web.serving.server_state import ServerState
from web.shared_memory import SharedMemory

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0)
"""Upper ends of the buckets of durations."""
OTHER = "other"
STATUSES = (
    *"200 204 206 301 302 303 304 307 308 400 403 404 405 406 408 410 413 414 416 421 429".split(),
    *"431 500 501 503 504".split(),
    OTHER,
)
CODES = (
    *sorted(
        {
            kind.code
            for kind in vars(errors).values()
            if isinstance(kind, type) and issubclass(kind, YuansouError)
        }
    ),
    OTHER,
)
"""Of errors. The same in all processes, whatever else they have imported."""
LANES: tuple[Lane, ...] = tuple(SIZES)
MAX_ROUTES = 128
"""More than the application has; an address without a route is one of them."""
LIVING_SECONDS = 5.0
"""A process that answers says so every second."""
_BUCKETS = len(SECONDS) + 1
_HISTOGRAM = _BUCKETS + 1  # and the sum
_REQUESTS = 0
_TIMES = _REQUESTS + MAX_ROUTES * len(STATUSES)
_CPU_TIMES = _TIMES + MAX_ROUTES * _HISTOGRAM
_REFUSED = _CPU_TIMES + MAX_ROUTES * _HISTOGRAM
_LANE_REFUSED = _REFUSED + len(CODES)
_CONNECTIONS_REFUSED = _LANE_REFUSED + len(LANES)
_COUNTED = _CONNECTIONS_REFUSED + 1
"""What comes before only grows; what follows is of this moment."""
_ALIVE, _PROCESS, _CONNECTIONS, _WAITING = range(_COUNTED, _COUNTED + 4)
_RUNNING = _WAITING + len(LANES)
_ROW = _RUNNING + len(LANES)
_NUMBER = 8  # bytes


@dataclass(frozen=True, slots=True)
class Histogram:
    """`counts`: by bucket of `SECONDS`, the last without an upper end. `total`: of the seconds."""

    counts: Sequence[int]
    total: float


@dataclass(frozen=True, slots=True)
class Now:
    """Of one process: its id, open connections, requests that wait and run by lane."""

    process: int
    connections: int
    waiting: Sequence[int]
    running: Sequence[int]


class SharedCounts:
    """Threads and forked processes may share it; can be given to a process that is started."""

    def __init__(self, processes: int) -> None:
        """`processes`: that may count at the same time. Of more, some counts may be lost."""
        self._use(SharedMemory(processes * _ROW * _NUMBER), processes)

    def _use(self, memory: SharedMemory, rows: int) -> None:
        self._memory, self._rows = memory, rows
        self._numbers = memoryview(memory.bytes).cast("d")
        self._lock = threading.Lock()
        self._owner = 0
        self._row = self._numbers[:_ROW]
        self._told = [0] * (len(LANES) + 1)

    def count(self, route: int, status: int, seconds: float, cpu_seconds: float) -> None:
        at = STATUSES.index(str(status)) if str(status) in STATUSES else len(STATUSES) - 1
        row = self._own()
        with self._lock:
            row[_REQUESTS + route * len(STATUSES) + at] += 1
            _observe(row, _TIMES + route * _HISTOGRAM, seconds)
            _observe(row, _CPU_TIMES + route * _HISTOGRAM, cpu_seconds)

    def refuse(self, code: str) -> None:
        row, at = self._own(), CODES.index(code if code in CODES else OTHER)
        with self._lock:
            row[_REFUSED + at] += 1

    def tell(self, state: ServerState) -> None:
        """Say how busy this process is; to be called every second while it answers."""
        lanes = state.lanes()
        refused = [*(lanes[lane].refused for lane in LANES), state.refused_connections()]
        row = self._own()
        with self._lock:
            for at, (count, told) in enumerate(zip(refused, self._told, strict=True)):
                row[_LANE_REFUSED + at] += count - told
            self._told = refused
            for at, lane in enumerate(LANES):
                row[_WAITING + at], row[_RUNNING + at] = lanes[lane].waiting, lanes[lane].running
            row[_CONNECTIONS], row[_PROCESS] = state.connections(), os.getpid()
            row[_ALIVE] = time.monotonic()

    def totals(self) -> "Totals":
        rows = [self._numbers[at * _ROW : at * _ROW + _COUNTED] for at in range(self._rows)]
        used = [row for row in rows if any(row)]
        return Totals([sum(column) for column in zip(*used, strict=True)] or [0.0] * _COUNTED)

    def now(self) -> Iterator[Now]:
        """Of the processes that answer."""
        since = time.monotonic() - LIVING_SECONDS
        for start in range(0, self._rows * _ROW, _ROW):
            row = self._numbers[start : start + _ROW]
            if row[_ALIVE] > since and _runs(int(row[_PROCESS])):
                waiting, running = row[_WAITING:_RUNNING], row[_RUNNING:]
                yield Now(
                    int(row[_PROCESS]),
                    int(row[_CONNECTIONS]),
                    [int(count) for count in waiting],
                    [int(count) for count in running],
                )

    def _own(self) -> Any:
        """The row of this process."""
        if self._owner != os.getpid():
            with self._lock:
                if self._owner != os.getpid():  # or another thread was quicker
                    self._claim()
        return self._row

    def _claim(self) -> None:
        free = (at for at in range(self._rows) if self._memory.try_lock(at))
        start = next(free, self._rows - 1) * _ROW
        self._row = self._numbers[start : start + _ROW]
        self._told = [0] * len(self._told)
        self._owner = os.getpid()

    def __getstate__(self) -> tuple[SharedMemory, int]:
        return self._memory, self._rows

    def __setstate__(self, state: tuple[SharedMemory, int]) -> None:
        self._use(*state)


class Totals:
    """Sums over all processes since the start."""

    def __init__(self, numbers: Sequence[float]) -> None:
        self._numbers = numbers

    def requests(self, route: int) -> list[tuple[str, int]]:
        """(status, requests), without statuses that were not given."""
        start = _REQUESTS + route * len(STATUSES)
        counts = self._numbers[start : start + len(STATUSES)]
        return [(status, int(n)) for status, n in zip(STATUSES, counts, strict=True) if n]

    def seconds(self, route: int) -> Histogram:
        return self._histogram(_TIMES, route)

    def cpu_seconds(self, route: int) -> Histogram:
        return self._histogram(_CPU_TIMES, route)

    def refused(self) -> list[tuple[str, int]]:
        """(code of an error, requests), without codes that were not given."""
        counts = self._numbers[_REFUSED : _REFUSED + len(CODES)]
        return [(code, int(n)) for code, n in zip(CODES, counts, strict=True) if n]

    def lane_refused(self) -> list[tuple[Lane, int]]:
        counts = self._numbers[_LANE_REFUSED : _LANE_REFUSED + len(LANES)]
        return [(lane, int(count)) for lane, count in zip(LANES, counts, strict=True)]

    def connections_refused(self) -> int:
        return int(self._numbers[_CONNECTIONS_REFUSED])

    def _histogram(self, first: int, route: int) -> Histogram:
        start = first + route * _HISTOGRAM
        counts = self._numbers[start : start + _BUCKETS]
        return Histogram([int(count) for count in counts], self._numbers[start + _BUCKETS])


def _runs(process: int) -> bool:
    """Whether there is such a process of ours: it may have ended since it said that it answers, and
    another user's may have its number."""
    try:
        os.kill(process, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def _observe(row: Any, start: int, seconds: float) -> None:
    row[start + bisect_left(SECONDS, seconds)] += 1
    row[start + _BUCKETS] += seconds
