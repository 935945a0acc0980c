"""Results as CSV: Chinese is read correctly, every row is there, and no cell is a formula."""

import csv
from dataclasses import replace
from io import StringIO
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.support.articles import ARTICLES
from tests.support.hostile import HOSTILE
from tests.support.visitors import NOW, Visitor, index_of, visitor_of
from web.feeds.table import cell, file_name
from web.http.xml_text import legible

CSV = "/search.csv"
COLUMNS = (
    "标题 来源 文中来源 作者 发布时间 日期来源 链接 摘要 话题 分类 类型 相同报道篇数 编号".split()
)


def rows(visitor: Visitor, **args: str) -> list[dict[str, str]]:
    answer = visitor.get(CSV, **args)
    assert answer.status_code == 200
    data = answer.get_data()
    assert data.startswith(b"\xef\xbb\xbf")
    read = csv.DictReader(StringIO(data.decode("utf-8-sig"), newline=""), strict=True)
    found = list(read)
    assert read.fieldnames == COLUMNS
    assert all(None not in row and None not in row.values() for row in found)
    return found


def test_a_row(visitor: Visitor) -> None:
    """What a list page knows of an article."""
    (row,) = rows(visitor, q="e-CNY", now=NOW)[:1]

    assert row["标题"] == "數字人民幣試點擴大到十七個省市"
    assert (row["来源"], row["文中来源"], row["作者"]) == ("财经日报", "", "林小满")
    assert (row["发布时间"], row["日期来源"]) == ("2022-09-06 12:00:00", "原有")
    assert row["链接"] == "https://bank.example.com/ecny"
    assert "数字人民币（e-CNY）试点扩大" in row["摘要"]
    assert row["话题"].split("、")[0] == "数字人民币"
    assert (row["分类"], row["类型"], row["编号"]) == ("数字货币", "", "ecny")
    assert [other["类型"] for other in rows(visitor, q="旧闻", now=NOW)] == ["片段"]


def test_an_estimated_date(tmp_path: Path) -> None:
    """Is a day, and the file says where it is from."""
    estimated = replace(ARTICLES[0], date_origin="address")
    visitor = visitor_of(index_of(tmp_path / "index", [estimated, ARTICLES[5]]))
    dates = {row["编号"]: (row["发布时间"], row["日期来源"]) for row in rows(visitor)}
    assert dates == {"yuan": ("2022-09-05", "推算自网址"), "undated": ("", "无")}


def test_the_order_of_the_page(visitor: Visitor) -> None:
    """Rows are those of the page, in its order, reposts folded."""
    page = visitor.search(q="银行", now=NOW, per_page="100")
    found = rows(visitor, q="银行", now=NOW)

    assert [row["编号"] for row in found] == [hit["id"] for hit in page["hits"]]
    assert "2" in [row["相同报道篇数"] for row in found]
    assert len(rows(visitor, q="银行", now=NOW, fold="0")) == page["total"]


def test_a_thousand_rows(many: Visitor) -> None:
    """The first 1,000 results, each once; one page if a page is asked for."""
    found = [row["编号"] for row in rows(many, q="稳定币", sort="oldest")]

    assert found == [f"n{at:04}" for at in range(1_000)]
    assert len(rows(many, q="稳定币", per_page="7")) == 7
    assert len(rows(many, q="稳定币", page="2")) == 10


def test_nothing_found(visitor: Visitor) -> None:
    """Without results there is the row of headings only."""
    assert rows(visitor, q="“没有这句话”") == []


def test_hostile_articles(tmp_path: Path) -> None:
    """Quotes, commas, breaks and markup are read back; a possible formula gets an apostrophe."""
    found = rows(visitor_of(index_of(tmp_path / "index", HOSTILE)), q="稳定币")

    assert len(found) == len(HOSTILE)
    by_id = {row["编号"]: row for row in found}
    formula = next(row for name, row in by_id.items() if name.startswith("formula"))
    assert formula["标题"] == '\'=HYPERLINK("https://evil.example","点我")'
    markup = next(row for name, row in by_id.items() if name.startswith("markup"))
    assert markup["标题"] == "</title><script>alert(1)</script>&amp;<b>粗</b>"
    assert by_id["undated"]["发布时间"] == ""
    assert by_id["old"]["发布时间"] == "1970-01-01 08:00:00"


@pytest.mark.parametrize(
    "begins", ["=", "+", "-", "@", "\t", "\r", "\n", " =", "＝", "－", "\u3000＠"]
)
def test_no_formula(begins: str) -> None:
    """No cell is a formula after white space or in full-width characters either."""
    assert cell(f"{begins}1+1") == f"'{begins}1+1"


@given(st.text(st.characters(codec=None)))
@example("\x00=1")
@example("a=1")
def test_any_cell(text: str) -> None:
    """A cell is the text, perhaps with the leading apostrophe, and is read back so."""
    guarded = cell(text)

    assert guarded in (legible(text), f"'{legible(text)}")
    assert not guarded.lstrip().startswith(("=", "+", "-", "@"))
    file = StringIO(newline="")
    csv.writer(file, quoting=csv.QUOTE_ALL).writerow([guarded, "x"])
    assert next(csv.reader(StringIO(file.getvalue(), newline=""))) == [guarded, "x"]


@given(st.text(st.characters(codec=None)))
@example("../../etc/passwd\r\nSet-Cookie: a=b")
def test_file_names(what: str) -> None:
    """The header is ASCII, and the name has no folders."""
    header = file_name(what)

    assert header.isascii()
    assert header.isprintable()
    name = unquote(header.rpartition("''")[2])
    assert name.startswith("yuansou-")
    assert name.endswith(".csv")
    assert not set(name) & set('/\\:*?"<>|')


def test_the_name_of_the_file(visitor: Visitor) -> None:
    """It contains the query."""
    header = visitor.get(CSV, q="数字人民币 试点").headers["Content-Disposition"]

    assert unquote(header.rpartition("''")[2]) == "yuansou-数字人民币-试点.csv"
