"""Every address answers bad input with one JSON shape or one error page, never with a 500."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from index.settings import Settings
from tests.support.visitors import Visitor, visitor_of
from web.app import create_app
from web.http import params
from web.http.errors import FOR_PROGRAMS

SHAPE = ["code", "message", "param", "hint", "request_id"]
QUERIES = (
    "",
    "q=%ff%fe",
    "q=%00",
    "q=" + "(" * 400,
    "q=" + "%22" * 401,
    "q=" + "a" * 501,
    "q=%F0%9F%98%80*",
    "text=%00",
    "text=" + "%E5%85%83" * 2_000,
    "page=0",
    "page=1e9",
    "per_page=-1",
    "cursor=%00",
    "cursor=W10",
    "cursor=WzAsWzFlOTk5LG51bGwsImEiXV0",
    "now=0001-01-01T00:00:00%2B14:00",
    "now=9999-12-31T23:59:59-12:00",
    "within=99999999999y",
    "from=0000-00-00",
    "source=" + ",".join(map(str, range(3_000))),
    "facets=," * 500,
    "&&==&q",
    "=nameless",
    "q=a&q=b",
    "utm_source=x",
)
NAMES = ("yuan", "nobody", "%00", "..%2f..%2fetc", "a" * 3_000, "%F0%9F%98%80", "%ff", ":", "/")


def rules() -> list[Rule]:
    app: Flask = create_app(Settings(index_dir=Path("nowhere")))
    return sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule)


def addresses(rule: Rule) -> Iterator[str]:
    """The address of a rule, with various bad values in place of its argument."""
    before, argument, _ = rule.rule.partition("<")
    for name in NAMES if argument else ("",):
        yield before + name


def check(answer: TestResponse) -> None:
    """Asserts that the status is no 500 and that an error has the shape of all errors."""
    assert answer.status_code in {200, 304, 400, 404, 405, 503}
    path = answer.request.path
    if path in ("/healthz", "/readyz") or answer.status_code < 400:
        return
    if path.startswith(FOR_PROGRAMS):
        assert list(answer.get_json()["error"]) == SHAPE
    else:
        page = answer.get_data(as_text=True)
        assert answer.mimetype == "text/html"
        assert '<form class="search"' in page
        assert "回到首页" in page
        assert "Traceback" not in page
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Content-Security-Policy" in answer.headers


@pytest.mark.slow
@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.rule)
def test_every_address(visitor: Visitor, nothing: Visitor, rule: Rule) -> None:
    """Any argument, with an index and without one."""
    for address in addresses(rule):
        for query in QUERIES:
            for asked in (visitor, nothing):
                check(asked.client.get(f"{address}?{query}"))


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE", "BREW"])
@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.rule)
def test_every_method(visitor: Visitor, rule: Rule, method: str) -> None:
    """Methods that write are a 405 with the methods allowed."""
    for address in addresses(rule):
        answer = visitor.client.open(address, method=method, data=b"\xff" * 100)
        check(answer)
        assert answer.status_code in {404, 405}
        assert answer.status_code == 404 or "GET" in answer.headers["Allow"]


@given(
    args=st.lists(st.tuples(st.sampled_from([*params.NAMES, "text"]), st.text()), max_size=4),
    path=st.sampled_from(
        [
            *("/search", "/search.rss", "/search.atom", "/search.json", "/search.csv"),
            *("/api/v1/search", "/api/v1/suggest", "/api/v1/analyze"),
        ]
    ),
)
def test_any_arguments(visitor: Visitor, args: list[tuple[str, str]], path: str) -> None:
    """Known parameters with any values."""
    encodable = [(name, value.encode("utf-8", "replace").decode()) for name, value in args]
    check(visitor.client.get(path, query_string=encodable))


@pytest.mark.parametrize(
    ("path", "status"),
    [
        pytest.param("/nowhere", 404, id="address"),
        pytest.param("/article/nobody", 404, id="article"),
        pytest.param("/search?page=0", 400, id="parameter"),
        pytest.param("/static/nothing.css", 404, id="file"),
    ],
)
def test_the_error_page(visitor: Visitor, path: str, status: int) -> None:
    """The page has a search box and a request id for the owner."""
    page = visitor.page(path, status)

    assert "编号 " in page
    assert '<html lang="zh-CN">' in page


def test_request_ids_differ(visitor: Visitor) -> None:
    """Each error has its own request id, so it can be found in the log."""
    numbers = {visitor.error("/api/v1/search", page="0")["request_id"] for _ in range(5)}

    assert len(numbers) == 5


def test_an_error_of_ours_is_logged_and_not_shown(
    tiny_root: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A bug is a 500 in the shape of all errors; the log has the request id and the traceback."""
    visitor = visitor_of(tiny_root)

    @visitor.client.application.get("/api/broken")
    def broken() -> str:
        raise RuntimeError("secret")

    answer = visitor.get("/api/broken")

    assert answer.status_code == 500
    assert "secret" not in answer.get_data(as_text=True)
    error = answer.get_json()["error"]
    assert (list(error), error["code"]) == (SHAPE, "internal_error")
    assert error["request_id"] in caplog.text
    assert "secret" in caplog.text
