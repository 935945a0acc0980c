"""Processor time, memory and instructions of `yuansou index rebuild`."""

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.cost.ratios import Figures
from benchmarks.harness.checkout import Checkout
from benchmarks.harness.process import environment

CACHEGRIND = (
    *("valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"),
    *("--log-file=counted.txt", "--quiet", "--verbose"),
)


def build(checkout: Checkout, corpus: Path, index: Path, engine: str) -> Figures:
    """Builds into a new folder. Processes that a build starts are counted with it."""
    command = [*checkout.command(index, engine), "index", "rebuild", str(corpus)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=_environment())
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with status {process.returncode}")
    return {
        "build: processor s": used.ru_utime + used.ru_stime,
        "build: peak MB of a process": used.ru_maxrss / 1024,
    }


def can_count() -> bool:
    """Whether instructions can be counted here."""
    return shutil.which(CACHEGRIND[0]) is not None


def instructions(checkout: Checkout, corpora: Sequence[Path], engine: str) -> Figures:
    """Millions of instructions for the articles in the first corpus that the second lacks; counted
    by valgrind, which is thirty times as slow as running without it."""
    more, less = (_counted(checkout, corpus, engine) for corpus in corpora)
    return {"build: millions of instructions": (more - less) / 1e6}


def _counted(checkout: Checkout, corpus: Path, engine: str) -> int:
    with TemporaryDirectory(prefix="yuansou-count-") as folder:
        command = [*checkout.command(Path(folder) / "index", engine), "index", "rebuild"]
        counted = [*CACHEGRIND, str(checkout.python), *command, str(corpus)]
        environ = {**_environment(), "PYTHONHASHSEED": "0"}
        subprocess.run(counted, check=True, cwd=folder, env=environ, stdout=subprocess.DEVNULL)
        return instructions_in((Path(folder) / "counted.txt").read_text("utf-8"))


def instructions_in(log: str) -> int:
    """Read from what cachegrind prints at its end; of a process with children, its own."""
    found = re.findall(r"I +refs: +([0-9,]+)", log)
    if not found:
        raise SystemExit("valgrind counted no instructions")
    return int(found[-1].replace(",", ""))


def _environment() -> dict[str, str]:
    return {**environment(), "PYTHONDONTWRITEBYTECODE": "1"}
