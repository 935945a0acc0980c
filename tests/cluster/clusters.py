"""OpenSearch engines for tests, each with its own alias on one running cluster."""

import secrets
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from index.engines.api import Engine
from index.engines.registry import open_engine
from index.settings import Settings

if TYPE_CHECKING:
    from index.engines.opensearch.client import ClusterClient

PREFIX = "test-"


@cache
def cluster(hosts: tuple[str, ...]) -> "ClusterClient":
    """The cluster at these addresses; the alias of an index says how many shards it has."""
    # The client may be missing: then the tests of this engine are not asked for.
    from index.engines.opensearch.client import ClusterAccess, ClusterClient  # noqa: PLC0415

    found = ClusterClient(ClusterAccess(hosts))
    for shards in (1, 3):
        settings = {"number_of_shards": shards, "number_of_replicas": 0}
        template = {
            "index_patterns": [f"{PREFIX}{shards}-*"],
            "template": {"settings": settings},
        }
        found.call("PUT", f"/_index_template/{PREFIX}{shards}", template)
    return found


@dataclass(frozen=True)
class Sharded:
    """Makes engines with an alias of their own and a given number of shards."""

    shards: int

    def on(self, hosts: tuple[str, ...], root: Path) -> Engine:
        alias = f"{PREFIX}{self.shards}-{secrets.token_hex(6)}"
        return open_engine(settings_of(root, cluster(hosts), alias))


def settings_of(root: Path, over: "ClusterClient", alias: str) -> Settings:
    return Settings(
        index_dir=root, engine="opensearch", opensearch_hosts=over.hosts, opensearch_alias=alias
    )


def forget(engine: Engine) -> None:
    """Deletes what a test has left on the cluster."""
    if engine.updates_in_place:
        alias, _, hosts = engine.location.rstrip("）").partition("（")
        over = cluster(tuple(hosts.split("、")))
        for index in over.call("GET", f"/{alias}-*/_settings", filter_path="*.settings"):
            over.call("DELETE", f"/{index}")
