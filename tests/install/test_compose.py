"""compose.yaml and Dockerfile fit together. (No Docker engine runs them here, as the docs say.)"""

import re
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import yaml

from index.settings import SETTINGS, load
from tests.cluster.nodes import VERSION

ROOT = Path(__file__).parents[2]
NODES = ("n1", "n2", "n3")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
    return found


def test_the_front_end_is_set_by_our_settings(compose: dict[str, Any], tmp_path: Path) -> None:
    """Each variable is a setting with a valid value, and the hosts are the nodes."""
    given = compose["services"]["web"]["environment"]
    settings = load({}, given, tmp_path)
    assert {name.removeprefix("YUANSOU_").lower() for name in given} <= {s.name for s in SETTINGS}
    assert settings.engine == "opensearch"
    assert settings.opensearch_hosts == tuple(f"http://{node}:9200" for node in NODES)


def test_three_nodes(compose: dict[str, Any]) -> None:
    """They have the version that is tested, each a name and a volume of its own; no port is
    published."""
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


def test_the_front_end_is_confined(compose: dict[str, Any]) -> None:
    """Only the image's folder of state is writable, as `deploy/try-container` tests."""
    web = compose["services"]["web"]
    dockerfile = (ROOT / "Dockerfile").read_text("utf-8")
    (volume,) = web["volumes"]
    assert f"\nVOLUME {volume.partition(':')[2]}\n" in dockerfile
    assert (
        f"install --directory --owner yuansou --group yuansou {volume.partition(':')[2]}"
        in dockerfile
    )
    assert (web["read_only"], web["cap_drop"]) == (True, ["ALL"])
    assert web["security_opt"] == ["no-new-privileges:true"]
    assert "user" not in web  # the image's, which is not root


def test_everything_has_limits_and_a_version(compose: dict[str, Any]) -> None:
    """No service can take all memory; the heap of a node fits its limit."""
    for name, service in compose["services"].items():
        assert re.fullmatch(r"[a-z/]+:\d+\.\d+\.\d+", service["image"]), name
        assert service["mem_limit"] in {"1g", "2g"}
        assert service["pids_limit"] > 0
    assert compose["services"]["web"]["image"] == f"yuansou:{version('yuansou')}"


def test_the_front_end_waits_for_a_cluster(compose: dict[str, Any]) -> None:
    """A node is healthy once it answers for the cluster with a success status."""
    web = compose["services"]["web"]
    assert web["depends_on"] == {"n1": {"condition": "service_healthy"}}
    command = compose["services"]["n1"]["healthcheck"]["test"]
    assert command[:3] == ["CMD", "curl", "-fsS"]
    assert "/_cluster/health?" in command[-1]
