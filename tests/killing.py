"""Nodes are killed under load: one process writes, one serves, a visitor asks without a pause.

    python -m tests.killing --rounds 5

prints the table of docs/opensearch.md: what was acknowledged, lost, answered and refused.
"""

import argparse
import json
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from http.client import HTTPConnection, HTTPException
from importlib import import_module
from itertools import count, pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from index.engines.base import Engine
from index.engines.registry import open_engine
from index.errors import EngineUnavailable, IndexLocked
from index.settings import Settings
from tests.nodes import Cluster, Node, cluster
from tests.processes import Process
from tests.search_fixtures import LEXICON, article, documents, fill
from tests.servers import Server, serving

ALIAS = "kill"
STEADY = 300
STEADY_WORD = "元宇宙"
"""So many articles have this word and never change: each answer about it must count all."""
PER_WRITE = 50
DOWN = 5.0
"""Seconds under load with a node away, and as many after it is back."""
WRITER = "import sys; from tests.killing import write; write(*sys.argv[1:])"
WAITING = ("bulk", "catalog", "writer")
"""Modules of the adapter that wait for a cluster to take what is written."""


def engine_on(hosts: Sequence[str], alias: str = ALIAS) -> Engine:
    return open_engine(settings_on(hosts, alias))


def settings_on(hosts: Sequence[str], alias: str) -> Settings:
    return Settings(engine="opensearch", opensearch_hosts=tuple(hosts), opensearch_alias=alias)


def update(engine: Engine, names: Iterable[str]) -> None:
    """Add articles with these ids to the published generation, as `index update` does."""
    made = documents(article(name, f"新增{name}", "数字人民币试点") for name in names)
    with engine.lock(60, shared=True):
        writer = engine.build(LEXICON, base=engine.current(), sources=())
        writer.add(engine.pack(made))
        engine.publish(writer.commit().name)


def write(hosts: str, alias: str, patience: str) -> None:
    """What the writing process does until it is killed: says of each update how it went. What was
    refused is sent again, though some of it may be there already.

    `patience`: seconds that it waits for the cluster; 0 for as long as the adapter would.
    """
    for name in WAITING if float(patience) else ():
        module = import_module(f"index.engines.opensearch.{name}")
        module.WRITING = replace(module.WRITING, answer=float(patience), all=float(patience))
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
    """What a writing process has said so far."""

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
    """A process that writes for as long as the block runs."""
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
    """`at` is when it came (seconds, monotonic), status 0 where none did; `total` and the error's
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
    """A real server over the cluster, and somebody who asks it as long as the block runs."""
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


def outage(answers: Sequence[Answer], since: float) -> float:
    """Seconds of the longest time without a good answer, from the last one before `since` on."""
    before = [answer.at for answer in answers if answer.good and answer.at < since]
    good = [*before[-1:], *(answer.at for answer in answers if answer.good and answer.at >= since)]
    return max((b - a for a, b in pairwise(good)), default=float("inf"))


@dataclass(frozen=True)
class Row:
    """What happened from one kill to the next. Times in seconds."""

    node: str
    acknowledged: int
    lost: int
    refused: int
    searches: int
    failed: int
    partial: int
    outage: float
    green: float

    def cells(self) -> list[str]:
        times = [f"{self.outage:.2f} s", f"{self.green:.1f} s"]
        counts = (self.acknowledged, self.lost, self.refused, self.searches, self.failed)
        return [self.node, *(f"{number:,}" for number in (*counts, self.partial)), *times]


HEADINGS = (
    "node killed",
    "articles acknowledged",
    "lost",
    "writes refused",
    "searches",
    "failed",
    "partial",
    "longest outage",
    "back and green after",
)


def table(rows: Iterable[Row]) -> str:
    lines = [HEADINGS, ["---"] * len(HEADINGS), *(row.cells() for row in rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


@dataclass(frozen=True)
class Template:
    """What indexes of an alias are like: three shards on three nodes, each with a copy.

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
    """A published index of the steady articles."""
    template = template or Template()
    template.set(nodes)
    steady = [article(f"s{at}", f"第{at}篇", f"{STEADY_WORD}是什么") for at in range(STEADY)]
    engine = fill(engine_on(nodes.hosts, template.alias), steady)
    nodes.wait(status="green")
    return engine


def missing(engine: Engine, names: Iterable[str]) -> set[str]:
    """Of these ids, those that the published generation does not hold."""
    snapshot = engine.open()
    held = snapshot.states().keys()
    snapshot.close()
    return set(names) - held


def forget(nodes: Cluster) -> None:
    """Delete every index that is left on the cluster."""
    for index in nodes.ask(nodes.nodes[0], "/_all/_alias"):
        nodes.ask(nodes.nodes[0], f"/{index}", {}, method="DELETE")


def kill_in_turn(
    nodes: Cluster, rounds: int, told: Callable[[Row], None] = lambda row: None
) -> list[Row]:
    """The manager and then each other node is killed and started again, `rounds` times."""
    engine = prepare(nodes)
    rows = []
    with visiting(nodes.hosts) as visitor, writing(nodes.hosts) as written:
        until(lambda: bool(written.names and visitor.answers))
        for _ in range(rounds):
            manager = nodes.manager()
            for node in [manager, *(node for node in nodes.nodes if node is not manager)]:
                rows.append(_kill(nodes, node, engine, visitor, written))
                told(rows[-1])
    return rows


def _kill(nodes: Cluster, node: Node, engine: Engine, visitor: Visitor, written: Written) -> Row:
    name = f"{node.name} (manager)" if node is nodes.manager() else node.name
    said, refused, asked = len(written.names), len(written.refused), len(visitor.answers)
    killed = time.monotonic()
    node.kill()
    time.sleep(DOWN)
    started = time.monotonic()
    node.start()
    nodes.wait(status="green")
    green = time.monotonic() - started
    time.sleep(DOWN)
    answers, names = visitor.answers[asked:], list(written.names)
    return Row(
        node=name,
        acknowledged=len(names) - said,
        lost=len(missing(engine, names)),
        refused=len(written.refused) - refused,
        searches=len(answers),
        failed=sum(not answer.good for answer in answers),
        partial=sum(answer.good and answer.total != STEADY for answer in answers),
        outage=outage(visitor.answers, killed),
        green=green,
    )


def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come to that in time"
        time.sleep(0.05)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=1)
    rounds = parser.parse_args().rounds
    with cluster(3) as nodes:
        rows = kill_in_turn(nodes, rounds, lambda row: print(row.cells(), file=sys.stderr))
    print(table(rows))


if __name__ == "__main__":
    main()
