"""One OpenSearch node as a process of ours, over a folder that keeps its data.

OPENSEARCH_HOME names the unpacked server. It refuses to run as root, so root starts it as USER.
"""

import json
import os
import shutil
import socket
import subprocess
import time
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

HOME = "OPENSEARCH_HOME"
USER = "nobody"
HEAP = "512m"
TIMEOUT = 120
"""Seconds for an answer, and for a start."""
CONFIG = """\
network.host: 127.0.0.1
discovery.type: single-node
cluster.routing.allocation.disk.threshold_enabled: false
action.auto_create_index: false
"""


@dataclass(frozen=True, slots=True)
class Node:
    """A node that answers."""

    process: "subprocess.Popen[bytes]"
    port: int

    def connect(self) -> HTTPConnection:
        return HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()


def start(folder: Path) -> Node:
    """Returns when the node answers searches; data in `folder` from an earlier start is kept."""
    home, port = Path(os.environ[HOME]), _free_port()
    user = USER if os.geteuid() == 0 else None
    config = _configured(home, folder, user)
    options = {
        "http.port": port,
        "transport.port": _free_port(),
        "path.data": folder / "data",
        "path.logs": folder / "logs",
    }
    process = subprocess.Popen(
        [home / "bin" / "opensearch", *(f"-E{name}={value}" for name, value in options.items())],
        env={**_java(), **os.environ, "OPENSEARCH_PATH_CONF": str(config)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        user=user,
    )
    node = Node(process, port)
    _wait(node)
    return node


def ask(connection: HTTPConnection, method: str, path: str, body: str = "") -> Any:
    """The node's answer; an error status ends the run."""
    lines = path.endswith("_bulk")
    kind = "application/x-ndjson" if lines else "application/json"
    connection.request(method, path, body.encode() or None, {"Content-Type": kind})
    response = connection.getresponse()
    answer = response.read()
    if response.status >= 400:
        raise SystemExit(f"OpenSearch answered {method} {path} with {answer[:300]!r}")
    return json.loads(answer)


def _java() -> dict[str, str]:
    """The Java on the path, which the bare archive does not bring."""
    found = shutil.which("java") or ""
    return {
        "OPENSEARCH_JAVA_HOME": str(Path(found).resolve().parents[1]),
        "OPENSEARCH_JAVA_OPTS": f"-Xms{HEAP} -Xmx{HEAP} -XX:-HeapDumpOnOutOfMemoryError",
    }


def _configured(home: Path, folder: Path, user: str | None) -> Path:
    config = folder / "config"
    shutil.copytree(home / "config", config, dirs_exist_ok=True)
    (config / "opensearch.yml").write_text(CONFIG)
    java = config / "jvm.options"  # its garbage log would go where the server is installed
    kept = [line for line in java.read_text().splitlines(True) if "Xlog:gc" not in line]
    java.write_text("".join(kept))
    if user:
        for path in (folder, *folder.rglob("*")):
            shutil.chown(path, user)
    return config


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def _wait(node: Node) -> None:
    deadline = time.monotonic() + TIMEOUT
    while node.process.poll() is None and time.monotonic() < deadline:
        try:
            ask(node.connect(), "GET", "/_cluster/health?wait_for_status=yellow&timeout=60s")
        except (OSError, HTTPException, SystemExit):
            time.sleep(0.1)
        else:
            return
    node.stop()
    raise SystemExit("OpenSearch did not start; its folder of logs says why")
