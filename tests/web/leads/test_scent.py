"""The line above the results of a query that names a concept: every figure is what it links to."""

import re

import pytest

from tests.support.visitors import LEXICON, Markup, Visitor
from web.leads.sparkline import sparkline

FIGURES = re.compile(
    r'<a href="([^"]*)"[^>]*>(?:([\d,]+) 篇(?:关于|提到)它|[^<]* \(([\d,]+)\))</a>'
)


def line_of(page: str) -> str:
    found = re.search(r'<div class="scent">.*?</div>', page, re.DOTALL)
    return found.group() if found else ""


@pytest.mark.parametrize("name", [concept.name for concept in LEXICON.concepts])
def test_figures_are_what_their_links_find(visitor: Visitor, name: str) -> None:
    """For every concept of the lexicon that any article has."""
    line = line_of(visitor.page("/search", q=name))
    figures = FIGURES.findall(line)

    assert bool(line) == bool(visitor.search(q=name)["query"]["concepts"])
    for href, count, offered in figures:
        shown = visitor.page(href.replace("&amp;", "&"))
        assert f"找到 <strong>{count or offered}</strong> 条结果" in shown


def test_the_parts_of_the_line(visitor: Visitor) -> None:
    """Name, other names, both figures, and where to go from here."""
    line = line_of(visitor.page("/search", q="数字人民币"))
    links = Markup(line)

    assert links.link("数字人民币").startswith("/topic/")
    assert "1 篇关于它" in line
    assert "1 篇提到它" in line
    assert "也搜了：e-CNY、DC/EP" in line
    assert links.link("专题").startswith("/topic/")
    assert "订阅" not in line  # which stands beside the count
    assert links.link("与…比较").startswith("/compare?q=")
    assert "verbatim=1" in links.link("只搜原词")


def test_the_line_stays_on_the_sets_that_it_leads_to(visitor: Visitor) -> None:
    """Of the two figures, the one whose articles are shown is marked."""
    page = visitor.page("/search", q="提到：数字人民币")

    assert re.search(r'aria-current="true">1 篇提到它', line_of(page))


NO_LINE = [
    pytest.param("天气", id="no concept"),
    pytest.param("数字人民币 区块链", id="two concepts"),
    pytest.param("", id="nothing"),
    pytest.param("“数字人民币”", id="a quotation"),
]


@pytest.mark.parametrize("q", NO_LINE)
def test_no_line(visitor: Visitor, q: str) -> None:
    assert not line_of(visitor.page("/search", q=q))


def test_names_of_several_concepts(visitor: Visitor) -> None:
    """They are disclosed, with the way back to the typed words."""
    page = visitor.page("/search", q="数字人民币 区块链")

    assert "也搜了：e-CNY、DC/EP" in page
    assert "verbatim=1" in Markup(page).link("只搜原词")


MONTHS = [(202201, 1), (202203, 3), (202204, 0)]
LINES = [
    pytest.param(MONTHS, 4, "2022年1月至2022年4月，最多的是2022年3月，3 篇", id="all dated"),
    pytest.param(
        MONTHS, 8, "2022年1月至2022年4月，最多的是2022年3月，3 篇；4 篇日期不详", id="half"
    ),
    pytest.param(MONTHS, 9, None, id="most undated"),
    pytest.param(MONTHS[:1], 1, None, id="one month"),
    pytest.param([], 0, None, id="nothing"),
]


@pytest.mark.parametrize(("months", "total", "label"), LINES)
def test_sparkline(
    visitor: Visitor, months: list[tuple[int, int]], total: int, label: str | None
) -> None:
    """Drawn only where most articles are dated; the label says what it leaves out."""
    with visitor.client.application.test_request_context():
        line = sparkline(months, total)

    assert (line and line.label) == label
    assert line is None or line.points.count(",") == 4
