"""A fake cluster: an HTTP server that gives the answers a test prescribes. It is not OpenSearch."""

import gzip
import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

BANNER = {"version": {"distribution": "opensearch", "number": "2.19.5"}}


@dataclass(frozen=True)
class Asked:
    """A request as received; `body` is decompressed."""

    method: str
    path: str
    body: bytes
    headers: dict[str, str]


Answer = tuple[int, Any]
"""Status and JSON; a string is a page. Status 0 hangs up without an answer."""


@dataclass
class Double:
    """`answers` are given in turn, the last one for ever, each after `delay` seconds; the banner
    to every request for it."""

    answers: list[Answer]
    banner: Answer = (200, BANNER)
    delay: float = 0.0
    asked: list[Asked] = field(default_factory=list)
    address: str = ""

    def answer(self, asked: Asked) -> Answer:
        if asked.path == "/":
            return self.banner
        self.asked.append(asked)
        time.sleep(self.delay)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def double(
    *answers: Answer,
    banner: Answer = (200, BANNER),
    certificate: Path | None = None,
    delay: float = 0.0,
) -> Iterator[Double]:
    """`certificate`: a PEM file with its key; with it the server uses TLS."""
    made = Double(list(answers) or [(200, {})], banner, delay)
    server = _Server(("127.0.0.1", 0), _handler(made.answer))
    made.address = f"http://localhost:{server.server_port}"
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        made.address = made.address.replace("http:", "https:")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # a slow answer that nobody waits for any more

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Silent: the client has closed the connection."""


def _handler(answer: Callable[[Asked], Answer]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            if self.headers.get("content-encoding") == "gzip":
                body = gzip.decompress(body)
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, found = answer(Asked(self.command, self.path, body, headers))
            if not status:
                self.connection.close()
                return
            page = isinstance(found, str)
            data = found.encode() if page else json.dumps(found).encode()
            self.send_response(status)
            self.send_header("content-type", "text/html" if page else "application/json")
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815 - names of the library

        def log_message(self, format: str, *args: Any) -> None:
            """Silent."""

    return Handler
