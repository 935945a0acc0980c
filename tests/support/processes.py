"""Python processes that tests start, and may kill with all their children."""

import os
import signal
import subprocess
import sys
import time
import uuid
from dataclasses import dataclass
from pathlib import Path

MARK = "YUANSOU_TEST_PROCESS"
"""In the environment of a process and of all its children, so that they can be found."""


@dataclass
class Process:
    """A process that runs a piece of Python."""

    popen: subprocess.Popen[str]
    mark: str

    @classmethod
    def start(cls, code: str, *arguments: object) -> "Process":
        mark = uuid.uuid4().hex
        popen = subprocess.Popen(
            [sys.executable, "-c", code, *map(str, arguments)],
            env={**os.environ, MARK: mark},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a dead one's semaphores are complained about there
            text=True,
        )
        return cls(popen, mark)

    def says(self) -> str:
        """Returns the next line that it prints."""
        assert self.popen.stdout is not None
        return self.popen.stdout.readline().strip()

    def end(self) -> int:
        """Closes its standard input and waits for it."""
        self.popen.communicate()
        return self.popen.returncode

    def kill(self) -> int:
        """Kills it and all that it started; returns its exit status."""
        self.popen.kill()
        status = self.popen.wait()
        deadline = time.monotonic() + 20
        while (left := self.family()) and time.monotonic() < deadline:
            time.sleep(0.05)
        for number in left:
            os.kill(number, signal.SIGKILL)
        self.end()
        assert not left, f"still running: {left}"
        return status

    def family(self) -> list[int]:
        """Ids of the processes that carry its mark in their environment."""
        wanted = f"{MARK}={self.mark}".encode()
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if wanted in (folder / "environ").read_bytes().split(b"\0"):
                    found.append(int(folder.name))
            except OSError:
                continue  # it ended while we looked, or is another user's
        return found
