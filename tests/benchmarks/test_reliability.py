"""The report on faults: its model of a disk, its trace, and a short run of each part."""

import os
import re
import signal
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest

from benchmarks.reliability import agreement, crashes, damage, kills, races, seccomp, write_errors
from benchmarks.reliability.disk_model import (
    Disk,
    Entered,
    Node,
    Synced,
    Written,
    crash_states,
    spread_numbers,
)
from benchmarks.reliability.outcomes import BAD, Expected
from benchmarks.reliability.picture import memory_picture
from benchmarks.reliability.report import Run, read
from benchmarks.reliability.systems import System
from benchmarks.reliability.table import broken, lines
from benchmarks.reliability.trace import available, calls_of, replayed
from benchmarks.reliability.workers import started

TRACED = pytest.mark.skipif(not available(), reason="needs strace: apt-get install strace")


def replaced(*steps: str) -> Disk:
    """A file "a" with the content old, and what was done to replace it by new."""
    root, old, new = Node(folder=True), Node(False, b"old"), Node(folder=False)
    events = {
        "create": Entered(((root, "b", new),)),
        "write": Written(new, 0, b"new"),
        "sync the file": Synced(new),
        "rename": Entered(((root, "a", new), (root, "b", None))),
        "sync the folder": Synced(root),
        "overwrite": Written(old, 0, b"NEW"),
    }
    return Disk(root, {root: {"a": old}}, [events[step] for step in steps])


SAFE = ("create", "write", "sync the file", "rename", "sync the folder")
DISKS = {
    "as it should be": (SAFE, {b"old", b"new"}, {b"new"}),
    "the file is not synced": (
        ("create", "write", "rename", "sync the folder"),
        {b"old", b"new", b""},
        {b"new", b""},
    ),
    "the folder is not synced": (SAFE[:-1], {b"old", b"new"}, {b"old", b"new"}),
    "written over": (("overwrite",), {b"old", b"NEW"}, {b"old", b"NEW"}),
}


@pytest.mark.parametrize(("steps", "ever", "afterwards"), DISKS.values(), ids=list(DISKS))
def test_what_a_power_cut_leaves(
    steps: tuple[str, ...], ever: set[bytes], afterwards: set[bytes]
) -> None:
    """Which contents a file may have: at any moment, and after everything was done."""
    disk = replaced(*steps)
    states = list(crash_states(disk, Random(1), 200))
    whole = {cut for _, state in states if (cut := state["a"]) is not None}

    assert {cut for cut in whole if cut in (b"old", b"new", b"NEW", b"")} == ever
    assert {state["a"] for until, state in states if until == len(steps)} >= afterwards
    if steps == SAFE:
        assert whole == ever


def written(files: int) -> Disk:
    """So many files, each made and written, and synced only at the end."""
    root, nodes = Node(folder=True), [Node(folder=False) for _ in range(files)]
    disk = Disk(root, {root: {}})
    for at, node in enumerate(nodes):
        disk.events += [Entered(((root, f"{at}", node),)), Written(node, 0, b"a" * 2000)]
    disk.events += [Synced(node) for node in (*nodes, root)]
    return disk


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_few_cuts_are_spread_over_all_events(seed: int) -> None:
    """Whichever ninth of an operation is looked at; and what was acknowledged is among them."""
    disk = written(100)
    cuts = [until for until, _ in crash_states(disk, Random(seed), 60)]
    end = len(disk.events)

    assert len(cuts) == 60
    assert {min(8, until * 9 // end) for until in cuts} == set(range(9))
    assert end in cuts
    assert sum(until > end - 30 for until in cuts) < 20


@pytest.mark.parametrize("count", [1, 2, 7, 64, 301])
def test_spread_numbers(count: int) -> None:
    """Each number once, the last first; any beginning leaves no large gap."""
    order = spread_numbers(count)
    assert sorted(order) == list(range(count))
    assert order[0] == count - 1
    for taken in range(2, count):
        places = sorted([-1, *order[:taken]])
        gaps = [after - before for before, after in pairwise(places)]
        assert max(gaps) <= 4 * count / taken


def test_a_torn_write() -> None:
    """It ends at the border of a sector."""
    root, node = Node(folder=True), Node(folder=False)
    disk = Disk(root, {root: {"a": node}}, [Written(node, 0, bytes(range(256)) * 8)])

    sizes = {len(disk.state(1, set(), 0, share)["a"] or b"") for share in (0.1, 0.3, 0.6, 0.9)}
    assert sizes == {204, 512, 1024, 1536}


def test_the_picture_of_memory() -> None:
    """A line for each engine, inside the picture."""
    rows = {"samples": [(0.0, 100.0, 9), (60.0, 120.0, 9), (90.0, 110.0, 9)]}
    drawn = memory_picture({"whoosh": rows, "tantivy": rows})

    assert drawn.count("<polyline") == 2
    xs = [float(x) for x in re.findall(r"([\d.]+),[\d.]+", drawn)]
    assert (min(xs), max(xs)) == (60.0, 820.0)
    assert re.findall(r">(\d+) min", drawn) == ["0", "1"]


def test_the_minutes_of_a_long_run_are_named_apart() -> None:
    rows = {"samples": [(0.0, 100.0, 9), (1800.0, 120.0, 9)]}

    assert re.findall(r">(\d+) min", memory_picture({"whoosh": rows})) == [
        f"{minute}" for minute in range(0, 31, 3)
    ]


OLD, NEW = ("a 1",), ("a 2",)
ANSWERS: list[tuple[Any, bool, str]] = [
    (OLD, False, "old"),
    (OLD, True, "lost"),
    (NEW, False, "new"),
    (NEW, True, "new"),
    ((), False, "mixed"),
    (OSError(5, "EIO"), False, "refused"),
]


@pytest.mark.parametrize(("answer", "acknowledged", "outcome"), ANSWERS)
def test_outcomes(answer: Any, acknowledged: bool, outcome: str, tmp_path: Path) -> None:
    """What a reader may get, by what was acknowledged."""

    def read(folder: Path) -> Any:
        if isinstance(answer, Exception):
            raise answer
        return answer

    subject = System("test", (), lambda folder: None, lambda folder, name: None, read)
    found, _ = Expected(OLD, NEW).outcome(subject, tmp_path, acknowledged=acknowledged)
    assert found == outcome


MADE = {"commit": "abc", "seed": 1}


def test_states_that_differ_where_no_reader_looks(tmp_path: Path) -> None:
    """Ten of them are read; a reader that looks there after all ends the run."""

    def unfinished(number: int) -> dict[str, bytes | None]:
        folder = "generations/2026.partial"
        data = {f"{folder}/data": bytes([number])}
        return {"CURRENT": b"1", "generations": None, folder: None, **data}

    def careless(folder: Path) -> Any:
        data = (folder / "generations/2026.partial/data").read_bytes()
        return NEW if data == b"\x07" else OLD

    for reader, times in ((lambda folder: OLD, 10), (careless, 8)):
        subject = System("test", (), lambda folder: None, lambda folder, name: None, reader)
        readings = crashes.Readings(subject, Expected(OLD, NEW), tmp_path / str(times))
        try:
            found = {readings.outcome(unfinished(at), acknowledged=False) for at in range(20)}
        except AssertionError:
            assert reader is careless
        else:
            assert {outcome for outcome, _ in found} == {"old"}
        assert readings.read == times
        readings.close()


REPORT: dict[str, Any] = {
    "crashes": {
        "whoosh add": {**MADE, "total": 2, "new": 2},
        "sqlite-fts5 add": {**MADE, "total": 1, "lost": 1},
    },
    "errors": {"tantivy add": {**MADE, "kinds": {"disk full": {"total": 4, "old": 4}}}},
    "damage": {
        "tantivy": {**MADE, "total": 3, "older": 3},
        "bare-tantivy": {**MADE, "total": 1, "refused": 1},
    },
    "races": {"whoosh": {**MADE, "results": {"two writers": "ok"}}},
}


def test_a_promise_that_is_broken() -> None:
    """What other libraries do is shown, but is no fault of ours."""
    assert broken(REPORT) == []
    shown = [*lines(REPORT)]
    assert any("sqlite-fts5 add | 1 | 0 | 0 | 0 | 0 | 1 | 0 | abc, 1 |" in line for line in shown)
    assert any("disk full | tantivy add | 4 | 4 | 0" in line for line in shown)
    ours = {**REPORT, "crashes": {"whoosh add": {**MADE, "total": 2, "mixed": 1}}}
    assert broken(ours) == ["power cut, whoosh add: mixed"]
    raced = {"whoosh": {**MADE, "results": {"two writers": "mixed"}}}
    assert broken({**REPORT, "races": raced}) == ["whoosh, two writers"]


def test_parts_are_added_to_the_report(tmp_path: Path) -> None:
    """Each entry keeps its commit and seed; the same one is not made again."""
    out, numbers = tmp_path / "report.json", {"kills": 3}
    first, later = Run(out, "abc", 1), Run(out, "def", 2)
    first.add("kills", "whoosh add", numbers, lambda: {"total": 3})
    later.add("kills", "tantivy add", numbers, lambda: {"total": 3})
    entries = read(out)["kills"]

    assert [(row["commit"], row["seed"]) for row in entries.values()] == [("abc", 1), ("def", 2)]
    assert first.entry("kills", "whoosh add", numbers) == entries["whoosh add"]
    assert first.entry("kills", "whoosh add", {"kills": 4}) is None
    assert later.entry("kills", "whoosh add", numbers) is None
    assert Run(out, "abc-dirty", 1).entry("kills", "whoosh add", numbers) is None


def hexed(text: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in text.encode())


OVERLAPPING = {
    "a number that another thread still wrote to": (
        '1  openat(AT_FDCWD<{root}>, "{a}", O_WRONLY|O_CREAT, 0666 <unfinished ...>',
        '22 write(7<{b}>, "{text}", 3) = 3',
        "22 close(7<{b}>) = 0",
        "1  <... openat resumed>) = 7<{a}>",
    ),
    "a number closed before another thread got it": (
        "22 close(7<{b}> <unfinished ...>",
        '1  openat(AT_FDCWD<{root}>, "{b}", O_WRONLY, 0666) = 7<{b}>',
        "22 <... close resumed>) = 0",
        '1  write(7<{b}>, "{text}", 3) = 3',
    ),
    "a number that became a pipe's": (
        '1  write(7<{b}>, "{text}", 3) = 3',
        "1  close(7<{b}>) = 0",
        '22 write(7<pipe:[1]>, "{text}", 3) = 3',
    ),
    "a copy of a number": (
        "1  fcntl(7<{b}>, F_DUPFD_CLOEXEC, 0) = 9<{b}>",
        "1  close(7<{b}>) = 0",
        '1  write(9<{b}>, "{text}", 3) = 3',
    ),
}


@pytest.mark.parametrize("told", OVERLAPPING.values(), ids=list(OVERLAPPING))
def test_calls_of_threads_that_overlap(told: tuple[str, ...]) -> None:
    """What was written to "b" stays there, whoever uses its number before or after."""
    opened = '22 openat(AT_FDCWD<{root}>, "{b}", O_WRONLY|O_CREAT, 0666) = 7<{b}>'
    texts = {"root": "/r", "a": "/r/a", "b": "/r/b", "text": "new"}
    values = {name: hexed(text) for name, text in texts.items()}
    traced = [line.format(**values) for line in (opened, *told)]
    root = Node(folder=True)
    disk = replayed(Disk(root, {root: {}}), Path("/r"), calls_of(traced))
    state = disk.state(len(disk.events), set())

    assert state["b"] == b"new"
    assert state.get("a", b"") == b""


def test_a_sync_covers_what_was_written_before_it_began() -> None:
    """Not what another thread wrote meanwhile."""
    calls = calls_of(
        [
            "1 fsync(7<> <unfinished ...>",
            f'2 write(7<>, "{hexed("new")}", 3) = 3',
            "1 <... fsync resumed>) = 0",
        ]
    )
    assert [call.name for call in calls] == ["fsync", "write"]


@TRACED
@pytest.mark.slow
@pytest.mark.parametrize("operation", ["update", "remove"])
def test_a_short_run_of_power_cuts(operation: str, tmp_path: Path) -> None:
    """The model arrives where the real folder does, and no reader sees anything but old or new."""
    found = crashes.crashed("whoosh", operation, 60, 1, tmp_path)

    assert found["total"] == 60
    assert set(found) <= {"events", "read", "total", "old", "new", "examples"}


@pytest.mark.slow
def test_a_short_run_of_kills(tmp_path: Path) -> None:
    """Old or new, and new where it was acknowledged."""
    found = kills.killed("whoosh", "add", 4, 1, tmp_path)

    assert found["total"] == 4
    assert not set(BAD) & set(found)


@pytest.mark.slow
def test_a_worker_killed_before_it_began(tmp_path: Path) -> None:
    """Has acknowledged nothing; that is no error of the run."""
    worker = started("whoosh", "rollback", tmp_path)
    os.kill(worker.pid, signal.SIGSTOP)
    worker.go()
    worker.kill()

    assert not worker.acknowledged()


@pytest.mark.slow
@pytest.mark.skipif(
    not seccomp.available(), reason="needs Linux on x86-64, and a kernel that may ask"
)
def test_a_short_run_of_write_errors(tmp_path: Path) -> None:
    """Each kind once, on an operation that writes little: two files, a name and three syncs."""
    found: Any = write_errors.failed("whoosh", "rollback", 1, 1, tmp_path)

    assert all(row["of"] >= 4 for row in found["kinds"].values())

    assert set(found["kinds"]) == set(write_errors.KINDS)
    assert not any(set(BAD) & set(each) for each in found["kinds"].values())


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_short_run_of_damage(tmp_path: Path) -> None:
    """Every flip and cut is told."""
    found: Any = damage.damaged("whoosh", 1, 1, tmp_path)

    assert found["total"] == found["older"] + found["verified"]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["clock set back", "folder removed under a server"])
def test_races(name: str, tmp_path: Path) -> None:
    """Those that take no time."""
    folder = tmp_path / "work" / "index"
    folder.parent.mkdir()
    races.system("whoosh").prepare(folder)
    races.RACES[name]("whoosh", folder)


@pytest.mark.slow
def test_a_short_run_of_random_queries(tmp_path: Path) -> None:
    """No difference from the naive engine."""
    found = agreement.agreed(("whoosh",), 100, 50, 1, tmp_path)

    assert found["differences"] == {"whoosh": 0}
