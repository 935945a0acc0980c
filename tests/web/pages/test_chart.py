"""The chart: bars that are links, numbers as text, all escaped, no inline styles."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from markupsafe import Markup

from search.explore.timeline import Bars, Bucket, bars
from tests.support.visitors import app_over
from web.pages.chart import HEIGHT, MIN_BAR_HEIGHT, chart, columns, period_label

DAYS = bars([("day", [(20220901, 4), (20220903, 40), (20220905, 1)])])
TWO = bars([("month", [(202201, 5), (202203, 1)]), ("month", [(202202, 10)])])


@pytest.fixture(autouse=True)
def application(tmp_path: Path) -> Iterator[None]:
    """An application for its templates and translations."""
    with app_over(tmp_path).test_request_context():
        yield


def link(period: Bucket) -> str:
    return f"/search?from={period.first}&to={period.last}"


def tree(markup: Markup) -> ElementTree.Element:
    return ElementTree.fromstring(str(markup))


def texts(markup: Markup, tag: str) -> list[str]:
    """The texts of the elements of one tag, with white space collapsed."""
    return [" ".join("".join(found.itertext()).split()) for found in tree(markup).iter(tag)]


def test_each_bar_is_a_link_that_says_its_number() -> None:
    """An empty period has no bar, no tab stop and no row."""
    svg = next(tree(chart(DAYS, link)).iter("svg"))
    bars_ = [(a.get("href"), "".join(a.itertext()).strip()) for a in svg.iter("a")]

    assert bars_ == [
        ("/search?from=2022-09-01&to=2022-09-01", "2022年9月1日：4 篇"),
        ("/search?from=2022-09-03&to=2022-09-03", "2022年9月3日：40 篇"),
        ("/search?from=2022-09-05&to=2022-09-05", "2022年9月5日：1 篇"),
    ]


def test_the_table_has_the_same_numbers_and_links() -> None:
    """The table is for those who cannot see the bars."""
    page = tree(chart(DAYS, link))
    rows = [["".join(cell.itertext()) for cell in row] for row in page.iter("tr")]

    assert rows == [
        ["时间", "篇数"],
        ["2022年9月1日", "4"],
        ["2022年9月3日", "40"],
        ["2022年9月5日", "1"],
    ]
    svg = next(page.iter("svg"))
    table = next(page.iter("table"))
    assert [a.get("href") for a in table.iter("a")] == [a.get("href") for a in svg.iter("a")]
    assert "没有文章的时段未列出。" in texts(chart(DAYS, link), "p")


def test_heights_follow_counts() -> None:
    """The highest bar fills the plot, others are in proportion, and one article is still visible."""
    drawn = bars([("day", [(20220901, 1), (20220902, 500), (20220903, 1000)])])

    assert [c.heights[0] for c in columns(drawn, link)] == [MIN_BAR_HEIGHT, HEIGHT / 2, HEIGHT]


def test_bars_fill_the_width_in_per_cent() -> None:
    """Widths are relative, so bars fit a phone."""
    assert [(c.x, c.width) for c in columns(DAYS, link)] == [(0, 20), (40, 20), (80, 20)]


def test_the_caption_says_what_is_to_be_seen() -> None:
    """The caption has step, span and highest bar, and is the picture's text alternative."""
    markup = chart(DAYS, link)
    said = "每天文章数，2022年9月1日至2022年9月5日；最多的是2022年9月3日，40 篇"

    assert texts(markup, "figcaption") == [said]
    assert next(tree(markup).iter("svg")).get("aria-label") == said


def test_the_caption_says_that_bars_tie() -> None:
    """It names the earliest of the highest bars, and how many are as high."""
    said = texts(chart(bars([("day", [(20220901, 5), (20220903, 5)])]), link), "figcaption")

    assert said == [
        "每天文章数，2022年9月1日至2022年9月3日；最多的有 2 处，最早是2022年9月1日，各 5 篇"
    ]


def test_several_series_share_one_axis() -> None:
    """Each series is a line with a legend; the row of a month has the numbers of all."""
    page = tree(chart(TWO, link, ["比特币", "以太坊"]))
    lines = [line.get("points") for line in page.iter("polyline")]
    readings = [" ".join("".join(a.itertext()).split()) for a in page.iter("a")]

    assert lines == ["0.5,60 1.5,120 2.5,108", "0.5,120 1.5,0 2.5,120"]
    assert readings[:3] == [
        "2022年1月 比特币 5 篇 以太坊 0 篇",
        "2022年2月 比特币 0 篇 以太坊 10 篇",
        "2022年3月 比特币 1 篇 以太坊 0 篇",
    ]
    assert [li.get("class") for li in page.iter("line")][:2] == ["line s1", "line s2"]


NOTHING = [
    pytest.param(Bars(counts=((),)), id="nothing dated"),
    pytest.param(bars([("day", [(20220901, 4)])]), id="a single period"),
]


@pytest.mark.parametrize("drawn", NOTHING)
def test_one_bar_is_no_chart(drawn: Bars) -> None:
    """One period is given as a number instead."""
    assert chart(drawn, link) == ""


def test_no_style_and_no_script_inside() -> None:
    """The content security policy forbids inline styles and scripts; names are escaped."""
    markup = chart(TWO, link, ["<script>alert(1)</script>", 'a"b'])

    assert not re.search(r"<script|style=|\son\w+=", str(markup))
    assert "&lt;script&gt;" in markup


PERIODS = [
    pytest.param("day", date(2022, 9, 5), "2022年9月5日", id="day"),
    pytest.param("week", date(2022, 9, 5), "2022年9月5日起一周", id="week"),
    pytest.param("month", date(2022, 9, 1), "2022年9月", id="month"),
    *(
        pytest.param("quarter", date(2022, month, 1), f"2022年{name}季度", id=f"from {month}")
        for month, name in ((1, "一"), (4, "二"), (7, "三"), (10, "四"))
    ),
    pytest.param("year", date(2022, 1, 1), "2022年", id="year"),
]


@pytest.mark.parametrize(("step", "first", "said"), PERIODS)
def test_periods_are_called_as_people_call_them(step: Any, first: date, said: str) -> None:
    """Periods have Chinese names, not 2022-Q3."""
    assert period_label(Bucket(step, first, first)) == said


AXES = [
    pytest.param(
        [(20220905, 1), (20220908, 1)], ["2022年9月5日", "9月6日", "9月7日", "9月8日"], id="days"
    ),
    pytest.param(
        [(20200101, 1), (20241231, 1)],
        ["2020年", "2021年", "2022年", "2023年", "2024年"],
        id="months of five years",
    ),
    pytest.param(
        [(20100101, 1), (20241231, 1)],
        ["2010年", "2013年", "2016年", "2019年", "2022年"],
        id="thinned",
    ),
]


@pytest.mark.parametrize(("points", "labels"), AXES)
def test_the_axis_has_few_labels(points: list[tuple[int, int]], labels: list[str]) -> None:
    """There are as many labels as a phone has room for; the first day has its year."""
    svg = next(tree(chart(bars([("day", points)]), link)).iter("svg"))
    axis = next(svg.iter("g"))

    assert [text.text for text in axis.iter("text")][1:] == labels


HIGHEST = [
    pytest.param(1, "1 篇", id="one"),
    pytest.param(4, "2 篇", id="four"),
    pytest.param(60, "50 篇", id="sixty"),
    pytest.param(19_999, "10,000 篇", id="many"),
]


@pytest.mark.parametrize(("highest", "label"), HIGHEST)
def test_the_grid_line_is_a_round_number(highest: int, label: str) -> None:
    """The largest number of the form 1, 2 or 5 times a power of ten that is reached."""
    drawn = bars([("day", [(20220901, highest), (20220902, 1)])])
    axis = next(next(tree(chart(drawn, link)).iter("svg")).iter("g"))

    assert next(axis.iter("text")).text == label
