"""The report as a table, and whether one of our promises was broken."""

from collections.abc import Iterator
from typing import Any

from benchmarks.reliability.outcomes import BAD
from benchmarks.reliability.systems import OURS

Report = dict[str, Any]
HEAD = ("fault", "subject", "tried", "old answer", "new answer", *BAD)


def lines(found: Report) -> Iterator[str]:
    yield f"commit {found['commit']}, seed {found['seed']}, {found['day']}"
    yield from _counted(found)
    yield from _damaged(found.get("damage", {}))
    for engine, races in found.get("races", {}).items():
        yield from (f"{engine}, {name}: {result}" for name, result in races.items())
    for engine, row in found.get("endurance", {}).items():
        memory, files = row["private_mb"], row["descriptors"]
        yield (
            f"{engine}, {row['requests']:,} requests, {row['updates']} updates: "
            f"{row['errors']} errors; private memory {memory['warm']} → {memory['end']} MB, "
            f"descriptors {files['warm']} → {files['end']}"
        )
    for row in found.get("agreement", {}).values():
        asked = f"{row['queries']:,} random queries over {row['documents']:,} articles"
        yield f"{asked}: different answers {row['differences']}"


def rows(found: Report) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(fault, subject, outcomes) of everything that is counted by outcome."""
    for fault, part in (("power cut", "crashes"), ("SIGKILL", "kills")):
        for subject, outcomes in found.get(part, {}).items():
            yield fault, subject, outcomes
    for subject, kinds in found.get("errors", {}).items():
        for kind, outcomes in kinds.items():
            yield kind, subject, outcomes


def _counted(found: Report) -> Iterator[str]:
    yield f"| {' | '.join(HEAD)} |"
    yield "|" + "---|" * len(HEAD)
    for fault, subject, outcomes in rows(found):
        counts = [outcomes.get(name, 0) for name in ("total", "old", "new", *BAD)]
        yield f"| {fault} | {subject} | {' | '.join(f'{count:,}' for count in counts)} |"


def _damaged(part: Report) -> Iterator[str]:
    if not part:
        return
    kinds = ("total", "unharmed", "older", "refused", "wrong")
    yield "| damage | tried | unharmed | an older generation answers | refused | wrong, unnoticed |"
    yield "|---|---|---|---|---|---|"
    for name, outcomes in part.items():
        yield f"| {name} | {' | '.join(f'{outcomes.get(kind, 0):,}' for kind in kinds)} |"


def broken(found: Report) -> list[str]:
    """What we promise and did not keep, a line each. What others do is no fault of ours."""
    faults = [
        f"{fault}, {subject}: {name}"
        for fault, subject, outcomes in rows(found)
        for name in BAD
        if subject.split()[0] in OURS and outcomes.get(name)
    ]
    for name, outcomes in found.get("damage", {}).items():
        if name in OURS and outcomes.get("wrong", 0) + outcomes.get("refused", 0):
            faults.append(f"damage, {name}")
    for name, races in found.get("races", {}).items():
        faults += [f"{name}, {race}" for race, result in races.items() if result != "ok"]
    for name, row in found.get("endurance", {}).items():
        faults += [f"{name}, errors while serving"] if row["errors"] else []
    for row in found.get("agreement", {}).values():
        faults += [f"{name} differs" for name, count in row["differences"].items() if count]
    return faults
