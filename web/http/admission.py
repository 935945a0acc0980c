"""Lets requests in, or refuses them at once: where the server has too many, and where one client
has."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from math import ceil
from threading import Lock

from flask import Flask, request

from index.errors import ServerBusy, TooManyRequests
from index.messages import msg
from index.settings import Settings

TICKET = "yuansou.ticket"
"""The key of the WSGI environment under which the server leaves a `Ticket`."""
DEFAULT_RATE = 20.0
"""Requests a second of one client, where `rate_limit` says nothing."""
BURST_SECONDS = 4
"""A client may save up what it did not ask for this long."""
MAX_CLIENTS = 20_000
"""Clients whose requests are counted; of more, those that asked longest ago are forgotten."""
UNCOUNTED = frozenset(("static", "monitoring.health", "monitoring.ready", "monitoring.metrics"))
"""Endpoints that cost next to nothing, and that monitors must always reach."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """How a request came in: by which lane of the server, after waiting how many seconds.
    `refused`: it is not to be answered, since as many wait as may."""

    lane: str
    waited: float
    refused: bool = False


@dataclass(slots=True)
class _Bucket:
    tokens: float
    filled: float


class TokenBuckets:
    """A bucket for each client that fills at `rate` tokens a second. Threads may share it."""

    def __init__(self, rate: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._clock = rate, clock
        self._size = max(1.0, rate * BURST_SECONDS)
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()
        self._lock = Lock()

    def take(self, client: str) -> float:
        """0 if the client may ask now; else the seconds until it may."""
        now = self._clock()
        with self._lock:
            bucket = self._buckets.setdefault(client, _Bucket(self._size, now))
            self._buckets.move_to_end(client)
            while len(self._buckets) > MAX_CLIENTS:
                self._buckets.popitem(last=False)
            saved = bucket.tokens + (now - bucket.filled) * self._rate
            bucket.tokens, bucket.filled = min(self._size, saved), now
            if bucket.tokens < 1:
                return (1 - bucket.tokens) / self._rate
            bucket.tokens -= 1
            return 0.0


def init_app(app: Flask, settings: Settings) -> None:
    app.before_request(_refuse_what_cannot_wait)
    rate = DEFAULT_RATE if settings.rate_limit is None else settings.rate_limit
    if rate:
        app.before_request(_limiting(rate, spare_loopback=settings.rate_limit is None))


def ticket() -> Ticket | None:
    """How the current request came in; None where another server runs the application."""
    found: Ticket | None = request.environ.get(TICKET)
    return found


def _refuse_what_cannot_wait() -> None:
    held = ticket()
    if held is not None and held.refused:
        raise ServerBusy(
            msg("现在请求太多，来不及回答。"), hint=msg("请稍等片刻再试，或缩短查询。")
        )


def _limiting(rate: float, *, spare_loopback: bool) -> Callable[[], None]:
    buckets = TokenBuckets(rate)

    def limit() -> None:
        client = client_of(request.remote_addr or "")
        if request.endpoint in UNCOUNTED or (spare_loopback and _is_loopback(client)):
            return
        wait = buckets.take(client)
        if wait:
            raise TooManyRequests(
                msg("您的请求太频繁。"), wait=ceil(wait), hint=msg("请稍等片刻再试。")
            )

    return limit


def client_of(address: str) -> str:
    """What is counted as one client: an IPv4 address, or the /64 network of an IPv6 address, which
    is what a household gets."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        if not parsed.is_loopback:
            return str(IPv6Address(int(parsed) >> 64 << 64))
    return str(parsed)


def _is_loopback(client: str) -> bool:
    try:
        return ip_address(client).is_loopback
    except ValueError:
        return False
