"""Which `Host` headers are accepted, so that links never lead to a foreign host."""

import socket
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest

import web.http.hosts
from index.settings import Settings
from tests.support.visitors import Visitor, visitor_of
from web.http.hosts import _is_own

SEARCH = "/api/v1/search"
WITH_LINKS = (
    *(
        "/",
        "/search?q=元宇宙",
        "/article/uniswap",
        "/topic/元宇宙",
        "/compare",
        "/sources",
        "/help",
    ),
    *("/story/uniswap", "/embed", "/embed.js", "/api", "/openapi.json", "/opensearch.xml"),
    *("/search.rss", "/search.atom", "/search.json", "/search.csv", "/sitemap.xml", "/robots.txt"),
    *("/sitemap-pages.xml", SEARCH, "/api/v1/articles/uniswap", "/api/v1/similar/uniswap"),
    *("/api/v1/suggest?q=y", "/api/v1/analyze?text=x", "/nowhere"),
)
LOOPBACK, EVERYWHERE = "127.0.0.1", "0.0.0.0"


@pytest.fixture(scope="module")
def site_of(tiny_root: Path) -> Callable[..., Visitor]:
    """A visitor of a site with these settings; cached by settings."""
    made: dict[str, Visitor] = {}

    def make(**settings: Any) -> Visitor:
        return made.setdefault(repr(settings), visitor_of(tiny_root, **settings))

    return make


@pytest.fixture(autouse=True)
def machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine named box with one public address."""
    monkeypatch.setattr(socket, "gethostname", lambda: "Box.corp.example")
    monkeypatch.setattr(web.http.hosts, "_is_own", lambda address: str(address) == "9.9.9.9")


@pytest.mark.parametrize("route", WITH_LINKS)
def test_a_foreign_host_is_refused(visitor: Visitor, route: str) -> None:
    """Every route that may have links answers 400 in one sentence that names the setting."""
    answer = visitor.get(route, headers={"Host": "evil.example"})
    text = answer.get_data(as_text=True)

    assert answer.status_code == 400
    assert "这里没有名为“evil.example”的站点。" in text
    assert "public_url" in text
    assert "http://evil.example" not in text
    assert answer.headers["Cache-Control"] == "no-store"
    assert "ETag" not in answer.headers


@pytest.mark.parametrize("route", ["/healthz", "/static/style.css"])
def test_what_has_no_links_answers_to_any(visitor: Visitor, route: str) -> None:
    """Health checks and static files answer under any host."""
    assert visitor.get(route, headers={"Host": "pod-7.cluster:8000"}).status_code == 200


@pytest.mark.parametrize(
    ("listens", "host", "known"),
    [
        (LOOPBACK, "localhost", True),
        (LOOPBACK, "LocalHost:8000", True),
        (LOOPBACK, "localhost.:8000", True),
        (LOOPBACK, "127.0.0.1:8000", True),
        (LOOPBACK, "127.0.0.2", True),
        (LOOPBACK, "[::1]:8000", True),
        (LOOPBACK, "192.168.1.5:8000", False),
        (LOOPBACK, "box", False),
        (LOOPBACK, "evil.example", False),
        (LOOPBACK, "localhost.evil.example", False),
        (LOOPBACK, "127.0.0.1.evil.example", False),
        (LOOPBACK, "evil.example:80@localhost", False),
        (LOOPBACK, "localhost/evil.example", False),
        (LOOPBACK, "localhost evil.example", False),
        (LOOPBACK, "[::1", False),
        (LOOPBACK, "[evil]", False),
        (LOOPBACK, "本机", False),
        (LOOPBACK, "", False),
        ("localhost", "localhost:8000", True),
        ("::1", "[::1]:8000", True),
        ("192.168.1.5", "192.168.1.5:8000", True),
        ("192.168.1.5", "192.168.1.6", False),
        ("News.Example", "news.example", True),
        ("news.example", "www.news.example", False),
        (EVERYWHERE, "localhost:8000", True),
        (EVERYWHERE, "192.168.1.5:8000", True),
        (EVERYWHERE, "10.0.0.1", True),
        (EVERYWHERE, "172.17.0.2:8000", True),
        (EVERYWHERE, "100.101.102.103:8000", True),
        (EVERYWHERE, "0.0.0.0:8000", True),
        (EVERYWHERE, "[fd00::1]:8000", True),
        (EVERYWHERE, "9.9.9.9:8000", True),
        (EVERYWHERE, "8.8.8.8:8000", False),
        (EVERYWHERE, "[2606:4700::1111]", False),
        (EVERYWHERE, "box.corp.example:8000", True),
        (EVERYWHERE, "box.local", True),
        (EVERYWHERE, "BOX.local:8000", True),
        (EVERYWHERE, "box.evil.example", False),
        (EVERYWHERE, "evil.example", False),
        ("::", "[fe80::1]:8000", True),
        ("::", "192.168.1.5", True),
        ("::", "evil.example", False),
        ("", "192.168.1.5", True),
    ],
)
def test_hosts(site_of: Callable[..., Visitor], listens: str, host: str, known: bool) -> None:
    """Names and addresses of this machine are accepted as far as it listens on them."""
    answer = site_of(host=listens).get(SEARCH, headers={"Host": host}, per_page="1")

    assert answer.status_code == (200 if known else 400)
    assert not known or answer.get_json()["next"].startswith(f"http://{host.lower()}/api/")


@pytest.mark.parametrize(
    ("settings", "headers", "status"),
    [
        pytest.param({"public_url": "https://s.example"}, {"Host": "inner:8000"}, 200, id="public"),
        pytest.param({"public_url": "https://s.example"}, {"Host": ""}, 200, id="public, no host"),
        pytest.param({}, {"X-Forwarded-Host": "evil.example"}, 200, id="nobody trusts the proxy"),
        pytest.param(
            {"trusted_proxies": 1}, {"X-Forwarded-Host": "s.example"}, 400, id="not configured"
        ),
        pytest.param(
            {"trusted_proxies": 1}, {"X-Forwarded-Host": "localhost"}, 200, id="on this machine"
        ),
        pytest.param(
            {"trusted_proxies": 1, "public_url": "https://s.example"},
            {"X-Forwarded-Host": "evil.example"},
            200,
            id="public and trusted proxy",
        ),
    ],
)
def test_public_address_and_proxies(
    site_of: Callable[..., Visitor], settings: dict[str, Any], headers: dict[str, str], status: int
) -> None:
    """With `public_url`, links ignore the header; a trusted proxy may name the host."""
    answer = site_of(**settings).get(SEARCH, headers=headers, per_page="1")

    assert answer.status_code == status
    assert "evil" not in answer.get_data(as_text=True)


@pytest.mark.parametrize("route", [SEARCH, "/search", "/search.json"])
def test_what_is_kept_has_no_host(visitor: Visitor, route: str) -> None:
    """A cached answer links to the host of each request."""
    first = visitor.get(route, headers={"Host": "127.0.0.1:1111"}, q="元宇宙", per_page="1")
    second = visitor.get(route, headers={"Host": "localhost:2222"}, q="元宇宙", per_page="1")

    assert "1111" not in second.get_data(as_text=True) + str(second.headers)
    assert "2222" not in first.get_data(as_text=True) + str(first.headers)


def test_in_the_language_of_the_page(site_of: Callable[..., Visitor]) -> None:
    """The sentence is translated and escaped."""
    page = site_of(language="en").get("/", headers={"Host": "evil.example"})

    assert "There is no site named “evil.example” here." in page.get_data(as_text=True)


def test_own_addresses() -> None:
    """Addresses of this machine are its own; those of others and impossible ones are not."""
    assert _is_own(ip_address("127.0.0.1"))
    assert not _is_own(ip_address("192.0.2.1"))
    assert not _is_own(ip_address("2001:db8::1"))


def test_settings_without_a_server() -> None:
    """By default only this machine is listened to."""
    assert web.http.hosts._names(Settings()) == {"localhost", "127.0.0.1"}
