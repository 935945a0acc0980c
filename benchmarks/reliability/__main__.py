"""`python -m benchmarks.reliability`: what faults do, as a table and as JSON in docs/measured/.

Every part repeats with the same seed and numbers, except for kills, races and minutes of serving,
which depend on the clock. Parts may be run one by one: a report of the same commit is added to.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.harness.report import machine
from benchmarks.reliability import agreement, crashes, damage, endurance, kills, races, write_errors
from benchmarks.reliability.outcomes import workplace
from benchmarks.reliability.picture import memory_picture
from benchmarks.reliability.systems import OURS, PEERS, system
from benchmarks.reliability.table import broken, lines
from benchmarks.reliability.trace import available

PARTS = ("crashes", "kills", "errors", "damage", "races", "endurance", "agreement")
OUT = Path("docs/measured/reliability.json")


def main() -> None:
    options = _options()
    if not available():
        raise SystemExit("strace is not installed; on Debian: apt-get install strace")
    os.environ["RUST_BACKTRACE"] = "0"  # a damaged index of bare Tantivy panics; that is counted
    head = {
        "commit": _commit(),
        "seed": options.seed,
        "day": time.strftime("%Y-%m-%d"),
        "machine": machine(("tantivy",)),
    }
    found = _before(options.out, head)
    with workplace() as work:
        for part in options.parts:
            started = time.monotonic()
            found = {**_before(options.out, head), part: dict(_PARTS[part](options, Path(work)))}
            # After each part, so that an interrupted run leaves what it found.
            report = json.dumps(found, ensure_ascii=False, indent=1)
            options.out.write_text(f"{report}\n", "utf-8")
            print(f"{part}: {time.monotonic() - started:,.0f} s", file=sys.stderr, flush=True)
    if "endurance" in options.parts:
        options.out.with_suffix(".svg").write_text(memory_picture(found["endurance"]), "utf-8")
    print("\n".join(lines(found)))
    if broken(found):
        raise SystemExit(1)


def _before(out: Path, head: dict[str, Any]) -> dict[str, Any]:
    """The report that is there, if it is of the same commit and seed, else an empty one."""
    known: dict[str, Any] = json.loads(out.read_text("utf-8")) if out.exists() else {}
    same = all(known.get(name) == head[name] for name in ("commit", "seed"))
    return known if same else head


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reliability", description=__doc__)
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--states", type=int, default=600, help="crash states of an operation")
    parser.add_argument("--kills", type=int, default=50, help="kills of an operation")
    parser.add_argument("--errors", type=int, default=5, help="runs with each kind of write error")
    parser.add_argument("--damages", type=int, default=5, help="flips and cuts of each file")
    parser.add_argument("--minutes", type=float, default=5.0, help="of serving, each engine")
    parser.add_argument("--queries", type=int, default=1_000, help="random queries")
    parser.add_argument("--documents", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=OUT)
    return parser.parse_args()


def _commit() -> str:
    command = ["git", "describe", "--always", "--dirty"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


Found = Iterator[tuple[str, Any]]


def _each(names: tuple[str, ...]) -> Iterator[tuple[str, str, str]]:
    for name in names:
        for operation in system(name).operations:
            yield f"{name} {operation}", name, operation


def _crashes(options: argparse.Namespace, work: Path) -> Found:
    for title, name, operation in _each(OURS + PEERS):
        yield title, crashes.crashed(name, operation, options.states, options.seed, work)


def _kills(options: argparse.Namespace, work: Path) -> Found:
    for title, name, operation in _each(OURS + PEERS):
        yield title, kills.killed(name, operation, options.kills, options.seed, work)


def _errors(options: argparse.Namespace, work: Path) -> Found:
    for title, name, operation in _each(OURS):
        yield title, write_errors.failed(name, operation, options.errors, options.seed, work)


def _damage(options: argparse.Namespace, work: Path) -> Found:
    for name in OURS + PEERS:
        yield name, damage.damaged(name, options.damages, options.seed, work)


def _races(options: argparse.Namespace, work: Path) -> Found:
    for name in OURS:
        yield name, races.raced(name, work)


def _endurance(options: argparse.Namespace, work: Path) -> Found:
    for name in OURS:
        yield name, endurance.endured(name, options.minutes, options.seed, work)


def _agreement(options: argparse.Namespace, work: Path) -> Found:
    yield "naive", agreement.agreed(OURS, options.documents, options.queries, options.seed, work)


_PARTS = {
    "crashes": _crashes,
    "kills": _kills,
    "errors": _errors,
    "damage": _damage,
    "races": _races,
    "endurance": _endurance,
    "agreement": _agreement,
}


if __name__ == "__main__":
    main()
