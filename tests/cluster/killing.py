"""Kills nodes under load: one process writes, one serves, a visitor sends requests without pause.

    python -m tests.cluster.killing --rounds 5

prints the table of docs/run/opensearch.md: what was acknowledged, lost, answered and refused.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.engines.api import Engine
from tests.cluster.nodes import Cluster, Node, cluster
from tests.cluster.under_load import (
    STEADY,
    Answer,
    Visitor,
    Written,
    missing,
    prepare,
    until,
    visiting,
    writing,
)

DOWN = 5.0
"""Seconds under load with a node away, and as many after it is back."""


def outage(answers: Sequence[Answer], since: float) -> float:
    """Seconds of the longest time without a good answer, counted from the last good one before
    `since`."""
    before = [answer.at for answer in answers if answer.good and answer.at < since]
    good = [*before[-1:], *(answer.at for answer in answers if answer.good and answer.at >= since)]
    return max((b - a for a, b in pairwise(good)), default=float("inf"))


@dataclass(frozen=True)
class Row:
    """What happened from one kill to the next. Times are in seconds."""

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


def kill_in_turn(
    nodes: Cluster, rounds: int, told: Callable[[Row], None] = lambda row: None
) -> list[Row]:
    """Kills and restarts the manager and then each other node, `rounds` times."""
    engine = prepare(nodes)
    rows: list[Row] = []
    with visiting(nodes.hosts) as visitor, writing(nodes.hosts) as written:
        scene = Scene(nodes, engine, visitor, written)
        until(lambda: bool(written.names and visitor.answers))
        _tell(rows, told, scene.without(None))
        for _ in range(rounds):
            manager = nodes.manager()
            for node in [manager, *(node for node in nodes.nodes if node is not manager)]:
                _tell(rows, told, scene.without(node))
    return rows


def _tell(rows: list[Row], told: Callable[[Row], None], row: Row) -> None:
    rows.append(row)
    told(row)


@dataclass(frozen=True)
class Scene:
    """A cluster under load, with its writer and its visitor."""

    nodes: Cluster
    engine: Engine
    visitor: Visitor
    written: Written

    def without(self, node: Node | None) -> Row:
        """What happens while this node is away and until the cluster is whole; with None, the same
        time with all nodes, for comparison."""
        said, refused = len(self.written.names), len(self.written.refused)
        asked, since = len(self.visitor.answers), time.monotonic()
        name, green = self._lose(node)
        time.sleep(DOWN)
        answers, names = self.visitor.answers[asked:], list(self.written.names)
        return Row(
            node=name,
            acknowledged=len(names) - said,
            lost=len(missing(self.engine, names)),
            refused=len(self.written.refused) - refused,
            searches=len(answers),
            failed=sum(not answer.good for answer in answers),
            partial=sum(answer.good and answer.total != STEADY for answer in answers),
            outage=outage(self.visitor.answers, since),
            green=green,
        )

    def _lose(self, node: Node | None) -> tuple[str, float]:
        """Its name, and the seconds until the cluster was green again."""
        if node is None:
            time.sleep(DOWN)
            return "none", 0.0
        name = f"{node.name} (manager)" if node is self.nodes.manager() else node.name
        node.kill()
        time.sleep(DOWN)
        started = time.monotonic()
        node.start()
        self.nodes.wait(status="green")
        return name, time.monotonic() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=1)
    rounds = parser.parse_args().rounds
    with cluster(3) as nodes:
        rows = kill_in_turn(nodes, rounds, lambda row: print(row.cells(), file=sys.stderr))
    print(table(rows))


if __name__ == "__main__":
    main()
