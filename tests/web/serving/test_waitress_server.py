"""The server process: raw addresses, HEAD, keep-alive, and shutdown."""

import json
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.harness.process import cpu_seconds
from tests.support.servers import WAYS, Server, serving
from tests.support.visitors import Visitor

pytestmark = pytest.mark.slow


each_way = pytest.mark.parametrize("workers", WAYS)


@pytest.fixture(scope="module", params=WAYS)
def server(request: pytest.FixtureRequest, tiny_root: Path) -> Iterator[Server]:
    with serving(tiny_root, "--workers", request.param) as started:
        yield started


def exchange(server: Server, request: bytes) -> bytes:
    """Sends bytes on one connection and returns all that the server sends back."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(request)
        return b"".join(iter(lambda: connection.recv(65_536), b""))


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("元宇宙".encode(), id="UTF-8 as typed"),
        pytest.param(b"%E5%85%83%E5%AE%87%E5%AE%99", id="escaped"),
        pytest.param("%E5%85%83宇%E5%AE%99".encode(), id="both"),
    ],
)
def test_addresses_as_people_type_them(server: Server, query: bytes) -> None:
    """`curl 'http://…/search?q=元宇宙'` sends raw bytes, which are accepted."""
    request = (
        b"GET /api/v1/search?q=%s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n" % query
    )
    body = exchange(server, request).partition(b"\r\n\r\n")[2]

    answer = json.loads(body)
    assert (answer["query"]["q"], answer["total"]) == ("元宇宙", 1)


@pytest.mark.parametrize(
    ("line", "status"),
    [
        pytest.param(b"GET /%00%ff HTTP/1.1", b"404", id="bytes that are no text"),
        pytest.param(b"GET /search?q=\xff\xfe HTTP/1.1", b"200", id="bytes as they are"),
        pytest.param(b"GET //search HTTP/1.1", b"200", id="two slashes"),
        pytest.param(b"NONSENSE", b"400", id="no request"),
        pytest.param(b"GET /" + b"a" * 200_000 + b" HTTP/1.1", b"404", id="long address"),
    ],
)
def test_odd_requests(server: Server, line: bytes, status: bytes) -> None:
    """Each odd request is answered, and the server goes on."""
    answer = exchange(server, line + b"\r\nHost: localhost\r\nConnection: close\r\n\r\n")

    assert answer.split()[1] == status
    assert exchange(server, b"GET /healthz HTTP/1.0\r\n\r\n").split()[1] == b"200"


@pytest.mark.parametrize("path", ["/", "/search", "/api/v1/search", "/static/style.css"])
def test_head(server: Server, path: str) -> None:
    """HEAD has the Content-Length of GET and no body."""
    connection = server.connect()
    connection.request("HEAD", path)
    answer = connection.getresponse()

    assert (answer.status, answer.read()) == (200, b"")
    assert int(answer.headers["Content-Length"]) > 0
    connection.close()


REQUESTS = [("/", 200), ("/nowhere", 404), ("/search?page=0", 400), ("/healthz", 200)]


def test_a_connection_is_kept(server: Server) -> None:
    """One connection serves several requests with every kind of answer. Once after the start, when
    all is loaded, other processes take over, and the connections to the first end."""
    deadline = time.monotonic() + 60
    while not _is_kept(server):
        assert time.monotonic() < deadline
        time.sleep(0.2)


def _is_kept(server: Server) -> bool:
    connection = server.connect()
    connection.connect()
    kept = connection.sock
    for path, status in REQUESTS:
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
        except ConnectionError:  # it was idle when its process ended
            return False
        assert (answer.status, bool(answer.read())) == (status, True)
        if connection.sock is not kept:
            return False
    connection.close()
    return True


def test_no_server_header(server: Server) -> None:
    """There is no `Server` header."""
    connection = server.connect()
    connection.request("GET", "/")
    answer = connection.getresponse()

    assert "Server" not in answer.headers
    answer.read()
    connection.close()


def test_forwarded_headers_need_trust(server: Server) -> None:
    """Without `trusted_proxies` nobody can change our links."""
    connection = server.connect()
    headers = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
    connection.request("GET", "/api/v1/search?per_page=1", headers=headers)
    answer = json.loads(connection.getresponse().read())

    assert answer["next"].startswith(server.address)
    connection.close()


@pytest.mark.parametrize(
    ("number", "status"),
    [pytest.param(signal.SIGINT, 130, id="SIGINT"), pytest.param(signal.SIGTERM, 0, id="SIGTERM")],
)
@each_way
def test_it_ends_when_told(
    tiny_root: Path, number: signal.Signals, status: int, workers: str
) -> None:
    """Signals end it, with or without open connections; the port is free; Ctrl+C has its status."""
    with serving(tiny_root, "--workers", workers) as server:
        connection = server.connect()
        connection.request("GET", "/healthz")
        connection.getresponse().read()

        server.process.send_signal(number)
        assert server.process.wait(60) == status
        connection.close()
        with pytest.raises(OSError, match="refused"):
            socket.create_connection(("127.0.0.1", server.port), timeout=1).close()


@pytest.mark.timing
@each_way
def test_it_ends_soon(tiny_root: Path, workers: str) -> None:
    """It ends within two seconds while a client keeps its connection open."""
    with serving(tiny_root, "--workers", workers) as server:
        connection = server.connect()
        connection.request("GET", "/healthz")
        connection.getresponse().read()

        started = time.monotonic()
        server.process.terminate()
        server.process.wait(60)
        assert time.monotonic() - started < 2
        connection.close()


@each_way
def test_without_an_index_it_starts(tmp_path: Path, workers: str) -> None:
    """It says how to build one; that may be done while it runs."""
    with serving(tmp_path / "index", "--workers", workers) as server:
        answer = exchange(
            server, "GET /search?q=元 HTTP/1.0\r\nHost: localhost\r\n\r\n".encode()
        ).decode()

    assert answer.split()[1] == "503"
    assert "Retry-After: " in answer
    assert "yuansou index rebuild" in answer


def test_the_same_answers_as_the_application(server: Server, visitor: Visitor) -> None:
    """The server adds nothing to an answer and drops nothing."""
    connection = server.connect()
    connection.request("GET", "/api/v1/articles/yuan?q=NFT")
    answer = json.loads(connection.getresponse().read())
    connection.close()

    assert answer["article"] == visitor.json("/api/v1/articles/yuan", q="NFT")["article"]


def test_the_first_answer_comes_soon(tiny_root: Path) -> None:
    """Start, libraries, dictionary and index take about a second of processor time; the limit is
    three times that. Wall time would depend on the load of the machine."""
    with serving(tiny_root) as started:
        connection = started.connect()
        connection.request("GET", "/api/v1/search?q=a")
        assert connection.getresponse().status == 200
        spent = cpu_seconds(started.process.pid)
        connection.close()

    assert spent < 3
