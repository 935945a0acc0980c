"""A chart as CSV and SVG: the same figures as its page, and a picture that stands alone."""

import csv
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.support.tiny_search import article
from tests.support.visitors import Visitor, index_of, visitor_of

FIRST = datetime(2022, 9, 5, 4, tzinfo=UTC)


@pytest.fixture(scope="module")
def visitor(tmp_path_factory: pytest.TempPathFactory) -> Visitor:
    """A day with 20 articles, five of them on 元宇宙; one of two on the next but one; three
    undated, two of them on it."""
    texts = [("元宇宙", 0)] * 5 + [("银行", 0)] * 15 + [("元宇宙", 2), ("银行", 2)]
    dated = [
        article(f"d{at}", f"第{at}篇", text, published=FIRST + timedelta(days=day), source="甲")
        for at, (text, day) in enumerate(texts)
    ]
    undated = [
        article(f"u{at}", f"无{at}", text) for at, text in enumerate(("元宇宙", "元宇宙", "银行"))
    ]
    root: Path = tmp_path_factory.mktemp("files") / "index"
    return visitor_of(index_of(root, [*dated, *undated])).warmed()


def rows(visitor: Visitor, **args: object) -> list[list[str]]:
    answer = visitor.get("/chart.csv", **args)
    assert answer.mimetype == "text/csv"
    return list(csv.reader(StringIO(answer.get_data().decode("utf-8-sig")), strict=True))


def test_a_row_for_each_step(visitor: Visitor) -> None:
    """Steps without articles too, and last what has no date; the counts add up to the total."""
    found = rows(visitor, q="元宇宙")

    assert found == [
        ["查询", "从", "到", "篇数", "同期全部文章", "占比（%）"],
        ["元宇宙", "2022-09-05", "2022-09-05", "5", "20", "25"],
        ["元宇宙", "2022-09-06", "2022-09-06", "0", "0", ""],
        ["元宇宙", "2022-09-07", "2022-09-07", "1", "2", "50"],
        ["元宇宙", "日期不详", "日期不详", "2", "3", "66.67"],
    ]
    total = visitor.search(q="元宇宙")["total"]
    assert sum(int(row[3]) for row in found[1:]) == total


@pytest.mark.parametrize("path", ["/chart.csv", "/chart.svg"])
def test_more_queries_than_a_chart_takes(visitor: Visitor, path: str) -> None:
    """Refused, since a file has no notice that some are left out; one twice counts once."""
    four = ["元宇宙", "银行", "甲", "乙"]
    assert visitor.get(path, q=[*four, "甲"]).status_code == 200
    page = visitor.page(path, 400, q=[*four, "丙"])

    assert "一张图最多比较 4 个查询。" in page
    assert "请分成几张图。" in page


@pytest.mark.parametrize(
    ("args", "counts"),
    [
        pytest.param({"q": "元宇宙", "source": "甲"}, ["5", "0", "1", "0"], id="a filter"),
        pytest.param({"q": "元宇宙", "from_": "2022-09-07"}, ["5", "0", "1", "2"], id="a range"),
        pytest.param({"q": "元宇舟"}, ["5", "0", "1", "2"], id="a correction, as on the page"),
        pytest.param({"q": "元宇宙", "utm_source": "x"}, ["5", "0", "1", "2"], id="unknown names"),
        pytest.param({"q": "不存在的词"}, ["0"], id="nothing found"),
    ],
)
def test_the_parameters_are_those_of_the_page(
    visitor: Visitor, args: dict[str, str], counts: list[str]
) -> None:
    """Filters hold; a range leaves the axis as it is."""
    assert [row[3] for row in rows(visitor, **args)[1:]] == counts


def test_several_queries(visitor: Visitor) -> None:
    """The rows of one after those of the other, in the steps of the comparison."""
    found = rows(visitor, q=["元宇宙", "银行"])

    assert [row[0] for row in found[1:]] == ["元宇宙"] * 4 + ["银行"] * 4
    assert [row[3] for row in found if row[0] == "银行"] == ["15", "0", "1", "1"]


def texts(picture: ElementTree.Element) -> list[str]:
    return [each.text or "" for each in picture.iter("{http://www.w3.org/2000/svg}text")]


def svg(visitor: Visitor, **args: object) -> ElementTree.Element:
    answer = visitor.get("/chart.svg", **args)
    assert answer.mimetype == "image/svg+xml"
    return ElementTree.fromstring(answer.get_data(as_text=True))


def test_a_picture_says_what_it_shows(visitor: Visitor) -> None:
    """Title, unit, coverage and what is grey are in it, and the size of the index."""
    said = texts(svg(visitor, q="元宇宙"))

    assert said[0] == "元宇宙"
    assert said[1].startswith("每天文章数，2022年9月5日至2022年9月7日")
    assert "元宇宙  图中 6 / 8 篇；2 篇日期不详" in said
    assert "灰底处索引里没有文章" in said
    assert "元搜，索引 25 篇文章" in said


def test_a_picture_of_shares_and_of_lines(visitor: Visitor) -> None:
    """In steps with enough articles; styles are attributes, so nothing else need be allowed."""
    shares = svg(visitor, q="元宇宙", measure="share")
    lines = svg(visitor, q=["元宇宙", "银行"])

    assert "灰底处全部文章不足 20 篇，不画占比" in texts(shares)
    assert [each.text for each in shares.iter("{http://www.w3.org/2000/svg}title")] == [
        "元宇宙",
        "2022年9月5日：25%（5 / 20 篇）",
    ]
    assert sum(each.tag.endswith("polyline") for each in lines.iter()) == 2
    answer = visitor.get("/chart.svg", q="<b>&")
    assert "<b>" not in answer.get_data(as_text=True)
    assert "style" not in answer.get_data(as_text=True)


def test_files_have_names(visitor: Visitor) -> None:
    """Named after the search; results are kept out of other search engines."""
    for kind in ("svg", "csv"):
        headers = visitor.get(f"/chart.{kind}", q="元宇宙").headers
        assert headers["Content-Disposition"].endswith(f"%E5%85%83%E5%AE%87%E5%AE%99.{kind}")
        assert headers["X-Robots-Tag"] == "noindex"


def test_what_cannot_be_answered(visitor: Visitor) -> None:
    """A bad date is one clear line."""
    assert visitor.get("/chart.csv", q="元宇宙", from_="gestern").status_code == 400
