"""Sends requests to a cluster: tries its hosts in turn, retries, and raises our own errors."""

import logging
import random
import ssl
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import orjson
from opensearchpy import Transport
from opensearchpy.client.utils import _normalize_hosts
from opensearchpy.exceptions import ConnectionError as NoConnection
from opensearchpy.exceptions import SerializationError, SSLError, TransportError
from opensearchpy.serializer import JSONSerializer
from urllib3 import Timeout

from index.engines.opensearch.schema import GZIP
from index.errors import (
    AnswerPartial,
    ClusterAway,
    ClusterFault,
    ClusterForeign,
    ClusterRefused,
)

OLDEST_VERSION = (2, 4)
"""The first version with points in time."""
RETRIED_STATUSES = frozenset((429, 502, 503, 504))
FIRST_WAIT_SECONDS, MAX_WAIT_SECONDS = 0.05, 5.0
"""The longest wait doubles from the one to the other, and each wait is a random part of it, so that
clients do not all retry at once ("full jitter",
https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/)."""
CONNECTIONS_PER_HOST = 16
"""Requests of this many threads do not wait for each other."""
LOOPBACK = frozenset(("localhost", "127.0.0.1", "::1"))
SHARDS_MISSING = frozenset(
    ("search_phase_execution_exception", "no_shard_available_action_exception")
)


class NotFound(Exception):  # noqa: N818 - not an error: callers decide what it means
    """There is no such index, alias, document or point in time (404)."""


class Conflict(Exception):  # noqa: N818
    """Another process changed it first (409), or it exists already (400)."""


@dataclass(frozen=True, slots=True)
class ClusterAccess:
    """The hosts of a cluster and our credentials. Only this module reads the password."""

    hosts: tuple[str, ...]
    user: str | None = None
    password: str | None = None
    ca: Path | None = None


@dataclass(frozen=True, slots=True)
class Patience:
    """How long one answer may take, and how long a request is retried."""

    answer_seconds: float
    total_seconds: float


READ_PATIENCE = Patience(answer_seconds=10, total_seconds=15)
"""A reader is waiting."""
WRITE_PATIENCE = Patience(answer_seconds=60, total_seconds=120)
CONNECT_PATIENCE = Patience(answer_seconds=5, total_seconds=2)
"""For the first request: there may be no server, and the next request tries again."""
ONE_TRY = Patience(answer_seconds=10, total_seconds=0)
"""The caller retries in its own way."""


class ClusterClient:
    """Sends requests. Threads may share it. Connects at the first request."""

    def __init__(self, access: ClusterAccess) -> None:
        # It logs a traceback for every unreachable host; what matters is in our errors.
        logging.getLogger("opensearch").setLevel(logging.CRITICAL)
        self._access = access
        self._transport = _transport(access)
        self._version: tuple[int, ...] = ()

    @property
    def hosts(self) -> tuple[str, ...]:
        return self._access.hosts

    @property
    def near(self) -> bool:
        """Whether all hosts are this machine, so that compressing requests is a waste."""
        return all(urlsplit(host).hostname in LOOPBACK for host in self.hosts)

    @property
    def version(self) -> tuple[int, ...]:
        """Of the server. Raises ClusterForeign for another product or an old version."""
        self._connect()
        return self._version

    def _connect(self) -> None:
        """Check the product and version of the server, once."""
        if not self._version:
            self._version = _checked(self._send("GET", "/", None, {}, CONNECT_PATIENCE))

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        patience: Patience = READ_PATIENCE,
        **params: Any,
    ) -> Any:
        """The answer; raises NotFound, Conflict or an EngineUnavailable.

        Requests may be sent twice: writes carry versions, and the others are idempotent.
        """
        self._connect()
        return self._send(method, path, body, params, patience)

    def search_all(
        self, bodies: Sequence[Mapping[str, Any]], *, patience: Patience, **params: Any
    ) -> list[Any]:
        """The answers of some searches in one request. Raises what `call` raises, for whichever
        failed first."""
        if len(bodies) == 1:
            return [self.call("POST", "/_search", bodies[0], patience=patience, **params)]
        head = orjson.dumps(params)
        lines = b"".join(b"%b\n%b\n" % (head, orjson.dumps(body)) for body in bodies)
        answers = self.call("POST", "/_msearch", lines, patience=patience)["responses"]
        for answer in answers:
            if problem := answer.get("error"):
                error = TransportError(answer["status"], problem["type"], {"error": problem})
                raise _ours(error, self._access)
        return list(answers)

    def _send(
        self, method: str, path: str, body: Any, params: Mapping[str, Any], patience: Patience
    ) -> Any:
        deadline = time.monotonic() + patience.total_seconds
        longest = FIRST_WAIT_SECONDS
        while True:
            try:
                return self._once(method, path, body, params, patience)
            except SerializationError as error:
                raise _foreign() from error
            except TransportError as error:
                if not _passes(error):
                    raise _ours(error, self._access) from error
                wait = random.uniform(0, longest)  # noqa: S311 - no secret hangs on it
                if time.monotonic() + wait > deadline:
                    raise _ours(error, self._access) from error
            time.sleep(wait)
            longest = min(2 * longest, MAX_WAIT_SECONDS)

    def _once(
        self, method: str, path: str, body: Any, params: Mapping[str, Any], patience: Patience
    ) -> Any:
        headers = {"content-type": "application/json"}
        if isinstance(body, bytes):
            packed = {"content-encoding": "gzip"} if body.startswith(GZIP) else {}
            headers = {"content-type": "application/x-ndjson", **packed}
        return self._transport.perform_request(
            method,
            path,
            params={name: _written(value) for name, value in params.items()},
            body=body,
            headers=headers,
            # The library passes it to urllib3, which accepts a Timeout as well as a number.
            timeout=Timeout(connect=3, read=patience.answer_seconds),  # type: ignore[arg-type]
        )


class _Json(JSONSerializer):
    """The client's serializer with orjson, which is faster."""

    def dumps(self, data: Any) -> Any:
        return data if isinstance(data, bytes | str) else orjson.dumps(data)

    def loads(self, s: str) -> Any:
        return orjson.loads(s)


def _transport(access: ClusterAccess) -> Transport:
    try:
        trusted = ssl.create_default_context(cafile=access.ca)
        return Transport(
            _normalize_hosts(list(access.hosts)),
            serializer=_Json(),
            max_retries=0,
            retry_on_status=RETRIED_STATUSES,
            retry_on_timeout=True,
            dead_timeout=1,
            timeout_cutoff=3,
            pool_maxsize=CONNECTIONS_PER_HOST,
            ssl_context=trusted,
            http_auth=(access.user, access.password or "") if access.user else None,
        )
    except OSError as error:
        raise ClusterRefused(
            "无法用 opensearch_ca 里的证书。", hint="请检查这个文件是否存在、是否为 PEM 格式。"
        ) from error


def _written(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else value


def _passes(error: TransportError) -> bool:
    """Whether the same request may succeed later, or on another host."""
    if isinstance(error, SSLError):
        return False
    return isinstance(error, NoConnection) or error.status_code in RETRIED_STATUSES


def _ours(error: TransportError, access: ClusterAccess) -> Exception:
    status = error.status_code
    if status == 404:
        return NotFound(error.error)
    if status == 409 or error.error == "resource_already_exists_exception":
        return Conflict(error.error)
    if isinstance(error, SSLError) or status in (401, 403):
        return ClusterRefused(
            "搜索集群不接受我们的身份或证书。",
            hint="请检查设置 opensearch_user、opensearch_password 和 opensearch_ca。",
        )
    if status == 503 and error.error in SHARDS_MISSING:
        return AnswerPartial(
            "索引有一部分现在读不到，这次没有回答。",
            hint="请稍后再试；若一直如此，请运行 yuansou index status 查看集群状态。",
        )
    if _passes(error):
        return ClusterAway(
            f"搜索集群（{'、'.join(access.hosts)}）暂时无法应答。",
            hint="请稍后再试；若一直如此，请查看集群状态和设置 opensearch_hosts。",
        )
    lasts = isinstance(status, int) and status < 500
    return ClusterFault(f"搜索集群没有接受一个请求（{status}，{_reason(error)}）。", lasts=lasts)


def _reason(error: TransportError) -> str:
    try:
        return str(error.info["error"]["root_cause"][0]["reason"])  # type: ignore[index]
    except (KeyError, IndexError, TypeError):
        return error.error


def _foreign() -> ClusterForeign:
    return ClusterForeign(
        "opensearch_hosts 里的不是 OpenSearch。", hint="请填 OpenSearch 集群的地址。"
    )


def _checked(banner: Any) -> tuple[int, ...]:
    described = banner.get("version") if isinstance(banner, dict) else None
    if not isinstance(described, dict) or described.get("distribution") != "opensearch":
        raise _foreign()
    number = str(described["number"])
    version = tuple(int(part) for part in number.split("-", maxsplit=1)[0].split("."))
    if version < OLDEST_VERSION:
        raise ClusterForeign(
            f"OpenSearch {number} 太旧。",
            hint=f"请升级到 {'.'.join(map(str, OLDEST_VERSION))} 或更新的版本。",
        )
    return version
