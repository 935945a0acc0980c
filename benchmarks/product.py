"""This product, used as its users do: the command builds, a server answers over HTTP."""

import json
import re
import subprocess
import sysconfig
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

from benchmarks.process import Run, environment, peak_mb, run

WARM_UP = "热身"
TIMEOUT = 60
_PROGRAM = str(Path(sysconfig.get_path("scripts")) / "yuansou")


class Answer(NamedTuple):
    """How long an answer took to arrive in full, and how many articles it found."""

    seconds: float
    total: int


class Server(NamedTuple):
    connection: HTTPConnection
    pid: int

    def ask(self, queries: Sequence[str]) -> list[Answer]:
        """Each once, one after the other, over one connection: nothing is answered twice."""
        return [self._ask(query) for query in queries]

    def _ask(self, query: str) -> Answer:
        address = "/api/v1/search?" + urlencode({"q": query})
        started = time.perf_counter()
        self.connection.request("GET", address)
        response = self.connection.getresponse()
        body = response.read()
        seconds = time.perf_counter() - started
        if response.status != 200:
            raise SystemExit(f"{query!r} was answered with {response.status}: {body[:200]!r}")
        return Answer(seconds, json.loads(body)["total"])

    def peak_mb(self) -> float:
        return peak_mb(self.pid)


def build(corpus: Path, folder: Path) -> Run:
    """`yuansou index rebuild` from the file: reading and cleaning included."""
    return run([*_command(folder), "index", "rebuild", str(corpus), "--json"], folder)


@contextmanager
def serve(folder: Path) -> Iterator[Server]:
    """A server over what `build` made in `folder`, warmed up."""
    with serve_index(index_folder(folder)) as server:
        server.ask([WARM_UP])
        yield server


@contextmanager
def serve_index(index: Path, engine: str = "whoosh") -> Iterator[Server]:
    """A server over an index, just started."""
    settings = {"YUANSOU_INDEX_DIR": str(index.resolve()), "YUANSOU_ENGINE": engine}
    command = [_PROGRAM, "serve", "--port", "0"]
    process = subprocess.Popen(
        command, cwd=index, stdout=subprocess.PIPE, text=True, env=environment() | settings
    )
    try:
        assert process.stdout is not None
        address = re.search(r"http://([\d.]+):(\d+)", process.stdout.readline())
        if address is None:
            raise SystemExit("the server did not start")
        connection = connected(address[1], int(address[2]))
        yield Server(connection, process.pid)
        connection.close()
    finally:
        process.terminate()
        process.wait()


def connected(host: str, port: int) -> HTTPConnection:
    """The address is printed some milliseconds before the server listens on it."""
    connection = HTTPConnection(host, port, timeout=TIMEOUT)
    deadline = time.monotonic() + TIMEOUT
    while time.monotonic() < deadline:
        try:
            connection.connect()
        except ConnectionRefusedError:
            time.sleep(0.05)
        else:
            return connection
    raise SystemExit("the server did not answer")


def index_folder(folder: Path) -> Path:
    return folder / "index"


def _command(folder: Path) -> list[str]:
    return [_PROGRAM, "--index-dir", str(index_folder(folder))]
