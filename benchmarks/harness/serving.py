"""A server process that prints `http://host:port` when it has started."""

import re
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from benchmarks.harness.process import environment, family, peak_mb

TIMEOUT = 120
"""Seconds: the slowest start is a cluster's node."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server listens, and its process."""

    host: str
    port: int
    pid: int

    def connect(self) -> HTTPConnection:
        """An open connection. The address is printed shortly before the server listens."""
        connection = HTTPConnection(self.host, self.port, timeout=TIMEOUT)
        deadline = time.monotonic() + TIMEOUT
        while time.monotonic() < deadline:
            try:
                connection.connect()
            except ConnectionRefusedError:
                time.sleep(0.05)
            else:
                return connection
        raise SystemExit("the server did not answer")

    def peak_mb(self) -> float:
        """The sum of the peaks of the process and its children."""
        return sum(map(peak_mb, family(self.pid)))


def get(connection: HTTPConnection, path: str) -> bytes:
    """The body of a 200; any other answer ends the run."""
    connection.request("GET", path)
    response = connection.getresponse()
    body = response.read()
    if response.status != 200:
        raise SystemExit(f"{path} was answered with {response.status}: {body[:200]!r}")
    return body


@contextmanager
def serving(command: Sequence[str], folder: Path) -> Iterator[Address]:
    """The server that `command` starts in `folder`; it ends with the block."""
    process = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, text=True, env=environment()
    )
    try:
        assert process.stdout is not None
        said = re.search(r"http://([\d.]+):(\d+)", process.stdout.readline())
        if said is None:
            raise SystemExit(f"{command[0]} did not start a server")
        yield Address(said[1], int(said[2]), process.pid)
    finally:
        process.terminate()
        process.communicate()
