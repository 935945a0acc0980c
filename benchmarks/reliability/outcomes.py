"""What a reader gets after a fault, counted."""

import shutil
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

from benchmarks.reliability.systems import OURS, Answer, System

BAD = ("mixed", "refused", "lost", "stuck")
"""Outcomes that break a promise: an answer that is neither the old one nor the new, no answer, the
old answer after the new one was acknowledged, and a fault that the next writer stumbles over."""
MEMORY = Path("/dev/shm")
KNOWN = ("CURRENT", "LOCK", "removed.jsonl", "generations")
"""What a folder of ours holds."""


@dataclass
class Outcomes:
    """Counts by outcome. `examples`: one of each bad outcome."""

    counts: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)

    def add(self, outcome: str, example: str = "") -> None:
        self.counts[outcome] += 1
        if example and outcome not in ("old", "new"):
            self.examples.setdefault(outcome, example)

    @property
    def total(self) -> int:
        return self.counts.total() - self.counts["stuck"]

    @property
    def bad(self) -> int:
        return sum(self.counts[name] for name in BAD)

    def to_json(self) -> dict[str, object]:
        return {"total": self.total, **self.counts, "examples": self.examples}


@dataclass(frozen=True, slots=True)
class Expected:
    """The answers before and after an operation, and after a rebuild that follows it."""

    old: Answer
    new: Answer
    rebuilt: Answer = ()

    def outcome(self, system: System, folder: Path, *, acknowledged: bool) -> tuple[str, str]:
        """The outcome in a folder, and what was seen if it is a bad one."""
        try:
            answer = system.answer(folder)
        except Exception as error:  # a library may raise anything over a broken index
            return "refused", repr(error)[:200]
        if answer == self.new:
            return "new", ""
        if answer == self.old:
            return ("lost" if acknowledged else "old"), "acknowledged, but the old answer"
        return "mixed", f"{len(answer)} articles: {answer[:3]}"

    def write_again(self, system: System, folder: Path, outcomes: Outcomes) -> None:
        """Ours must write after any fault without help, and leave nothing behind. One of both adds
        an outcome "stuck"."""
        if system.name not in OURS:
            return
        try:
            system.act(folder, "rebuild")
            left = leftovers(folder)
            if system.answer(folder) != self.rebuilt or left:
                outcomes.add("stuck", f"left behind: {left}")
        except Exception as error:
            outcomes.add("stuck", repr(error)[:200])


def leftovers(folder: Path) -> list[str]:
    """What no reader or writer of ours needs."""
    names = [path.name for path in folder.iterdir() if path.name not in KNOWN]
    generations = [path.name for path in (folder / "generations").iterdir()]
    return names + [name for name in generations if name.startswith(".")]


def deleted(folder: Path) -> None:
    """A thread of Tantivy that reads what was just opened may make a lock file meanwhile."""
    while folder.exists():
        shutil.rmtree(folder, ignore_errors=True)


def workplace() -> TemporaryDirectory[str]:
    """A folder in memory where there is one: the faults are simulated, not the disk."""
    folder = MEMORY if MEMORY.is_dir() else gettempdir()
    return TemporaryDirectory(dir=folder, prefix="faults-", ignore_cleanup_errors=True)


def base_of(system: System, work: Path) -> Path:
    """The folder of the base, made once in `work`."""
    folder = work / f"base-{system.name}" / "index"
    if not folder.exists():
        folder.parent.mkdir()
        system.prepare(folder)
    return folder


def fresh(system: System, work: Path, name: str) -> Path:
    """A copy of the base under a name of its own. Files that generations share stay shared."""
    folder = work / f"{system.name}-{name}" / "index"
    deleted(folder.parent)
    base = base_of(system, work)
    folder.mkdir(parents=True)
    copied: dict[int, Path] = {}
    for path in sorted(base.rglob("*")):
        target, inode = folder / path.relative_to(base), path.stat().st_ino
        if path.is_dir():
            target.mkdir()
        elif inode in copied:
            target.hardlink_to(copied[inode])
        else:
            copied[inode] = target
            shutil.copy2(path, target)
    return folder


def expected(system: System, operation: str, work: Path) -> Expected:
    folder = fresh(system, work, f"expected-{operation}")
    old = system.answer(folder)
    system.act(folder, operation)
    new = system.answer(folder)
    assert old != new, (system.name, operation)
    if system.name not in OURS:
        return Expected(old, new)
    system.act(folder, "rebuild")
    return Expected(old, new, system.answer(folder))
