"""Serves the application with waitress, a server in pure Python."""

import re
import socket
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import unquote, urlsplit

from flask import Flask
from waitress.adjustments import Adjustments
from waitress.parser import HTTPRequestParser
from waitress.task import ErrorTask, WSGITask

from index.settings import Settings
from web.http.admission import TICKET
from web.http.security import HEADERS
from web.http.site import app_settings
from web.serving.connections import CHECK_SECONDS, BoundedServer, Connection, connection_limit
from web.serving.lanes import Lane, LaneDispatcher, lane_of
from web.serving.process_tuning import switch_quickly
from web.serving.server_state import ServerState, each_second

MAX_BODY_BYTES = 65_536
"""No address takes a body."""
_NOT_ASCII = re.compile(rb"[\x80-\xff]")


class _Parser(HTTPRequestParser):
    """Accepts addresses that are not percent-encoded: `curl '…/search?q=元宇宙'`."""

    def parse_header(self, header_plus: bytes) -> None:
        line, border, rest = header_plus.partition(b"\r\n")
        escaped = _NOT_ASCII.sub(lambda match: b"%%%02X" % match.group()[0], line)
        super().parse_header(escaped + border + rest)


class _Task(WSGITask):
    def get_environment(self) -> dict[str, Any]:
        environment: dict[str, Any] = super().get_environment()
        channel: Any = self.channel
        environment[TICKET] = channel.ticket
        return environment

    def build_response_header(self) -> bytes:
        channel: Any = self.channel
        if channel.server.ending():
            super().set_close_on_finish()
        header: bytes = super().build_response_header()
        return header

    def set_close_on_finish(self) -> None:
        # waitress closes where no length tells the end of an answer. A 304 has no body to end.
        request: Any = self.request
        asked = request.headers.get("CONNECTION", "").lower() == "close"
        if self.has_body or asked or self.version != "1.1":
            super().set_close_on_finish()


class _ErrorTask(ErrorTask):
    def execute(self) -> None:
        self.response_headers = [*self.response_headers, *HEADERS.items()]
        super().execute()


class _Connection(Connection):
    parser_class = _Parser
    task_class = _Task
    error_task_class = _ErrorTask


class _Server(BoundedServer):
    channel_class = _Connection


def serve(app: Flask, listener: socket.socket, ending: Callable[[], bool] = lambda: False) -> None:
    """Serve a bound socket until interrupted, or until no connection is left after `ending`."""
    switch_quickly()
    mount = _mount(app_settings(app))
    dispatcher: Any = LaneDispatcher(lambda channel: _lane(channel, mount))
    watched: Any = {}
    server = _Server(
        app,
        map=watched,
        _sock=listener,
        dispatcher=dispatcher,
        adj=Adjustments(
            asyncore_use_poll=True,  # select() is limited to 1,024 files
            ident=None,
            clear_untrusted_proxy_headers=False,
            cleanup_interval=CHECK_SECONDS,
            max_request_body_size=MAX_BODY_BYTES,
            # waitress would let new clients wait in the dark; BoundedServer has a limit of its own.
            connection_limit=2**31,
        ),
        sockinfo=(listener.family, listener.type, listener.proto, listener.getsockname()),
        bind_socket=False,
    )
    server.max_connections, server.watched = connection_limit(), watched
    server.ending = ending
    state = ServerState(dispatcher.state, lambda: len(server.connections), lambda: server.refused)
    state.attach(app)
    server.each_second = partial(each_second, app)
    server.run()


def _mount(settings: Settings) -> str:
    return unquote(urlsplit(settings.public_url or "").path).rstrip("/")


def _lane(channel: Any, mount: str) -> Lane:
    request = channel.requests[0]
    if request.error:
        return "quick"
    path = request.path
    if mount and path.startswith(f"{mount}/"):
        path = path.removeprefix(mount)
    return lane_of("/" + path.lstrip("/"), request.query)
