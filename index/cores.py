"""How many processor cores this process may use."""

import math
import os
from pathlib import Path

QUOTA_FILE = Path("/sys/fs/cgroup/cpu.max")
"""Of the container that this process is in: microseconds of processor time, or "max", in each
period of so many (https://docs.kernel.org/admin-guide/cgroup-v2.html#cpu-interface-files)."""


def cores(quota_file: Path = QUOTA_FILE) -> int:
    """At least 1: those it is bound to, and in a container no more than its share of time."""
    bound = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, min(bound or 1, _share(quota_file)))


def _share(quota_file: Path) -> int:
    """A part of a core counts as one."""
    try:
        quota, period = map(int, quota_file.read_text("ascii").split())
    except (OSError, ValueError):  # no container, or one without a limit
        return os.cpu_count() or 1
    return math.ceil(quota / period) if period > 0 else 1
