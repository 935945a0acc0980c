"""Processor and wall time of answers over HTTP, from two servers queried in turn."""

import time
from collections.abc import Iterable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.cost.ratios import Figures, percentile
from benchmarks.harness.checkout import Checkout, works
from benchmarks.harness.process import family
from benchmarks.harness.serving import Address, get

SIGHTS = {"new words": 10, "known words": 11}
"""Hits that are wanted at the first and at the second sight of a query: another number, so that no
answer is one that was kept."""
REST_S = 0.001


@dataclass(frozen=True, slots=True)
class Side:
    """A checkout, and the index that it built."""

    checkout: Checkout
    index: Path


@dataclass(slots=True)
class _Times:
    """Milliseconds of each answer."""

    wall: list[float] = field(default_factory=list)
    spent: list[float] = field(default_factory=list)


def ask_by_turns(sides: Sequence[Side], engine: str, queries: Sequence[str]) -> list[Figures]:
    """Every query twice to new servers: the first and the repeated answer. The side asked first
    alternates. Returns one mapping for each side."""
    with ExitStack() as stack:
        servers = [stack.enter_context(side.checkout.serve(side.index, engine)) for side in sides]
        connections = [stack.enter_context(closing(server.connect())) for server in servers]
        figures: list[dict[str, float]] = [{} for _ in sides]
        for sight, hits in SIGHTS.items():
            times = [_Times() for _ in sides]
            for turn, query in enumerate(queries):
                order = range(len(sides)) if turn % 2 == 0 else reversed(range(len(sides)))
                for side in order:
                    _ask(servers[side], connections[side], (query, hits), times[side])
            for side, taken in enumerate(times):
                figures[side] |= summary(sight, taken.spent, taken.wall)
    return list(figures)


def summary(sight: str, spent: Sequence[float], wall: Sequence[float]) -> Figures:
    """Means and percentiles of milliseconds."""
    return {
        f"{sight}: processor ms, mean": sum(spent) / len(spent),
        f"{sight}: processor ms, p50": percentile(spent, 0.5),
        f"{sight}: processor ms, p95": percentile(spent, 0.95),
        f"{sight}: wall ms, p50": percentile(wall, 0.5),
        f"{sight}: wall ms, p95": percentile(wall, 0.95),
    }


def _ask(
    server: Address, connection: HTTPConnection, asked: tuple[str, int], times: _Times
) -> None:
    query, hits = asked
    path = "/api/v1/search?" + urlencode({"q": query, "per_page": hits})
    before, started = processor_seconds(family(server.pid)), time.perf_counter()
    get(connection, path)
    wall = time.perf_counter() - started
    while any(map(works, family(server.pid))):  # what an answer leaves to be done is part of it
        time.sleep(REST_S)
    times.wall.append(wall * 1000)
    times.spent.append((processor_seconds(family(server.pid)) - before) * 1000)


def processor_seconds(pids: Iterable[int]) -> float:
    """Of all living threads, to the nanosecond: the sum for a process counts in ticks of 10 ms."""
    spent = 0
    for pid in pids:
        for file in Path(f"/proc/{pid}/task").glob("*/schedstat"):
            spent += int(file.read_text("utf-8").split()[0])
    return spent / 1e9
