"""Real OpenSearch nodes: the official minimal distribution, each node a process on free ports.

The archive comes from Maven Central, checked, into a cache outside the checkout. The server refuses
to run as root, so root starts it as a user of its own. What is started here is stopped by its pid.
"""

import hashlib
import json
import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from tests.support import machine

VERSION = "2.19.5"
ARCHIVE = (
    "https://repo1.maven.org/maven2/org/opensearch/distribution/integ-test-zip/opensearch/"
    f"{VERSION}/opensearch-{VERSION}.zip"
)
SHA256 = "caccd4ab24c88a9278922ef626cd1d92990427aa3a3063f9278200d86dbf49b3"
USER = "yuansou-nodes"
HEAP = "384m"
PORTS = range(20_000, 30_000)
STARTS_WITHIN = 300
"""Seconds: ten on a quiet machine."""
HEALTH = "/_cluster/health?timeout=5s&cluster_manager_timeout=5s"
RETRY = "/_cluster/reroute?retry_failed=true&cluster_manager_timeout=5s"
SETTINGS = """\
cluster.name: yuansou-test
node.name: {name}
network.host: 127.0.0.1
http.port: {http}
transport.port: {transport}
path.data: {folder}/data
path.logs: {folder}/logs
cluster.routing.allocation.disk.threshold_enabled: false
action.auto_create_index: false
"""
TOGETHER = """\
discovery.seed_hosts: [{hosts}]
cluster.initial_cluster_manager_nodes: [{names}]
"""
ALONE = "discovery.type: single-node\n"


def home() -> Path:
    """The folder of the server; downloaded if it is not in the cache."""
    unpacked, archive = _unpacked(), _archive()
    if not unpacked.is_dir():
        archive.parent.mkdir(parents=True, exist_ok=True)
        if not archive.exists():
            _fetch(archive)
        _unpack(archive, unpacked)
    return unpacked


def _unpacked() -> Path:
    """In the folder YUANSOU_TEST_CACHE, or in the user's cache."""
    cache = os.environ.get("YUANSOU_TEST_CACHE", "~/.cache/yuansou")
    return Path(cache).expanduser() / f"opensearch-{VERSION}"


def _archive() -> Path:
    return _unpacked().with_name(f"opensearch-{VERSION}.zip")


def _fetch(archive: Path) -> None:
    partial = archive.with_suffix(f".{os.getpid()}")
    with urllib.request.urlopen(ARCHIVE, timeout=120) as answer, partial.open("wb") as file:
        shutil.copyfileobj(answer, file)
    digest = hashlib.sha256(partial.read_bytes()).hexdigest()
    assert digest == SHA256, f"{ARCHIVE} is not what it was: {digest}"
    partial.rename(archive)


def _unpack(archive: Path, target: Path) -> None:
    aside = target.with_name(f"{target.name}.{os.getpid()}")
    with zipfile.ZipFile(archive) as file:
        file.extractall(aside)
    (inner,) = aside.iterdir()
    for program in (inner / "bin").iterdir():
        program.chmod(0o755)
    inner.rename(target)
    aside.rmdir()


@cache
def lacks() -> str:
    """Why this machine cannot start nodes, and what to do; "" if it can."""
    if not shutil.which("setpriv"):
        return "no setpriv, a program of Linux: install util-linux"
    if not machine.java_home():
        return f"no Java {machine.JAVA_VERSIONS[0]} to {machine.JAVA_VERSIONS[-1]}: {machine.how_to_get('java')}"
    if os.getuid() == 0 and not shutil.which("useradd"):
        return "nodes do not run as root, and there is no useradd: run the tests as another user"
    if not _unpacked().is_dir() and not _archive().exists() and not _reachable():
        return f"{ARCHIVE} cannot be fetched: put it into {_archive().parent}"
    return ""


def _reachable() -> bool:
    """Whether the server's archive can be downloaded."""
    try:
        with urllib.request.urlopen(urllib.request.Request(ARCHIVE, method="HEAD"), timeout=20):
            return True
    except OSError:
        return False


@dataclass
class Node:
    """One server, which can be killed and started again."""

    name: str
    folder: Path
    http: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.http}"

    def start(self) -> None:
        assert self.process is None
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "OPENSEARCH_JAVA_HOME": str(machine.java_home()),
            "OPENSEARCH_PATH_CONF": str(self.folder / "config"),
            "OPENSEARCH_JAVA_OPTS": f"-Xms{HEAP} -Xmx{HEAP} -XX:-HeapDumpOnOutOfMemoryError",
        }
        with (self.folder / "output").open("ab") as output:
            self.process = subprocess.Popen(
                [*_as_user(), str(self.folder / "server" / "bin" / "opensearch")],
                env=environment,
                cwd=self.folder,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def kill(self) -> None:
        """SIGKILL, like a power failure."""
        self._signal(signal.SIGKILL)

    def stop(self) -> None:
        self._signal(signal.SIGTERM)

    def ended(self) -> bool:
        """Whether it has stopped, killed or not."""
        return self.process is None or self.process.poll() is not None

    def _signal(self, number: signal.Signals) -> None:
        if self.process is not None:
            with suppress(ProcessLookupError):  # it has ended by itself
                os.killpg(self.process.pid, number)
            self.process.wait(60)
            self.process = None

    def last_words(self) -> str:
        return (self.folder / "output").read_text("utf-8", "replace")[-3_000:]


@dataclass
class Cluster:
    """Nodes that form one cluster."""

    nodes: list[Node] = field(default_factory=list)

    @property
    def hosts(self) -> tuple[str, ...]:
        """The value of the setting `opensearch_hosts`."""
        return tuple(node.address for node in self.nodes)

    @property
    def alive(self) -> list[Node]:
        return [node for node in self.nodes if not node.ended()]

    def wait(self, count: int | None = None, status: str = "yellow") -> None:
        """Waits until `count` nodes (all that run) see each other and every index has at least
        that health. The others count a dead node for a while."""
        count = count or len(self.alive)
        until = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < until:
            if all(self._whole(node, count, status) for node in self.alive):
                return
            time.sleep(0.5)
        words = "\n".join(f"{node.name}: {node.last_words()}" for node in self.nodes)
        raise AssertionError(f"no cluster of {count} nodes within {STARTS_WITHIN} s\n{words}")

    def _whole(self, node: Node, count: int, status: str) -> bool:
        """Whether this node reports that state."""
        path = f"{HEALTH}&wait_for_nodes={count}&wait_for_status={status}"
        health = self.ask(node, path)
        if not health or health["timed_out"] or health["number_of_nodes"] != count:
            # A copy that could not be placed five times, as on a machine without time to spare, is
            # not tried again unless somebody says so.
            self.ask(node, RETRY, {}, method="POST")
            return False
        return self._all_vote(node)

    def _all_vote(self, node: Node) -> bool:
        """Whether all nodes with a vote for the manager have joined: until then, losing one node
        can mean losing the cluster."""
        found = self.ask(node, "/_cluster/state/metadata?filter_path=**.last_committed_config")
        voters = found and found["metadata"]["cluster_coordination"]["last_committed_config"]
        return bool(voters) and not any("placeholder" in voter for voter in voters)

    def manager(self) -> Node:
        """The elected node."""
        for node in self.alive:
            rows = self.ask(node, "/_cat/cluster_manager?format=json")
            if rows:
                return next(node for node in self.nodes if node.name == rows[0]["node"])
        raise AssertionError("nobody knows a manager")

    def revive(self, status: str = "green") -> None:
        """Starts stopped nodes and waits until all have joined with that health: "green" means
        that every copy of every shard is there."""
        for node in self.nodes:
            if node.ended():
                node.kill()
                node.start()
        self.wait(status=status)

    def ask(self, node: Node, path: str, body: Any = None, method: str = "PUT") -> Any:
        """The JSON answer of a node, None without one. A GET unless there is a body."""
        request = urllib.request.Request(f"{node.address}{path}")
        if body is not None:
            request.method, request.data = method, json.dumps(body).encode()
            request.add_header("content-type", "application/json")
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return json.load(answer)
        except (OSError, urllib.error.URLError, json.JSONDecodeError):
            return None


@contextmanager
def cluster(size: int, settings: str = "") -> Iterator[Cluster]:
    """`size` nodes in one cluster; they and their data are gone at the end of the block.

    `settings`: more lines of each node's opensearch.yml.
    """
    # Not below pytest's folder: the next pytest that starts closes that to other users.
    with tempfile.TemporaryDirectory(prefix="yuansou-nodes-", ignore_cleanup_errors=True) as folder:
        made = _prepared_all(Path(folder), size, settings)
        try:
            for node in made.nodes:
                node.start()
            made.wait(size)
            yield made
        finally:
            for node in made.nodes:
                node.kill()


def _prepared_all(folder: Path, size: int, settings: str) -> Cluster:
    server = home()
    ports = _free_ports(2 * size)
    names = [f"n{at + 1}" for at in range(size)]
    transports = ports[size:]
    hosts = ", ".join(f'"127.0.0.1:{port}"' for port in transports)
    how = TOGETHER.format(hosts=hosts, names=", ".join(names)) if size > 1 else ALONE
    how += settings
    made = Cluster()
    for name, http, transport in zip(names, ports, transports, strict=False):
        made.nodes.append(_prepared(server, Node(name, folder / name, http), transport, how))
    _give(folder)
    return made


def _prepared(server: Path, node: Node, transport: int, how: str) -> Node:
    """A folder with its own server and settings: nodes that share one race for the keystore."""
    node.folder.mkdir(parents=True)
    shutil.copytree(server, node.folder / "server")
    config = node.folder / "config"
    shutil.copytree(server / "config", config)
    options = config / "jvm.options"
    lines = options.read_text("utf-8").splitlines()
    options.write_text("\n".join(line for line in lines if "Xlog:gc" not in line), "utf-8")
    text = SETTINGS.format(name=node.name, http=node.http, transport=transport, folder=node.folder)
    (config / "opensearch.yml").write_text(text + how, "utf-8")
    return node


def _free_ports(count: int) -> list[int]:
    """Below the ports that the system gives to clients, so that a killed node's port stays free."""
    found: list[int] = []
    for port in random.sample(PORTS, len(PORTS)):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            found.append(port)
        if len(found) == count:
            return found
    raise AssertionError("no free ports")


def _as_user() -> list[str]:
    """A command prefix that runs a command as another user if we are root, and ends it with us."""
    command = ["setpriv", "--pdeathsig", "KILL"]
    if os.getuid() == 0:
        command += ["--reuid", USER, "--regid", USER, "--clear-groups"]
    return command


def _give(folder: Path) -> None:
    """Makes that user the owner of the folder."""
    if os.getuid() != 0:
        return
    try:
        pwd.getpwnam(USER)
    except KeyError:
        subprocess.run(["useradd", "-r", "-M", USER], check=True)
    subprocess.run(["chown", "-R", f"{USER}:", str(folder)], check=True)
