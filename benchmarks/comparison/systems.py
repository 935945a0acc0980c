"""The sides of the comparison: this product with each engine, and every peer.

All are queried over HTTP behind the same server, waitress with eight threads, and answer with ten
hits. Ours is measured in full: reading and cleaning the file while building; exact totals, facets,
folding, snippets of whole sentences, marks and explanations in an answer.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.comparison import yuansou, yuansou_cluster
from benchmarks.harness.process import Run, run
from benchmarks.peers.base import Traits
from benchmarks.peers.registry import PEERS, Row, has_opensearch

OURS = Traits("all, then most", "sentences", "exact", "exact", "four", "reposts")
ENGINES = {"whoosh": "whoosh", "tantivy": "tantivy"}
"""Those of this product that need no other server, and the library of each. Where a node can be
started, its third engine has one of its own."""
JUDGED = {"fold": "0", "now": "2026-09-01T00:00:00+08:00"}
"""Reposts are graded one by one, and the clock of two runs is the same."""


@dataclass(frozen=True, slots=True)
class Given:
    """The same articles twice: the file as published, and plain text for the peers."""

    corpus: Path
    texts: Path


@dataclass(frozen=True, slots=True)
class Side:
    """`build` makes the index in a folder and returns what it took; `serve` is the command of a
    server over it. `judged`: extra arguments for answers that are graded and not timed."""

    name: str
    title: str
    traits: Traits
    build: Callable[[Given, Path], Run]
    serve: Callable[[Path], list[str]]
    path: str
    judged: dict[str, str]

    def address(self, query: str, *, judged: bool = False) -> str:
        return f"{self.path}?{urlencode({'q': query, **(self.judged if judged else {})})}"


def all_sides() -> tuple[list[Side], dict[str, str]]:
    """The sides that this machine can run, ours first; and how to get each of the others."""
    engines = [name for name, library in ENGINES.items() if find_spec(library)]
    peers = [row for row in PEERS if row.there()]
    lacking = {row.title: row.get for row in PEERS if row not in peers}
    ours = [*map(_ours, engines), *([_ours_clustered()] if has_opensearch() else [])]
    return [*ours, *map(_peer, peers)], lacking


def _ours(engine: str) -> Side:
    return Side(
        f"yuansou-{engine}",
        f"**Yuansou, {engine}**",
        OURS,
        partial(_build_ours, engine),
        lambda folder: [*yuansou.command(folder, engine), "serve", "--port", "0", "--workers", "1"],
        "/api/v1/search",
        JUDGED,
    )


def _ours_clustered() -> Side:
    """With a node of its own; starting the node is part of starting the server."""
    return replace(
        _ours(yuansou_cluster.ENGINE), build=_build_clustered, serve=yuansou_cluster.serve_command
    )


def _build_clustered(given: Given, folder: Path) -> Run:
    """Timed after its node has started; memory is that of the command alone."""
    with yuansou_cluster.cluster(folder):
        return _build_ours(yuansou_cluster.ENGINE, given, folder)


def _build_ours(engine: str, given: Given, folder: Path) -> Run:
    command = yuansou.command(folder, engine)
    return run([*command, "index", "rebuild", str(given.corpus), "--json"], folder)


def _peer(row: Row) -> Side:
    return Side(
        row.name,
        row.title,
        row.traits,
        partial(_build_peer, row),
        lambda folder: row.command("serve", row.name, _data(folder)),
        "/search",
        {},
    )


def _build_peer(row: Row, given: Given, folder: Path) -> Run:
    """The seconds are the peer's own, without the start of Python."""
    data = _data(folder)
    data.mkdir()
    finished = run(row.command("build", row.name, given.texts, data), folder)
    seconds = float(json.loads(finished.output))
    return Run(seconds, finished.peak_mb, finished.peak_all_mb, "")


def _data(folder: Path) -> Path:
    return folder / "data"
