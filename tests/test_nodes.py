"""The launcher itself: three real nodes, one of them lost and back again."""

import pytest

from tests.nodes import Cluster

pytestmark = pytest.mark.cluster


def test_a_manager_is_lost_and_comes_back(three_nodes: Cluster) -> None:
    """The others elect another one; the lost one joins them again."""
    first = three_nodes.manager()
    first.kill()
    three_nodes.wait(2)
    assert three_nodes.manager() is not first
    first.start()
    three_nodes.wait(3)
    assert len(three_nodes.alive) == 3
