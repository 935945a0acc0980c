"""robots.txt (RFC 9309): what a host allows, and how far apart it wants its requests.

Only this module knows protego, an extra.
"""

import re
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

from index.fetching.connecting.errors import FetchError, status_in_words
from index.fetching.connecting.http_client import Client, Request
from index.messages import msg

NAME = "Yuansou"
"""As which rules name us."""
MAX_CHARACTERS = 500_000
"""Of a robots.txt that are read; the RFC asks for 500 KiB at least."""
MAX_DELAY = 10.0
"""Seconds of a Crawl-delay that are kept."""
_AGENT = re.compile(r"user[- ]?agent(?=[ :]|$)[ :]*(?P<name>[^#]*)")


@dataclass(slots=True)
class Robots:
    """The rules of every host, each read once. `known`: rules that were read before, by origin.
    For many threads at once."""

    client: Client
    known: Mapping[str, str] = field(default_factory=dict)
    pause: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    fresh: dict[str, str] = field(default_factory=dict)
    """What was read here, by origin."""
    _failed: dict[str, FetchError] = field(default_factory=dict)
    _locks: dict[str, Lock] = field(default_factory=dict)
    _next: dict[str, float] = field(default_factory=dict)
    """When the next request may be made, by origin."""
    _lock: Lock = field(default_factory=Lock)

    def permit(self, url: str, private_hosts: frozenset[str]) -> None:
        """Wait until an address may be asked for. Raises FetchError if it may not."""
        origin = origin_of(url)
        rules = _rules(self._text(origin, private_hosts))
        if not rules.can_fetch(url, NAME):
            raise FetchError(msg("robots.txt 不许抓取"), lasting=True)
        self._wait(origin, min(float(rules.crawl_delay(NAME) or 0), MAX_DELAY))

    def _text(self, origin: str, private_hosts: frozenset[str]) -> str:
        with self._lock:
            lock = self._locks.setdefault(origin, Lock())
        with lock:
            if origin in self._failed:
                raise self._failed[origin]
            found = self.fresh.get(origin, self.known.get(origin))
            if found is None:
                try:
                    found = self._read(origin, private_hosts)
                except FetchError as problem:
                    self._failed[origin] = problem
                    raise
                self.fresh[origin] = found
            return found

    def _read(self, origin: str, private_hosts: frozenset[str]) -> str:
        """4xx allows everything; what is not there now, or an error of the server, nothing."""
        request = Request(f"{origin}/robots.txt", private_hosts=private_hosts, accept="text/plain")
        try:
            response = self.client.fetch(request)
        except FetchError as problem:
            if problem.lasting:
                raise
            raise FetchError(msg("robots.txt 读不到"), str(problem)) from problem
        if not response.whole:
            raise FetchError(msg("robots.txt 读不到"), msg("内容没有传完"))
        if response.status == 200:
            return response.body.decode("utf-8-sig", "replace")[:MAX_CHARACTERS]
        if 400 <= response.status < 500 and response.status != 429:
            return ""
        raise FetchError(msg("robots.txt 读不到"), status_in_words(response.status))

    def _wait(self, origin: str, delay: float) -> None:
        with self._lock:
            now = self.clock()
            turn = max(now, self._next.get(origin, now))
            self._next[origin] = turn + delay
        if turn > now:
            self.pause(turn - now)


def origin_of(url: str) -> str:
    """Scheme, host and port, without which rules count for others."""
    with suppress(ValueError):
        parts = urlsplit(url)
        return f"{parts.scheme}://{parts.netloc}"
    raise FetchError(msg("网址写错了"), lasting=True)


@lru_cache(maxsize=64)
def _rules(text: str) -> Any:
    from protego import Protego  # noqa: PLC0415 - an extra

    return Protego.parse("\n".join(map(_without_others, text.splitlines())))


def _without_others(line: str) -> str:
    """A line in which all robots that are not us have one name: protego keeps a rule for each name
    that it is for, so that 4,000 names and 2,000 rules in 70 KB would take 700 MB."""
    found = _AGENT.match(" ".join(line.split()).lower())
    if found is None or not found["name"].strip():
        return line
    name = found["name"].replace("*", "").strip()
    return f"User-agent: {name if name == NAME.lower() else 'other' if name else '*'}"
