"""Real server processes, started by the command that people use."""

import http.client
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pytest

COMMAND = [sys.executable, "-m", "web.cli"]
WAYS = [pytest.param("1", id="one process"), pytest.param("2", id="several")]
"""Of serving, where both have to behave alike: values of `--workers`."""


@dataclass
class Server:
    """A running `yuansou serve` on a free port."""

    process: subprocess.Popen[str]
    address: str

    @property
    def port(self) -> int:
        return int(self.address.rpartition(":")[2])

    def connect(self, timeout: float = 10) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)


@contextmanager
def serving(
    root: Path,
    *options: str,
    environment: Mapping[str, str] | None = None,
    errors: IO[str] | int = subprocess.DEVNULL,
) -> Iterator[Server]:
    """A server over the index in `root`, ready for requests; it is ended with the block. `errors`
    receives its standard error. One process, unless options or environment say otherwise."""
    command = [*COMMAND, "--index-dir", str(root), "serve", "--port", "0", *options]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        stderr=errors,
        text=True,
        env={
            **os.environ,
            "YUANSOU_WORKERS": "1",
            **(environment or {}),
            "PYTHONUNBUFFERED": "1",
        },
    )
    assert process.stdout is not None
    try:
        while not (found := re.search(r"http://[0-9.]+:\d+", line := process.stdout.readline())):
            assert line, f"the server ended with {process.wait()}"
        yield Server(process, found[0])
    finally:
        process.kill()
        process.communicate()
