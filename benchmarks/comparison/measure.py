"""Measures one side once, and summarises several rounds as ratios to the first side."""

import os
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from statistics import median
from typing import NamedTuple

from benchmarks.comparison.systems import Given, Side
from benchmarks.comparison.yuansou import WARM_UP
from benchmarks.harness.load import ask_each, throughput
from benchmarks.harness.process import Run
from benchmarks.harness.report import folder_mb
from benchmarks.harness.serving import serving

CLIENTS = (1, 8, 64)
SETTLE = 4
"""Seconds after the warm-up: what a server makes ready aside is then made."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures of one side in one round. Seconds, megabytes, milliseconds, answers a second.

    Peaks are sums over the processes of a server or build; memory that two processes share counts
    twice, mapped files too. `cold_s`: from starting the server's command to the end of its first
    answer, with files in the system's cache.
    """

    build_s: float
    build_mb: float
    disk_mb: float
    cold_s: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    rate_1: float
    rate_8: float
    rate_64: float
    server_mb: float


NAMES = tuple(field.name for field in fields(Figures))


@dataclass(frozen=True, slots=True)
class Plan:
    """The work of every round: `warm_up`, not timed; `queries` in order, each once; then `seconds`
    of load for each number of clients."""

    warm_up: Sequence[str]
    queries: Sequence[str]
    seconds: float
    rounds: int
    builds: int


class Measured(NamedTuple):
    """All rounds by the name of the side, and the articles found for each query."""

    figures: dict[str, list[Figures]]
    found: dict[str, list[tuple[str, ...]]]


class Spread(NamedTuple):
    low: float
    middle: float
    high: float


def measure(
    sides: Sequence[Side], given: Given, plan: Plan, folder: Path, say: Callable[[str], None]
) -> Measured:
    """Measures the sides in turn. Each round starts with the next side, so that none always has
    the same neighbour. After `builds` rounds the last index of each side is used again."""
    figures: dict[str, list[Figures]] = {side.name: [] for side in sides}
    found: dict[str, list[tuple[str, ...]]] = {}
    built: dict[str, Run] = {}
    for number in range(plan.rounds):
        turn = number % len(sides)
        for side in (*sides[turn:], *sides[:turn]):
            say(f"round {number + 1} of {plan.rounds}: {side.name}")
            place = folder / side.name
            if number < plan.builds:
                built[side.name] = side.build(given, _empty(place))
            measured, ids = _served(side, built[side.name], plan, place)
            figures[side.name].append(measured)
            found.setdefault(side.name, ids)
    return Measured(figures, found)


def ratios(figures: Mapping[str, Sequence[Figures]], base: str) -> dict[str, dict[str, Spread]]:
    """Side → figure → ratio to `base` in the same round."""
    return {
        name: {
            figure: spread(
                [
                    getattr(one, figure) / max(getattr(other, figure), 1e-9)
                    for one, other in zip(rounds, figures[base], strict=True)
                ]
            )
            for figure in NAMES
        }
        for name, rounds in figures.items()
    }


def spread(values: Sequence[float]) -> Spread:
    return Spread(min(values), median(values), max(values))


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that this share of the values does not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def _empty(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder


def _served(
    side: Side, built: Run, plan: Plan, folder: Path
) -> tuple[Figures, list[tuple[str, ...]]]:
    paths = [side.address(query) for query in plan.queries]
    started = time.perf_counter()
    with serving(side.serve(folder), folder) as address:
        ask_each(address, [side.address(WARM_UP)])
        cold = time.perf_counter() - started
        ask_each(address, [side.address(query) for query in plan.warm_up])
        time.sleep(SETTLE)
        times = [answer.seconds * 1000 for answer in ask_each(address, paths)]
        rate_1, rate_8, rate_64 = (
            throughput(address, paths, clients, plan.seconds) for clients in CLIENTS
        )
        judged = [side.address(query, judged=True) for query in plan.queries]
        found = [answer.ids for answer in ask_each(address, judged)]
        server_mb = address.peak_mb()
    figures = Figures(
        build_s=built.seconds,
        build_mb=built.peak_all_mb,
        disk_mb=folder_mb(folder),
        cold_s=cold,
        p50_ms=percentile(times, 0.5),
        p95_ms=percentile(times, 0.95),
        p99_ms=percentile(times, 0.99),
        rate_1=rate_1,
        rate_8=rate_8,
        rate_64=rate_64,
        server_mb=server_mb,
    )
    return figures, found


def load_average() -> str:
    return " ".join(f"{value:.1f}" for value in os.getloadavg())
