"""Debian's nginx in front of a real server, with the examples in deploy/."""

import gzip
import json
import os
import re
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import quote, urljoin, urlsplit

import pytest

from tests.support import machine
from tests.support.servers import serving
from tests.support.visitors import Markup
from tests.web.conftest import many_root

__all__ = ["many_root"]  # fixtures
pytestmark = [pytest.mark.nginx, pytest.mark.slow]

DEPLOY = Path(__file__).parents[2] / "deploy"


@dataclass(frozen=True)
class Front:
    """The address that nginx answers, with or without a path."""

    port: int
    path: str

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}{self.path}"

    def get(self, path: str, method: str = "GET", **headers: str) -> tuple[HTTPResponse, bytes]:
        """Like `get_once`, but waits where nginx has had too many requests of these tests."""
        answer, body = self.get_once(path, method, **headers)
        while answer.status == 429:
            time.sleep(0.5)
            answer, body = self.get_once(path, method, **headers)
        return answer, body

    def get_once(
        self, path: str, method: str = "GET", **headers: str
    ) -> tuple[HTTPResponse, bytes]:
        """`path` is relative to the address, or an absolute address of ours."""
        if path.startswith("http"):
            assert path.startswith(self.address + "/"), path
            path = path.removeprefix(f"http://127.0.0.1:{self.port}")
        else:
            path = self.path + path
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        names = {name.replace("_", "-"): text for name, text in headers.items()}
        connection.request(method, path, headers=names)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer, body

    def text(self, path: str) -> str:
        answer, body = self.get(path)
        assert answer.status == 200, (path, answer.status, body[:200])
        return body.decode()


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


def configured(example: str, port: int, server: int, folder: Path) -> Path:
    """The example with our ports and folders, otherwise unchanged."""
    text = (DEPLOY / example).read_text("utf-8")
    for old, new in (
        ("listen 80;", f"listen 127.0.0.1:{port};"),
        ("server 127.0.0.1:8000;", f"server 127.0.0.1:{server};"),
        ("/var/cache/nginx/yuansou", f"{folder}/cache"),
    ):
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    paths = "".join(
        f"{kind}_temp_path {folder}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole = f"""
        daemon off; pid {folder}/pid; error_log {folder}/error.log; user root;
        events {{}}
        http {{ include /etc/nginx/mime.types; access_log off; {paths}
        {text}
        }}"""
    if os.geteuid() != 0:
        whole = whole.replace("user root;", "")
    file = folder / "nginx.conf"
    file.write_text(whole, "utf-8")
    return file


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(("nginx.conf", ""), id="root"),
        pytest.param(("nginx-subpath.conf", "/news"), id="sub-path"),
    ],
)
def front(
    request: pytest.FixtureRequest, many_root: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Front]:
    example, path = request.param
    folder = tmp_path_factory.mktemp("nginx")
    found = Front(free_port(), path)
    settings = {"YUANSOU_PUBLIC_URL": found.address, "YUANSOU_TRUSTED_PROXIES": "1"}
    with serving(many_root, environment=settings) as server:
        file = configured(example, found.port, server.port, folder)
        nginx = subprocess.Popen(
            [machine.nginx() or "", "-p", folder, "-e", folder / "error.log", "-c", file]
        )
        try:
            _wait(found.port, nginx)
            yield found
        finally:
            nginx.terminate()
            nginx.wait(20)


def _wait(port: int, nginx: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            assert nginx.poll() is None, "nginx ended"
            time.sleep(0.05)
    raise AssertionError("nginx does not listen")


@pytest.mark.parametrize("page", ["/", f"/search?q={quote('稳定币')}", "/article/n0001", "/help"])
def test_links_and_files_of_a_page(front: Front, page: str) -> None:
    """Every link, style sheet, script and picture is below our address and exists."""
    read = Markup(front.text(page))
    led = [
        attrs.get("href") or attrs.get("src") or ""
        for tag, attrs in read.tags
        if tag in {"a", "link", "script", "img"}
    ]
    ours = {urljoin(front.address + page, link) for link in led if link and link[0] != "#"}
    ours = {link for link in ours if urlsplit(link).port == front.port}
    files = {link for link in ours if "/static/" in link}

    assert len(files) >= 4
    for link in sorted(files) + sorted(ours - files)[:12]:
        answer, _ = front.get(link)
        assert answer.status == 200, link
        time.sleep(0.05)  # below the limit of requests


def test_feeds(front: Front) -> None:
    """Each feed has our address for itself and its articles."""
    for kind in ("rss", "atom", "json"):
        text = front.text(f"/search.{kind}?q={quote('稳定币')}")
        named = re.findall(rf"http://127\.0\.0\.1:{front.port}[^\s\"<]*", text)
        assert named
        assert all(address.startswith(front.address + "/") for address in named)


def test_pages_of_the_json_endpoint(front: Front) -> None:
    """`next` leads to the next page."""
    first = json.loads(front.text("/api/v1/search?per_page=2"))
    answer, body = front.get(first["next"])

    assert answer.status == 200
    assert json.loads(body)["page"] == 2


def test_the_code_of_the_widget(front: Front) -> None:
    """The address that other sites embed is the script."""
    page = front.text("/embed")
    assert f"{front.address}/embed.js" in page
    answer, body = front.get("/embed.js")
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert b"yuansou-search" in body


def test_compression_comes_through(front: Front) -> None:
    """Pages, answers, files and streamed tables are compressed."""
    for path in ("/help", "/openapi.json", "/static/style.css", "/search.csv"):
        answer, body = front.get(path, accept_encoding="gzip")
        _, plain = front.get(path)
        assert answer.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(body) == plain


@pytest.mark.parametrize("accepts", ["", "gzip", "zstd, gzip"])
@pytest.mark.parametrize("path", ["/article/n0001", "/search.rss", "/embed.js", "/static/page.js"])
def test_not_sent_again(front: Front, path: str, accepts: str) -> None:
    """304 through nginx, also from its own cache."""
    first, _ = front.get(path, accept_encoding=accepts)
    again, body = front.get(path, accept_encoding=accepts, if_none_match=first.headers["ETag"])

    assert (again.status, body) == (304, b"")


def test_files_are_kept_by_nginx(front: Front) -> None:
    """Each encoding is cached separately, whoever asked first."""
    wanted = {
        accepts: front.get("/static/explore.css", accept_encoding=accepts)
        for accepts in ("zstd", "gzip", "")
    }
    for accepts, (answer, body) in wanted.items():
        again, same = front.get("/static/explore.css", accept_encoding=accepts)
        assert (again.headers["Content-Encoding"] or "") == accepts
        assert same == body
        assert again.headers["ETag"] == answer.headers["ETag"]


def test_redirects(front: Front) -> None:
    """Redirects stay below our address; a bare path leads to the site."""
    answer, _ = front.get("/topic/Metaverse")
    assert answer.status == 302
    led = urljoin(front.address + "/topic/Metaverse", answer.headers["Location"])
    assert led == f"{front.address}/topic/{quote('元宇宙')}"
    assert front.get(led)[0].status == 200
    if front.path:
        answer, _ = front.get("")
        assert (answer.status, answer.headers["Location"]) == (301, f"{front.address}/")


def test_what_a_client_says_of_itself_is_not_believed(front: Front) -> None:
    """Forwarded headers of clients cannot change our links."""
    headers = {"x_forwarded_host": "evil.example", "x_forwarded_prefix": "/evil"}
    answer, body = front.get("/search.rss", **headers)

    assert answer.status == 200
    assert front.address.encode() in body
    assert b"evil" not in body


def test_too_many_requests(front: Front) -> None:
    """An address gets ten requests a second and bursts of forty; then 429. Runs last."""
    front.get("/healthz")
    time.sleep(0.3)
    codes = [front.get_once("/healthz")[0].status for _ in range(120)]

    assert set(codes) == {200, 429}
