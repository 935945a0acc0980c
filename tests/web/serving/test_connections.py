"""Slow, silent and greedy clients, against a real server: they lose their connections, nobody else."""

import resource
import socket
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Lock

import pytest
from waitress.adjustments import Adjustments

from tests.support.servers import Server, serving
from web.http.security import HEADERS
from web.serving import connections

pytestmark = pytest.mark.slow
CLIENTS = connections.MAX_CONNECTIONS + 200


@pytest.fixture
def server(tiny_root: Path) -> Iterator[Server]:
    with serving(tiny_root) as started:
        yield started


@pytest.fixture
def many_files() -> Iterator[None]:
    """Allows this process to open as many connections as the test needs."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < CLIENTS + 200:
        pytest.skip("this machine allows too few open files")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, CLIENTS + 200), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def open_one(server: Server, sent: bytes = b"") -> socket.socket:
    client = socket.create_connection(("127.0.0.1", server.port), timeout=30)
    client.sendall(sent)
    return client


def answers(server: Server) -> bool:
    with closing(server.connect(timeout=30)) as connection:
        connection.request("GET", "/search?q=a")
        with connection.getresponse() as answer:
            return answer.status == 200


def test_a_304_keeps_its_connection(server: Server) -> None:
    """A browser asks whether a page has changed, and goes on over the same connection."""
    connection = server.connect(timeout=30)
    connection.request("GET", "/static/style.css")
    tag = connection.getresponse()
    tag.read()
    kept = connection.sock
    for _ in range(3):
        connection.request(
            "GET", "/static/style.css", headers={"If-None-Match": tag.headers["ETag"]}
        )
        answer = connection.getresponse()
        answer.read()
        assert (answer.status, answer.headers.get("Connection")) == (304, None)
        assert connection.sock is kept
    asked = {"If-None-Match": tag.headers["ETag"], "Connection": "close"}
    connection.request("GET", "/static/style.css", headers=asked)
    assert connection.getresponse().headers["Connection"] == "close"
    connection.close()


@pytest.mark.parametrize(
    "sent", [b"", b"GET /search?q=a HTTP/1.1\r\nX-Slow: "], ids=["silent", "slow"]
)
def test_more_clients_than_there_may_be(server: Server, many_files: None, sent: bytes) -> None:
    """Who has done nothing for longest makes room, so that a new client is answered."""
    clients = [open_one(server, sent) for _ in range(CLIENTS)]
    assert all(answers(server) for _ in range(5))
    clients[0].settimeout(30)
    try:
        closed = clients[0].recv(1) == b""
    except ConnectionResetError:
        closed = True

    assert closed
    for client in clients:
        client.close()


def test_no_descriptors_left(server: Server) -> None:
    """New clients are refused at once, and answered again when there are descriptors."""
    assert answers(server)
    used = len(list(Path(f"/proc/{server.process.pid}/fd").iterdir()))
    before = resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, (used + 4, used + 4))
    clients = [open_one(server) for _ in range(20)]
    refused = 0
    for client in clients[6:]:
        client.settimeout(30)
        received = client.recv(100)
        refused += received.startswith(b"HTTP/1.1 503")
    for client in clients:
        client.close()

    assert refused == len(clients[6:])
    assert before[0] > used
    deadline = time.monotonic() + 30
    while not answers(server):
        assert time.monotonic() < deadline


def test_the_refusal_is_a_whole_answer() -> None:
    """What is sent where nothing can be computed any more has all headers."""
    head, _, body = connections.REFUSAL.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")

    assert lines[0] == "HTTP/1.1 503 Service Unavailable"
    assert {f"{name}: {value}" for name, value in HEADERS.items()} <= set(lines)
    assert f"Content-Length: {len(body)}" in lines
    assert any(line.startswith("Retry-After: ") for line in lines)
    assert '"code":"busy"' in body.decode()


@pytest.mark.parametrize(
    "request_",
    [
        pytest.param(b"NONSENSE\r\n\r\n", id="no request"),
        pytest.param(b"GET / HTTP/1.1\r\nX: " + b"a" * 262_200 + b"\r\n\r\n", id="large header"),
        pytest.param(
            b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\n", id="large body"
        ),
    ],
)
def test_errors_of_the_server_itself(server: Server, request_: bytes) -> None:
    """They have the headers of every answer."""
    with open_one(server, request_) as client:
        answer = b"".join(iter(lambda: client.recv(65_536), b"")).decode()

    assert answer.split()[1] in ("400", "413", "431")
    for name, value in HEADERS.items():
        assert f"{name}: {value}" in answer


@pytest.mark.parametrize(
    ("sent", "begins"),
    [
        pytest.param([b"GET / HT", b"TP/1.1\r\nX: "], True, id="a request"),
        pytest.param([b"\r\n\r\n"] * 3, False, id="empty lines"),
        pytest.param([b"\r", b"\n", b"\r", b"\n"], False, id="empty lines by bytes"),
        pytest.param([b"\r\n\r\n", b"GET"], True, id="a request after them"),
    ],
)
def test_what_begins_a_request(sent: list[bytes], begins: bool) -> None:
    """A client cannot stay for ever by sending empty lines."""
    connection = connections.Connection.__new__(connections.Connection)
    vars(connection).update(adj=Adjustments(), requests_lock=Lock())
    connection.requests, connection.request = [], None
    connection.since = 1.0
    for data in sent:
        connection.received(data)

    assert (connection.since != 1.0) == begins


@pytest.mark.parametrize(
    ("state", "seconds"),
    [
        pytest.param("idle", connections.IDLE_SECONDS, id="between two requests"),
        pytest.param("sending", connections.REQUEST_SECONDS, id="while a request arrives"),
        pytest.param("taking", connections.TAKING_SECONDS, id="while an answer is taken"),
        pytest.param("waiting", None, id="while we compute"),
    ],
)
def test_how_long_a_client_may_take(state: str, seconds: float | None) -> None:
    """Each state has its limit; who waits for us has none."""
    connection = connections.Connection.__new__(connections.Connection)
    connection.since = 1_000.0
    connection.requests = [object()] if state == "waiting" else []  # type: ignore[list-item]
    connection.request = object() if state == "sending" else None  # type: ignore[assignment]
    connection.total_outbufs_len = 1 if state == "taking" else 0

    assert not connection.is_overdue(1_000.0 + (seconds or 1e9) - 1)
    assert connection.is_overdue(1_000.0 + (seconds or 1e9) + 1) == (seconds is not None)


@pytest.mark.parametrize(
    ("state", "ends"),
    [
        pytest.param("resting", True, id="has sent nothing for a while"),
        pytest.param("idle", False, id="has just had an answer"),
        pytest.param("sending", False, id="while a request arrives"),
        pytest.param("taking", False, id="while an answer is taken"),
        pytest.param("waiting", False, id="while we compute"),
    ],
)
def test_whose_connection_a_process_that_ends_closes(state: str, ends: bool) -> None:
    """Nobody's who has something under way; the others are told in their answer."""
    connection = connections.Connection.__new__(connections.Connection)
    connection.since = time.monotonic() - (0 if state == "idle" else connections.RESTING_SECONDS)
    connection.requests = [object()] if state == "waiting" else []  # type: ignore[list-item]
    connection.request = object() if state == "sending" else None  # type: ignore[assignment]
    connection.total_outbufs_len = 1 if state == "taking" else 0
    connection.will_close = False
    server = connections.BoundedServer.__new__(connections.BoundedServer)
    server.active_channels = {1: connection}  # type: ignore[assignment]
    server.accepting = True
    server.maintenance(time.time())
    before = server.accepting
    server.ending = lambda: True
    server.maintenance(time.time())

    assert (before, server.accepting) == (True, False)
    assert connection.will_close == ends


def test_a_process_that_ends_when_no_connection_is_left() -> None:
    """waitress ends its loop so."""
    server = connections.BoundedServer.__new__(connections.BoundedServer)
    server.active_channels = {}  # type: ignore[assignment]
    server.ending = lambda: True
    with pytest.raises(KeyboardInterrupt):
        server.maintenance(time.time())
