"""The promises of a cluster about rebuilds, visibility, replays and paging, on three real nodes."""

import os
import re
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from index.build.builder import Builder, BuildOptions
from index.engines.api import Engine
from index.engines.embedded.generations import KEPT_GENERATIONS
from index.engines.queries import Term
from index.engines.registry import open_engine
from index.errors import IndexMissing
from index.lexicon.model import Lexicon
from index.takedowns import Takedowns
from tests.cluster.nodes import Cluster, cluster
from tests.cluster.under_load import (
    Template,
    engine_on,
    forget,
    prepare,
    settings_on,
    until,
    update,
)
from tests.index.build.test_killed_writers import EXTRA, reading
from tests.support.articles import write_articles
from tests.support.documents import build, plain
from tests.support.processes import Process
from tests.support.tiny_search import article, fill

pytestmark = pytest.mark.cluster

OLD = 50
"""Articles that every version of the index holds."""
BUILDER = """
import sys
from tests.cluster.test_promises import rebuild_until
rebuild_until(*sys.argv[1:])
"""
READS = re.compile(r"/_(search|refresh|stats|count|settings|mapping|alias)\b")


@pytest.fixture
def nodes(three_nodes: Cluster) -> Iterator[Cluster]:
    yield three_nodes
    forget(three_nodes)


def source(folder: Path, version: int) -> Path:
    """A file of the old articles and `version` new ones."""
    old = [article(f"a{at}", f"旧闻{at}", "数字人民币") for at in range(OLD)]
    new = [article(f"x{at}", f"新闻{at}", "元宇宙", categories=(EXTRA,)) for at in range(version)]
    return write_articles(folder / f"version{version}.jsonl", [*old, *new])


def rebuild_until(hosts: str, alias: str, root: str, version: str, steps: str) -> None:
    """Rebuilds; ends as by `kill -9` before the request that would be change number `steps`."""
    from index.engines.opensearch import lock  # noqa: PLC0415 - read in a process of its own
    from index.engines.opensearch.client import ClusterClient as BulkSender  # noqa: PLC0415

    lock.LEASE_SECONDS, lock.RENEWAL_SECONDS = (
        2.0,
        0.5,
    )  # so that the next builder need not wait for long
    numbers, send = count(), BulkSender.call

    def call(self: Any, method: str, path: str, *rest: Any, **more: Any) -> Any:
        changes = method in ("PUT", "DELETE") or (method == "POST" and not READS.search(path))
        if changes and next(numbers) == int(steps):
            os.kill(os.getpid(), signal.SIGKILL)
        return send(self, method, path, *rest, **more)

    BulkSender.call = call  # type: ignore[method-assign]
    engine = open_engine(settings_on(hosts.split(","), alias))
    builder = Builder(engine, Lexicon(), Takedowns(Path(root)))
    builder.rebuild([source(Path(root), int(version))], BuildOptions(wait=20))


def test_a_builder_dies_at_each_step(nodes: Cluster, tmp_path: Path) -> None:
    """G1: readers see all of the old index or all of the new one; the next rebuild works and
    removes what is left; a rollback moves the alias back."""
    engine = engine_on(nodes.hosts, "steps")
    builder = Builder(engine, Lexicon(), Takedowns(tmp_path))
    builder.rebuild([source(tmp_path, 1)])
    with reading(engine, OLD) as reader:
        status, steps = -signal.SIGKILL, 0
        while status:
            process = Process.start(
                BUILDER, ",".join(nodes.hosts), "steps", tmp_path, steps + 2, steps
            )
            status = process.end()
            assert status in (0, -signal.SIGKILL)
            steps += 1
        last = steps + 1
        until(lambda: last in reader.seen)
        builder.rollback()
        answers = reader.answers
        until(lambda: reader.answers > answers + 2)
    assert reader.errors == []
    assert steps > 6
    assert reader.seen <= set(range(1, last + 1))
    left = set(nodes.ask(nodes.nodes[0], "/steps-*/_alias"))
    assert len(left) <= KEPT_GENERATIONS + 1
    assert len(left) == len(engine.generations()) + 1


# visibility


@pytest.fixture
def engine(nodes: Cluster) -> Engine:
    """An index that is not searched for a second is no longer refreshed automatically."""
    return prepare(nodes, Template("seen", idle_after="1s"))


def holds(engine: Engine, name: str) -> bool:
    snapshot = engine.open()
    found = snapshot.match(Term("id", name), limit=1)
    snapshot.close()
    return found.total == 1


def test_an_update_is_visible_when_it_is_acknowledged(engine: Engine) -> None:
    """G6: at once, also if nobody has searched for a while."""
    time.sleep(2)
    update(engine, ["fresh"])
    assert holds(engine, "fresh")


def test_without_waiting_it_is_visible_soon(engine: Engine) -> None:
    """G6: within the refresh interval of a second."""
    writer = engine.build(Lexicon(), base=engine.current(), sources=())
    writer.add(engine.pack([plain("later")]))
    writer.commit(wait_visible=False)
    until(lambda: holds(engine, "later"), 5)


# overload


def test_a_node_without_room_gets_everything_in_the_end() -> None:
    """G7: one thread writes and one request may wait; the others get 429, and their articles are
    there in the end."""
    narrow = "node.processors: 1\nthread_pool.write.queue_size: 1\n"
    with cluster(1, narrow) as nodes:
        engine = engine_on(nodes.hosts, "narrow")
        build(engine, [[plain("first")]])
        base = engine.current()

        def write(at: int) -> None:
            writer = engine.build(Lexicon(), base=base, sources=())
            for part in range(30):
                writer.add(engine.pack([plain(f"{at}-{part}-{n}") for n in range(5)]))
            writer.commit()

        with ThreadPoolExecutor(4) as threads:
            list(threads.map(write, range(4)))
        stats = nodes.ask(nodes.nodes[0], "/_nodes/stats/thread_pool")
        (node,) = stats["nodes"].values()
        assert node["thread_pool"]["write"]["rejected"] > 0
        assert len(engine.open().states()) == 1 + 4 * 30 * 5


# backups


def test_a_snapshot_of_its_indexes_is_the_whole_site() -> None:
    """As in docs/run/opensearch.md: everything is lost, and restored from a folder."""
    with cluster(1, "path.repo: backup\n") as nodes:
        (node,) = nodes.nodes
        engine = engine_on(nodes.hosts, "site")
        fill(engine, [article("kept", "元宇宙", "数字人民币")])
        where = {"type": "fs", "settings": {"location": "site"}}
        assert nodes.ask(node, "/_snapshot/backups", where)
        wanted = {"indices": "site-*", "include_global_state": False}
        assert nodes.ask(node, "/_snapshot/backups/first?wait_for_completion=true", wanted)
        forget(nodes)
        with pytest.raises(IndexMissing):
            engine.current()
        restore = "/_snapshot/backups/first/_restore?wait_for_completion=true"
        assert nodes.ask(node, restore, {"indices": "site-*"}, method="POST")
        assert engine.verify(engine.current()) == []
        assert engine.open().stored(["kept"], ["title"]) == [{"title": "元宇宙"}]
