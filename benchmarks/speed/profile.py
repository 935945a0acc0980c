"""Where the time of a whole HTTP request goes: `python -m benchmarks.speed.profile NAME=FOLDER …`.

First every engine is queried through a server of its own, as users run it: seconds from the start
of the process to the first answer, milliseconds of the first round (every query is new), of later
rounds (its words are cached), and of repeated requests (the answer is cached), private memory. Then
a server within this process has clocks around its stages (stages.py); the chart shows the means of
a second round.
"""

import argparse
import os
import socket
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.comparison.stock_run import QUERIES
from benchmarks.comparison.yuansou import Server, serve_index
from benchmarks.harness.corpus import read_queries
from benchmarks.harness.process import cpu_seconds, private_mb
from benchmarks.harness.report import Latency
from benchmarks.harness.serving import Address
from benchmarks.harness.svg_bars import stacked
from benchmarks.speed.stages import ORDER, OUTSIDE, clocked
from index.engines.registry import open_engine
from index.settings import ENGINES, EngineName, Settings
from web.app import create_app
from web.serving.waitress_server import serve

ROUNDS = (10, 11, 12)
"""Hits that are wanted: another number, so that no answer is one that was kept."""
SETTLED = 15.0
"""Seconds after the first answer, for what a new server reads in a thread."""


@dataclass(frozen=True, slots=True)
class Served:
    """Figures of a server of its own. `first_s`: from its start to the first answer; `rounds`:
    latencies of each round, the first with new queries, the last with cached answers; `cpu_ms`:
    processor time of a request that is not cached, which is steadier on a busy machine."""

    first_s: float
    rounds: list[Latency]
    cpu_ms: float
    private_mb: float


def main(arguments: Sequence[str] | None = None) -> None:
    options = _options(arguments)
    queries = read_queries(options.queries)
    served = {name: measure(name, Path(at), queries) for name, at in options.engines}
    stages = {name: clocked_round(name, Path(at), queries) for name, at in options.engines}
    print(served_table(served), stages_table(stages), sep="\n\n")
    print(f"\n{len(queries)} queries; load average {os.getloadavg()[0]:.1f}")
    if options.svg:
        options.svg.write_text(stacked(stages, ORDER, "ms"), "utf-8")


def measure(engine: str, folder: Path, queries: Sequence[str]) -> Served:
    """Queries a server of its own, one query after the other over one connection."""
    started = time.perf_counter()
    with serve_index(folder, engine) as server:
        server.ask(queries[:1])
        first = time.perf_counter() - started
        time.sleep(SETTLED)
        before = cpu_seconds(server.pid)
        rounds = [Latency.of(server.ask(queries, hits)) for hits in ROUNDS]
        spent = (cpu_seconds(server.pid) - before) / (len(ROUNDS) * len(queries))
        rounds.append(Latency.of(server.ask(queries, ROUNDS[-1])))
        return Served(first, rounds, spent * 1000, private_mb(server.pid))


def clocked_round(engine: EngineName, folder: Path, queries: Sequence[str]) -> dict[str, float]:
    """Mean processor milliseconds of a request by stage, in threads of this process."""
    settings = Settings(index_dir=folder, engine=engine, port=0)
    snapshot = open_engine(settings).open()
    listener = socket.create_server(("127.0.0.1", 0))
    app = create_app(settings)
    threading.Thread(target=serve, args=(app, listener), daemon=True).start()
    host, port = listener.getsockname()
    here = Address(host, port, os.getpid())
    server = Server(here.connect(), here.pid)
    server.ask(queries[:1])
    time.sleep(SETTLED)
    server.ask(queries)
    with clocked(type(snapshot)) as clock:
        everything, asking = time.process_time(), time.thread_time()
        server.ask(queries, ROUNDS[1])
        everything, asking = time.process_time() - everything, time.thread_time() - asking
    server.connection.close()
    snapshot.close()
    spent = dict(clock.spent)
    spent[OUTSIDE] = everything - asking - sum(spent.values())
    return {stage: 1000 * spent.get(stage, 0.0) / len(queries) for stage in ORDER}


def served_table(served: Mapping[str, Served]) -> str:
    """A row for each engine."""
    lines = [
        "| engine | first answer, s | new queries p50 / p95, ms | known words | the same again "
        "| processor a request, ms | private memory, MB |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, each in served.items():
        new, *_, known, again = (f"{one.p50:.1f} / {one.p95:.1f}" for one in each.rounds)
        lines.append(
            f"| {name} | {each.first_s:.2f} | {new} | {known} | {again} "
            f"| {each.cpu_ms:.1f} | {each.private_mb:.0f} |"
        )
    return "\n".join(lines)


def stages_table(stages: Mapping[str, Mapping[str, float]]) -> str:
    """A column for each engine."""
    lines = [f"| processor ms a request | {' | '.join(stages)} |", "|---|" + "---|" * len(stages)]
    for stage in ORDER:
        lines.append(f"| {stage} | {' | '.join(f'{row[stage]:.2f}' for row in stages.values())} |")
    totals = (f"**{sum(row.values()):.1f}**" for row in stages.values())
    return "\n".join([*lines, f"| all | {' | '.join(totals)} |"])


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed.profile", description=__doc__)
    parser.add_argument("engines", nargs="+", type=_engine, metavar="ENGINE=FOLDER")
    parser.add_argument("--queries", type=Path, default=QUERIES, help="one a line, or .jsonl")
    parser.add_argument("--svg", type=Path, help="draw the stages in this file, too")
    return parser.parse_args(arguments)


def _engine(text: str) -> tuple[EngineName, str]:
    name, border, folder = text.partition("=")
    engine = next((engine for engine in ENGINES if engine == name), None)
    if not border or engine is None:
        raise argparse.ArgumentTypeError("an engine and the folder of its index: whoosh=var/index")
    return engine, folder


if __name__ == "__main__":
    main()
