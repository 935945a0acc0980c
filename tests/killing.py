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
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException
from itertools import count, pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

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
"""Articles that never change: each answer about them must count all."""
PER_WRITE = 20
DOWN = 5.0
"""Seconds under load with a node away, and as many after it is back."""
WRITER = "import sys; from tests.killing import write; write(*sys.argv[1:])"


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


def write(hosts: str, alias: str) -> None:
    """What the writing process does until it is killed: says of each update how it went. What was
    refused is sent again, though some of it may be there already."""
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
def writing(hosts: Sequence[str], alias: str = ALIAS) -> Iterator[Written]:
    """A process that writes for as long as the block runs."""
    process = Process.start(WRITER, ",".join(hosts), alias)
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
    """`at` is when it came (seconds, monotonic); status 0 where none came. `total` of a search."""

    at: float
    seconds: float
    status: int
    total: int

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
        connection = self.server.connect(timeout=60)
        for number in count():
            if self.stop.is_set():
                return
            path = f"/api/v1/search?q=%E5%85%83%E5%AE%87%E5%AE%99&per_page=3&page={number % 50 + 1}"
            started = time.monotonic()
            status, total = 0, 0
            try:
                connection.request("GET", path)
                response = connection.getresponse()
                body: dict[str, Any] = json.loads(response.read())
                status, total = response.status, body.get("total", 0)
            except (OSError, HTTPException):
                connection.close()
            now = time.monotonic()
            self.answers.append(Answer(now, now - started, status, total))


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


def prepare(nodes: Cluster, alias: str = ALIAS) -> Engine:
    """An index of the steady articles, three shards with a copy each, on every node.

    Lost shards are made again at once, not after the usual minute.
    """
    settings = {
        "number_of_shards": 3,
        "number_of_replicas": 1,
        "index.unassigned.node_left.delayed_timeout": "0",
    }
    template = {"index_patterns": [f"{alias}-*"], "template": {"settings": settings}}
    nodes.ask(nodes.nodes[0], f"/_index_template/{alias}", template)
    steady = [article(f"s{at}", f"第{at}篇", "元宇宙是什么") for at in range(STEADY)]
    engine = fill(engine_on(nodes.hosts, alias), steady)
    nodes.wait(status="green")
    return engine


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
    snapshot = engine.open()
    held = snapshot.states().keys()
    snapshot.close()
    return Row(
        node=name,
        acknowledged=len(names) - said,
        lost=len(set(names) - held),
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
