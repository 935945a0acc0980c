"""Every kind of answer carries the headers that keep a browser from running what is not ours."""

from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from tests.support.visitors import Visitor, visitor_of
from web.http.admission import TICKET, Ticket
from web.http.security import HEADERS

KINDS = [
    pytest.param("/", 200, id="home"),
    pytest.param("/search?q=元宇宙", 200, id="page"),
    pytest.param("/article/yuan", 200, id="article"),
    pytest.param("/help", 200, id="help"),
    pytest.param("/api", 200, id="reference"),
    pytest.param("/openapi.json", 200, id="OpenAPI"),
    pytest.param("/sources", 200, id="sources"),
    pytest.param("/compare?q=元宇宙&q=银行", 200, id="comparison"),
    pytest.param("/story/yuan", 200, id="story"),
    pytest.param("/chart.svg?q=元宇宙", 200, id="chart"),
    pytest.param("/chart.csv?q=元宇宙", 200, id="table of a chart"),
    pytest.param("/embed", 200, id="widget page"),
    pytest.param("/api/v1/search", 200, id="JSON"),
    pytest.param("/api/v1/articles/yuan", 200, id="article as JSON"),
    pytest.param("/api/v1/similar/yuan", 200, id="similar articles"),
    pytest.param("/api/v1/analyze?text=元", 200, id="analysis"),
    pytest.param("/api/v1/suggest?q=元", 200, id="suggestions"),
    pytest.param("/search.csv", 200, id="CSV"),
    pytest.param("/search.rss", 200, id="RSS"),
    pytest.param("/search.atom", 200, id="Atom"),
    pytest.param("/search.json", 200, id="JSON Feed"),
    pytest.param("/sitemap.xml", 200, id="sitemap"),
    pytest.param("/sitemap-undated-1.xml", 200, id="part of a sitemap"),
    pytest.param("/robots.txt", 200, id="robots"),
    pytest.param("/opensearch.xml", 200, id="OpenSearch description"),
    pytest.param("/embed.js", 200, id="script"),
    pytest.param("/static/style.css", 200, id="static"),
    pytest.param("/healthz", 200, id="health"),
    pytest.param("/readyz", 200, id="ready"),
    pytest.param("/metrics", 200, id="metrics"),
    pytest.param("/stats", 404, id="statistics, for strangers"),
    pytest.param("/topic/Metaverse", 302, id="redirect"),
    pytest.param("/search?page=0", 400, id="bad page"),
    pytest.param("/api/v1/search?page=0", 400, id="bad JSON"),
    pytest.param("/article/yuan?q=" + "元" * 501, 400, id="too long"),
    pytest.param("/search?per_page=100&page=11", 400, id="beyond what pages reach"),
    pytest.param("/nowhere", 404, id="nowhere"),
    pytest.param("/static/nothing.css", 404, id="no such file"),
    pytest.param("/article/nobody", 404, id="no such article"),
    pytest.param("/topic/nothing", 404, id="no such topic"),
]


def assert_secure(answer: TestResponse) -> None:
    for name, value in HEADERS.items():
        assert answer.headers.getlist(name) == [value]
    assert answer.headers["Cache-Control"]


@pytest.mark.parametrize(("path", "status"), KINDS)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_every_kind_of_answer(visitor: Visitor, path: str, status: int, method: str) -> None:
    answer = visitor.client.open(path, method=method, buffered=True)

    assert answer.status_code == status
    assert_secure(answer)


def test_no_kind_is_left_out(visitor: Visitor) -> None:
    """Every route is among them."""
    routes = visitor.client.application.url_map
    paths = [str(kind.values[0]).partition("?")[0] for kind in KINDS if kind.values[1] != 404]
    matched = {routes.bind("localhost").match(path)[0] for path in paths}

    assert matched | {"statistics.page"} == {rule.endpoint for rule in routes.iter_rules()}


def test_the_page_of_the_owner(tiny_root: Path) -> None:
    """It answers this machine only, and only with the setting."""
    owner = visitor_of(tiny_root, query_counts="on")
    here = {"REMOTE_ADDR": "127.0.0.1", "SERVER_PROTOCOL": "HTTP/1.1"}
    answer = owner.client.get("/stats", headers={"Host": "127.0.0.1"}, environ_overrides=here)

    assert answer.status_code == 200
    assert_secure(answer)


def test_other_answers_of_one_address(visitor: Visitor) -> None:
    """A feed opened as a page, suggestions for browsers, and a host that is not ours."""
    answers = [
        (200, visitor.get("/search.rss", {"Sec-Fetch-Dest": "document"})),
        (200, visitor.get("/api/v1/suggest?format=opensearch&q=元")),
        (400, visitor.get("/search", {"Host": "elsewhere.example"})),
    ]
    for status, answer in answers:
        assert answer.status_code == status
        assert_secure(answer)


@pytest.mark.parametrize(
    "path", ["/search?q=元宇宙", "/static/style.css", "/search.csv", "/embed.js"]
)
def test_unchanged(visitor: Visitor, path: str) -> None:
    tag = visitor.client.get(path, buffered=True).headers["ETag"]
    answer = visitor.client.get(path, headers={"If-None-Match": tag}, buffered=True)

    assert answer.status_code == 304
    assert_secure(answer)


@pytest.mark.parametrize("path", ["/search?q=元宇宙", "/api/v1/search", "/search.csv"])
def test_refused(tiny_root: Path, nothing: Visitor, path: str) -> None:
    """405, 429, and every 503: no index, too costly, busy."""
    limited = visitor_of(tiny_root, rate_limit=0.01)
    limited.get("/robots.txt")
    hurried = visitor_of(tiny_root, request_cpu_seconds=1e-9)
    busy = {TICKET: Ticket("dear", 0.0, refused=True)}
    answers = [
        (405, hurried.client.post(path)),
        (429, limited.client.get(path)),
        (503, hurried.client.get(path)),
        (503, nothing.client.get(path)),
        (503, nothing.client.get(path, environ_overrides=busy)),
    ]
    for status, answer in answers:
        assert answer.status_code == status
        assert_secure(answer)


def test_a_fault_of_ours(tiny_root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A 500 too."""
    visitor = visitor_of(tiny_root)
    monkeypatch.setitem(visitor.client.application.view_functions, "pages.home", lambda: 1 / 0)
    answer = visitor.get("/")

    assert answer.status_code == 500
    assert_secure(answer)
    assert_secure(visitor.client.options("/api/v1/search"))
