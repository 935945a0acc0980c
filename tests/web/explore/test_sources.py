"""The list of sources, with the number of articles of each and its first and last day."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from search.explore.sources import MAX_SOURCES, source_list
from tests.support.tiny_search import article, searcher
from tests.support.visitors import Markup, Visitor, index_of, visitor_of


def rows(page: str) -> list[list[str]]:
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    return [
        re.sub("<[^>]*>", "|", row).strip("|").split("|")
        for row in (re.sub(r"(<[^>]*>)+", "|", r) for r in body.split("</tr>"))
        if row.strip("|")
    ]


def test_each_with_its_number_and_days(visitor: Visitor) -> None:
    """The source with the most articles is first; undated articles do not affect its days."""
    assert rows(visitor.page("/sources")) == [
        ["财经日报", "2", "2022-09-06", "2022-09-08", "3 天", "中文", "RSS", " 财经日报"],
        ["转载网", "2", "2022-09-08", "2022-09-08", "1 天", "中文", "RSS", " 转载网"],
        ["链上观察", "2", "2022-09-05", "2022-09-07", "3 天", "中文", "RSS", " 链上观察"],
    ]


def test_a_source_leads_to_its_articles(visitor: Visitor) -> None:
    """The link finds as many articles as the number says."""
    link = Markup(visitor.page("/sources")).link("财经日报")

    assert "找到 <strong>2</strong> 条结果" in visitor.page(link)


def test_undated_and_unnamed(tmp_path: Path) -> None:
    """A source without dates is marked so; articles without a source are counted apart."""
    articles = [article("a", "甲", "一", source="旧报"), article("b", "乙", "二")]
    page = visitor_of(index_of(tmp_path / "index", articles)).page("/sources")

    assert rows(page)[0][:3] == ["旧报", "1", "日期不详"]
    cells = page.partition("<tbody>")[2].partition("</tr>")[0].split("<td")
    assert "日期不详" in cells[-5]  # a phone does not show the last four columns
    assert "另有 1 篇没有注明来源。" in page


def test_an_empty_index(tmp_path: Path) -> None:
    """Without articles there is no table and no error."""
    page = visitor_of(index_of(tmp_path / "index", [])).page("/sources")

    assert "共 0 个来源" in page
    assert "<table" not in page


def test_a_long_list_is_cut_and_says_so() -> None:
    """Sources with the most articles stay; the number without a source is then not shown."""
    names = [f"来源{at:03}" for at in range(MAX_SOURCES + 1)]
    over = searcher(
        *(article(name, "题", name, source=name) for name in names),
        article("twice", "题", "又一篇", source=names[-1]),
    )

    found = source_list(over.snapshot)

    assert found.sources[0].name == names[-1]
    assert (len(found.sources), found.more, found.unnamed) == (MAX_SOURCES, True, None)


def test_not_modified(visitor: Visitor) -> None:
    """An unchanged page is a 304."""
    first = visitor.get("/sources")

    assert visitor.get("/sources", {"If-None-Match": first.headers["ETag"]}).status_code == 304


@pytest.mark.parametrize("path", ["/sources", "/topic/元宇宙", "/compare?q=a&q=b", "/story/x"])
def test_without_an_index_the_answer_is_503(nothing: Visitor, path: str) -> None:
    """Every page of this folder answers 503 with one sentence."""
    assert nothing.get(path).status_code == 503


DAY = datetime(2022, 9, 5, 4, tzinfo=UTC)
THREE = [
    *(article(f"a{at}", "甲报的标题", f"一{at}", source="甲报", published=DAY) for at in range(3)),
    article("b1", "乙报的标题", "二", source="乙报", published=DAY - timedelta(days=9)),
    article("b2", "乙报的标题", "三", source="乙报", published=DAY, date_origin="address"),
    article("c1", "An English title", "四", source="丙报", url="https://c.example.com/1"),
]
ORDERS = [
    pytest.param(None, ["甲报", "乙报", "丙报"], id="most articles"),
    pytest.param("nonsense", ["甲报", "乙报", "丙报"], id="an order nobody knows"),
    pytest.param("name", ["丙报", "乙报", "甲报"], id="name"),
    pytest.param("first", ["乙报", "甲报", "丙报"], id="earliest first"),
    pytest.param("last", ["甲报", "乙报", "丙报"], id="newest first"),
    pytest.param("span", ["乙报", "甲报", "丙报"], id="longest first"),
]


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Visitor:
    return visitor_of(index_of(tmp_path_factory.mktemp("sources") / "index", THREE))


@pytest.mark.parametrize(("order", "names"), ORDERS)
def test_orders(three: Visitor, order: str | None, names: list[str]) -> None:
    """By a link in the head of each column; sources without a date are last among dates."""
    page = three.page("/sources", **({"sort": order} if order else {}))

    assert [row[0] for row in rows(page)] == names
    assert page.count("aria-sort") == 1


def test_what_is_said_of_each(three: Visitor) -> None:
    """约 before an estimated day, with a sentence; what its titles are written in; its links."""
    page = three.page("/sources")
    of = {row[0]: row for row in rows(page)}

    assert of["乙报"][1:7] == ["2", "2022-08-27", "约 ", "2022-09-05", "10 天", "中文"]
    assert "“约”是推算的日期。" in page
    assert of["丙报"][2:4] == ["日期不详", "其他文字"]
    assert 'href="https://c.example.com/"' in page
    assert "/search.rss?source=" in page
