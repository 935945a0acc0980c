"""The promises of a cluster when nodes die, seen by a writer and by a visitor of a server."""

import time
from collections import Counter
from collections.abc import Iterator

import pytest

from index.engines.queries import All
from index.errors import AnswerPartial
from tests.cluster.killing import Row, kill_in_turn, table
from tests.cluster.nodes import Cluster
from tests.cluster.under_load import (
    STEADY,
    Template,
    came,
    forget,
    missing,
    prepare,
    until,
    visiting,
    writing,
)

pytestmark = pytest.mark.cluster

SURVIVOR_ELECTED = "https://github.com/opensearch-project/OpenSearch/issues/19150"
"""Where the node that was left is elected before it knows that the others were gone, some shards
whose copies it holds take no writes until it is started anew: one time in ten or twenty."""
OUTAGE = 10.0
"""Seconds without an answer that nobody may see when one node of three is lost."""


@pytest.fixture
def nodes(three_nodes: Cluster) -> Iterator[Cluster]:
    """Nodes that may be killed; all run again for the next test, without data. The health of a
    test's indexes is not waited for, since that would fail the tests after it."""
    yield three_nodes
    three_nodes.revive(status="red")
    forget(three_nodes)
    three_nodes.wait(status="green")


def check(rows: list[Row]) -> None:
    assert {row.lost for row in rows} == {0}
    assert {row.failed for row in rows} == {0}
    assert {row.partial for row in rows} == {0}
    assert min(row.acknowledged for row in rows) > 0
    assert min(row.searches for row in rows) > 0


def test_each_node_is_killed_in_turn(nodes: Cluster, capsys: pytest.CaptureFixture[str]) -> None:
    """G2, G3: the manager too. No acknowledged article is lost and no search fails."""
    rows = kill_in_turn(nodes, rounds=1)
    with capsys.disabled():
        print(f"\n{table(rows)}")
    check(rows)
    assert "(manager)" in rows[1].node
    assert {row.node.split()[0] for row in rows} == {"none", "n1", "n2", "n3"}


@pytest.mark.timing
def test_an_outage_is_short(nodes: Cluster) -> None:
    """Whichever node is killed, answers come again within seconds."""
    assert max(row.outage for row in kill_in_turn(nodes, rounds=1)) < OUTAGE


@pytest.mark.long
def test_nodes_are_killed_again_and_again(
    nodes: Cluster, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same, ten times over."""
    with capsys.disabled():
        rows = kill_in_turn(nodes, rounds=10, told=lambda row: print(row.cells()))
        print(f"\n{table(rows)}")
    check(rows)
    assert max(row.outage for row in rows) < OUTAGE


def test_never_a_part_of_the_answer(nodes: Cluster) -> None:
    """G4: without replicas, the loss of a node is an error, not fewer hits; then all is back."""
    engine = prepare(nodes, Template("bare", replicas=0))
    snapshot = engine.open()
    with visiting(nodes.hosts, "bare") as visitor:
        until(lambda: bool(visitor.answers))
        nodes.manager().kill()
        with pytest.raises(AnswerPartial):
            snapshot.match(All(), limit=1)
        until(lambda: not visitor.answers[-1].good)
        nodes.revive()
        until(lambda: visitor.answers[-1].good)
    assert {answer.status for answer in visitor.answers} == {200, 503}
    assert {answer.total for answer in visitor.answers if answer.good} == {STEADY}
    assert {answer.code for answer in visitor.answers if not answer.good} == {"answer_partial"}
    assert snapshot.match(All(), limit=1).total == STEADY


@pytest.mark.parametrize(
    ("patience", "bound"),
    [
        pytest.param(5, 90, id="impatient"),
        pytest.param(0, 300, id="as patient as the adapter", marks=pytest.mark.long),
    ],
)
def test_without_a_quorum_nothing_is_acknowledged(
    nodes: Cluster, patience: float, bound: float
) -> None:
    """G5: without two of three nodes a write fails in bounded time. When they are back, writes go
    on, unless OpenSearch cannot (SURVIVOR_ELECTED); acknowledged articles are there."""
    engine = prepare(nodes, Template("quorum"))
    with writing(nodes.hosts, "quorum", patience=patience) as written:
        until(lambda: bool(written.names))
        *others, survivor = nodes.alive
        for node in others:
            node.kill()
        killed = time.monotonic()
        until(lambda: bool(written.refused), bound)
        print(f"refused after {time.monotonic() - killed:.1f} s: {written.refused}")
        before = len(written.names)
        # Not until every copy is there again: on a busy machine that takes minutes while one writes.
        nodes.revive(status="yellow")
        revived = time.monotonic()
        if not came(lambda: len(written.names) > before, bound):
            assert nodes.manager() is survivor, written.refused
            print(SURVIVOR_ELECTED)
            survivor.kill()
            nodes.revive(status="yellow")
            until(lambda: len(written.names) > before, bound)
        print(f"went on after {time.monotonic() - revived:.1f} s: {Counter(written.refused)}")
    assert missing(engine, written.names) == set()


def test_paging_goes_on_when_a_node_dies(nodes: Cluster) -> None:
    """Points in time die with their node; the next page continues after the last article. If
    nobody writes, every article comes once."""
    engine = prepare(nodes, Template("pages"))
    snapshot, seen = engine.open(), []
    found = snapshot.match(All(), sort="newest", limit=30).matches
    while found:
        seen += [match.id for match in found]
        if len(seen) == 90:
            nodes.manager().kill()
        found = snapshot.match(All(), sort="newest", limit=30, after=found[-1].sort_key()).matches
    assert sorted(seen) == sorted(f"s{at}" for at in range(STEADY))
