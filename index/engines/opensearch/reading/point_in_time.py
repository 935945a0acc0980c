"""Searches an index as it was at one moment, by a point in time.

Later writes are not seen, pages are consistent, and the statistics of scores do not change.
"""

import random
import threading
import time
from collections.abc import Sequence
from typing import Any

from index.engines.opensearch.client import (
    ONE_TRY,
    READ_PATIENCE,
    ClusterClient,
    NotFound,
    Patience,
)
from index.errors import AnswerPartial, ClusterRefused, EngineUnavailable, NoSuchGeneration

KEEP_ALIVE = "5m"
"""After the last search. A snapshot that is not used loses its point in time."""
PAUSE_SECONDS, MAX_PAUSE_SECONDS = 0.05, 1.0
"""Between two tries: at first as long as the client needs to notice that a host is down; longer if
a shard stays missing, to spare a troubled cluster."""
_LOST = "索引有一部分现在读不到，这次没有回答。"


class PointInTime:
    """Searches one index. If the point in time is lost, with a node or after KEEP_ALIVE, another is
    opened, and what was written in between is seen."""

    def __init__(self, cluster: ClusterClient, index: str, shards: int) -> None:
        self._cluster = cluster
        self._index = index
        self._params = {"search_type": "dfs_query_then_fetch"} if shards > 1 else {}
        self._lock = threading.Lock()
        self._point = self._open(READ_PATIENCE)

    def search_all(self, bodies: Sequence[dict[str, Any]]) -> list[Any]:
        """The answers to some searches in one request, complete; raises AnswerPartial,
        NoSuchGeneration or an EngineUnavailable."""
        deadline = time.monotonic() + READ_PATIENCE.total_seconds
        longest = 0.0  # after a lost point in time, no wait is needed
        while True:
            point = self._point
            try:
                return self._once(point, bodies)
            except NotFound as error:
                problem: EngineUnavailable = AnswerPartial(_LOST)
                problem.__cause__ = error
            except EngineUnavailable as error:
                problem = error
            self._renew(point, problem, deadline)
            time.sleep(random.uniform(0, longest))  # noqa: S311 - no secret hangs on it
            longest = min(max(2 * longest, PAUSE_SECONDS), MAX_PAUSE_SECONDS)

    def _renew(self, lost: str, problem: EngineUnavailable, deadline: float) -> None:
        """Replace the point in time that failed; raises `problem` if it persists."""
        if isinstance(problem, ClusterRefused) or getattr(problem, "lasts", False):
            raise problem
        while time.monotonic() < deadline:
            with self._lock:
                if self._point != lost:
                    return
                try:
                    self._point = self._open(ONE_TRY)
                except AnswerPartial as error:
                    problem = error  # more useful than that a host was down
                except EngineUnavailable:
                    pass  # the first problem is reported
                else:
                    return
            time.sleep(PAUSE_SECONDS)
        raise problem

    def close(self) -> None:
        try:
            self._cluster.call(
                "DELETE", "/_search/point_in_time", {"pit_id": [self._point]}, patience=ONE_TRY
            )
        except (NotFound, EngineUnavailable):
            return  # the cluster closes it after KEEP_ALIVE

    def _once(self, point: str, bodies: Sequence[dict[str, Any]]) -> list[Any]:
        pit = {"id": point, "keep_alive": KEEP_ALIVE}
        answers = self._cluster.search_all(
            [{**body, "pit": pit} for body in bodies],
            patience=ONE_TRY,
            allow_partial_search_results=False,
            **self._params,
        )
        if any(answer["_shards"]["failed"] or answer["timed_out"] for answer in answers):
            raise AnswerPartial(_LOST)
        return answers

    def _open(self, patience: Patience) -> str:
        try:
            answer = self._cluster.call(
                "POST",
                f"/{self._index}/_search/point_in_time",
                patience=patience,
                keep_alive=KEEP_ALIVE,
                allow_partial_pit_creation=False,
            )
        except NotFound as error:
            raise NoSuchGeneration(
                f"集群上没有索引 {self._index}。", hint="yuansou index status 会列出现有版本。"
            ) from error
        return str(answer["pit_id"])
