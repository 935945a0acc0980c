"""A disk that is full, fails or can only be read, at and from the n-th write of an operation."""

import subprocess
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random

from benchmarks.reliability.outcomes import Outcomes, expected, fresh
from benchmarks.reliability.systems import system
from benchmarks.reliability.trace import recorded
from benchmarks.reliability.workers import started

_CHANGES = ("mkdir", "link", "rename", "unlink", "unlinkat")
KINDS = {
    "disk full": (("write", "pwrite64", "mkdir", "link", "rename"), "ENOSPC", "+"),
    "EIO": (("write", "pwrite64", "fsync", "fdatasync", "rename"), "EIO", "+"),
    "EIO once": (("write", "pwrite64", "fsync", "fdatasync", "rename"), "EIO", ""),
    "read-only": (_CHANGES, "EROFS", "+"),
}
"""Calls that fail, how, and whether all later ones of the same thread do so too ("+")."""


def failed(name: str, operation: str, times: int, seed: int, work: Path) -> dict[str, object]:
    """By kind, outcomes of up to `times` runs, in each of which one call fails at its n-th time.
    strace counts the calls of each thread.

    `of`: all n of all calls. `told`: the process ended with an error; one that did not was not in
    need of what failed.
    """
    subject, random = system(name), Random(seed)
    known = expected(subject, operation, work)
    calls = recorded(name, operation, fresh(subject, work, "counted")).calls
    found: dict[str, object] = {}
    for kind, (names, error, later) in KINDS.items():
        outcomes, told = Outcomes(), 0
        moments = _moments(calls, names)
        for call, at in random.sample(moments, min(times, len(moments))):
            folder = fresh(subject, work, f"failing-{operation}")
            acknowledged = _run(name, operation, folder, f"{call}:error={error}:when={at}{later}")
            told += not acknowledged
            outcome, seen = known.outcome(subject, folder, acknowledged=acknowledged)
            outcomes.add(outcome, f"{call} {at}{later}: {seen}")
            known.write_again(subject, folder, outcomes)
        found[kind] = {"of": len(moments), "told": told, **outcomes.to_json()}
    return {"kinds": found}


def _moments(calls: Counter[tuple[str, str]], names: Sequence[str]) -> list[tuple[str, int]]:
    """(call, n-th time in a thread): all that the operation makes."""
    most = dict.fromkeys(names, 0)
    for (_, name), count in calls.items():
        if name in most:
            most[name] = max(most[name], count)
    return [(name, at) for name in names for at in range(1, most[name] + 1)]


def _run(name: str, operation: str, folder: Path, fault: str) -> bool:
    """Whether the operation was acknowledged."""
    worker = started(name, operation, folder)
    traced = fault.partition(":")[0]
    options = ["-f", "-o", "/dev/null", "-e", f"trace={traced}", "-e", f"inject={fault}"]
    with subprocess.Popen(
        ["strace", *options, "-p", str(worker.pid)], stderr=subprocess.PIPE, text=True
    ) as strace:
        assert strace.stderr is not None
        line = strace.stderr.readline()
        if "attached" not in line:
            worker.kill()
            raise RuntimeError(line)
        worker.go()
        try:
            return worker.acknowledged()
        finally:
            strace.communicate()
