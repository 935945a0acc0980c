"""Several serving processes on one port: all answer, a dead one is replaced, all end together, and
others take over when another generation is published."""

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from index.engines.registry import open_engine
from index.settings import EngineName, Settings
from tests.support.servers import Server, serving
from tests.support.tiny_search import LEXICON, article, fill
from tests.support.visitors import index_of

pytestmark = pytest.mark.slow

WAIT = 120
"""Seconds in which a process is there, or gone."""


@pytest.fixture
def server(tiny_root: Path) -> Iterator[Server]:
    with serving(tiny_root, "--workers", "2") as started:
        yield started


def answer(server: Server, path: str) -> dict[str, Any]:
    connection = server.connect(WAIT)
    connection.request("GET", path)
    response = connection.getresponse()
    body: dict[str, Any] = json.loads(response.read())
    connection.close()
    assert response.status == 200, body
    return body


def total(server: Server) -> int:
    return int(answer(server, "/api/v1/search?q=%E5%85%83%E5%AE%87%E5%AE%99")["total"])


def workers(server: Server) -> set[int]:
    """Ids of the processes that answer: children of those that have opened the index."""
    return {pid for opener in openers(server) for pid in children(opener) if command(pid)}


def openers(server: Server) -> list[int]:
    """Ids of the processes that open an index and fork others."""
    return [pid for pid in children(server.process.pid) if "resource_tracker" not in command(pid)]


def settled(server: Server, count: int = 2) -> set[int]:
    """The processes that answer when all is loaded, and nothing else is going on."""
    until(lambda: bool(answer(server, "/healthz")["verified"]))
    found: set[int] = set()

    def quiet() -> bool:
        nonlocal found
        found = workers(server)
        return len(found) == count and len(openers(server)) == 1

    until(quiet)
    return found


def children(pid: int) -> list[int]:
    try:
        return [
            int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        ]
    except OSError:
        return []


def command(pid: int) -> str:
    """Empty if it has ended."""
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
    """As many processes as asked for, with little memory of their own; each request is answered
    once."""
    there = settled(server)
    assert len(there) == 2
    assert {total(server) for _ in range(20)} == {1}
    for pid in there:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        kilobytes = {line.split()[0]: int(line.split()[-2]) for line in rollup.splitlines()[1:]}
        assert kilobytes["Private_Dirty:"] < kilobytes["Rss:"] / 2


def test_one_that_dies_is_replaced(server: Server) -> None:
    """After a kill, later requests are all answered."""
    first, second = settled(server)
    os.kill(first, signal.SIGKILL)
    until(lambda: len(workers(server) - {first}) == 2)
    assert second in workers(server)
    assert total(server) == 1


def test_the_one_that_forks_is_replaced(server: Server) -> None:
    """With all that it forked."""
    there = settled(server)
    (opener,) = openers(server)
    os.kill(opener, signal.SIGKILL)
    until(lambda: not any(map(command, there)))
    assert len(settled(server)) == 2
    assert total(server) == 1


@pytest.mark.parametrize("engine", ["whoosh", "tantivy"])
def test_another_generation_takes_over(tmp_path: Path, engine: EngineName) -> None:
    """From the moment it is published every request is answered from it, while the processes that
    have it loaded take over."""
    writing = open_engine(Settings(index_dir=tmp_path, engine=engine))
    fill(writing, [article("old", "旧闻", "稳定币")], LEXICON)
    settings = {"YUANSOU_ENGINE": engine}
    with serving(tmp_path, "--workers", "2", environment=settings) as server:
        before = settled(server)
        fill(writing, [article(f"new{at}", "新闻", "稳定币") for at in range(3)], LEXICON)
        found: list[int] = []
        until(lambda: bool(found.append(_stablecoin(server)) or not workers(server) & before))
        after = settled(server)

        assert set(found) == {3}
        assert {_stablecoin(server) for _ in range(10)} == {3}
        assert not before & after


def test_the_first_index_is_taken_over(tmp_path: Path) -> None:
    """A server that was started without one answers from it, without a restart."""
    with serving(tmp_path, "--workers", "2") as server:
        until(lambda: len(workers(server)) == 2)
        index_of(tmp_path, [article("new", "新闻", "稳定币")])

        settled(server)
        assert _stablecoin(server) == 1


def _stablecoin(server: Server) -> int:
    return int(answer(server, "/api/v1/search?q=%E7%A8%B3%E5%AE%9A%E5%B8%81")["total"])


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGTERM, 0), (signal.SIGINT, 130), (signal.SIGKILL, -9)]
)
def test_they_end_together(server: Server, number: signal.Signals, status: int) -> None:
    """When the first process ends or is killed, the others end and free the port."""
    there = [*settled(server), *children(server.process.pid)]
    assert total(server) == 1
    server.process.send_signal(number)
    assert server.process.wait(WAIT) == status
    until(lambda: not any(map(command, there)))


def test_they_count_together(tiny_root: Path) -> None:
    """A client has one limit and the metrics one sum, whichever process answers."""
    rate = {"YUANSOU_RATE_LIMIT": "0.001"}
    with serving(tiny_root, "--workers", "2", environment=rate) as server:
        settled(server)
        statuses = [fetched(server, "/robots.txt")[0] for _ in range(12)]
        counted = [
            'yuansou_requests_total{route="sitemap.robots",status="200"} 1.0',
            'yuansou_requests_total{route="sitemap.robots",status="429"} 11.0',
            "yuansou_processes 2.0",
        ]
        until(lambda: set(counted) <= set(fetched(server, "/metrics")[1].splitlines()))

    assert statuses == [200] + [429] * 11


def fetched(server: Server, path: str) -> tuple[int, str]:
    connection = server.connect(WAIT)
    connection.request("GET", path)
    response = connection.getresponse()
    body = response.read().decode()
    connection.close()
    return response.status, body
