"""Many feeds at once: what a first run of `yuansou feeds fetch` costs, and one without news."""

import hashlib
import json
import os
import sqlite3
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from benchmarks.feeds.news_server import COUNTS
from benchmarks.harness.process import run
from benchmarks.harness.serving import Address, get, serving
from index.fetching.state import STATE_FILE

ROOT = Path(__file__).parents[2]


def loaded(feeds: int, entries: int, engine: str, work: Path) -> dict[str, Any]:
    """By run, the first and the second: seconds, processor seconds, MB, requests and files.

    Raises SystemExit where the second run is not what it has to be.
    """
    command = [sys.executable, "-m", "benchmarks.feeds.news_server", str(feeds), str(entries)]
    with serving(_from_here(command), work) as address:
        write_feeds(work / "feeds.toml", f"http://{address.host}:{address.port}", feeds)
        first = _fetched(address, engine, work)
        files = _looked_at(work / "articles")
        make_due(work / STATE_FILE)
        second = _fetched(address, engine, work)
    if second["requests"] != {"requests": feeds, "conditional": feeds, "answered 304": feeds}:
        raise SystemExit(f"the second run did not ask for news only: {second['requests']}")
    if _looked_at(work / "articles") != files:
        raise SystemExit("the second run wrote files")
    return {
        "feeds": feeds,
        "entries": entries,
        "engine": engine,
        "files": sum(name.endswith(".md") for name in files),
        "first": first,
        "second": {**second, "written": 0},
    }


def write_feeds(path: Path, base: str, feeds: int) -> None:
    """A list of the server's feeds, each as often as a host of one's own may be asked."""
    rows = (
        f'[[feed]]\nname = "源{number:03}"\nurl = "{base}/{number}"\nevery = "1m"\n'
        "allow_private = true\n"
        for number in range(feeds)
    )
    path.write_text("\n".join(rows), "utf-8")


def fetching(engine: str) -> list[str]:
    """`yuansou feeds fetch` in a folder, as a command of that folder."""
    options = ["--index-dir", "index", "--engine", engine]
    return _from_here([sys.executable, "-m", "web.cli", *options, "feeds", "fetch"])


def _from_here(command: list[str]) -> list[str]:
    return ["env", f"PYTHONPATH={ROOT}", *command]


def _fetched(address: Address, engine: str, work: Path) -> dict[str, Any]:
    before, asked = os.times(), _counts(address)
    done = run(fetching(engine), work)
    after, total = os.times(), _counts(address)
    return {
        "seconds": round(done.seconds, 1),
        "processor_seconds": round(
            after.children_user - before.children_user
            + after.children_system - before.children_system,
            1,
        ),
        "of_the_system": round(after.children_system - before.children_system, 1),
        "peak_mb": round(done.peak_mb),
        "peak_all_mb": round(done.peak_all_mb),
        "requests": {
            name: total[name] - asked.get(name, 0)
            for name in total
            if total[name] > asked.get(name, 0)
        },
    }  # fmt: skip


def _counts(address: Address) -> Mapping[str, int]:
    with closing(address.connect()) as connection:
        found: Mapping[str, int] = json.loads(get(connection, COUNTS))
    return found


def _looked_at(folder: Path) -> dict[str, tuple[int, str]]:
    """When each file was changed, in nanoseconds, and a hash of its bytes."""
    return {
        path.relative_to(folder).as_posix(): (
            path.stat().st_mtime_ns,
            hashlib.blake2b(path.read_bytes()).hexdigest(),
        )
        for path in folder.rglob("*")
        if path.is_file()
    }


def make_due(state: Path) -> None:
    """As if a minute had passed."""
    with closing(sqlite3.connect(state)) as connection, connection:
        connection.execute("UPDATE feeds SET state = json_set(state, '$.next_at', 0)")
