"""ETags: 304 for the same answer, and never for another one."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

import web.http.caching
from index.settings import SETTINGS, Settings
from search.search_aids import SearchAids
from tests.support.visitors import Visitor, visitor_of
from web.http.caching import OF_ONE_MACHINE

OTHER: dict[str, Any] = {
    "engine": "tantivy",
    "opensearch_hosts": ("http://other.example:9200",),
    "opensearch_user": "reader",
    "opensearch_ca": Path("ca.pem"),
    "opensearch_alias": "others",
    "site_name": "别名",
    "language": "en",
    "public_url": "https://news.example",
    "trusted_proxies": 1,
    "article_page": "excerpt",
    "access_log": "full",
    "query_counts": "on",
    "golden": Path("golden.toml"),
    "vectors": "on",
    "cors_origins": "https://a.example",
}
"""Another value of every setting that may change an answer."""
SEARCHES = ("/search", "/api/v1/search", "/search.rss", "/search.atom", "/search.json")
ROUTES = (
    *(f"{path}?q=元宇宙" for path in SEARCHES),
    "/search.csv?q=元宇宙",
    "/api/v1/articles/uniswap?q=DeFi",
    "/api/v1/similar/uniswap",
    "/article/uniswap",
    "/topic/元宇宙",
    "/story/uniswap",
    "/compare?q=元宇宙&q=央行",
    "/sources",
    "/sitemap.xml",
    "/sitemap-pages.xml",
)
"""An address of every route whose answers have a tag."""
each_route = pytest.mark.parametrize("route", ROUTES)


@pytest.fixture
def noon(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Stops the clock of the ETags; tests set it to "day hour:minute"."""
    clock = ["2026-09-15T12:00:00+08:00"]

    class Clock(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return cls.fromisoformat(clock[0]).astimezone(tz)

    monkeypatch.setattr(web.http.caching, "datetime", Clock)
    return clock


def tag(visitor: Visitor, route: str, **headers: str) -> str:
    answer = visitor.get(route, headers=headers)
    assert answer.status_code == 200, (route, answer.get_data(as_text=True))
    return answer.headers["ETag"]


def status(visitor: Visitor, route: str, held: str, **headers: str) -> int:
    return visitor.get(route, headers={"If-None-Match": held, **headers}).status_code


def over(root: Path, **settings: Any) -> Visitor:
    """A visitor of an application with these settings, over the existing index."""
    return visitor_of(root, **settings).warmed()


def test_the_same_is_not_sent_again(visitor: Visitor, tiny_root: Path, noon: list[str]) -> None:
    """The ETag is the same in another process, on another machine, at another port."""
    again = over(tiny_root, port=9, workers=2, opensearch_password="secret")

    assert [r for r in ROUTES if status(again, r, tag(visitor, r)) != 304] == []


def test_every_setting_is_tried() -> None:
    """Each setting is in the table below, or concerns one machine only."""
    assert set(OTHER) | OF_ONE_MACHINE | {"opensearch_password"} == {s.name for s in SETTINGS}


@pytest.fixture(scope="module")
def changing(tiny_root: Path) -> Visitor:
    """A visitor whose site's settings a test may change."""
    return over(tiny_root)


@pytest.mark.parametrize("name", OTHER)
def test_another_setting_is_another_answer(
    visitor: Visitor, changing: Visitor, noon: list[str], name: str
) -> None:
    """A changed setting changes the ETag of every route."""
    site = changing.client.application.extensions["yuansou.site"]
    site.settings = replace(Settings(), **{name: OTHER[name]})

    assert [r for r in ROUTES if status(changing, r, tag(visitor, r)) == 304] == []


@pytest.mark.parametrize("allowed", ["excerpt", "off"])
@pytest.mark.parametrize("route", ["/api/v1/articles/uniswap", "/article/uniswap"])
def test_what_may_not_be_shown_any_more(
    visitor: Visitor, tiny_root: Path, route: str, allowed: str
) -> None:
    """A client with the ETag of a full text gets the shorter one, or none."""
    held = tag(visitor, route)

    assert status(over(tiny_root, article_page=allowed), route, held) in (200, 404)


@each_route
def test_another_program_is_another_answer(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch, noon: list[str], route: str
) -> None:
    """Another template, translation or library version changes the ETag."""
    held = tag(visitor, route)
    monkeypatch.setattr(web.http.caching, "_program", lambda: "another")

    assert status(visitor, route, held) == 200


@pytest.mark.parametrize(
    "file", ["search/query/expansion.py", "web/templates/base.html", "web/stop.txt"]
)
def test_a_program_is_its_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str) -> None:
    """The hash covers code, templates and data of the three packages, without compiled files."""
    for package in ("index", "search", "web"):
        (tmp_path / package / "__pycache__").mkdir(parents=True)
    path = tmp_path / file
    path.parent.mkdir(exist_ok=True)
    path.write_text("before")
    monkeypatch.setattr(web.http.caching, "files", lambda package: tmp_path / package)
    digest = web.http.caching._program.__wrapped__

    before = digest()
    (tmp_path / "web" / "__pycache__" / "app.pyc").write_text("compiled")
    assert digest() == before
    path.write_text("after")
    assert digest() != before


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        pytest.param({}, 304, id="the same"),
        pytest.param({"Host": "127.0.0.1"}, 200, id="another host"),
        pytest.param({"Host": "localhost:81"}, 200, id="another port"),
    ],
)
@each_route
def test_links_repeat_the_host(
    visitor: Visitor, noon: list[str], route: str, headers: dict[str, str], expected: int
) -> None:
    """Answers with absolute links have another ETag under another host."""
    assert status(visitor, route, tag(visitor, route), **headers) == expected


@pytest.mark.parametrize(
    ("route", "later", "expected"),
    [
        *((route, "2026-09-16T00:00:00+08:00", 200) for route in ROUTES if "sitemap" not in route),
        *((f"{path}?q=元宇宙&within=24h", "2026-09-15T12:01:00+08:00", 200) for path in SEARCHES),
        *((f"{path}?q=元宇宙&within=6m", "2026-09-15T12:01:00+08:00", 200) for path in SEARCHES),
        *((f"{path}?q=元宇宙", "2026-09-15T23:59:59+08:00", 304) for path in SEARCHES[1:]),
        *((f"{path}?q=元宇宙&within=6m", "2026-09-15T12:00:59+08:00", 304) for path in SEARCHES),
        ("/search?q=元宇宙", "2026-09-15T12:01:00+08:00", 200),
        ("/topic/元宇宙", "2026-09-15T12:01:00+08:00", 200),
    ],
)
def test_the_clock(
    visitor: Visitor, noon: list[str], route: str, later: str, expected: int
) -> None:
    """The ETag changes with the day in Shanghai, and each minute for queries with periods like 5
    分钟前."""
    held = tag(visitor, route)
    noon[0] = later

    assert status(visitor, route, held) == expected


@pytest.mark.parametrize("route", [*(f"{path}?q=元宇宙" for path in SEARCHES), "/topic/元宇宙"])
def test_answers_without_corrections(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch, noon: list[str], route: str
) -> None:
    """Answers given before corrections are loaded get another ETag afterwards."""
    with monkeypatch.context() as cold:
        cold.setattr(SearchAids, "corrects", False)
        held = tag(visitor, route)
        assert status(visitor, route, held) == 304

    assert status(visitor, route, held) == 200


@pytest.mark.parametrize("route", ["/article/nothing", "/api/v1/articles/nothing"])
def test_any_tag_is_no_answer(visitor: Visitor, route: str) -> None:
    """`If-None-Match: *` for an unknown address is a 404."""
    assert status(visitor, route, "*") == 404


@pytest.mark.parametrize(
    ("route", "added"),
    [
        *((f"{path}?q=元宇宙", "&_=1700000000") for path in SEARCHES[2:]),
        *((f"{path}?q=元宇宙", "&utm_source=rss&fbclid=x") for path in SEARCHES[2:]),
        ("/sitemap.xml", "?_=1"),
        ("/sitemap-pages.xml", "?ref=x"),
    ],
)
def test_what_readers_add_is_no_other_answer(
    visitor: Visitor, noon: list[str], route: str, added: str
) -> None:
    """An unknown parameter, such as the time that a feed reader adds, does not change the ETag."""
    assert status(visitor, route + added, tag(visitor, route)) == 304
