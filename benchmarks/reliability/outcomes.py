"""What a reader gets after a fault, counted."""

import shutil
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

from benchmarks.reliability.systems import Answer, System

BAD = ("mixed", "refused", "lost")
"""Outcomes that break a promise: an answer that is neither the old one nor the new, no answer, and
the old answer after the new one was acknowledged."""
MEMORY = Path("/dev/shm")


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
        return self.counts.total()

    @property
    def bad(self) -> int:
        return sum(self.counts[name] for name in BAD)

    def to_json(self) -> dict[str, object]:
        return {"total": self.total, **self.counts, "examples": self.examples}


@dataclass(frozen=True, slots=True)
class Expected:
    """The answers before and after an operation."""

    old: Answer
    new: Answer

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


def workplace() -> TemporaryDirectory[str]:
    """A folder in memory where there is one: the faults are simulated, not the disk."""
    return TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else gettempdir(), prefix="faults-")


def base_of(system: System, work: Path) -> Path:
    """The folder of the base, made once in `work`."""
    folder = work / f"base-{system.name}" / "index"
    if not folder.exists():
        folder.parent.mkdir()
        system.prepare(folder)
    return folder


def fresh(system: System, work: Path, name: str) -> Path:
    """A copy of the base under a name of its own."""
    folder = work / f"{system.name}-{name}" / "index"
    shutil.rmtree(folder.parent, ignore_errors=True)
    shutil.copytree(base_of(system, work), folder)
    return folder


def expected(system: System, operation: str, work: Path) -> Expected:
    folder = fresh(system, work, f"expected-{operation}")
    old = system.answer(folder)
    system.act(folder, operation)
    new = system.answer(folder)
    assert old != new, (system.name, operation)
    return Expected(old, new)
