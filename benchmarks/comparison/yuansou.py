"""This product as users run it: the command builds, a server answers over HTTP."""

import json
import sysconfig
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

from benchmarks.harness.process import Run, peak_mb, run
from benchmarks.harness.serving import get, serving

WARM_UP = "热身"


class Answer(NamedTuple):
    """Seconds until an answer had arrived in full, and the number of articles found."""

    seconds: float
    total: int


class Server(NamedTuple):
    connection: HTTPConnection
    pid: int

    def ask(self, queries: Sequence[str], hits: int = 10) -> list[Answer]:
        """Each query once, one after the other, over one connection. Asking for another number of
        hits than before avoids cached answers."""
        return [self._ask(query, hits) for query in queries]

    def _ask(self, query: str, hits: int) -> Answer:
        asked = urlencode({"q": query, "per_page": hits})
        started = time.perf_counter()
        body = get(self.connection, f"/api/v1/search?{asked}")
        return Answer(time.perf_counter() - started, json.loads(body)["total"])

    def peak_mb(self) -> float:
        return peak_mb(self.pid)


def build(corpus: Path, folder: Path) -> Run:
    """`yuansou index rebuild` from the file, including reading and cleaning."""
    return run([*command(folder), "index", "rebuild", str(corpus), "--json"], folder)


@contextmanager
def serve(folder: Path) -> Iterator[Server]:
    """A warm server over what `build` made in `folder`."""
    with serve_index(index_folder(folder)) as server:
        server.ask([WARM_UP])
        yield server


@contextmanager
def serve_index(index: Path, engine: str = "whoosh") -> Iterator[Server]:
    """A server over an index, just started."""
    command = [*over(index, engine), "serve", "--port", "0", "--workers", "1"]
    with serving(command, index) as address:
        connection = address.connect()
        yield Server(connection, address.pid)
        connection.close()


def index_folder(folder: Path) -> Path:
    return folder / "index"


def command(folder: Path, engine: str = "whoosh") -> list[str]:
    """`yuansou` over the index of `folder`; append a command."""
    return over(index_folder(folder), engine)


def over(index: Path, engine: str) -> list[str]:
    program = Path(sysconfig.get_path("scripts")) / "yuansou"
    return [str(program), "--index-dir", str(index.resolve()), "--engine", engine]
