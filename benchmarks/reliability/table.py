"""The report as a table, and whether one of our promises was broken."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from benchmarks.reliability.outcomes import BAD
from benchmarks.reliability.report import Report
from benchmarks.reliability.systems import OURS

HEAD = ("fault", "subject", "tried", "old answer", "new answer", *BAD, "commit, seed")
DAMAGE_HEAD = (
    "damage",
    "tried",
    "unharmed",
    "right, and verify tells",
    "another generation answers, and says so",
    "refused",
    "wrong, unnoticed",
    "commit, seed",
)
GROWTH = 1.2
"""How much a server's memory may grow after warming up."""


def lines(found: Report) -> Iterator[str]:
    yield from _table(HEAD, _counted(found))
    yield from _table(DAMAGE_HEAD, _damaged(found.get("damage", {})))
    for engine, row in found.get("races", {}).items():
        for name, result in row["results"].items():
            yield f"{engine}, {name}: {result} ({_made(row)})"
    for engine, row in found.get("endurance", {}).items():
        memory, files = row["private_mb"], row["descriptors"]
        yield (
            f"{engine}, {row['minutes']:g} minutes, {row['requests']:,} requests, "
            f"{row['updates']} updates: {row['errors']} errors; private memory "
            f"{memory['warm']} → {memory['end']} MB (most {memory['most']}), "
            f"descriptors {files['warm']} → {files['end']} (most {files['most']}) ({_made(row)})"
        )
    for row in found.get("agreement", {}).values():
        asked = f"{row['queries']:,} random queries over {row['documents']:,} articles"
        yield f"{asked}: different answers {row['differences']} ({_made(row)})"


def rows(found: Report) -> Iterator[tuple[str, str, dict[str, Any], str]]:
    """(fault, subject, outcomes, how it was made) of everything that is counted by outcome."""
    for fault, part in (("power cut", "crashes"), ("SIGKILL", "kills")):
        for subject, outcomes in found.get(part, {}).items():
            yield fault, subject, outcomes, _made(outcomes)
    for subject, row in found.get("errors", {}).items():
        for kind, outcomes in row["kinds"].items():
            yield kind, subject, outcomes, _made(row)


def _made(row: dict[str, Any]) -> str:
    return f"{row['commit']}, {row['seed']}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """With nothing below it, no table."""
    for at, row in enumerate(rows):
        if at == 0:
            yield f"| {' | '.join(head)} |"
            yield "|" + "---|" * len(head)
        yield f"| {' | '.join(row)} |"


def _counted(found: Report) -> Iterator[list[str]]:
    for fault, subject, outcomes, made in rows(found):
        counts = [outcomes.get(name, 0) for name in ("old", "new", *BAD)]
        read = f" ({outcomes['read']:,} read)" if "read" in outcomes else ""
        tried = f"{outcomes['total']:,}{read}"
        yield [fault, subject, tried, *(f"{count:,}" for count in counts), made]


def _damaged(part: Report) -> Iterator[list[str]]:
    kinds = ("total", "unharmed", "verified", "older", "refused", "wrong")
    for name, outcomes in part.items():
        yield [name, *(f"{outcomes.get(kind, 0):,}" for kind in kinds), _made(outcomes)]


def broken(found: Report) -> list[str]:
    """What we promise and did not keep, a line each. What others do is no fault of ours."""
    faults = [
        f"{fault}, {subject}: {name}"
        for fault, subject, outcomes, _ in rows(found)
        for name in BAD
        if subject.split()[0] in OURS and outcomes.get(name)
    ]
    for name, outcomes in found.get("damage", {}).items():
        if name in OURS and outcomes.get("wrong", 0) + outcomes.get("refused", 0):
            faults.append(f"damage, {name}")
    for name, row in found.get("races", {}).items():
        faults += [f"{name}, {race}" for race, result in row["results"].items() if result != "ok"]
    for name, row in found.get("endurance", {}).items():
        memory = row["private_mb"]
        faults += [f"{name}, errors while serving"] if row["errors"] else []
        faults += [f"{name}, memory"] if memory["most"] > GROWTH * memory["warm"] else []
    for row in found.get("agreement", {}).values():
        faults += [f"{name} differs" for name, count in row["differences"].items() if count]
    return faults
