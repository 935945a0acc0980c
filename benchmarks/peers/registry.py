"""Every peer in one table: what it is, what its answers contain, what a machine needs for it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from benchmarks.peers.base import Traits
from benchmarks.peers.node import HOME

ROOT = Path(__file__).parents[2]
DEBIAN = "/usr/bin/python3"

GET_BENCH = "make install EXTRAS=bench"
GET_TANTIVY = "make install EXTRAS=tantivy"
GET_XAPIAN = f"apt install python3-xapian, for a {DEBIAN} of the same version as this Python"
GET_OPENSEARCH = (
    "a Java of 17 or newer, and the server unpacked where OPENSEARCH_HOME says: Maven Central, "
    "org.opensearch.distribution.integ-test-zip:opensearch:2.19.5:zip"
)


@dataclass(frozen=True, slots=True)
class Row:
    """`get` says how to get what `there` finds missing; `python` is the command that can run it."""

    name: str
    title: str
    traits: Traits
    there: Callable[[], bool]
    get: str = GET_BENCH
    python: tuple[str, ...] = (sys.executable,)

    def command(self, *arguments: str | Path) -> list[str]:
        """A process of this peer. -W silences warnings of jieba's escapes."""
        program = [*self.python, "-W", "ignore", "-m", "benchmarks.peers"]
        return [*program, *map(str, arguments)]


def _debian() -> tuple[str, ...]:
    """Debian's Python with our libraries, of which those in C need the same version of Python."""
    folders = [str(ROOT), *(path for path in sys.path if path.endswith("site-packages"))]
    return "/usr/bin/env", f"PYTHONPATH={os.pathsep.join(folders)}", DEBIAN


def _has(library: str) -> Callable[[], bool]:
    return lambda: find_spec(library) is not None


def _has_xapian() -> bool:
    command = [*_debian(), "-c", "import xapian, waitress, benchmarks.harness.corpus"]
    finished = subprocess.run(command, capture_output=True, check=False, cwd=ROOT)
    return finished.returncode == 0


def has_opensearch() -> bool:
    home = os.environ.get(HOME)
    return bool(home and (Path(home) / "bin" / "opensearch").exists() and shutil.which("java"))


PEERS = (
    Row("stock", "stock Whoosh + jieba", Traits("all", "pieces", "yes"), _has("whoosh")),
    Row("fts5", "SQLite FTS5 + jieba", Traits("all", "doubled", "yes"), _has("sqlite3")),
    Row(
        "tantivy",
        "bare Tantivy + jieba",
        Traits("any", "doubled", "yes"),
        _has("tantivy"),
        GET_TANTIVY,
    ),
    Row("bm25s", "bm25s + jieba", Traits("any"), _has("bm25s")),
    Row(
        "xapian",
        "Xapian + jieba",
        Traits("any", "doubled", "yes"),
        _has_xapian,
        GET_XAPIAN,
        _debian(),
    ),
    Row(
        "opensearch",
        "OpenSearch, one node + jieba",
        Traits("any", "doubled", "yes", "to 10,000"),
        has_opensearch,
        GET_OPENSEARCH,
    ),
    Row("nothing", "an empty answer", Traits("none"), lambda: True),
)
