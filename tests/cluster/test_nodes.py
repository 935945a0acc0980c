"""The launcher of nodes: one of three is killed and joins again."""

import subprocess
from pathlib import Path

import pytest

from tests.cluster.nodes import Cluster, Node

pytestmark = pytest.mark.cluster


def test_a_manager_is_lost_and_comes_back(three_nodes: Cluster) -> None:
    """The others elect another manager; the lost node joins again."""
    first = three_nodes.manager()
    first.kill()
    three_nodes.wait(2)
    assert three_nodes.manager() is not first
    first.start()
    three_nodes.wait(3)
    assert len(three_nodes.alive) == 3


def test_a_node_that_ended_by_itself_does_not_count(tmp_path: Path) -> None:
    """`kill` accepts it all the same, and it can be started again."""
    node = Node("n1", tmp_path, 0, subprocess.Popen(["true"]))
    assert node.process is not None
    node.process.wait(60)
    assert Cluster([node]).alive == []
    node.kill()
    assert node.process is None
