"""What a check of the doctor gives."""

from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "warn", "fail"]


@dataclass(frozen=True, slots=True)
class HealthCheck:
    """One line. `todo`: what to do about it, empty if nothing."""

    name: str
    level: Level
    message: str
    todo: str = ""


def graded(name: str, message: str, *, fail: str = "", warn: str = "") -> HealthCheck:
    """A check that fails or warns where there is something to do."""
    level: Level = "fail" if fail else "warn" if warn else "ok"
    return HealthCheck(name, level, message, fail or warn)
