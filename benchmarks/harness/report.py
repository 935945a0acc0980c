"""The figures of a comparison, and the table that shows them."""

import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks.comparison.yuansou import Answer

PACKAGES = ("whoosh-reloaded", "jieba", "rjieba", "numpy")


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds over some queries; `empty` counts queries that found nothing."""

    queries: int
    p50: float
    p95: float
    max: float
    empty: int

    @classmethod
    def of(cls, answers: Sequence[Answer]) -> "Latency":
        times = sorted(answer.seconds * 1000 for answer in answers)
        return cls(
            queries=len(times),
            p50=times[len(times) // 2],
            p95=times[int(len(times) * 0.95)],
            max=times[-1],
            empty=sum(not answer.total for answer in answers),
        )


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two sides. `peak_all_mb`: with worker processes."""

    build_s: float
    queries: Latency
    index_mb: float
    peak_mb: float
    peak_all_mb: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """All figures of a run."""

    articles: int
    characters: int
    stock: Side
    yuansou: Side
    quoted: Latency
    server_mb: float
    machine: dict[str, str]

    def to_json(self) -> dict[str, object]:
        return asdict(self)


def folder_mb(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def machine(more: Sequence[str] = ()) -> dict[str, str]:
    """Cores, Python, and the versions of PACKAGES and of `more`."""
    facts = {
        "cores": f"{len(os.sched_getaffinity(0))} of {os.cpu_count()}",
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
    }
    return facts | {name: _version(name) for name in (*PACKAGES, *more)}


def table(result: Comparison) -> str:
    stock, ours, quoted = result.stock, result.yuansou, result.quoted
    lines = [
        f"{result.articles:,} articles, {result.characters:,} characters; "
        + ", ".join(f"{name} {value}" for name, value in result.machine.items()),
        "",
        "| | stock | yuansou | stock / yuansou |",
        "|---|---|---|---|",
        _row("build, s", stock.build_s, ours.build_s),
        *_latency_rows(stock.queries, ours.queries),
        _row("index, MB", stock.index_mb, ours.index_mb),
        _row("peak of the building process, MB", stock.peak_mb, ours.peak_mb),
        _row("the same with its workers, MB", stock.peak_all_mb, ours.peak_all_mb),
        f"| peak of the server, MB | | {result.server_mb:,.1f} | |",
        f"| {quoted.queries} quoted strings, p50 / p95 / max, ms | "
        f"| {quoted.p50:.1f} / {quoted.p95:.1f} / {quoted.max:.1f} | |",
        f"| of these not found | | {quoted.empty} | |",
    ]
    return "\n".join(lines)


def _latency_rows(stock: Latency, ours: Latency) -> list[str]:
    return [
        _row(f"{stock.queries} queries, p50, ms", stock.p50, ours.p50),
        _row("p95, ms", stock.p95, ours.p95),
        _row("max, ms", stock.max, ours.max),
        f"| queries that found nothing | {stock.empty} | {ours.empty} | |",
    ]


def _row(name: str, stock: float, ours: float) -> str:
    return f"| {name} | {stock:,.1f} | {ours:,.1f} | {stock / ours:.1f} |"


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "absent"
