"""OpenSearch engines for tests, each with an alias of its own on one running cluster."""

import secrets
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from index.engines.base import Engine
from index.engines.registry import open_engine
from index.settings import Settings, load

if TYPE_CHECKING:
    from index.engines.opensearch.cluster import Cluster

PREFIX = "test-"


@cache
def cluster() -> "Cluster":
    """The one that the setting `opensearch_hosts` names, told how many shards an index has."""
    # The client may be missing: then the tests of this engine are not asked for.
    from index.engines.opensearch.cluster import Access, Cluster  # noqa: PLC0415

    found = Cluster(Access(load().opensearch_hosts))
    for shards in (1, 3):
        settings = {"number_of_shards": shards, "number_of_replicas": 0}
        template = {
            "index_patterns": [f"{PREFIX}{shards}-*"],
            "template": {"settings": settings},
        }
        found.call("PUT", f"/_index_template/{PREFIX}{shards}", template)
    return found


def one_shard(root: Path) -> Engine:
    return _engine(root, 1)


def three_shards(root: Path) -> Engine:
    return _engine(root, 3)


def _engine(root: Path, shards: int) -> Engine:
    alias = f"{PREFIX}{shards}-{secrets.token_hex(6)}"
    return open_engine(settings_of(root, cluster(), alias))


def settings_of(root: Path, over: "Cluster", alias: str) -> Settings:
    return Settings(
        index_dir=root, engine="opensearch", opensearch_hosts=over.hosts, opensearch_alias=alias
    )


def forget(engine: Engine) -> None:
    """Delete what a test has left on the cluster."""
    if engine.updates_in_place:
        alias = engine.place.split("（")[0]
        for index in cluster().call("GET", f"/{alias}-*/_settings", filter_path="*.settings"):
            cluster().call("DELETE", f"/{index}")
