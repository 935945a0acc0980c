"""Sends bulk requests from several threads, and retries what the cluster was too busy for."""

import random
import time
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Any

from index.engines.opensearch.client import (
    FIRST_WAIT_SECONDS,
    MAX_WAIT_SECONDS,
    WRITE_PATIENCE,
    ClusterClient,
    NotFound,
)
from index.engines.opensearch.schema import FASTEST_LEVEL, GZIP
from index.engines.opensearch.writing.pack import BulkRequest, compress_lines, decompress_lines
from index.errors import ClusterAway, ClusterFault, NoSuchGeneration

SENDER_THREADS = 3
"""Requests sent at once: the cluster receives one while it indexes another."""
WAITING_REQUESTS = 2
"""Requests that may wait for a thread; `send` blocks for more."""
BUSY_STATUSES = frozenset((429, 502, 503))
CONFLICT_STATUS = 409
MAX_FAULTS_SHOWN = 3
_NEEDED_ITEMS = "items.*.status,items.*.error.type,items.*.error.reason"


class BulkSender:
    """Sends requests to one index. `conflicts`: articles that are newer there, and stay."""

    def __init__(self, cluster: ClusterClient, index: str) -> None:
        self._cluster = cluster
        self._index = index
        self._pool = ThreadPoolExecutor(SENDER_THREADS, thread_name_prefix="bulk")
        self._pending: set[Future[int]] = set()
        self.conflicts = 0

    def send(self, request: BulkRequest) -> None:
        """Returns before the request is done; raises the errors of earlier ones."""
        self._pending.add(self._pool.submit(self._deliver, request))
        while len(self._pending) > SENDER_THREADS + WAITING_REQUESTS:
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

    def _deliver(self, request: BulkRequest) -> int:
        """Returns the conflicts. Raises ClusterFault for refused articles, ClusterAway if the
        cluster stays busy."""
        deadline = time.monotonic() + WRITE_PATIENCE.total_seconds
        longest, left = FIRST_WAIT_SECONDS, request
        conflicts = 0
        while True:
            items = self._post(left)
            _refuse_faults(left.ids, items)
            conflicts += [item["status"] for item in items].count(CONFLICT_STATUS)
            busy = [at for at, item in enumerate(items) if item["status"] in BUSY_STATUSES]
            if not busy:
                return conflicts
            pause = random.uniform(0, longest)  # noqa: S311 - not for security
            if time.monotonic() + pause > deadline:
                raise ClusterAway(
                    f"搜索集群太忙，{len(busy)} 篇文章没有写进去。", hint="请稍后再运行一次。"
                )
            time.sleep(pause)
            longest = min(2 * longest, MAX_WAIT_SECONDS)
            left = _only(left, busy)

    def _post(self, request: BulkRequest) -> list[dict[str, Any]]:
        try:
            answer = self._cluster.call(
                "POST",
                f"/{self._index}/_bulk",
                request.data,
                patience=WRITE_PATIENCE,
                timeout="30s",
                filter_path=_NEEDED_ITEMS,
                require_alias=False,
            )
        except NotFound as error:
            raise NoSuchGeneration(f"集群上的索引 {self._index} 已不在。") from error
        return [next(iter(item.values())) for item in answer["items"]]


def _refuse_faults(ids: Sequence[str], items: Sequence[dict[str, Any]]) -> None:
    faults = [
        f"{name}（{item['error']['type']}：{item['error']['reason']}）"
        for name, item in zip(ids, items, strict=True)
        if "error" in item
        and item["status"] not in BUSY_STATUSES
        and item["status"] != CONFLICT_STATUS
    ]
    if faults:
        more = "等" if len(faults) > MAX_FAULTS_SHOWN else ""
        raise ClusterFault(
            f"搜索集群拒收 {len(faults)} 篇文章：{'、'.join(faults[:MAX_FAULTS_SHOWN])}{more}。"
        )


def _only(request: BulkRequest, at: Sequence[int]) -> BulkRequest:
    """A request for only the articles at these positions."""
    level = FASTEST_LEVEL if request.data.startswith(GZIP) else 0
    lines = decompress_lines(request.data).splitlines(keepends=True)
    step = len(lines) // len(request.ids)
    chosen = [line for place in at for line in lines[place * step : (place + 1) * step]]
    return BulkRequest(tuple(request.ids[place] for place in at), compress_lines(chosen, level))
