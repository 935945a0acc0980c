"""Sends bulk requests from several threads, and what the cluster had no room for again."""

import random
import time
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Any

from index.engines.opensearch.client import FIRST_WAIT, LONGEST_WAIT, WRITING, Absent, Cluster
from index.engines.opensearch.schema import GZIP, QUICKEST
from index.engines.opensearch.writing.pack import Chunk, decompressed, written_as
from index.errors import ClusterAway, ClusterFault, NoSuchGeneration

SENDERS = 3
"""Requests on their way at once: one is read there while another is written."""
WAITING = 2
"""Requests that may wait for a sender; who makes more waits as well."""
BUSY = frozenset((429, 502, 503))
CONFLICT = 409
SHOWN = 3
_ASKED = "items.*.status,items.*.error.type,items.*.error.reason"


class Sender:
    """Writes chunks to one index. `conflicts`: articles that were newer there and stay."""

    def __init__(self, cluster: Cluster, index: str) -> None:
        self._cluster = cluster
        self._index = index
        self._pool = ThreadPoolExecutor(SENDERS, thread_name_prefix="bulk")
        self._pending: set[Future[int]] = set()
        self.conflicts = 0

    def send(self, chunk: Chunk) -> None:
        """Returns while it is on its way; raises what went wrong with those before it."""
        self._pending.add(self._pool.submit(self._deliver, chunk))
        while len(self._pending) > SENDERS + WAITING:
            done, self._pending = wait(self._pending, return_when=FIRST_COMPLETED)
            self._settle(done)

    def finish(self) -> None:
        done, self._pending = wait(self._pending)
        self._settle(done)
        self._pool.shutdown()

    def abort(self) -> None:
        self._pool.shutdown(cancel_futures=True)

    def _settle(self, done: set[Future[int]]) -> None:
        for future in done:
            self.conflicts += future.result()

    def _deliver(self, chunk: Chunk) -> int:
        """Conflicts; raises ClusterFault naming what was refused, ClusterAway if it stays busy."""
        deadline = time.monotonic() + WRITING.all
        longest, left = FIRST_WAIT, chunk
        conflicts = 0
        while True:
            items = self._post(left)
            _refuse_faults(left.ids, items)
            conflicts += [item["status"] for item in items].count(CONFLICT)
            busy = [at for at, item in enumerate(items) if item["status"] in BUSY]
            if not busy:
                return conflicts
            pause = random.uniform(0, longest)  # noqa: S311 - no secret hangs on it
            if time.monotonic() + pause > deadline:
                raise ClusterAway(
                    f"搜索集群太忙，{len(busy)} 篇文章没有写进去。", hint="请稍后再运行一次。"
                )
            time.sleep(pause)
            longest = min(2 * longest, LONGEST_WAIT)
            left = _only(left, busy)

    def _post(self, chunk: Chunk) -> list[dict[str, Any]]:
        try:
            answer = self._cluster.call(
                "POST",
                f"/{self._index}/_bulk",
                chunk.data,
                patience=WRITING,
                timeout="30s",
                filter_path=_ASKED,
                require_alias=False,
            )
        except Absent as error:
            raise NoSuchGeneration(f"集群上的索引 {self._index} 已不在。") from error
        return [next(iter(item.values())) for item in answer["items"]]


def _refuse_faults(ids: Sequence[str], items: Sequence[dict[str, Any]]) -> None:
    faults = [
        f"{name}（{item['error']['type']}：{item['error']['reason']}）"
        for name, item in zip(ids, items, strict=True)
        if "error" in item and item["status"] not in BUSY and item["status"] != CONFLICT
    ]
    if faults:
        more = "等" if len(faults) > SHOWN else ""
        raise ClusterFault(
            f"搜索集群拒收 {len(faults)} 篇文章：{'、'.join(faults[:SHOWN])}{more}。"
        )


def _only(chunk: Chunk, at: Sequence[int]) -> Chunk:
    """The articles of a chunk at these places."""
    level = QUICKEST if chunk.data.startswith(GZIP) else 0
    lines = decompressed(chunk.data).splitlines(keepends=True)
    step = len(lines) // len(chunk.ids)
    chosen = [line for place in at for line in lines[place * step : (place + 1) * step]]
    return Chunk(tuple(chunk.ids[place] for place in at), written_as(chosen, level))
