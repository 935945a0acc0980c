"""The owner's page, and what of a request is counted."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.settings import Settings
from tests.support.articles import ARTICLES
from tests.support.visitors import Markup, Visitor, index_of, visitor_of
from web.app import create_app
from web.http.security import HEADERS
from web.shared_state import shared_by
from web.statistics.collector import QuerySender, shanghai_today
from web.statistics.day_files import DayCounts, DayFiles
from web.statistics.held_back import AskCounts

HERE = {"REMOTE_ADDR": "127.0.0.1"}
QUERIES = {
    "元宇宙": AskCounts(15, 0, 150, 20),
    "元宇宙地产": AskCounts(10, 10, 100, 10),
    "白皮书说": AskCounts(5, 5, 50, 10),
    "<b>慢</b>": AskCounts(5, 0, 5_000, 2_500),
}


@pytest.fixture(scope="module")
def counted_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index with counts of today; tests only read it."""
    root = index_of(tmp_path_factory.mktemp("counted") / "index", ARTICLES)
    DayFiles.beside(root).add(shanghai_today(), DayCounts(1_234, 12, 3, QUERIES))
    return root


@pytest.fixture(scope="module")
def owner(counted_root: Path) -> Visitor:
    return visitor_of(counted_root, query_counts="on")


def test_the_tables(owner: Visitor) -> None:
    page = owner.page("/stats")
    markup = Markup(page)
    text = " ".join("".join(markup.texts).split())

    assert "1,234 次查询" in text
    assert "合计 35 次" in text
    assert "<b>慢" not in page
    assert ("<b>慢</b>", "/search?q=%3Cb%3E%E6%85%A2%3C/b%3E") in markup.links
    assert "1.00 秒" in text
    assert "2.50 秒" in text
    assert "可作新概念" in text
    assert "name = &#34;白皮书说&#34;" in page
    assert "元宇宙 有共同的部分" in text
    assert owner.get("/stats?days=30").status_code == 200


@pytest.mark.parametrize("days", ["0", "91", "x", "９", "-1", ""])
def test_days_that_are_not_kept(owner: Visitor, days: str) -> None:
    """Answered with the usual ones."""
    assert 'aria-current="true">近 7 天' in owner.page(f"/stats?days={days}")


def test_it_is_kept_nowhere(owner: Visitor) -> None:
    answer = owner.get("/stats")

    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert all(answer.headers[name] == value for name, value in HEADERS.items())
    assert '<meta name="robots" content="noindex">' in answer.text
    assert "Disallow: /stats" in owner.get("/robots.txt").text.splitlines()
    assert "/stats" not in owner.get("/sitemap-pages.xml").text


def test_without_an_index_and_without_counts(tmp_path: Path) -> None:
    page = visitor_of(tmp_path / "index", query_counts="on").page("/stats")
    assert "还没有统计" in page


@pytest.mark.parametrize(
    ("address", "host", "headers", "is_seen"),
    [
        pytest.param("127.0.0.1", "localhost:8000", {}, True, id="this machine"),
        pytest.param("127.0.0.1", "127.0.0.1:8000", {}, True, id="by address"),
        pytest.param("::1", "[::1]:8000", {}, True, id="over IPv6"),
        pytest.param("::ffff:127.0.0.1", "127.0.0.1", {}, True, id="IPv4 over IPv6"),
        pytest.param("192.0.2.1", "localhost", {}, False, id="a stranger"),
        pytest.param("127.0.0.1", "news.example.org", {}, False, id="proxy that passes the name"),
        pytest.param("127.0.0.1", "127.0.0.1.example.org", {}, False, id="name that looks like it"),
        pytest.param(
            "127.0.0.1", "localhost", {"X-Forwarded-For": "127.0.0.1"}, False, id="forwarded for us"
        ),
        pytest.param(
            "127.0.0.1", "localhost", {"X-Forwarded-For": "192.0.2.1"}, False, id="forwarded"
        ),
        pytest.param(
            "127.0.0.1", "localhost", {"X-Forwarded-For": ""}, False, id="forwarded for nobody"
        ),
        pytest.param(
            "127.0.0.1", "localhost", {"X-Forwarded-Proto": "https"}, False, id="scheme only"
        ),
        pytest.param(
            "127.0.0.1", "localhost", {"X-Real-IP": "192.0.2.1"}, False, id="real address"
        ),
        pytest.param(
            "127.0.0.1", "localhost", {"Forwarded": "for=127.0.0.1"}, False, id="RFC 7239"
        ),
        pytest.param("127.0.0.1", "localhost", {"Via": "1.1 proxy"}, False, id="via"),
        pytest.param(
            "127.0.0.1", "localhost", {"CF-Connecting-IP": "192.0.2.1"}, False, id="a tunnel"
        ),
    ],
)
def test_who_sees_it(
    counted_root: Path, address: str, host: str, headers: dict[str, str], is_seen: bool
) -> None:
    """Only who asks on this machine, for this machine, and not for another, however many proxies
    are trusted."""
    for trusted in (0, 1, 2):
        visitor = visitor_of(
            counted_root,
            query_counts="on",
            trusted_proxies=trusted,
            public_url="https://news.example.org",
        )
        answer = visitor.client.get(
            "/stats", environ_base={"REMOTE_ADDR": address}, headers={"Host": host, **headers}
        )
        assert answer.status_code == (200 if is_seen else 404)
        assert ("次查询" in answer.text) == is_seen


def test_a_proxy_that_says_nothing_of_itself(owner: Visitor) -> None:
    """nginx with nothing but `proxy_pass http://127.0.0.1:8000` speaks HTTP/1.0, up to 1.29."""
    answer = owner.client.get("/stats", environ_overrides={**HERE, "SERVER_PROTOCOL": "HTTP/1.0"})
    assert answer.status_code == 404


def test_switched_off(counted_root: Path) -> None:
    """The default: not even the owner sees it, and nothing says that it is there."""
    visitor = visitor_of(counted_root)
    assert visitor.client.get("/stats", environ_base=HERE).status_code == 404


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_pages_say_that_it_counts(counted_root: Path, language: str) -> None:
    page = visitor_of(counted_root, query_counts="on", language=language).page("/")
    assert ("本站统计什么查询问得多" in page) or ("counts what is asked often" in page)
    assert "查询不留记录" not in page
    assert "not recorded" not in page


class Counted:
    """A visitor, and what the server sent to be counted."""

    def __init__(self, root: Path, **settings: object) -> None:
        self.receiver, sender = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.sender = sender
        values = Settings(index_dir=root, query_counts="on", **settings)  # type: ignore[arg-type]
        app = create_app(values, shared=shared_by(values, query_sender=QuerySender(sender)))
        self.visitor = Visitor(app.test_client()).warmed()

    def after(self, path: str, **headers: str) -> list[tuple[str, bool]]:
        """(query, whether it was without results) of what was counted for one request."""
        self.visitor.get(path, headers=headers)
        found = []
        try:
            while True:
                message = self.receiver.recv(4_096, socket.MSG_DONTWAIT).decode()
                is_empty, ms, q = message.split(" ", 2)
                assert 0 <= int(ms) < 100_000
                found.append((q, is_empty == "1"))
        except BlockingIOError:
            return found

    def close(self) -> None:
        self.receiver.close()
        self.sender.close()


@pytest.fixture(scope="module")
def counted(counted_root: Path) -> Iterator[Counted]:
    site = Counted(counted_root)
    yield site
    site.close()


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        pytest.param("/search?q=元宇宙", [("元宇宙", False)], id="page"),
        pytest.param("/api/v1/search?q=元宇宙", [("元宇宙", False)], id="JSON"),
        pytest.param("/search?q=不存在的词语", [("不存在的词语", True)], id="nothing found"),
        pytest.param(
            "/search?q=元宇宙&source=无名报", [("元宇宙", False)], id="nothing for a filter"
        ),
        pytest.param("/search?q=元宇宙&from=2030-01-01", [("元宇宙", False)], id="nothing so late"),
        pytest.param(
            "/search?q=元宇宙+时间：2030", [("元宇宙 时间：2030", False)], id="nothing of that year"
        ),
        pytest.param("/search?q=元宇宙&page=2", [], id="second page"),
        pytest.param("/search?q=+", [], id="no query"),
        pytest.param("/search?q=元宇宙&from=x&page=0", [], id="error"),
        pytest.param("/search.rss?q=元宇宙", [], id="feed"),
        pytest.param("/search.csv?q=元宇宙", [], id="table"),
        pytest.param("/api/v1/suggest?q=元宇宙", [], id="suggestions"),
        pytest.param("/article/yuan?q=元宇宙", [], id="article"),
        pytest.param("/", [], id="home"),
    ],
)
def test_what_is_counted(counted: Counted, path: str, expected: list[tuple[str, bool]]) -> None:
    assert counted.after(path) == expected


def test_what_is_unchanged_is_not_counted_again(counted: Counted) -> None:
    path = "/api/v1/search?q=元宇宙"
    tag = counted.visitor.get(path).headers["ETag"]
    counted.after("/")
    assert counted.after(path, **{"If-None-Match": tag}) == []


def test_what_a_browser_loads_in_advance_is_not_counted(counted: Counted) -> None:
    assert counted.after("/search?q=元宇宙", **{"Sec-Purpose": "prefetch;prerender"}) == []


def test_too_costly_queries_are_counted(counted_root: Path) -> None:
    """They are the slowest."""
    site = Counted(counted_root, request_cpu_seconds=1e-9)
    assert site.after("/search?q=元宇宙") == [("元宇宙", False)]
    site.close()


def test_a_collector_that_is_gone_fails_no_request(counted_root: Path) -> None:
    site = Counted(counted_root)
    site.receiver.close()
    assert site.visitor.search(q="元宇宙")["total"] == 1
    site.sender.close()
    assert site.visitor.search(q="元宇宙", per_page="5")["total"] == 1
