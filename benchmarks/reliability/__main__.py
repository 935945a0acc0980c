"""`python -m benchmarks.reliability`: what faults do, as a table and as JSON in docs/measured/.

Every part repeats with the same seed and numbers, except for kills, races and minutes of serving,
which depend on the clock. Parts and systems may be run one by one: each adds to the report, and
what is there already, of the same commit, seed and numbers, is not run again.
"""

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.reliability import (
    agreement,
    crashes,
    damage,
    endurance,
    kills,
    races,
    seccomp,
    trace,
    write_errors,
)
from benchmarks.reliability.outcomes import workplace
from benchmarks.reliability.picture import memory_picture
from benchmarks.reliability.report import Report, Run, commit, read
from benchmarks.reliability.systems import OURS, PEERS, system
from benchmarks.reliability.table import broken, lines

OUT = Path("docs/measured/reliability.json")


def main() -> None:
    options = _options()
    if not trace.available():
        raise SystemExit("strace is not installed; on Debian: apt-get install strace")
    if "errors" in options.parts and not seccomp.available():
        raise SystemExit("failing writes need Linux on x86-64; leave out the part «errors»")
    os.environ["RUST_BACKTRACE"] = "0"  # a damaged index of bare Tantivy panics; that is counted
    run = Run(options.out, commit(), options.seed)
    for part in options.parts:
        for subject, numbers, make in _PARTS[part](options):
            if run.entry(part, subject, numbers) is not None:
                print(f"{part}, {subject}: is in the report", file=sys.stderr)
                continue
            with workplace() as work:
                entry = run.add(part, subject, numbers, partial(make, Path(work)))[part][subject]
            print(f"{part}, {subject}: {entry['seconds']:,.0f} s", file=sys.stderr, flush=True)
    report = read(options.out)
    if "endurance" in options.parts:
        options.out.with_suffix(".svg").write_text(memory_picture(report["endurance"]), "utf-8")
    print("\n".join(lines(report)))
    if broken(report):
        raise SystemExit("\n".join(broken(report)))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reliability", description=__doc__)
    parser.add_argument("--parts", nargs="+", choices=tuple(_PARTS), default=tuple(_PARTS))
    parser.add_argument("--systems", nargs="+", choices=OURS + PEERS, default=OURS + PEERS)
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


Task = tuple[str, dict[str, float], Callable[[Path], Any]]
"""A subject, the numbers that its entry depends on, and what makes the entry in a folder."""


def _each(
    systems: tuple[str, ...], options: argparse.Namespace, number: str, make: Callable[..., Report]
) -> Iterator[Task]:
    """A task for each operation of each system that was asked for."""
    count = getattr(options, number)
    for name in (name for name in systems if name in options.systems):
        for operation in system(name).operations:
            task = partial(make, name, operation, count, options.seed)
            yield f"{name} {operation}", {number: count}, task


def _crashes(options: argparse.Namespace) -> Iterator[Task]:
    return _each(OURS + PEERS, options, "states", crashes.crashed)


def _kills(options: argparse.Namespace) -> Iterator[Task]:
    return _each(OURS + PEERS, options, "kills", kills.killed)


def _errors(options: argparse.Namespace) -> Iterator[Task]:
    return _each(OURS, options, "errors", write_errors.failed)


def _damage(options: argparse.Namespace) -> Iterator[Task]:
    for name in options.systems:
        task = partial(damage.damaged, name, options.damages, options.seed)
        yield name, {"damages": options.damages}, task


def _races(options: argparse.Namespace) -> Iterator[Task]:
    for name in (name for name in OURS if name in options.systems):
        yield name, {}, partial(races.raced, name)


def _endurance(options: argparse.Namespace) -> Iterator[Task]:
    for name in (name for name in OURS if name in options.systems):
        task = partial(endurance.endured, name, options.minutes, options.seed)
        yield name, {"minutes": options.minutes}, task


def _agreement(options: argparse.Namespace) -> Iterator[Task]:
    documents, queries = options.documents, options.queries
    task = partial(agreement.agreed, OURS, documents, queries, options.seed)
    yield "naive", {"documents": documents, "queries": queries}, task


_PARTS: dict[str, Callable[[argparse.Namespace], Iterator[Task]]] = {
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
