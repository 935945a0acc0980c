"""Power cuts: what readers get in the states that a disk may be left in (disk_model.py)."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

from benchmarks.reliability.disk_model import State, crash_states, digest, materialise
from benchmarks.reliability.outcomes import Expected, Outcomes, deleted, fresh
from benchmarks.reliability.systems import System, system
from benchmarks.reliability.trace import recorded
from index.engines.embedded.generations import PARTIAL

GENERATIONS = "generations"
READ_EACH = 10
KEPT = 32
"""Written generations; 10,000 states would fill the memory."""


def crashed(name: str, operation: str, count: int, seed: int, work: Path) -> dict[str, object]:
    """Outcomes of an operation over up to `count` different states."""
    subject = system(name)
    folder = fresh(subject, work, f"crash-{operation}")
    old = subject.answer(folder)
    disk = recorded(name, operation, folder)
    known = Expected(old, subject.answer(folder))
    _check_replay(folder, disk.state(len(disk.events), set()))
    outcomes = Outcomes()
    readings = Readings(subject, known, work / f"states-{name}-{operation}")
    for until, state in crash_states(disk, Random(seed), count):
        outcome, seen = readings.outcome(state, acknowledged=until == len(disk.events))
        outcomes.add(outcome, f"cut before event {until} of {len(disk.events)}: {seen}")
    readings.close()
    return {"events": len(disk.events), "read": readings.read, **outcomes.to_json()}


class Readings:
    """What readers get in states. Many differ only within a folder that is being built, whose name
    ends in `.partial` and which no reader of ours opens. Of those READ_EACH are read, and must
    agree."""

    def __init__(self, subject: System, known: Expected, work: Path) -> None:
        self.read = 0
        self._subject, self._known = subject, known
        self._folders = _Folders(work)
        self._seen: dict[tuple[bool, bytes], list[tuple[str, str]]] = {}

    def outcome(self, state: State, *, acknowledged: bool) -> tuple[str, str]:
        shown = {path: content for path, content in state.items() if f"{PARTIAL}/" not in path}
        seen = self._seen.setdefault((acknowledged, digest(shown)), [])
        if len(seen) < READ_EACH:
            folder = self._folders.folder(state)
            seen.append(self._known.outcome(self._subject, folder, acknowledged=acknowledged))
            deleted(folder)
            self.read += 1
            if seen[-1][0] != seen[0][0]:
                raise AssertionError(f"a reader looked into a {PARTIAL} folder: {seen[-1]}")
        return seen[0]

    def close(self) -> None:
        self._folders.close()


def _check_replay(folder: Path, state: State) -> None:
    """The model must arrive where the real file system did, or its states mean nothing."""
    real = {
        str(path.relative_to(folder)): None if path.is_dir() else path.read_bytes()
        for path in folder.rglob("*")
    }
    if real != state:
        different = sorted(set(real) ^ set(state)) or [n for n in real if real[n] != state[n]]
        raise AssertionError(f"the trace misses something about {different[:3]}")


class _Folders:
    """Writes states. Generations that several states share are written once, and linked to;
    those used last are kept (KEPT)."""

    def __init__(self, work: Path) -> None:
        self._work = work
        self._kept: dict[bytes, Path] = {}
        self._number = 0
        (work / "kept").mkdir(parents=True)

    def folder(self, state: State) -> Path:
        target = self._work / "state"
        rest = {path: content for path, content in state.items() if path.count("/") == 0}
        materialise(rest, target)
        for name, part in _parts(state):
            (target / GENERATIONS / name).symlink_to(self._written(part))
        for path, content in state.items():
            if "/" in path and not path.startswith(f"{GENERATIONS}/"):
                (target / path).write_bytes(content or b"")
        return target

    def _written(self, part: State) -> Path:
        key = digest(part)
        folder = self._kept.pop(key, None)
        if folder is None:
            self._number += 1
            folder = self._work / "kept" / str(self._number)
            materialise(part, folder)
        self._kept[key] = folder
        if len(self._kept) > KEPT:
            deleted(self._kept.pop(next(iter(self._kept))))
        return folder

    def close(self) -> None:
        deleted(self._work)


def _parts(state: State) -> Iterator[tuple[str, State]]:
    """The folders of generations, each with its files."""
    parts: dict[str, State] = {}
    for path, content in state.items():
        top, _, below = path.partition("/")
        if top == GENERATIONS and below:
            name, _, file = below.partition("/")
            part = parts.setdefault(name, {})
            if file:
                part[file] = content
    return iter(parts.items())
