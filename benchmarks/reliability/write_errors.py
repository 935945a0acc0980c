"""A disk that is full, fails or can only be read, at or from the n-th change of an operation on."""

import errno
import os
from dataclasses import dataclass
from pathlib import Path
from random import Random

from benchmarks.reliability.outcomes import Outcomes, expected, fresh
from benchmarks.reliability.seccomp import Called, answered
from benchmarks.reliability.systems import system
from benchmarks.reliability.workers import started

_NAMES = ("openat", "mkdir", "mkdirat", "link", "linkat", "rename", "renameat", "renameat2")
_WRITES = ("write", "pwrite64", "ftruncate")
_SYNCS = ("fsync", "fdatasync")


@dataclass(frozen=True, slots=True)
class Kind:
    """Calls that fail with `error`, from the n-th on or only that one (`once`)."""

    names: tuple[str, ...]
    error: int
    once: bool = False


KINDS = {
    "disk full": Kind((*_NAMES, *_WRITES), errno.ENOSPC),
    "EIO": Kind((*_WRITES, *_SYNCS, *_NAMES), errno.EIO),
    "EIO once": Kind((*_WRITES, *_SYNCS, *_NAMES), errno.EIO, once=True),
    "read-only": Kind((*_NAMES, *_WRITES, "unlink", "unlinkat", "rmdir"), errno.EROFS),
}


def failed(name: str, operation: str, times: int, seed: int, work: Path) -> dict[str, object]:
    """By kind, outcomes of up to `times` runs, in each of which the n-th change of a folder fails.

    `of`: how many changes there are. `told`: the process ended with an error; one that did not was
    not in need of what failed.
    """
    subject, random = system(name), Random(seed)
    known = expected(subject, operation, work)
    found: dict[str, object] = {}
    for kind, fault in KINDS.items():
        outcomes, told = Outcomes(), 0
        folder = fresh(subject, work, "counted")
        counted = _Failing(fault, 0, str(folder))
        _run(name, operation, folder, counted)
        moments = range(1, counted.seen + 1)
        for at in random.sample(moments, min(times, len(moments))):
            folder = fresh(subject, work, "failing")
            failing = _Failing(fault, at, str(folder))
            acknowledged = _run(name, operation, folder, failing)
            told += not acknowledged
            outcome, seen = known.outcome(subject, folder, acknowledged=acknowledged)
            outcomes.add(outcome, f"{kind}, change {at}, {failing.failed}: {seen}")
            known.write_again(subject, folder, outcomes)
        found[kind] = {"of": len(moments), "told": told, **outcomes.to_json()}
    return {"kinds": found}


@dataclass
class _Failing:
    """Counts the changes of a folder over all threads, and fails those that it should."""

    kind: Kind
    at: int
    folder: str
    seen: int = 0
    failed: str = ""

    def __call__(self, call: Called) -> int:
        if not call.changes(self.folder):
            return 0
        self.seen += 1
        due = self.seen == self.at if self.kind.once else self.seen >= self.at > 0
        self.failed = self.failed or call.name if due else self.failed
        return self.kind.error if due else 0


def _run(name: str, operation: str, folder: Path, failing: _Failing) -> bool:
    """Whether the operation was acknowledged."""
    worker = started(name, operation, folder, failing.kind.names)
    worker.go()
    answered(worker.listener, failing)
    os.close(worker.listener)
    return worker.acknowledged()
