"""The report as a file: part → subject → entry. Each entry says how it was made, so that parts can
be run one by one, on several days, and an interrupted run goes on where it stopped."""

import json
import os
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.harness.report import machine

Report = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Run:
    """Where the report is, and the commit and seed of what is run now."""

    out: Path
    commit: str
    seed: int

    def entry(self, part: str, subject: str, numbers: Mapping[str, float]) -> Report | None:
        """The entry of an earlier run of the same commit, seed and numbers, unless the code had
        changes that no commit holds."""
        found: Report | None = read(self.out).get(part, {}).get(subject)
        wanted = {"commit": self.commit, "seed": self.seed, **numbers}
        same = found is not None and all(found.get(name) == wanted[name] for name in wanted)
        return None if self.commit.endswith("-dirty") or not same else found

    def add(
        self, part: str, subject: str, numbers: Mapping[str, float], make: Callable[[], Report]
    ) -> Report:
        """Makes an entry and writes it into the report; the whole report."""
        started = _processor_seconds(), time.monotonic()
        made = make()
        how = {
            "commit": self.commit,
            "seed": self.seed,
            **numbers,
            "day": time.strftime("%Y-%m-%d"),
            "seconds": round(time.monotonic() - started[1], 1),
            "processor_seconds": round(_processor_seconds() - started[0], 1),
        }
        report = read(self.out)  # another part may have been added meanwhile
        report["machine"] = machine(("tantivy",))
        report.setdefault(part, {})[subject] = {**how, **made}
        written = self.out.with_suffix(".tmp")
        written.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", "utf-8")
        written.replace(self.out)
        return report


def _processor_seconds() -> float:
    """Of this process and of its children that have ended."""
    return sum(os.times()[:4])


def read(out: Path) -> Report:
    return json.loads(out.read_text("utf-8")) if out.exists() else {}


def commit() -> str:
    command = ["git", "describe", "--always", "--dirty"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
