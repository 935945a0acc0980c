"""This product on a cluster of one node of its own.

    python -m benchmarks.comparison.yuansou_cluster FOLDER

Serves what was built in FOLDER: starts the node that has its data there, then the product, and
stops both when told to end.
"""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.comparison import yuansou
from benchmarks.harness.process import environment
from benchmarks.peers import node

ENGINE = "opensearch"


@contextmanager
def cluster(folder: Path) -> Iterator[node.Node]:
    """A node over `folder`; commands of the product that run in it, or in the folder of its index,
    find the node by their settings."""
    data, index = folder / "node", yuansou.index_folder(folder)
    for place in (data, index):
        place.mkdir(exist_ok=True)
    folder.chmod(0o711)  # the node runs as another user
    started = node.start(data)
    for place in (folder, index):
        hosts = f'opensearch_hosts = "http://127.0.0.1:{started.port}"\n'
        (place / "yuansou.toml").write_text(hosts, "utf-8")
    try:
        yield started
    finally:
        started.stop()


def index_mb(started: node.Node) -> float:
    """Megabytes of all indexes of a node, as the node reports them."""
    stats = node.ask(started.connect(), "GET", "/_stats/store")
    return float(stats["_all"]["primaries"]["store"]["size_in_bytes"]) / 1e6


def serve_command(folder: Path) -> list[str]:
    return [sys.executable, "-m", "benchmarks.comparison.yuansou_cluster", str(folder.resolve())]


def main() -> None:
    folder = Path(sys.argv[1])
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    with cluster(folder):
        command = [*yuansou.command(folder, ENGINE), "serve", "--port", "0", "--workers", "1"]
        server = subprocess.Popen(command, cwd=folder, env=environment())
        try:
            server.wait()
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main()
