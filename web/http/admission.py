"""Lets requests in, or refuses them at once: where the server has too many, and where one client
has."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b
from ipaddress import IPv6Address, ip_address
from math import ceil
from secrets import token_bytes
from struct import Struct

from flask import Flask, request

from index.errors import ServerBusy, TooManyRequests
from index.messages import msg
from index.settings import Settings
from web.shared_memory import SharedMemory

TICKET = "yuansou.ticket"
"""The key of the WSGI environment under which the server leaves a `Ticket`."""
DEFAULT_RATE = 20.0
"""Requests a second of one client, where `rate_limit` says nothing."""
BURST_SECONDS = 4
"""A client may save up what it did not ask for this long."""
SETS, PLACES = 4_096, 8
"""Sets of places, each for one client: half a megabyte in all."""
_PLACE, _HASHES = Struct("=Qd"), Struct("=IQ")
"""A client's hash and when its bucket is full; which set it is in, and its hash."""
SET_BYTES = PLACES * _PLACE.size
ROUNDING = 1e-6
"""Of a token."""
UNCOUNTED = frozenset(("static", "monitoring.health", "monitoring.ready", "monitoring.metrics"))
"""Endpoints that cost next to nothing, and that monitors must always reach."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """How a request came in: by which lane of the server, after waiting how many seconds.
    `refused`: it is not to be answered, since as many wait as may."""

    lane: str
    waited: float
    refused: bool = False


class TokenBuckets:
    """A bucket for each client that fills at `rate` tokens a second, for all threads and processes
    of a server. Can be given to a process that is started.

    What is kept of a client is when its bucket will be full. One that is full need not be kept; of
    more clients than find room, those are forgotten whose bucket is full soonest.
    """

    def __init__(self, rate: float, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock`: the same in all processes."""
        self._rate, self._clock = rate, clock
        self._size = max(1.0, rate * BURST_SECONDS)
        self._places = SharedMemory(SETS * SET_BYTES)
        self._secret = token_bytes(16)
        """So that nobody can choose addresses that share a set."""

    def take(self, client: str) -> float:
        """0 if the client may ask now; else the seconds until it may."""
        digest = blake2b(client.encode("utf-8", "replace"), digest_size=12, key=self._secret)
        number, key = _HASHES.unpack(digest.digest())
        number %= SETS
        with self._places.locked(number):
            return self._take(number * SET_BYTES, key)

    def _take(self, start: int, key: int) -> float:
        now, memory = self._clock(), self._places.bytes
        places = list(_PLACE.iter_unpack(memory[start : start + SET_BYTES]))
        found = next((at for at, place in enumerate(places) if place[0] == key), None)
        at = min(range(PLACES), key=lambda at: places[at][1]) if found is None else found
        full = now if found is None else max(now, places[at][1])
        tokens = self._size - (full - now) * self._rate
        if tokens < 1 - ROUNDING:
            return (1 - tokens) / self._rate
        _PLACE.pack_into(memory, start + at * _PLACE.size, key, full + 1 / self._rate)
        return 0.0


def buckets_for(settings: Settings) -> TokenBuckets | None:
    """None where clients have no limit."""
    rate = DEFAULT_RATE if settings.rate_limit is None else settings.rate_limit
    return TokenBuckets(rate) if rate else None


def init_app(app: Flask, settings: Settings, buckets: TokenBuckets | None) -> None:
    app.before_request(_refuse_what_cannot_wait)
    if buckets is not None:
        app.before_request(_limiting(buckets, spare_loopback=settings.rate_limit is None))


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


def _limiting(buckets: TokenBuckets, *, spare_loopback: bool) -> Callable[[], None]:
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
