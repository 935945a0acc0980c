"""SIGKILL at random moments of an operation."""

import multiprocessing
import os
import shutil
import signal
import time
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random

from benchmarks.reliability.outcomes import Outcomes, expected, fresh
from benchmarks.reliability.systems import system

PRELOADED = ["benchmarks.reliability.systems", "benchmarks.reliability.warm"]


def killed(name: str, operation: str, kills: int, seed: int, work: Path) -> dict[str, object]:
    """Outcomes after each of `kills` kills. `finished`: those that came after the end."""
    subject, random, outcomes = system(name), Random(seed), Outcomes()
    known = expected(subject, operation, work)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    longest = _duration(context, name, operation, fresh(subject, work, "killed"))
    finished = 0
    for number in range(kills):
        folder = fresh(subject, work, f"killed-{number}")
        acknowledged = _kill(context, (name, operation, folder), random.uniform(0, longest))
        finished += acknowledged
        outcome, seen = known.outcome(subject, folder, acknowledged=acknowledged)
        outcomes.add(outcome, seen)
        shutil.rmtree(folder.parent)
    return {"finished": finished, **outcomes.to_json()}


def _duration(context: multiprocessing.context.ForkServerContext, *task: object) -> float:
    """Seconds of the operation in a process that is not killed; the first one warms up."""
    name, operation, folder = task
    seconds = 0.0
    for _ in range(2):
        copy = Path(str(folder)).parent / "timed"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(str(folder), copy)
        ours, theirs = context.Pipe(duplex=False)
        process = context.Process(target=_act, args=(theirs, name, operation, copy))
        process.start()
        ours.recv()
        started = time.perf_counter()
        ours.recv()
        seconds = time.perf_counter() - started
        process.join()
    return seconds * 1.1


def _kill(
    context: multiprocessing.context.ForkServerContext, task: tuple[str, str, Path], delay: float
) -> bool:
    """Whether the operation was acknowledged before its process died."""
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_act, args=(theirs, *task))
    process.start()
    theirs.close()
    ours.recv()
    time.sleep(delay)
    with suppress(ProcessLookupError):  # it has ended
        os.kill(process.pid or 0, signal.SIGKILL)
    process.join()
    try:
        return bool(ours.poll() and ours.recv())
    except EOFError:
        return False


def _act(pipe: Connection, name: str, operation: str, folder: Path) -> None:
    subject = system(name)
    pipe.send("started")
    subject.act(folder, operation)
    pipe.send("acknowledged")
