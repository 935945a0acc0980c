"""Collects the queries of all processes of a server in one place, and writes down what may be.

Each process sends what it answered over a socket within the machine that nobody else can open, and
never waits: where there is no room, an ask is not counted. One thread, in the process that the
others belong to, holds it back (held_back.py) and writes (day_files.py) every ten seconds.
"""

import logging
import select
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime

from index.text.dates import SHANGHAI
from web.statistics.day_files import DayCounts, DayFiles
from web.statistics.held_back import Ask, HeldBack
from web.statistics.query_key import query_key

WRITE_SECONDS = 10.0
"""A crash takes what was counted since, and what is held back."""
GATHERING_SECONDS = 0.1
"""Between the arrival of a query and counting, with those that come meanwhile. The socket has room
for some 200."""
CLOSING_SECONDS = 10.0
MAX_UNWRITTEN_DAYS = 2
MAX_MESSAGE = 4_096
"""Bytes; a query has 500 characters at most."""
_END = b""
log = logging.getLogger(__name__)


def shanghai_today() -> date:
    return datetime.now(SHANGHAI).date()


@dataclass(frozen=True)
class QuerySender:
    """Where a process sends what it answered. Can be given to a process that is started."""

    socket: socket.socket

    def send(self, q: str, *, is_empty: bool, ms: int) -> None:
        """Takes microseconds, waits for nothing and raises nothing."""
        message = f"{int(is_empty)} {ms} {q}".encode("utf-8", "replace")
        with suppress(OSError):  # no room, or nobody there any more
            self.socket.send(message, socket.MSG_DONTWAIT)


class QueryCounter:
    """Counts what it is given. Only one thread may use it."""

    def __init__(self, files: DayFiles, today: Callable[[], date] = shanghai_today) -> None:
        self._files, self._today = files, today
        self._held = HeldBack()
        self._unwritten: dict[date, DayCounts] = {}
        self._checked: date | None = None
        self._is_failing = False

    def count(self, q: str, *, is_empty: bool, ms: int) -> None:
        today, key = self._today(), query_key(q)
        queries = {}
        if key is not None:
            released = self._held.add(key, Ask(today.toordinal(), is_empty, ms))
            queries = {key: released} if released else {}
        added = DayCounts(1, int(is_empty), int(key is None), queries)
        self._unwritten[today] = self._unwritten.get(today, DayCounts()) + added

    def write(self) -> bool:
        """Write what may be kept. What cannot be written now is tried again with the next call; of
        failures the log has the first only. False if another process is writing just now."""
        try:
            return self._write()
        except OSError as error:
            if not self._is_failing:
                log.warning("查询计数写不进去，暂停记录，搜索不受影响：%s", error)
            self._is_failing = True
            return True

    def _write(self) -> bool:
        # Of days that could not be written, more would only fill the memory.
        self._unwritten = dict(sorted(self._unwritten.items())[-MAX_UNWRITTEN_DAYS:])
        today = self._today()
        if self._checked != today:
            self._files.delete_old(today)
            self._checked = today
        for day, counts in list(self._unwritten.items()):
            if self._files.add(day, counts):
                del self._unwritten[day]
                self._is_failing = False
        return not self._unwritten


@dataclass(frozen=True)
class QueryChannel:
    """From the processes that answer to the one that collects. Made before they are forked."""

    receiver: socket.socket
    sender: QuerySender

    @classmethod
    def open(cls) -> "QueryChannel":
        receiver, sender = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        return cls(receiver, QuerySender(sender))


@contextmanager
def collecting(files: DayFiles, channel: QueryChannel) -> Iterator[None]:
    """Collect queries while the block runs, in a thread of this process. Closes the channel."""
    receiver, sender = channel.receiver, channel.sender.socket
    counter = QueryCounter(files)
    thread = threading.Thread(
        target=_collect, args=(receiver, counter), name="query-counts", daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        with suppress(OSError):
            sender.settimeout(CLOSING_SECONDS)
            sender.send(_END)
        thread.join(CLOSING_SECONDS)
        sender.close()


def _collect(receiver: socket.socket, counter: QueryCounter) -> None:
    due = time.monotonic() + WRITE_SECONDS
    is_open = True
    while is_open:
        if select.select([receiver], [], [], max(0.0, due - time.monotonic()))[0]:
            # A thread that ran for each request would cost the request ten times what sending does.
            time.sleep(GATHERING_SECONDS)
            is_open = all(_count(message, counter) for message in _waiting(receiver))
        if time.monotonic() >= due:
            counter.write()
            due = time.monotonic() + WRITE_SECONDS
    receiver.close()
    deadline = time.monotonic() + CLOSING_SECONDS / 2
    while not counter.write() and time.monotonic() < deadline:
        time.sleep(GATHERING_SECONDS)


def _waiting(receiver: socket.socket) -> Iterator[bytes]:
    """The messages that have arrived."""
    with suppress(BlockingIOError):
        while True:
            yield receiver.recv(MAX_MESSAGE, socket.MSG_DONTWAIT)


def _count(message: bytes, counter: QueryCounter) -> bool:
    """Count a query; False for the last message, which is none."""
    if message == _END:
        return False
    is_empty, ms, q = message.decode("utf-8", "replace").split(" ", 2)
    counter.count(q, is_empty=is_empty == "1", ms=int(ms))
    return True
