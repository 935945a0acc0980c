"""Runs a command to its end and records its memory, including its children."""

import os
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

INTERVAL = 0.05
"""Seconds between two looks. The peak of one process is the kernel's own and misses nothing."""
_PRIVATE = ("Private_Dirty:", "Private_Hugetlb:")
"""Clean private pages are files that nobody else has mapped just now."""


@dataclass(frozen=True, slots=True)
class Run:
    """A finished command. `peak_all_mb`: the largest sum over the process and its children; memory
    that two of them share counts twice."""

    seconds: float
    peak_mb: float
    peak_all_mb: float
    output: str


def run(command: Sequence[str], folder: Path) -> Run:
    """Runs `command` in `folder`; its standard output goes to a file there."""
    out = folder / "output"
    with out.open("w") as file:
        started = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, stdout=file, env=environment())
        main = everything = 0.0
        while process.poll() is None:
            main = max(main, peak_mb(process.pid))
            everything = max(everything, sum(map(resident_mb, family(process.pid))))
            time.sleep(INTERVAL)
        seconds = time.perf_counter() - started
    if process.returncode:
        raise SystemExit(f"{command[0]} ended with status {process.returncode}")
    return Run(seconds, main, max(main, everything), out.read_text("utf-8"))


def environment() -> dict[str, str]:
    """Our environment without settings of the product, so that its defaults are measured."""
    return {name: value for name, value in os.environ.items() if not name.startswith("YUANSOU_")}


def family(pid: int) -> Iterator[int]:
    """A process and all its descendants."""
    yield pid
    for file in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in _read(file).split():
            yield from family(int(child))


def peak_mb(pid: int) -> float:
    return _status_mb(pid, "VmHWM:")


def cpu_seconds(pid: int) -> float:
    """Processor time of a process so far, all its threads."""
    fields = _read(Path(f"/proc/{pid}/stat")).rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def private_mb(pid: int) -> float:
    """Memory freed when the process ends (USS): without shared memory and mapped files."""
    lines = _read(Path(f"/proc/{pid}/smaps_rollup")).splitlines()
    kept = [line.split() for line in lines if line.startswith("Private_")]
    return sum(int(words[1]) for words in kept if words[0] in _PRIVATE) / 1024


def proportional_mb(pid: int) -> float:
    """Memory that is no file, with the process's part of what it shares with others."""
    lines = _read(Path(f"/proc/{pid}/smaps_rollup")).splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss_Anon:")) / 1024


def resident_mb(pid: int) -> float:
    return _status_mb(pid, "VmRSS:")


def _status_mb(pid: int, name: str) -> float:
    for line in _read(Path(f"/proc/{pid}/status")).splitlines():
        if line.startswith(name):
            return int(line.split()[1]) / 1024  # the kernel says kB and means KiB
    return 0.0


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except OSError:
        return ""  # has ended meanwhile
