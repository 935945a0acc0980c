"""A checkout of this project as users run it: its own command, its own server.

Imports nothing of the product, so that checkouts with different modules can be compared.
"""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.harness.process import family
from benchmarks.harness.serving import Address, get, serving

QUIET_S, LOOK_S = 2.0, 0.02
"""A server is warm when for so many seconds no look at it, one every 20 ms, finds it at work."""
WARM_S = 300
"""Seconds after which waiting for a server to be warm is given up."""
EMBEDDED = ("whoosh", "tantivy")
"""Engines that need no other process."""


@dataclass(frozen=True, slots=True)
class Checkout:
    """A folder with the project and the environment that it is installed in."""

    folder: Path

    @property
    def program(self) -> Path:
        """The installed command; without one, the run ends with what to do."""
        return self._installed("yuansou")

    @property
    def python(self) -> Path:
        """The interpreter of its environment."""
        return self._installed("python")

    def _installed(self, name: str) -> Path:
        found = self.folder.resolve() / ".venv/bin" / name
        if not found.is_file():
            raise SystemExit(f"{found} is missing: run `make install` in {self.folder}")
        return found

    def command(self, index: Path, engine: str) -> list[str]:
        """The start of every command over one index."""
        return [str(self.program), "--index-dir", str(index.resolve()), "--engine", engine]

    @contextmanager
    def serve(
        self, index: Path, engine: str, settings: Mapping[str, str] | None = None
    ) -> Iterator[Address]:
        """A warm server over an index, with `settings` in addition to the defaults."""
        with TemporaryDirectory(prefix="yuansou-serve-") as folder:
            lines = [f"{name} = {json.dumps(value)}\n" for name, value in (settings or {}).items()]
            (Path(folder) / "yuansou.toml").write_text("".join(lines), "utf-8")
            command = [*self.command(index, engine), "serve", "--port", "0", "--workers", "1"]
            with serving(command, Path(folder)) as address:
                wait_until_warm(address)
                yield address


def wait_until_warm(address: Address) -> None:
    """Waits until a server that has answered once has no more work in the background."""
    connection = address.connect()
    get(connection, "/api/v1/search?q=%E5%85%83")
    get(connection, "/api/v1/suggest?q=yuan")
    connection.close()
    deadline = time.monotonic() + WARM_S
    quiet_since = time.monotonic()
    while time.monotonic() < quiet_since + QUIET_S:
        if time.monotonic() > deadline:
            raise SystemExit(f"the server still works in the background after {WARM_S} s")
        time.sleep(LOOK_S)
        if any(map(works, family(address.pid))):
            quiet_since = time.monotonic()


def works(pid: int) -> bool:
    """Whether a thread of the process runs, waits for a core, or waits for the disk."""
    return any(_state(file) in "RD" for file in Path(f"/proc/{pid}/task").glob("*/stat"))


def _state(file: Path) -> str:
    try:
        return file.read_text("utf-8").rpartition(")")[2].split()[0]
    except OSError:
        return "X"  # has ended meanwhile
