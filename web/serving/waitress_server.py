"""Serves the application with waitress, a server in pure Python."""

import logging
import re
import socket

from flask import Flask
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import TcpWSGIServer, create_server

THREADS = 8
CONNECTIONS = 2_000
"""Open connections. At waitress's default of 100, that many idle ones block the server."""
_NOT_ASCII = re.compile(rb"[\x80-\xff]")


class _Parser(HTTPRequestParser):
    """Accepts addresses that are not percent-encoded: `curl '…/search?q=元宇宙'`."""

    def parse_header(self, header_plus: bytes) -> None:
        line, border, rest = header_plus.partition(b"\r\n")
        escaped = _NOT_ASCII.sub(lambda match: b"%%%02X" % match.group()[0], line)
        super().parse_header(escaped + border + rest)


class _Channel(HTTPChannel):
    parser_class = _Parser


def serve(app: Flask, listener: socket.socket) -> None:
    """Serve a bound socket until interrupted."""
    # waitress warns whenever a request waits for a thread, which is normal here.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    server = create_server(
        app,
        sockets=[listener],
        threads=THREADS,
        connection_limit=CONNECTIONS,
        asyncore_use_poll=True,  # select() is limited to 1,024 files
        ident=None,
        clear_untrusted_proxy_headers=False,
    )
    assert isinstance(server, TcpWSGIServer)  # one socket, one server
    server.channel_class = _Channel
    server.run()
