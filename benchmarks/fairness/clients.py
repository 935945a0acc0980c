"""Clients of a server: one who asks plain questions, many who ask dear ones, many who are slow."""

import contextlib
import http.client
import selectors
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from benchmarks.harness.serving import Address

PATIENCE = 60.0
PAUSE = 0.05
"""Seconds that a refused client waits before it asks again: far less than it is told to."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Seconds of each answer, ascending, and how many had which status."""

    seconds: tuple[float, ...]
    statuses: Counter[int]

    def quantile(self, share: float) -> float:
        return self.seconds[min(len(self.seconds) - 1, int(len(self.seconds) * share))]


def ask(address: Address, paths: Iterator[str], seconds: float, pause: float = 0.0) -> Asked:
    """One client asks one question after another for a time; at least five."""
    times: list[float] = []
    statuses = Counter[int]()
    end = time.monotonic() + seconds
    connection = http.client.HTTPConnection(address.host, address.port, timeout=PATIENCE)
    while time.monotonic() < end or len(times) < 5:
        started = time.perf_counter()
        status, _ = fetch(connection, next(paths))
        times.append(time.perf_counter() - started)
        statuses[status] += 1
        time.sleep(pause)
    connection.close()
    return Asked(tuple(sorted(times)), statuses)


def fetch(connection: http.client.HTTPConnection, path: str) -> tuple[int, int]:
    """(status, bytes) of an answer; status 0 where the connection breaks or takes too long."""
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, len(answer.read())
    except (OSError, http.client.HTTPException):
        connection.close()
        return 0, 0


@dataclass(slots=True)
class Crowd:
    """What the clients of a crowd were answered."""

    statuses: Counter[int] = field(default_factory=Counter)


@contextmanager
def crowd(address: Address, clients: int, paths: Sequence[str]) -> Iterator[Crowd]:
    """So many clients who ask these without pause while the block runs."""
    stop, seen = threading.Event(), Crowd()

    def client(number: int) -> None:
        connection = http.client.HTTPConnection(address.host, address.port, timeout=PATIENCE)
        turn = number
        while not stop.is_set():
            status, _ = fetch(connection, paths[turn % len(paths)])
            seen.statuses[status] += 1
            turn += 1
            if status != 200:
                time.sleep(PAUSE)
        connection.close()

    threads = [threading.Thread(target=client, args=(n,), daemon=True) for n in range(clients)]
    for thread in threads:
        thread.start()
    try:
        yield seen
    finally:
        stop.set()
        for thread in threads:
            thread.join(PATIENCE)


@dataclass(slots=True)
class SlowCrowd:
    """`opened`: connections that the server took; `open`: those that it has not closed."""

    opened: int = 0
    open: int = 0


@contextmanager
def slow_crowd(address: Address, clients: int) -> Iterator[SlowCrowd]:
    """So many connections that send one byte of a header each second, while the block runs."""
    stop, seen = threading.Event(), SlowCrowd()
    sockets: list[socket.socket] = []
    for _ in range(clients):
        with contextlib.suppress(OSError):
            sockets.append(socket.create_connection((address.host, address.port), timeout=5))
    seen.opened = seen.open = len(sockets)
    thread = threading.Thread(target=_drip, args=(sockets, stop, seen), daemon=True)
    thread.start()
    try:
        yield seen
    finally:
        stop.set()
        thread.join()
        for each in sockets:
            each.close()


def _drip(sockets: list[socket.socket], stop: threading.Event, seen: SlowCrowd) -> None:
    request = b"GET /search?q=a HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
    at, left = 0, list(sockets)
    while not stop.wait(1):
        byte = request[at : at + 1] or b"a"
        at += 1
        left = [each for each in left if _sends(each, byte)]
        seen.open = len(left)


def _sends(client: socket.socket, byte: bytes) -> bool:
    """Whether the server still listens to it."""
    try:
        with selectors.PollSelector() as selector:
            selector.register(client, selectors.EVENT_READ)
            if selector.select(0):
                return False  # it was answered, or the connection was closed
        client.send(byte)
    except OSError:
        return False
    return True
