"""The lock of writers: a document with leases. Updates share it, a rebuild does not.

Versions of articles decide which one stays, so updates need not wait for each other. But a rebuild
would publish an index without what an update wrote in the meantime. The lease of a killed process
ends after LEASE_SECONDS. The clocks of machines must agree within that time.
"""

import os
import secrets
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from index.engines.opensearch.catalog import Catalog
from index.engines.opensearch.client import Conflict, NotFound
from index.errors import EngineUnavailable, IndexLocked

LEASE_SECONDS, RENEWAL_SECONDS = 30.0, 8.0
"""When a lease ends, and when its holder renews it."""
LOCK_RETRY_SECONDS = 0.2
"""Between two tries to get the lock."""
LOCK_DOCUMENT = "lock"

Holders = dict[str, dict[str, Any]]
"""By lease: its process, its end (epoch seconds), and whether it is shared."""


class Lease:
    """A lease of this process. `lost` if it could not be renewed in time."""

    def __init__(self, catalog: Catalog, *, shared: bool) -> None:
        self.id = secrets.token_hex(8)
        self._catalog = catalog
        self._shared = shared
        self._until = 0.0
        self._stop = threading.Event()

    @property
    def lost(self) -> bool:
        return time.time() > self._until

    @contextmanager
    def held(self, wait: float) -> Iterator["Lease"]:
        """Waits up to `wait` seconds; IndexLocked then names the holder."""
        deadline = time.monotonic() + wait
        while other := self._take():
            if time.monotonic() >= deadline:
                raise IndexLocked(
                    f"另一个进程正在写入索引（{other}）。",
                    hint="请等它结束后再试，或加上 --wait 秒数。",
                )
            time.sleep(LOCK_RETRY_SECONDS)
        renewer = threading.Thread(target=self._renew, name="lease", daemon=True)
        renewer.start()
        try:
            yield self
        finally:
            self._stop.set()
            renewer.join()
            self._give_back()

    def _take(self) -> str:
        """Take or renew the lease. Returns the process that prevents it, or an empty string."""
        holders, version = read_leases(self._catalog)
        others = [holder for lease, holder in holders.items() if lease != self.id]
        if not self._shared and others:
            return str(others[0]["who"])
        for holder in others:
            if not holder["shared"]:
                return str(holder["who"])
        until = time.time() + LEASE_SECONDS
        mine = {"who": _who(), "until": until, "shared": self._shared}
        if not _write(self._catalog, {**holders, self.id: mine}, version):
            return "刚刚开始的一个进程"
        self._until = until
        return ""

    def _renew(self) -> None:
        while not self._stop.wait(RENEWAL_SECONDS):
            try:
                while self._take() and not self._stop.wait(LOCK_RETRY_SECONDS):
                    pass
            except EngineUnavailable:
                continue  # tried again until the lease is lost

    def _give_back(self) -> None:
        try:
            written = False
            while not written:
                holders, version = read_leases(self._catalog)
                holders.pop(self.id, None)
                written = _write(self._catalog, holders, version)
        except EngineUnavailable:
            return  # the lease ends by itself


def read_leases(catalog: Catalog) -> tuple[Holders, dict[str, int]]:
    """Leases that have not ended, and the version that a replacement must name."""
    try:
        found = catalog.document(LOCK_DOCUMENT)
    except NotFound:
        return {}, {}
    holders: Holders = found["_source"]["holders"]
    now = time.time()
    version = {"if_seq_no": found["_seq_no"], "if_primary_term": found["_primary_term"]}
    return {k: v for k, v in holders.items() if v["until"] > now}, version


def _write(catalog: Catalog, holders: Holders, version: dict[str, int]) -> bool:
    params: dict[str, Any] = version or {"op_type": "create"}
    try:
        catalog.write(LOCK_DOCUMENT, {"holders": holders}, **params)
    except Conflict:
        return False  # perhaps our own first try; then the next one sees it
    return True


def _who() -> str:
    return f"{socket.gethostname()} 上的进程 {os.getpid()}"
