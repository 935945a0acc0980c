"""SIGKILL at random moments of an operation."""

import time
from pathlib import Path
from random import Random

from benchmarks.reliability.outcomes import Outcomes, expected, fresh
from benchmarks.reliability.systems import System, system
from benchmarks.reliability.workers import started


def killed(name: str, operation: str, kills: int, seed: int, work: Path) -> dict[str, object]:
    """Outcomes after each of `kills` kills. `finished`: those that came after the end."""
    subject, random, outcomes = system(name), Random(seed), Outcomes()
    known = expected(subject, operation, work)
    longest = _duration(subject, operation, work)
    finished = 0
    for _ in range(kills):
        folder = fresh(subject, work, "killed")
        worker = started(name, operation, folder)
        worker.go()
        time.sleep(random.uniform(0, longest))
        worker.kill()
        acknowledged = worker.acknowledged()
        finished += acknowledged
        outcomes.add(*known.outcome(subject, folder, acknowledged=acknowledged))
        known.write_again(subject, folder, outcomes)
    return {"finished": finished, **outcomes.to_json()}


def _duration(subject: System, operation: str, work: Path) -> float:
    """Seconds that the operation takes in a process that is not killed, the longer of two."""
    seconds = []
    for _ in range(2):
        worker = started(subject.name, operation, fresh(subject, work, "timed"))
        begun = time.perf_counter()
        worker.go()
        worker.acknowledged()
        seconds.append(time.perf_counter() - begun)
    return max(seconds)
