"""OpenSearch as an `Engine` (index/engines/api.py)."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial

from index.document import Document
from index.engines.api import Generation, Writer
from index.engines.compatibility import PROGRAM_VERSION, ReadableFormat, analyzer_fingerprint
from index.engines.opensearch.catalog import Catalog, stamp_of
from index.engines.opensearch.client import ClusterAccess, ClusterClient
from index.engines.opensearch.lock import Lease, read_leases
from index.engines.opensearch.reading.point_in_time import PointInTime
from index.engines.opensearch.reading.snapshot import OpenSearchSnapshot
from index.engines.opensearch.schema import FASTEST_LEVEL, OPENSEARCH_FORMAT
from index.engines.opensearch.writing.pack import BulkRequest, pack
from index.engines.opensearch.writing.writer import RebuildWriter, UpdateWriter
from index.errors import IndexLocked, IndexMissing, NoSuchGeneration
from index.lexicon.model import Lexicon

_READABLE = ReadableFormat(
    "opensearch",
    OPENSEARCH_FORMAT,
    "请在一台机器上运行 yuansou index rebuild：建好后别名一步切换，旧版本的服务在那以前照常回答。",
)
_STATUS = {
    "green": "正常（green）",
    "yellow": "副本不全（yellow）",
    "red": "有分片缺失（red）",
}


class OpenSearchEngine:
    """Generations on a cluster. Connects at the first call."""

    name = "opensearch"
    max_segments = 1_000_000
    """The cluster merges segments itself, so an update never has to become a rebuild."""
    is_remote = True
    updates_in_place = True

    def __init__(self, access: ClusterAccess, alias: str) -> None:
        self.catalog = Catalog(ClusterClient(access), alias)
        self.location = f"{alias}（{'、'.join(access.hosts)}）"
        self._lease: Lease | None = None

    @property
    def pack(self) -> Callable[[Sequence[Document]], list[BulkRequest]]:
        return partial(pack, level=0 if self.catalog.cluster.near else FASTEST_LEVEL)

    @contextmanager
    def lock(self, wait: float, *, shared: bool = False) -> Iterator[None]:
        with Lease(self.catalog, shared=shared).held(wait) as held:
            self._lease = held
            try:
                yield
            finally:
                self._lease = None

    def build(self, lexicon: Lexicon, *, base: str | None, sources: Sequence[str]) -> Writer:
        if base is not None:
            described = self._described(self.catalog.read(base).name, lexicon, sources)
            return UpdateWriter(self.catalog, described, lexicon)
        self._drop_abandoned()
        described = self._described(self.catalog.new_name(), lexicon, sources)
        who = self._lease.id if self._lease else ""
        return RebuildWriter(self.catalog, described, lexicon, who)

    def _described(self, name: str, lexicon: Lexicon, sources: Sequence[str]) -> Generation:
        return Generation(
            name=name,
            engine=self.name,
            format=OPENSEARCH_FORMAT,
            analyzer=analyzer_fingerprint(),
            lexicon=lexicon.version,
            articles=0,
            created_at=int(time.time()),
            sources=tuple(sources),
            program=PROGRAM_VERSION,
        )

    def _drop_abandoned(self) -> None:
        """Drop indexes newer than the published one, except those that a process is building."""
        current = ""
        with suppress(IndexMissing):
            current = self.catalog.index_of(self.current())
        holders, _ = read_leases(self.catalog)
        for index, meta in self.catalog.metas().items():
            unfinished = not meta["generation"] and meta["builder"] not in holders
            if unfinished or (meta["generation"] and current and index > current):
                self.catalog.drop(index)

    def publish(self, generation: str) -> None:
        if self._lease and self._lease.lost:
            raise IndexLocked("写入期间与集群失联太久，锁已失效；没有上线。", hint="请再运行一次。")
        self.catalog.publish(generation)

    def generations(self) -> list[Generation]:
        return self.catalog.generations()

    def read(self, generation: str) -> Generation:
        return self.catalog.read(generation)

    def current(self) -> str:
        return self.catalog.current().name

    def drop(self, generation: str) -> None:
        """Does nothing if an update has replaced this generation."""
        with suppress(NoSuchGeneration):
            self.catalog.drop(self.catalog.index_of(self.catalog.read(generation).name))

    def previous(self) -> str:
        """The rebuild before the current one; updates do not keep the state they changed."""
        current = stamp_of(self.current())
        held = [g for g in self.generations() if stamp_of(g.name) < current]
        older = [g.name for g in held if _READABLE.accepts(g)]
        if not older:
            raise NoSuchGeneration(
                "没有更早的索引版本可以退回。", hint="yuansou index status 会列出现有版本。"
            )
        return older[-1]

    def substitutes(self) -> list[str]:
        return []

    def collect(self, keep: int) -> list[str]:
        current, held = self.current(), self.generations()
        spared = {*(g.name for g in held[-keep:]), current}
        dropped = [g.name for g in held if g.name not in spared]
        for name in dropped:
            self.drop(name)
        self.catalog.forget_lexicons([g.lexicon for g in held if g.name in spared])
        return dropped

    def verify(self, generation: str) -> list[str]:
        """Checks that no shard is missing, the number of articles, and the lexicon."""
        described = self.catalog.read(generation)
        index = self.catalog.index_of(generation)
        cluster = self.catalog.cluster
        health = cluster.call("GET", f"/_cluster/health/{index}", level="indices")
        if health["status"] == "red":
            return [f"索引 {index} 有分片缺失。"]
        faults = []
        count = cluster.call("GET", f"/{index}/_count")["count"]
        if count != described.articles:
            faults.append(f"应有 {described.articles} 篇文章，实有 {count} 篇。")
        self.catalog.lexicon(described.lexicon)
        return faults

    def verify_unread(self, generation: str) -> list[str]:
        """Nothing to do: nodes check what they read, and copies replace what is damaged."""
        return []

    def status_messages(self) -> list[str]:
        """Health of the cluster, the target of the alias, and the shards of each index."""
        cluster, alias = self.catalog.cluster, self.catalog.alias
        health = cluster.call("GET", f"/_cluster/health/{alias}-*", level="indices")
        version = ".".join(map(str, cluster.version))
        messages = [
            f"集群 {health['cluster_name']}：OpenSearch {version}，"
            f"{health['number_of_data_nodes']} 个数据节点，{_STATUS[health['status']]}",
            f"别名 {alias} → {self.catalog.index_of(self.current())}",
        ]
        for index, found in sorted(health["indices"].items()):
            messages.append(
                f"索引 {index}：{found['number_of_shards']} 个分片 × "
                f"{found['number_of_replicas'] + 1} 份，{found['active_shards']} 份可用，"
                f"{_STATUS[found['status']]}"
            )
        return messages

    def check(self, generation: str) -> None:
        _READABLE.check_search(self.catalog.read(generation))

    def open(self, generation: str | None = None) -> OpenSearchSnapshot:
        """Raises IndexMissing, IndexOutdated or an EngineUnavailable."""
        described = self.catalog.read(generation) if generation else self.catalog.current()
        _READABLE.check_search(described)
        return self._opened(described)

    def open_articles(self, generation: str | None = None) -> OpenSearchSnapshot:
        """Raises the same, but IndexOutdated only for another format."""
        described = self.catalog.read(generation) if generation else self.catalog.current()
        _READABLE.check_articles(described)
        return self._opened(described)

    def _opened(self, described: Generation) -> OpenSearchSnapshot:
        lexicon = self.catalog.lexicon(described.lexicon)
        cluster, index = self.catalog.cluster, self.catalog.index_of(described.name)
        shards, factors = self.catalog.scoring(index)
        return OpenSearchSnapshot(PointInTime(cluster, index, shards), described, lexicon, factors)
