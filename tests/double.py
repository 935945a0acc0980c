"""A double of a cluster: an HTTP server that says what a test told it to, and is no search engine.

With `target` it is a proxy in front of a real node, which may ask for TLS and a password.
"""

import base64
import gzip
import json
import socket
import ssl
import struct
import threading
import time
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

OPENSEARCH = {"version": {"distribution": "opensearch", "number": "2.19.5"}}


@dataclass(frozen=True)
class Reply:
    """What is answered after `delay` seconds; `reset` breaks the connection instead."""

    status: int = 200
    body: Any = field(default_factory=dict)
    delay: float = 0.0
    reset: bool = False


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    body: bytes


@dataclass
class Double:
    """`banner` is said at `/`; to anything else the replies in turn, the last one for ever."""

    replies: deque[Reply]
    banner: Reply = field(default_factory=lambda: Reply(body=OPENSEARCH))
    target: str = ""
    login: tuple[str, str] | None = None
    asked: list[Asked] = field(default_factory=list)
    address: str = ""

    @property
    def hosts(self) -> tuple[str, ...]:
        return (self.address,)

    def reply(self, asked: Asked, authorization: str) -> Reply:
        if self.login and authorization != _basic(self.login):
            return Reply(401)
        if self.target:
            return _forwarded(self.target, asked)
        if asked.path == "/":
            return self.banner
        self.asked.append(asked)
        return self.replies.popleft() if len(self.replies) > 1 else self.replies[0]


@contextmanager
def double(*replies: Reply, tls: ssl.SSLContext | None = None, **options: Any) -> Iterator[Double]:
    """One that answers until the end of the block."""
    made = Double(deque(replies or [Reply()]), **options)
    server = _Server(("127.0.0.1", 0), made)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    made.address = f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, address: tuple[str, int], told: Double) -> None:
        self.told = told
        super().__init__(address, _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that does not wait for a slow answer is what some tests are about."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        if self.headers.get("content-encoding") == "gzip":
            body = gzip.decompress(body)
        asked = Asked(self.command, self.path, body)
        reply = self.server.told.reply(asked, self.headers.get("authorization", ""))
        time.sleep(reply.delay)
        if reply.reset:
            self._break()
            return
        said = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
        self.send_response(reply.status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(said)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(said)

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = _answer  # noqa: N815 - the library's names

    def _break(self) -> None:
        """With a lingering time of nothing, closing sends a reset."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()

    def log_message(self, format: str, *args: Any) -> None:
        """What is asked is in `asked`."""


def _basic(login: Sequence[str]) -> str:
    return f"Basic {base64.b64encode(':'.join(login).encode()).decode()}"


def _forwarded(target: str, asked: Asked) -> Reply:
    request = urllib.request.Request(
        f"{target}{asked.path}",
        asked.body or None,
        {"content-type": "application/x-ndjson" if "_bulk" in asked.path else "application/json"},
        method=asked.method,
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return Reply(answer.status, answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return Reply(error.code, error.read())
