"""compose.yaml and Dockerfile hang together. (No Docker engine runs them here: docs say so.)"""

from pathlib import Path
from typing import Any

import pytest
import yaml

from index.settings import SETTINGS, load
from tests.nodes import VERSION

ROOT = Path(__file__).parents[1]
NODES = ("n1", "n2", "n3")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
    return found


def test_the_front_end_is_set_by_our_settings(compose: dict[str, Any], tmp_path: Path) -> None:
    """Each name is one of ours, each value is one it takes, and the hosts are the nodes."""
    given = compose["services"]["web"]["environment"]
    settings = load({}, given, tmp_path)
    assert {name.removeprefix("YUANSOU_").lower() for name in given} <= {s.name for s in SETTINGS}
    assert settings.engine == "opensearch"
    assert settings.opensearch_hosts == tuple(f"http://{node}:9200" for node in NODES)


def test_the_image_is_set_by_our_settings() -> None:
    """Those of the Dockerfile, too."""
    words = (ROOT / "Dockerfile").read_text("utf-8").split("ENV ")[1].splitlines()[0].split()
    given = dict(word.split("=") for word in words)
    assert (load({}, given).host, load({}, given).port) == ("0.0.0.0", 8000)


def test_three_nodes(compose: dict[str, Any]) -> None:
    """Of the version that is tested, each with a name and a volume of its own, none published."""
    services = compose["services"]
    for node in NODES:
        service = services[node]
        assert service["image"].endswith(f":{VERSION}")
        assert service["environment"]["node.name"] == service["hostname"] == node
        assert service["environment"]["discovery.seed_hosts"] == ",".join(NODES)
        assert service["volumes"] == [f"{node}:/usr/share/opensearch/data"]
        assert node in compose["volumes"]
        assert "ports" not in service
        assert service["networks"] == ["cluster"]
    assert compose["networks"]["cluster"] == {"internal": True}


def test_the_front_end_may_write_to_its_volume(compose: dict[str, Any]) -> None:
    """A new volume is root's unless the image has that folder as its user's."""
    (volume,) = compose["services"]["web"]["volumes"]
    folder = volume.partition(":")[2]
    assert compose["services"]["web"]["environment"]["YUANSOU_INDEX_DIR"] == folder
    before_user, _, _ = (ROOT / "Dockerfile").read_text("utf-8").partition("USER yuansou")
    assert f"install --directory --owner yuansou {folder}" in before_user


def test_the_front_end_waits_for_a_cluster(compose: dict[str, Any]) -> None:
    """Until a node answers for the cluster; a status of no success is no health."""
    web = compose["services"]["web"]
    assert web["depends_on"] == {"n1": {"condition": "service_healthy"}}
    command = compose["services"]["n1"]["healthcheck"]["test"]
    assert command[:3] == ["CMD", "curl", "-fsS"]
    assert "/_cluster/health?" in command[-1]
