"""Sitemaps list every article once, and no page that search engines should ignore."""

import re
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.articles import ARTICLES
from tests.support.hostile import HOSTILE
from tests.support.tiny_search import article
from tests.support.visitors import MANY, Visitor, index_of, visitor_of
from web.crawlers import sitemap
from web.http.site import site

S = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
HOME = "http://localhost"
DATETIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d")


def read(visitor: Visitor, path: str, root: str) -> list[ElementTree.Element]:
    answer = visitor.get(path)
    assert answer.status_code == 200, path
    assert answer.headers["Content-Type"] == "application/xml; charset=utf-8"
    element = ElementTree.fromstring(answer.get_data())
    assert element.tag == f"{S}{root}"
    return list(element)


def parts(visitor: Visitor) -> list[str]:
    rows = read(visitor, "/sitemap.xml", "sitemapindex")
    return [(row.findtext(f"{S}loc") or "").removeprefix(HOME) for row in rows]


def addresses(visitor: Visitor, path: str) -> list[str]:
    rows = read(visitor, path, "urlset")
    for row in rows:
        assert {child.tag for child in row} <= {f"{S}loc", f"{S}lastmod"}
        assert DATETIME.fullmatch(row.findtext(f"{S}lastmod") or "1970-01-01T00:00:00+08:00")
    return [row.findtext(f"{S}loc") or "" for row in rows]


def listed(visitor: Visitor) -> list[str]:
    """All addresses of articles in the sitemaps."""
    found = [address for part in parts(visitor) for address in addresses(visitor, part)]
    return [address for address in found if "/article/" in address]


def test_every_article_once(visitor: Visitor) -> None:
    """Articles are grouped by month, undated ones apart; every address can be opened."""
    assert parts(visitor) == [
        "/sitemap-pages.xml",
        "/sitemap-2022-09-1.xml",
        "/sitemap-undated-1.xml",
    ]
    found = listed(visitor)
    assert sorted(found) == sorted(f"{HOME}/article/{a.id}" for a in ARTICLES)
    for address in found:
        assert visitor.get(address.removeprefix(HOME)).status_code == 200


def test_own_pages(visitor: Visitor) -> None:
    """Home, lists, and topics with articles are listed; pages of results are not."""
    found = addresses(visitor, "/sitemap-pages.xml")

    assert found[0] == f"{HOME}/"
    assert f"{HOME}/topic/%E5%85%83%E5%AE%87%E5%AE%99" in found
    assert not [address for address in found if "/search" in address]
    for address in found:
        page = visitor.page(address.removeprefix(HOME))
        assert 'name="robots"' not in page


@pytest.mark.slow
def test_large_months_are_divided(many_root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A month with too many addresses is split; each address is in one part."""
    monkeypatch.setattr(sitemap, "MAX_ADDRESSES", 100)
    visitor = visitor_of(many_root)

    found = [addresses(visitor, part) for part in parts(visitor)[1:]]

    assert max(map(len, found)) == 100
    assert len({address for part in found for address in part}) == sum(map(len, found)) == MANY


@pytest.mark.parametrize("character", ["a", "&"])
def test_the_limits_hold_by_arithmetic(character: str) -> None:
    """A full sitemap of the longest addresses has less than 50 MB."""
    longest = max(
        len("".join(sitemap._row(character * length, "2022-09-05T12:00:00+08:00")))
        for length in range(1, sitemap.MAX_ADDRESS + 1)
    )

    assert sitemap.MAX_ADDRESSES <= 50_000
    assert longest * sitemap.MAX_ADDRESSES < 50 * 2**20


def test_hostile_ids(tmp_path: Path) -> None:
    """The XML is well-formed for any id; an address that is too long is left out."""
    too_long = article("长" * 700, "长", "稳定币", published=datetime(2022, 9, 5, tzinfo=UTC))
    visitor = visitor_of(index_of(tmp_path / "index", [*HOSTILE, too_long]))

    found = listed(visitor)

    assert len(set(found)) == len(found) == len(HOSTILE)
    for address in found:
        assert visitor.get(address.removeprefix(HOME)).status_code == 200


@given(st.text(min_size=1))
def test_addresses_are_those_of_the_site(visitor: Visitor, article_id: str) -> None:
    """The faster way to make addresses gives the same ones as `url_for`."""
    with visitor.client.application.test_request_context():
        assert (
            quote(article_id, sitemap._IN_PATHS)
            == site().article(article_id).partition("/article/")[2]
        )


@pytest.mark.parametrize(
    "part",
    [
        "2022-10-1",
        "2022-09-2",
        "2022-13-1",
        "undated-2",
        "undated-0",
        "2022-09",
        "x",
        "2022-09-999999",
    ],
)
def test_no_such_part(visitor: Visitor, part: str) -> None:
    """An unknown part is a 404 in the format for programs."""
    assert visitor.error(f"/sitemap-{part}.xml", 404)["code"] == "not_found"


def test_article_pages_off(tiny_root: Path) -> None:
    """With article pages off, only the site's own pages are listed."""
    visitor = visitor_of(tiny_root, article_page="off")

    assert parts(visitor) == ["/sitemap-pages.xml"]
    assert visitor.get("/sitemap-2022-09-1.xml").status_code == 404


def test_under_a_path(tiny_root: Path) -> None:
    """Every address begins with `public_url`."""
    visitor = visitor_of(tiny_root, public_url="https://news.example/sub")

    robots = visitor.get("/robots.txt").get_data(as_text=True)
    rows = read(visitor, "/sitemap-2022-09-1.xml", "urlset")

    assert "Sitemap: https://news.example/sub/sitemap.xml" in robots.splitlines()
    assert "Disallow: /sub/api/v1/" in robots.splitlines()
    assert all((row[0].text or "").startswith("https://news.example/sub/article/") for row in rows)


def test_robots(nothing: Visitor) -> None:
    """robots.txt names the sitemap, with and without an index."""
    answer = nothing.get("/robots.txt")

    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.get_data(as_text=True).splitlines() == [
        "User-agent: *",
        "Disallow: /api/v1/",
        "Disallow: /stats",
        "",
        "Sitemap: http://localhost/sitemap.xml",
    ]


def test_not_read_twice(visitor: Visitor) -> None:
    """An unchanged sitemap is a 304."""
    for path in parts(visitor):
        etag = visitor.get(path).headers["ETag"]
        assert visitor.get(path, headers={"If-None-Match": etag}).status_code == 304


def test_without_an_index(nothing: Visitor) -> None:
    """503 with Retry-After, so that crawlers try again."""
    answer = nothing.get("/sitemap.xml")

    assert (answer.status_code, answer.mimetype) == (503, "application/json")
    assert answer.headers["Retry-After"]


def test_results_are_not_listed(visitor: Visitor) -> None:
    """Pages of results are marked noindex."""
    assert '<meta name="robots" content="noindex">' in visitor.page("/search?q=元宇宙")
