"""`python -m benchmarks.fairness`: what one greedy client costs the others.

It starts servers over an index (`--index-dir`, `--engine`) as people do and asks them over sockets.
Processor seconds are the server's own; times are those on the clock of a client.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from typing import Any

from benchmarks.fairness.articles import articles
from benchmarks.fairness.clients import Asked, ask, crowd, fetch, slow_crowd
from benchmarks.fairness.memory import memory
from benchmarks.fairness.questions import dear_paths, plain_paths
from benchmarks.harness.process import cpu_seconds, family, resident_mb
from benchmarks.harness.serving import Address, serving

CLIENTS = (0, 8, 16, 64)
PARTS = ("requests", "articles", "crowds", "flood", "slow", "memory")
FLOOD_CLIENTS, FLOOD_SECONDS = 8, 60.0


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fairness", description=__doc__)
    parser.add_argument("parts", nargs="*", default=PARTS, metavar="|".join(PARTS))
    parser.add_argument("--index-dir", type=Path, required=True)
    parser.add_argument("--engine", default="whoosh")
    parser.add_argument("--seconds", type=float, default=20.0, help="for each crowd")
    parser.add_argument("--minutes", type=float, default=10.0, help="of mixed questions for memory")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--slow", type=int, default=3_000, help="slow clients")
    parser.add_argument("--json", type=Path, help="a file for the figures")
    options = parser.parse_args()
    measured: dict[str, Any] = {"engine": options.engine, "workers": options.workers}
    if "requests" in options.parts:
        measured["requests"] = _requests(options)
    if "articles" in options.parts:
        measured["articles"] = articles()
    if "crowds" in options.parts:
        measured["crowds"] = _crowds(options)
    if "flood" in options.parts:
        with _server(options) as address:
            measured["flood"] = _flood(address)
    if "slow" in options.parts:
        measured["slow"] = _slow(options)
    if "memory" in options.parts:
        with _server(options) as address:
            measured["memory"] = memory(address, options.minutes)
    if options.json:
        options.json.write_text(json.dumps(measured, ensure_ascii=False, indent=1) + "\n", "utf-8")


@contextmanager
def _server(options: argparse.Namespace) -> Iterator[Address]:
    """A warm server over the index."""
    index = str(options.index_dir.resolve())
    # `env`, since servers of benchmarks are started without our settings.
    command = ["env", f"YUANSOU_ENGINE={options.engine}", "YUANSOU_ACCESS_LOG=off"]
    command += [f"PYTHONPATH={Path.cwd()}", sys.executable, "-m", "web.cli"]
    command += ["--index-dir", index, "serve", "--port", "0", "--workers", str(options.workers)]
    with tempfile.TemporaryDirectory() as folder, serving(command, Path(folder)) as address:
        ask(address, plain_paths(), 5.0)
        _wait_until_idle(address)
        yield address


def _wait_until_idle(address: Address) -> None:
    """Suggestions and corrections are read in the background."""
    while True:
        before = _cpu_seconds(address)
        time.sleep(2)
        if _cpu_seconds(address) - before < 0.2:
            return


def _requests(options: argparse.Namespace) -> dict[str, Any]:
    """Each dear request alone, on a warm server."""
    found = {}
    print("| request | status | KB | processor seconds |\n|---|---|---|---|")
    with _server(options) as address:
        for name, path in dear_paths().items():
            before = _cpu_seconds(address)
            connection = address.connect()
            status, size = fetch(connection, path)
            connection.close()
            spent = round(_cpu_seconds(address) - before, 2)
            found[name] = {"status": status, "bytes": size, "cpu_s": spent}
            print(f"| {name} | {status} | {size // 1000} | {spent} |", flush=True)
    return found


def _crowds(options: argparse.Namespace) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    print(
        "\n| dear clients | plain p50, ms | p95, ms | × quiet | /healthz max, ms | dear answered |"
    )
    print("|---|---|---|---|---|---|")
    dear = list(dear_paths().values())
    with _server(options) as address:
        for clients in CLIENTS:
            with crowd(address, clients, dear) as seen:
                time.sleep(1 if clients else 0)
                with ThreadPoolExecutor(1) as pool:
                    checked = pool.submit(_health, address, options)
                    plain = ask(address, plain_paths(), options.seconds)
            row = _row(clients, plain, checked.result(), dict(seen.statuses))
            row["times_quiet"] = round(row["p95_ms"] / (rows or [row])[0]["p95_ms"], 1)
            rows.append(row)
            print(
                f"| {clients} | {row['p50_ms']} | {row['p95_ms']} | {row['times_quiet']} "
                f"| {row['health_max_ms']} | {row['dear']} {row['plain']} |",
                flush=True,
            )
    return rows


def _flood(address: Address) -> dict[str, Any]:
    """One dear table asked for by several clients for a minute: what others see meanwhile, how soon
    the server is itself again, and its memory."""
    table = [dear_paths()["table of it"]]
    with crowd(address, 2, table):  # what it keeps for such tables is there before
        ask(address, plain_paths(), FLOOD_SECONDS / 4)
    before = _memory_mb(address)
    watched = ("/healthz", "/static/style.css")
    with crowd(address, FLOOD_CLIENTS, table) as seen, ThreadPoolExecutor(len(watched)) as pool:
        checks = [pool.submit(ask, address, cycle([p]), FLOOD_SECONDS, 0.2) for p in watched]
        health, files = (check.result() for check in checks)
        most = _memory_mb(address)
        answers = dict(seen.statuses)
    started = time.perf_counter()
    after = ask(address, plain_paths(), 0.0)
    row = {
        "health_p95_ms": round(health.quantile(0.95) * 1000),
        "health_max_ms": round(health.seconds[-1] * 1000),
        "file_p95_ms": round(files.quantile(0.95) * 1000),
        "file_max_ms": round(files.seconds[-1] * 1000),
        "failed": (health.statuses + files.statuses).total()
        - health.statuses[200]
        - files.statuses[200],
        "tables": answers,
        "five_plain_after_ms": round((time.perf_counter() - started) * 1000),
        "plain_after_max_ms": round(after.seconds[-1] * 1000),
        "memory_mb": (round(before), round(most)),
        "growth": round(most / before, 2),
    }
    print("\n| 8 clients, one dear table, a minute | |\n|---|---|")
    for name, value in row.items():
        print(f"| {name} | {value} |", flush=True)
    return row


def _memory_mb(address: Address) -> float:
    return sum(map(resident_mb, family(address.pid)))


def _cpu_seconds(address: Address) -> float:
    """Of all workers."""
    return sum(map(cpu_seconds, family(address.pid)))


def _health(address: Address, options: argparse.Namespace) -> Asked:
    return ask(address, cycle(["/healthz"]), options.seconds, pause=0.2)


def _row(clients: int, plain: Asked, health: Asked, dear: dict[int, int]) -> dict[str, Any]:
    return {
        "clients": clients,
        "p50_ms": round(plain.quantile(0.5) * 1000),
        "p95_ms": round(plain.quantile(0.95) * 1000),
        "health_max_ms": round(health.seconds[-1] * 1000),
        "plain": dict(plain.statuses),
        "dear": dear,
    }


def _slow(options: argparse.Namespace) -> dict[str, Any]:
    print("\n| slow clients | taken | still open | plain p50, ms | p95, ms | answers |")
    print("|---|---|---|---|---|---|")
    with _server(options) as address, slow_crowd(address, options.slow) as seen:
        plain = ask(address, plain_paths(), max(30.0, options.seconds))
        row = {
            "clients": options.slow,
            "taken": seen.opened,
            "open": seen.open,
            "p50_ms": round(plain.quantile(0.5) * 1000),
            "p95_ms": round(plain.quantile(0.95) * 1000),
            "plain": dict(plain.statuses),
        }
    print("| " + " | ".join(map(str, row.values())) + " |")
    return row


if __name__ == "__main__":
    main()
