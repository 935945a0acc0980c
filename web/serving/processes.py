"""Runs several server processes on one socket, since one Python process computes on one core.

A preloading process (preloading.py) opens the published generation and forks those that answer.
The first is forked from this process while that has no threads, so that the first answer need not
wait for another Python to start; later ones are started anew, as this one has threads by then.
When another generation is published, another preloading process opens that one, once for all,
while the old processes go on answering. When the new ones answer, the old ones take no more
connections and end.
"""

import logging
import multiprocessing
import socket
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from functools import partial
from multiprocessing import connection
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, Literal

from web.serving.preloading import (
    MADE,
    RESTART_DELAY_SECONDS,
    SHUTDOWN_SECONDS,
    Load,
    end,
    preload,
    signals_wait,
)

LOOK_SECONDS = 0.5
"""Between two looks whether another generation is published."""
ENDING_SECONDS = SHUTDOWN_SECONDS + 1.0
"""A preloading process ends when those that it forked have ended."""

log = logging.getLogger(__name__)


class _Family:
    """A preloading process with those it forked. `published`: what was in force before it began to
    open."""

    def __init__(self, published: str, process: BaseProcess, orders: Connection) -> None:
        self.published = published
        self.process = process
        self.orders = orders

    def made(self) -> None:
        """Wait until its application is made, or until it has ended. Raises what prevents it."""
        said = self._received() if self.orders in self._heard() else MADE
        if isinstance(said, Exception):
            raise said

    def problem(self) -> str | None:
        """What is wrong now that it answers: an empty string if all is well. None while it has not
        said anything of it."""
        said = self._received() if self.orders.poll() else MADE
        return said if said is MADE else str(said)

    def _heard(self) -> list[object]:
        return list(connection.wait([self.orders, self.process.sentinel]))

    def _received(self) -> object:
        try:
            return self.orders.recv()
        except (EOFError, ConnectionResetError):
            return MADE  # its process has ended


def serve_in(
    load: Load,
    count: int,
    listener: socket.socket,
    published: Callable[[], str],
    beside: AbstractContextManager[None],
) -> None:
    """Serve in `count` processes until interrupted, over what is published. Call this while the
    process has no other threads. Raises what prevents the application from being made.

    `published`: the name of the generation in force; empty if there is none. `beside`: entered when
    the application is made, left when the last process has ended; it may start threads.
    """
    site = _Site(load, count, listener, published)
    try:
        site.open()
    except BaseException:
        site.end()
        raise
    with beside:
        try:
            while True:
                site.look()
        finally:
            site.end()


def _preload_forked(ours: Connection, *arguments: Any, **named: Any) -> None:
    """With a copy of our end of its orders, a process would not hear that we are gone."""
    ours.close()
    preload(*arguments, **named)


class _Site:
    """All processes. `families`: those that end, the one that answers, the one that is starting."""

    def __init__(
        self, load: Load, count: int, listener: socket.socket, published: Callable[[], str]
    ) -> None:
        self._what = load, count, listener
        self._published = published
        self._answering: _Family | None = None
        self._starting: _Family | None = None
        self._failed: str | None = None
        """The generation that could not be opened, which is not tried again."""
        self.families: list[_Family] = []

    def open(self) -> None:
        """Start the first processes. Raises what prevents their application from being made."""
        self._start(self._published(), "fork")
        self.families[0].made()

    def end(self) -> None:
        end([family.process for family in self.families], ENDING_SECONDS)

    def look(self) -> None:
        """Start what is missing, then wait for something to happen."""
        published = self._published()
        answering = self._answering
        if self._starting is None and (answering is None or self._is_newer(published, answering)):
            self._start(published, "spawn")
        living = [family.process.sentinel for family in self.families]
        said = [self._starting.orders] if self._starting else []
        connection.wait([*living, *said], LOOK_SECONDS)
        if self._starting:
            self._hear(self._starting)
        if not all(family.process.is_alive() for family in self.families):
            self._forget_ended()

    def _is_newer(self, published: str, answering: _Family) -> bool:
        return published not in ("", answering.published, self._failed)

    def _start(self, published: str, how: Literal["fork", "spawn"]) -> None:
        context = multiprocessing.get_context(how)
        ours, theirs = context.Pipe()
        process = context.Process(  # type: ignore[attr-defined]
            target=preload if how == "spawn" else partial(_preload_forked, ours),
            args=(*self._what, theirs),
            kwargs={"first": self._answering is None},
            name="preload",
        )
        with signals_wait():
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
            log.warning(f"{'仍用原来的版本回答' if self._answering else '注意'}：{problem}")
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
