"""Connections of the server: how many there may be, and how long each may take for what.

A client that is slow, silent or greedy costs itself its connection, and nobody else theirs.
"""

import errno
import os
import resource
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from waitress.channel import ClientDisconnected, HTTPChannel
from waitress.server import TcpWSGIServer

from index.errors import ServerBusy
from web.answers import ErrorDetail, ErrorJson, encode
from web.http.admission import Ticket
from web.http.security import HEADERS

MAX_CONNECTIONS = 1_000
"""Open connections of a process. The server looks at each of them whenever anything happens."""
RESERVED_FILES = 128
"""Descriptors kept for the index and the program itself."""
REQUEST_SECONDS = 20.0
"""From the first byte of a request to its last."""
IDLE_SECONDS = 60.0
"""Between two requests, and before the first."""
TAKING_SECONDS = 120.0
"""For taking an answer that is ready."""
CHECK_SECONDS = 1
RESTING_SECONDS = 2.0
"""A client that has sent nothing for so long is not about to: its connection may be closed when the
process ends."""
CLOSING_ROOM = 64
"""Connections above the limit while others are being closed for them."""
_NO_FILES = (errno.EMFILE, errno.ENFILE)
_BODY = encode(ErrorJson(ErrorDetail(ServerBusy.code, "现在请求太多。", None, None, None)))
RETRY_SECONDS = 10
REFUSAL = (
    "\r\n".join(
        [
            "HTTP/1.1 503 Service Unavailable",
            "Connection: close",
            f"Content-Length: {len(_BODY)}",
            "Content-Type: application/json",
            "Cache-Control: no-store",
            f"Retry-After: {RETRY_SECONDS}",
            *(f"{name}: {value}" for name, value in HEADERS.items()),
            "\r\n",
        ]
    ).encode()
    + _BODY
)
"""The whole answer to whom not even a page can be made for."""


class Connection(HTTPChannel):
    """One connection. `since`: when its client began what it is doing now: to send a request, to
    take an answer, or nothing."""

    ticket = Ticket("", 0.0)
    since = 0.0
    _idle_since = 0.0
    """What `since` was before what arrives now."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        self.since = time.monotonic()
        super().__init__(*arguments, **named)

    def received(self, data: bytes) -> bool:
        if self.request is None and not self.requests:
            self._idle_since, self.since = self.since, time.monotonic()
        began = self.since
        read = bool(super().received(data))
        # Empty lines are no request. An answer that is already given has set `since` itself.
        if self.request is None and not self.requests and self.since == began:
            self.since = self._idle_since
        return read

    def service(self) -> None:
        super().service()
        self.since = time.monotonic()

    def refuse(self) -> None:
        """Called with `requests_lock` held, or by the only thread that has the request."""
        with suppress(ClientDisconnected):
            self.write_soon(REFUSAL)
        for request in self.requests:
            request.close()
        self.requests = []
        self.close_when_flushed = True

    @property
    def is_waited_for(self) -> bool:
        """Whether it is the client's turn to do something."""
        return not self.requests and not self.will_close

    def is_resting(self, now: float) -> bool:
        """Whether neither side has anything under way, and has not had for a while."""
        idle = self.is_waited_for and self.request is None and not self.total_outbufs_len
        return idle and now - self.since > RESTING_SECONDS

    def is_overdue(self, now: float) -> bool:
        if not self.is_waited_for:
            return False
        if self.total_outbufs_len:
            return now - self.since > TAKING_SECONDS
        return now - self.since > (IDLE_SECONDS if self.request is None else REQUEST_SECONDS)


class BoundedServer(TcpWSGIServer):
    """Takes connections up to a limit. Beyond it the client that has done nothing for longest makes
    room; where none does, the new one is refused at once."""

    channel_class = Connection
    max_connections = MAX_CONNECTIONS
    watched: Any = None
    """By descriptor, what waitress looks at: the map that it was started with."""
    refused = 0
    """Connections, since the start."""
    ending: Callable[[], bool] = staticmethod(lambda: False)
    """Whether to take no more connections and to end with the last. Each answer is then the last
    of its connection."""
    each_second: Callable[[], None] = staticmethod(lambda: None)
    _spare = -1

    def accept_connections(self) -> None:
        self._spare = os.open(os.devnull, os.O_RDONLY)
        super().accept_connections()

    def handle_accept(self) -> None:
        try:
            accepted = self.accept()
        except OSError as error:
            if error.errno in _NO_FILES:
                self._refuse_without_descriptor()
            return
        if accepted is None:
            return
        connection, address = accepted
        if not self._has_room():
            self._refuse(connection)
            return
        try:
            self.set_socket_options(connection)
        except OSError:  # its client has closed it meanwhile
            connection.close()
            return
        self.channel_class(self, connection, self.fix_addr(address), self.adj, map=self.watched)

    @property
    def connections(self) -> list[Connection]:
        found: Any = self.active_channels  # a dictionary, whatever the stubs say
        return list(found.values())

    def maintenance(self, now: float) -> None:
        moment = time.monotonic()
        for channel in self.connections:
            if channel.is_overdue(moment):
                channel.will_close = True
        self.each_second()
        if self.ending():
            self._end_slowly(moment)

    def _end_slowly(self, now: float) -> None:
        self.accepting = False
        connections = self.connections
        if not connections:
            raise KeyboardInterrupt  # as waitress ends its loop
        for channel in connections:
            if channel.is_resting(now):
                channel.will_close = True

    def _has_room(self) -> bool:
        connections = self.connections
        count = len(connections)
        if count < self.max_connections:
            return True
        waited_for = [each for each in connections if each.is_waited_for]
        if waited_for:
            min(waited_for, key=lambda each: each.since).will_close = True
        return bool(waited_for) and count < self.max_connections + CLOSING_ROOM

    def _refuse_without_descriptor(self) -> None:
        """No descriptor is left: one is kept to take connections and refuse them, since they would
        wait for ever otherwise, and keep this thread busy."""
        os.close(self._spare)
        try:
            with suppress(OSError):
                assert self.socket is not None
                connection, _ = self.socket.accept()
                self._refuse(connection)
        finally:
            with suppress(OSError):
                self._spare = os.open(os.devnull, os.O_RDONLY)

    def _refuse(self, connection: socket.socket) -> None:
        self.refused += 1
        with suppress(OSError):
            connection.setblocking(False)
            connection.send(REFUSAL)
        connection.close()


def connection_limit() -> int:
    """How many connections this process has descriptors for, at most `MAX_CONNECTIONS`. Raises the
    limit of descriptors where the system allows it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MAX_CONNECTIONS + CLOSING_ROOM + RESERVED_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        more = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, more), hard))
        soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    if soft == resource.RLIM_INFINITY:
        return MAX_CONNECTIONS
    return max(8, min(MAX_CONNECTIONS, soft - CLOSING_ROOM - RESERVED_FILES))
