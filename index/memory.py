"""How much memory there is to be had: of the machine, or of the container if that is less."""

from contextlib import suppress
from pathlib import Path

MACHINE = Path("/proc/meminfo")
CONTAINER = Path("/sys/fs/cgroup")


def available(machine: Path = MACHINE, container: Path = CONTAINER) -> int | None:
    """Bytes; None where the system does not say (it is no Linux)."""
    found = [free for free in (_of_machine(machine), _of_container(container)) if free is not None]
    return min(found, default=None)


def _of_machine(path: Path) -> int | None:
    with suppress(OSError):
        for line in path.read_text("ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    return None


def _of_container(folder: Path) -> int | None:
    # "max" is no number: there is no limit. Pages of files count as used, but give way.
    with suppress(OSError, ValueError):
        limit = int((folder / "memory.max").read_text("ascii"))
        used = int((folder / "memory.current").read_text("ascii"))
        return limit - used + _cached(folder / "memory.stat")
    return None


def _cached(path: Path) -> int:
    rows = (line.split() for line in path.read_text("ascii").splitlines())
    return sum(int(value) for name, value in rows if name in ("active_file", "inactive_file"))
