"""A cluster under load: a process that writes, a server, and a visitor who sends requests without
pause."""

import json
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from http.client import HTTPConnection, HTTPException
from importlib import import_module
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

from index.engines.api import Engine
from index.engines.registry import open_engine
from index.errors import EngineUnavailable, IndexLocked
from index.settings import Settings
from tests.cluster.nodes import Cluster
from tests.support.processes import Process
from tests.support.servers import Server, serving
from tests.support.tiny_search import LEXICON, article, documents, fill

ALIAS = "kill"
STEADY = 300
STEADY_WORD = "元宇宙"
"""So many articles have this word and never change: each answer about it must count all."""
PER_WRITE = 50
WRITER = "import sys; from tests.cluster.under_load import write; write(*sys.argv[1:])"
WAITING = ("catalog", "writing.bulk", "writing.writer")
"""Modules of the adapter that wait for a cluster to take what is written."""


def engine_on(hosts: Sequence[str], alias: str = ALIAS) -> Engine:
    return open_engine(settings_on(hosts, alias))


def settings_on(hosts: Sequence[str], alias: str) -> Settings:
    return Settings(engine="opensearch", opensearch_hosts=tuple(hosts), opensearch_alias=alias)


def update(engine: Engine, names: Iterable[str]) -> None:
    """Adds articles with these ids to the published generation, as `index update` does."""
    made = documents(article(name, f"新增{name}", "数字人民币试点") for name in names)
    with engine.lock(60, shared=True):
        writer = engine.build(LEXICON, base=engine.current(), sources=())
        writer.add(engine.pack(made))
        engine.publish(writer.commit().name)


def write(hosts: str, alias: str, patience: str) -> None:
    """The writing process, until it is killed: prints the outcome of each update. Refused articles
    are sent again, though some may have been written.

    `patience`: seconds to wait for the cluster; 0 for the adapter's own limit.
    """
    for name in WAITING if float(patience) else ():
        module: Any = import_module(f"index.engines.opensearch.{name}")
        module.WRITE_PATIENCE = replace(
            module.WRITE_PATIENCE, answer_seconds=float(patience), total_seconds=float(patience)
        )
    engine = engine_on(hosts.split(","), alias)
    for number in count():
        names = [f"w{number}-{at}" for at in range(PER_WRITE)]
        acknowledged = False
        while not acknowledged:
            try:
                update(engine, names)
                acknowledged = True
            except (EngineUnavailable, IndexLocked) as error:
                print(json.dumps({"refused": error.code}), flush=True)
                time.sleep(0.2)
        print(json.dumps({"written": names}), flush=True)


@dataclass
class Written:
    """What a writing process has printed so far."""

    names: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def listen(self, process: Process) -> None:
        while line := process.says():
            said = json.loads(line)
            self.names += said.get("written", [])
            if "refused" in said:
                self.refused.append(said["refused"])


@contextmanager
def writing(hosts: Sequence[str], alias: str = ALIAS, *, patience: float = 0) -> Iterator[Written]:
    """A process that writes as long as the block runs."""
    process = Process.start(WRITER, ",".join(hosts), alias, patience)
    written = Written()
    listener = threading.Thread(target=written.listen, args=(process,), daemon=True)
    listener.start()
    try:
        yield written
    finally:
        process.kill()
        listener.join()


@dataclass(frozen=True)
class Answer:
    """`at` is when it came (seconds, monotonic), status 0 if none came; `total` and the error's
    `code` are from its body."""

    at: float
    status: int
    total: int = 0
    code: str = ""

    @property
    def good(self) -> bool:
        return self.status == 200


@dataclass
class Visitor(threading.Thread):
    """Asks a server for the steady articles, page after page."""

    server: Server
    stop: threading.Event = field(default_factory=threading.Event)
    answers: list[Answer] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    def __hash__(self) -> int:
        return id(self)

    def run(self) -> None:
        with closing(self.server.connect(timeout=60)) as connection:
            for number in count():
                if self.stop.is_set():
                    return
                self.answers.append(_asked(connection, number % 50 + 1))


def _asked(connection: HTTPConnection, page: int) -> Answer:
    """A page of all steady articles."""
    status, body = 0, {}
    try:
        connection.request("GET", f"/api/v1/search?q={quote(STEADY_WORD)}&per_page=3&page={page}")
        response = connection.getresponse()
        status, body = response.status, json.loads(response.read())
    except (OSError, HTTPException):
        connection.close()
    code = body.get("error", {}).get("code", "")
    return Answer(time.monotonic(), status, body.get("total", 0), code)


@contextmanager
def visiting(hosts: Sequence[str], alias: str = ALIAS) -> Iterator[Visitor]:
    """A real server over the cluster, and a visitor as long as the block runs."""
    environment = {
        "YUANSOU_ENGINE": "opensearch",
        "YUANSOU_OPENSEARCH_HOSTS": ",".join(hosts),
        "YUANSOU_OPENSEARCH_ALIAS": alias,
    }
    with TemporaryDirectory() as root, serving(Path(root), environment=environment) as server:
        visitor = Visitor(server)
        visitor.start()
        try:
            yield visitor
        finally:
            visitor.stop.set()
            visitor.join()
        assert server.process.poll() is None, f"the server ended: {server.process.returncode}"


@dataclass(frozen=True)
class Template:
    """The settings of an alias's indexes: three shards on three nodes, each with a copy.

    Lost copies are made again at once, not after the usual minute.
    """

    alias: str = ALIAS
    replicas: int = 1
    idle_after: str = "30s"

    def set(self, nodes: Cluster) -> None:
        settings = {
            "number_of_shards": 3,
            "number_of_replicas": self.replicas,
            "index.unassigned.node_left.delayed_timeout": "0",
            "index.search.idle.after": self.idle_after,
        }
        # Generations, whose names go on with the year; the catalog keeps its copy.
        body = {"index_patterns": [f"{self.alias}-2*"], "template": {"settings": settings}}
        assert nodes.ask(nodes.nodes[0], f"/_index_template/{self.alias}", body)


def prepare(nodes: Cluster, template: Template | None = None) -> Engine:
    """Publishes an index of the steady articles."""
    template = template or Template()
    template.set(nodes)
    steady = [article(f"s{at}", f"第{at}篇", f"{STEADY_WORD}是什么") for at in range(STEADY)]
    engine = fill(engine_on(nodes.hosts, template.alias), steady)
    nodes.wait(status="green")
    return engine


def missing(engine: Engine, names: Iterable[str]) -> set[str]:
    """Those of these ids that the published generation lacks."""
    snapshot = engine.open()
    held = snapshot.states().keys()
    snapshot.close()
    return set(names) - held


def forget(nodes: Cluster) -> None:
    """Deletes every index that is left on the cluster."""

    def gone() -> bool:
        left = nodes.ask(nodes.nodes[0], "/_all/_alias")
        for index in left or ():
            nodes.ask(nodes.nodes[0], f"/{index}", {}, method="DELETE")
        return left == {}

    until(gone)


def until(condition: Callable[[], bool], seconds: float = 180) -> None:
    assert came(condition, seconds), "it did not come to that in time"


def came(condition: Callable[[], bool], seconds: float) -> bool:
    """Whether the condition came true in time."""
    deadline = time.monotonic() + seconds
    while not (found := condition()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return found
