"""Several serving processes on one port: all answer, a dead one is replaced, all end together."""

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from benchmarks.harness.process import family
from tests.support.servers import Server, serving

pytestmark = pytest.mark.slow

WAIT = 30
"""Seconds in which a process is there, or gone."""


@pytest.fixture
def server(tiny_root: Path) -> Iterator[Server]:
    with serving(tiny_root, "--workers", "2") as started:
        yield started


def total(server: Server) -> int:
    connection = server.connect(WAIT)
    connection.request("GET", "/api/v1/search?q=%E5%85%83%E5%AE%87%E5%AE%99")
    body = json.loads(connection.getresponse().read())
    connection.close()
    return int(body["total"])


def workers(server: Server) -> set[int]:
    """Ids of the processes that listen on the port."""
    return {pid for pid in family(server.process.pid) if "spawn_main" in command(pid)}


def command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode()
    except OSError:
        return ""


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT
    while not holds():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.05)


def test_all_answer_on_one_port(server: Server) -> None:
    """As many processes as asked for; each request is answered once."""
    until(lambda: len(workers(server)) == 2)
    assert {total(server) for _ in range(20)} == {1}


def test_one_that_dies_is_replaced(server: Server) -> None:
    """After a kill, later requests are all answered."""
    until(lambda: len(workers(server)) == 2)
    first, second = workers(server)
    os.kill(first, signal.SIGKILL)
    until(lambda: len(workers(server) - {first}) == 2)
    assert second in workers(server)
    assert total(server) == 1


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGTERM, 0), (signal.SIGINT, 130), (signal.SIGKILL, -9)]
)
def test_they_end_together(server: Server, number: signal.Signals, status: int) -> None:
    """When the first process ends or is killed, the others end and free the port."""
    until(lambda: len(workers(server)) == 2)
    there = workers(server)
    assert total(server) == 1
    server.process.send_signal(number)
    assert server.process.wait(WAIT) == status
    until(lambda: not any(map(command, there)))
