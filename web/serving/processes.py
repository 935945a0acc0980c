"""Runs several server processes on one socket, since one Python process computes on one core.

A preloading process (preloading.py) opens the published generation and forks those that answer.
When another generation is published, another preloading process opens that one, once for all,
while the old processes go on answering. When the new ones answer, the old ones take no more
connections and end.
"""

import logging
import multiprocessing
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import connection
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from web.serving.preloading import RESTART_DELAY_SECONDS, SHUTDOWN_SECONDS, Load, end, preload

LOOK_SECONDS = 0.5
"""Between two looks whether another generation is published."""
ENDING_SECONDS = SHUTDOWN_SECONDS + 1.0
"""A preloading process ends when those that it forked have ended."""

log = logging.getLogger(__name__)


class _Family:
    """A preloading process with those it forked. `published`: what was in force before it began to
    open; `answers`: whether it has said that it does."""

    def __init__(self, published: str, process: BaseProcess, orders: Connection) -> None:
        self.published = published
        self.process = process
        self.orders = orders
        self.answers = False

    def problem(self) -> str | None:
        """What it has said, if anything: an empty string if all is well."""
        try:
            return str(self.orders.recv()) if self.orders.poll() else None
        except EOFError:
            return None  # its process has ended


def serve_in(load: Load, count: int, listener: socket.socket, published: Callable[[], str]) -> None:
    """Serve in `count` processes until interrupted, over what is published.

    `published`: the name of the generation in force; empty if there is none.
    """
    site = _Site(load, count, listener, published)
    try:
        while True:
            site.look()
    finally:
        end([family.process for family in site.families], ENDING_SECONDS)


class _Site:
    """All processes. `families`: those that end, the one that answers, the one that is starting."""

    def __init__(
        self, load: Load, count: int, listener: socket.socket, published: Callable[[], str]
    ) -> None:
        self._what = load, count, listener
        self._spawn = multiprocessing.get_context("spawn")  # this process may have threads
        self._published = published
        self._answering: _Family | None = None
        self._starting: _Family | None = None
        self._failed: str | None = None
        """The generation that could not be opened, which is not tried again."""
        self.families: list[_Family] = []

    def look(self) -> None:
        """Start what is missing, then wait for something to happen."""
        published = self._published()
        answering = self._answering
        if self._starting is None and (answering is None or self._is_newer(published, answering)):
            self._start(published)
        living = [family.process.sentinel for family in self.families]
        said = [self._starting.orders] if self._starting else []
        connection.wait([*living, *said], LOOK_SECONDS)
        if self._starting:
            self._hear(self._starting)
        if not all(family.process.is_alive() for family in self.families):
            self._forget_ended()

    def _is_newer(self, published: str, answering: _Family) -> bool:
        return published not in ("", answering.published, self._failed)

    def _start(self, published: str) -> None:
        ours, theirs = self._spawn.Pipe()
        process = self._spawn.Process(
            target=preload,
            args=(*self._what, theirs),
            kwargs={"first": self._answering is None},
            name="preload",
        )
        process.start()
        theirs.close()
        self._starting = _Family(published, process, ours)
        self.families.append(self._starting)

    def _hear(self, starting: _Family) -> None:
        problem = starting.problem()
        if problem is None:
            return
        self._starting = None
        if problem:
            log.warning(f"仍用原来的版本回答：{problem}" if self._answering else problem)
        if problem and self._answering:
            self._failed = starting.published
            return
        if self._answering:
            with suppress(OSError):  # it may have ended by itself
                self._answering.orders.send("retire")
        self._answering, self._failed = starting, None

    def _forget_ended(self) -> None:
        ended = [family for family in self.families if not family.process.is_alive()]
        self.families = [family for family in self.families if family not in ended]
        early = [one for one in (self._answering, self._starting) if one in ended]
        if self._answering in ended:
            self._answering = None
        if self._starting in ended:
            self._starting = None
        if early:
            time.sleep(RESTART_DELAY_SECONDS)
