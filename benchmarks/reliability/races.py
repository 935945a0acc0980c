"""Faults that need two at once: a clock set back, two writers, readers of what is deleted."""

import multiprocessing.queues
import shutil
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest import mock

from benchmarks.reliability.corpus import row, write_rows
from benchmarks.reliability.outcomes import fresh
from benchmarks.reliability.systems import builder, opened, system
from benchmarks.reliability.workers import context
from index.engines.embedded import generations
from index.errors import IndexLocked
from web.serving.live_searcher import LiveSearcher

SECONDS = 4.0
"""How long readers read while generations come and go."""


def raced(engine: str, work: Path) -> dict[str, dict[str, str]]:
    """By name, "ok" or what went wrong."""
    results = {}
    for name, race in RACES.items():
        folder = fresh(system(engine), work, "race")
        try:
            race(engine, folder)
            results[name] = "ok"
        except Exception as error:  # whatever it is belongs into the report
            results[name] = repr(error)[:200]
    return {"results": results}


def clock_set_back(engine: str, folder: Path) -> None:
    """A generation built after the clock was set back is the newest all the same."""
    past = mock.Mock(wraps=datetime)
    past.now.return_value = datetime.now(UTC) - timedelta(days=400)
    before = builder_current(engine, folder)
    with mock.patch.object(generations, "datetime", past):
        system(engine).act(folder, "rebuild")
    assert builder_current(engine, folder) > before
    builder(engine, folder).rollback()
    assert builder_current(engine, folder) == before


def builder_current(engine: str, folder: Path) -> str:
    return opened(engine, folder)[0].current()


def two_writers(engine: str, folder: Path) -> None:
    """One of two that start together is refused or comes second; nothing is mixed."""
    queue = context().Queue()
    tasks = [(engine, folder, operation, queue) for operation in ("rebuild", "update")]
    processes = [context().Process(target=_write, args=task) for task in tasks]
    for process in processes:
        process.start()
    said = sorted(queue.get(timeout=60) for _ in processes)
    for process in processes:
        process.join()
    assert said in (["done", "done"], ["done", "locked"]), said
    _all_sound(engine, folder)


def _write(engine: str, folder: Path, operation: str, queue: "multiprocessing.Queue[str]") -> None:
    try:
        system(engine).act(folder, operation)
        queue.put("done")
    except IndexLocked:
        queue.put("locked")


def collected_under_readers(engine: str, folder: Path) -> None:
    """gc and rollback while others read: every answer is one generation's."""
    whole = {system(engine).answer(folder)}
    found, errors, stop = set(), [], threading.Event()

    def read() -> None:
        while not stop.is_set():
            try:
                found.add(system(engine).answer(folder))
            except Exception as error:
                errors.append(error)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    deadline, number = time.monotonic() + SECONDS, 0
    while time.monotonic() < deadline:
        number += 1
        ours = builder(engine, folder)
        rows = [row(each, number) for each in range(5)]
        ours.rebuild([write_rows(folder.parent / "raced.jsonl", rows)])
        whole.add(system(engine).answer(folder))
        with opened(engine, folder)[0].lock(5):
            opened(engine, folder)[0].collect(2)
        ours.rollback()
        whole.add(system(engine).answer(folder))
    stop.set()
    for reader in readers:
        reader.join()
    assert not errors, errors[0]
    assert found <= whole, "an answer that is no generation's"


def folder_removed(engine: str, folder: Path) -> None:
    """A server answers from what it has open, and says so; later from a new index."""
    made, takedowns = opened(engine, folder)
    live = LiveSearcher(made, takedowns)
    before = live.get().index
    shutil.rmtree(folder)
    assert live.served().warning
    assert live.get().index == before
    system(engine).prepare(folder)
    assert live.get().index.generation == made.current()
    assert not live.served().warning


def _all_sound(engine: str, folder: Path) -> None:
    made, _ = opened(engine, folder)
    for generation in made.generations():
        assert made.verify(generation.name) == [], generation.name


RACES: dict[str, Callable[[str, Path], None]] = {
    "clock set back": clock_set_back,
    "two writers": two_writers,
    "gc and rollback under readers": collected_under_readers,
    "folder removed under a server": folder_removed,
}
