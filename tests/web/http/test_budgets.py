"""The setting `request_cpu_seconds`: what costs more ends as 503, or shorter and not cached."""

from pathlib import Path

import pytest

from index.errors import SettingsError
from index.settings import load
from search.budget import NO_EXPLANATION, Budget
from tests.support.visitors import NOW, Visitor, visitor_of
from web.pages import article as article_page

COSTLY = ("/search?q=元宇宙", "/compare?q=元宇宙&q=银行", "/topic/元宇宙")
COSTLY_FOR_PROGRAMS = (
    "/api/v1/search?q=元宇宙",
    "/search.rss?q=元宇宙",
    "/search.csv?q=元宇宙",
    "/sitemap-pages.xml",
    "/sitemap-2022-09-1.xml",
    "/api/v1/articles/yuan?q=元宇宙",
)


@pytest.fixture(scope="module")
def hurried(tiny_root: Path) -> Visitor:
    """Visits a site whose requests may use next to no processor time."""
    return visitor_of(tiny_root, request_cpu_seconds=1e-9)


@pytest.mark.parametrize("path", COSTLY)
def test_a_page_too_costly(hurried: Visitor, path: str) -> None:
    """People get a calm page with what to do next."""
    answer = hurried.get(path)

    assert (answer.status_code, answer.mimetype) == (503, "text/html")
    assert int(answer.headers["Retry-After"]) > 0
    assert "太费时" in answer.text
    assert "请缩短查询" in answer.text


@pytest.mark.parametrize("path", COSTLY_FOR_PROGRAMS)
def test_a_request_too_costly(hurried: Visitor, path: str) -> None:
    """Programs get the JSON of every error, before the first byte of any file."""
    error = hurried.error(path, 503)

    assert error["code"] == "too_costly"
    assert error["request_id"]


@pytest.mark.parametrize("path", ["/", "/help", "/healthz", "/static/style.css", "/robots.txt"])
def test_what_searches_nothing(hurried: Visitor, path: str) -> None:
    """The budget is for searching; other pages stay."""
    assert hurried.get(path).status_code == 200


def test_an_article_is_always_read(hurried: Visitor) -> None:
    """It is shown without marks, and says so."""
    page = hurried.page("/article/yuan", q="NFT")

    assert "文中没有标出查询的词" in page
    assert "<mark" not in page
    assert "文中没有标出" not in hurried.page("/article/yuan")


def test_what_may_be_shortened_has_no_tag(tiny_root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer that took most of its budget is made again when it is asked for again."""
    spent = Budget(1, 0.5, lambda: 0.4)
    monkeypatch.setattr(Budget, "starting_now", lambda seconds: spent)
    shortened = visitor_of(tiny_root).warmed().get("/search", q="元宇宙", now=NOW)

    assert shortened.status_code == 200
    assert shortened.headers["Cache-Control"] == "no-store"
    assert "ETag" not in shortened.headers
    assert "只是正文开头" in shortened.text
    nothing = visitor_of(tiny_root).warmed().page("/search", q="元宇宙 AND 无此词")
    assert NO_EXPLANATION in nothing
    rows = visitor_of(tiny_root).get("/search.csv", q="元宇宙").text
    assert "（查询费时，这是正文开头）" in rows


def test_without_a_limit(tiny_root: Path) -> None:
    """0 is no limit."""
    assert (
        visitor_of(tiny_root, request_cpu_seconds=0).get("/search", q="元宇宙").status_code == 200
    )


@pytest.mark.parametrize("value", ["-1", "601", "soon", ""])
def test_values_of_the_setting(value: str) -> None:
    """A bad value is one line."""
    with pytest.raises(SettingsError, match="request_cpu_seconds"):
        load({}, {"YUANSOU_REQUEST_CPU_SECONDS": value})
    assert load({}, {"YUANSOU_REQUEST_CPU_SECONDS": "0.5"}).request_cpu_seconds == 0.5


def test_marking_leaves_time_for_the_page() -> None:
    """Outside a request nothing ends."""
    assert not article_page.marking_budget().is_spent
