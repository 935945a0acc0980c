"""A disk that is full, fails or can only be read, from the n-th write of an operation on."""

import subprocess
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random

from benchmarks.reliability.outcomes import Outcomes, expected, fresh
from benchmarks.reliability.systems import system
from benchmarks.reliability.trace import command, environment, recorded

KINDS = {
    "disk full": (("write", "pwrite64", "mkdir", "link", "rename"), "ENOSPC"),
    "EIO": (("write", "pwrite64", "fsync", "fdatasync", "rename"), "EIO"),
    "read-only": (("mkdir", "link", "rename", "unlink", "unlinkat"), "EROFS"),
}
"""Calls that fail, and how."""
TIMEOUT = 120


def failed(name: str, operation: str, times: int, seed: int, work: Path) -> dict[str, object]:
    """By kind, outcomes of `times` runs, in each of which one call fails from its n-th time on.

    `told`: the process ended with an error. One that is not told came too late to matter.
    """
    subject, random = system(name), Random(seed)
    known = expected(subject, operation, work)
    calls = recorded(name, operation, fresh(subject, work, "counted")).calls
    found: dict[str, object] = {}
    for kind, (names, error) in KINDS.items():
        outcomes, told = Outcomes(), 0
        for call, at in _moments(calls, names, times, random):
            folder = fresh(subject, work, f"failing-{operation}")
            acknowledged = _run(name, operation, folder, f"{call}:error={error}:when={at}+")
            told += not acknowledged
            outcome, seen = known.outcome(subject, folder, acknowledged=acknowledged)
            outcomes.add(outcome, f"from {call} {at} on: {seen}")
        found[kind] = {"told": told, **outcomes.to_json()}
    return found


def _moments(
    calls: Counter[str], names: Sequence[str], times: int, random: Random
) -> list[tuple[str, int]]:
    """(call, n-th time), drawn from all that the operation makes."""
    every = [(name, at) for name in names for at in range(1, calls[name] + 1)]
    return random.sample(every, min(times, len(every)))


def _run(name: str, operation: str, folder: Path, fault: str) -> bool:
    """Whether the operation was acknowledged."""
    traced = fault.partition(":")[0]
    strace = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={traced}"]
    done = subprocess.run(
        [*strace, "-e", f"inject={fault}", *command(name, operation, folder)],
        check=False,
        env=environment(),
        capture_output=True,
        timeout=TIMEOUT,
    )
    return done.returncode == 0
