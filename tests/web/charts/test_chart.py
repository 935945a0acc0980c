"""The chart: bars that are links, numbers as text, all escaped, no inline styles."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from markupsafe import Markup

from search.explore.peaks import Headline, Peak
from search.explore.timeline import Bars, Bucket, bars
from search.explore.trends import Trend, Trends
from tests.support.visitors import app_over
from web.charts import plot
from web.charts.chart import HEIGHT, Chart, ChartLinks, chart, columns
from web.charts.labels import period_label
from web.charts.plot import MIN_BAR_HEIGHT, DateRange, outside

MANY = 1_000


def drawing(
    drawn: Bars,
    names: Sequence[str] = ("元宇宙",),
    articles: Sequence[int] = (),
    undated: Sequence[int] = (0, 0),
    **options: Any,
) -> Chart:
    """A chart of bars. `articles`: all of each period; `undated`: of each search."""
    trends = tuple(
        Trend(name, sum(counts) + without, without, 0, counts)
        for name, counts, without in zip(names, drawn.counts, undated, strict=False)
    )
    everything = tuple(articles) or (MANY,) * len(drawn.periods)
    return Chart(Trends(drawn.periods, everything, 0, trends), LINKS, **options)


LINKS = ChartLinks(
    period=lambda period: f"/search?from={period.first}&to={period.last}",
    status=lambda name, status: f"/search?q={name}&date={status}",
    measure=lambda measure: f"/search?measure={measure}",
    story=lambda headline: f"/story/{headline.story}",
    svg="/chart.svg",
    csv="/chart.csv",
)
DAYS = drawing(bars([("day", [(20220901, 4), (20220903, 40), (20220905, 1)])]))
TWO = bars([("month", [(202201, 5), (202203, 1)]), ("month", [(202202, 10)])])


@pytest.fixture(autouse=True)
def application(tmp_path: Path) -> Iterator[None]:
    """An application for its templates and translations."""
    with app_over(tmp_path).test_request_context():
        yield


def tree(markup: Markup) -> ElementTree.Element:
    return ElementTree.fromstring(str(markup).replace(" download>", ' download="">'))


def texts(markup: Markup, tag: str) -> list[str]:
    """The texts of the elements of one tag, with white space collapsed."""
    return [" ".join("".join(found.itertext()).split()) for found in tree(markup).iter(tag)]


def picture(markup: Markup) -> ElementTree.Element:
    return next(each for each in tree(markup).iter("svg") if each.get("class") == "chart")


def readings(markup: Markup) -> list[str]:
    return [" ".join("".join(a.itertext()).split()) for a in picture(markup).iter("a")]


def of_class(markup: Markup, name: str) -> list[ElementTree.Element]:
    return [each for each in tree(markup).iter() if each.get("class") == name]


def test_each_bar_is_a_link_that_says_its_number() -> None:
    """An empty period has no bar, no tab stop and no row."""
    svg = picture(chart(DAYS))
    bars_ = [(a.get("href"), "".join(a.itertext()).strip()) for a in svg.iter("a")]

    assert bars_ == [
        ("/search?from=2022-09-01&to=2022-09-01", "2022年9月1日：4 篇"),
        ("/search?from=2022-09-03&to=2022-09-03", "2022年9月3日：40 篇"),
        ("/search?from=2022-09-05&to=2022-09-05", "2022年9月5日：1 篇"),
    ]


def test_the_table_has_the_same_numbers_and_links() -> None:
    """The table is for those who cannot see the bars."""
    page = tree(chart(DAYS))
    rows = [["".join(cell.itertext()) for cell in row] for row in page.iter("tr")]

    assert rows == [
        ["时间", "篇数"],
        ["2022年9月1日", "4 篇"],
        ["2022年9月3日", "40 篇"],
        ["2022年9月5日", "1 篇"],
    ]
    table = next(page.iter("table"))
    shown = [a.get("href") for a in picture(chart(DAYS)).iter("a")]
    assert [a.get("href") for a in table.iter("a")] == shown
    assert "没有文章的时段未列出。" in texts(chart(DAYS), "p")


def heights(drawn: Chart) -> list[float]:
    scale = plot.scale(drawn.trends, drawn.measure, HEIGHT, lines=drawn.lines)
    return [column.heights[0] for column in columns(drawn, scale)]


def test_heights_follow_counts() -> None:
    """The highest bar fills the plot, others are in proportion, and one article is still visible."""
    drawn = drawing(bars([("day", [(20220901, 1), (20220902, 500), (20220903, 1000)])]))

    assert heights(drawn) == [MIN_BAR_HEIGHT, HEIGHT / 2, HEIGHT]


def test_bars_fill_the_width_in_per_cent() -> None:
    """Widths are relative, so bars fit a phone."""
    scale = plot.scale(DAYS.trends, "count", HEIGHT, lines=False)

    assert [(c.x, c.width) for c in columns(DAYS, scale)] == [(0, 20), (40, 20), (80, 20)]


def test_shares_are_of_all_articles_of_the_period() -> None:
    """40 of 100 are more than 40 of 200; where there are fewer than 20, no share is drawn, the
    ground is grey, and a sentence says why."""
    days = bars([("day", [(20220901, 40), (20220902, 40), (20220903, 15)])])
    drawn = drawing(days, articles=(200, 100, 19), measure="share")
    markup = chart(drawn)

    assert heights(drawn) == [HEIGHT / 2, HEIGHT, 0]
    assert readings(markup) == [
        "2022年9月1日：20%（40 / 200 篇）",
        "2022年9月2日：40%（40 / 100 篇）",
        "2022年9月3日：15 / 19 篇",
    ]
    (ground,) = of_class(markup, "blank")
    assert (ground.get("x"), ground.get("width")) == ("66.667%", "33.333%")
    assert "灰底处全部文章不足 20 篇，不画占比" in texts(markup, "span")
    assert texts(markup, "figcaption") == ["每天占同期全部文章的比例，2022年9月1日至2022年9月3日"]


def test_bars_of_counts_are_drawn_where_there_are_few() -> None:
    """A count is a count; only where the index has nothing the ground is grey."""
    days = bars([("day", [(20220901, 2), (20220903, 1)])])
    markup = chart(drawing(days, articles=(2, 0, 5)))

    assert len(of_class(markup, "one")) == 2
    assert [each.get("x") for each in of_class(markup, "blank")] == ["33.333%"]
    assert "灰底处索引里没有文章" in texts(markup, "span")


def test_what_a_chart_has_and_lacks() -> None:
    """How many articles are in it, and links to those of whose dates less is known."""
    days = bars([("day", [(20220901, 2), (20220903, 1)])])
    trend = Trend("元宇宙", 1_003, 1_000, 2, days.counts[0])
    drawn = Chart(Trends(days.periods, (MANY,) * 3, 1_000, (trend,)), LINKS)
    (notes,) = of_class(chart(drawn), "chart-notes")

    assert ["".join(each.itertext()) for each in notes] == [
        "图中 3 / 1,003 篇",
        "1,000 篇日期不详",
        "2 篇日期推算",
    ]
    assert [a.get("href") for a in notes.iter("a")] == [
        "/search?q=元宇宙&date=unknown",
        "/search?q=元宇宙&date=estimated",
    ]


def test_the_caption_says_what_is_to_be_seen() -> None:
    """The caption has step, span and highest bar, and is the picture's text alternative."""
    markup = chart(DAYS)
    said = "每天文章数，2022年9月1日至2022年9月5日；最多的是2022年9月3日，40 篇"

    assert texts(markup, "figcaption") == [said]
    assert picture(markup).get("aria-label") == said


def test_the_caption_says_that_bars_tie() -> None:
    """It names the earliest of the highest bars, and how many are as high."""
    drawn = drawing(bars([("day", [(20220901, 5), (20220903, 5)])]))

    assert texts(chart(drawn), "figcaption") == [
        "每天文章数，2022年9月1日至2022年9月3日；最多的有 2 处，最早是2022年9月1日，各 5 篇"
    ]


def lines(markup: Markup) -> list[tuple[str | None, str | None]]:
    return [(line.get("class"), line.get("points")) for line in tree(markup).iter("polyline")]


def test_several_series_share_one_axis() -> None:
    """Each series is a line with a legend; the row of a month has the numbers of all."""
    markup = chart(drawing(TWO, ["比特币", "以太坊"]))

    assert lines(markup) == [
        ("line s1", "0.5,60 1.5,120 2.5,108"),
        ("line s2", "0.5,120 1.5,0 2.5,120"),
    ]
    assert readings(markup)[:3] == [
        "2022年1月 比特币 5 篇 以太坊 0 篇",
        "2022年2月 比特币 0 篇 以太坊 10 篇",
        "2022年3月 比特币 1 篇 以太坊 0 篇",
    ]
    assert [each.get("class") for each in tree(markup).iter("line")][:2] == ["line s1", "line s2"]


def test_lines_have_gaps_where_there_are_few_articles() -> None:
    """A run of one period is a short dash; the ground is grey, and a sentence says why."""
    markup = chart(drawing(TWO, ["比特币", "以太坊"], articles=(MANY, 19, MANY)))

    assert lines(markup) == [
        ("line s1", "0.2,0 0.8,0"),
        ("line s1", "2.2,96 2.8,96"),
        ("line s2", "0.2,120 0.8,120"),
        ("line s2", "2.2,120 2.8,120"),
    ]
    assert "灰底处全部文章不足 20 篇，不画线" in texts(markup, "span")


def test_no_line_of_what_has_no_date() -> None:
    """Its legend says so, with the number of its undated articles; the others are drawn to scale."""
    markup = chart(drawing(TWO, ["比特币", "NFT"], undated=(1, 91)))
    legend = texts(markup, "li")

    assert lines(markup) == [("line s1", "0.5,0 1.5,120 2.5,96")]
    assert legend[0] == "比特币 图中 6 / 7 篇 1 篇日期不详"
    assert legend[1] == "NFT 图中 10 / 101 篇 91 篇日期不详 绝大多数日期不详，不画线"


def test_peaks_have_numbers_and_headlines() -> None:
    """The number of a peak stands above its bar; its story is a link, escaped."""
    told = Headline("s1", "a1", None, "<b>央行开会", 3)
    periods = DAYS.trends.periods
    peaks = (Peak(2, periods[2], 40, told), Peak(4, periods[4], 1, None))
    markup = chart(Chart(DAYS.trends, LINKS, peaks=peaks))

    assert [each.text for each in of_class(markup, "peak")] == ["①", "②"]
    assert texts(markup, "li") == [
        "2022年9月3日，40 篇：<b>央行开会 同一报道 3 篇",
        "2022年9月5日，1 篇：",
    ]
    assert "/story/s1" in [a.get("href") for a in tree(markup).iter("a")]


def test_the_other_measure_and_the_files() -> None:
    """Links to the same page with shares, and to the chart as files."""
    tools = [
        (a.get("href"), a.get("aria-current"))
        for each in of_class(chart(DAYS), "chart-tools")
        for a in each.iter("a")
    ]

    assert tools == [
        ("/search?measure=count", "true"),
        ("/search?measure=share", None),
        ("/chart.csv", None),
        ("/chart.svg", None),
    ]


CHOSEN = [
    pytest.param((None, None), [], id="nothing is chosen"),
    pytest.param((date(2022, 9, 2), date(2022, 9, 4)), [(0, 20), (80, 20)], id="some days"),
    pytest.param((date(2022, 9, 3), None), [(0, 40)], id="open at the end"),
    pytest.param((None, date(2022, 9, 3)), [(60, 40)], id="open at the beginning"),
    pytest.param((date(2021, 1, 1), date(2023, 1, 1)), [], id="more than there is"),
    pytest.param((date(2020, 1, 1), date(2021, 1, 1)), [(0, 100)], id="before all"),
    pytest.param((date(2023, 1, 1), None), [(0, 100)], id="after all"),
]


@pytest.mark.parametrize(("chosen", "pale"), CHOSEN)
def test_what_is_not_chosen_is_pale(chosen: DateRange, pale: list[tuple[float, float]]) -> None:
    """The axis stays; what is left and right of the chosen days lies behind a veil."""
    assert outside(DAYS.trends.periods, chosen) == pale
    assert len(of_class(chart(Chart(DAYS.trends, LINKS, chosen=chosen)), "veil")) == len(pale)


def test_a_part_of_a_month_is_a_part_of_its_width() -> None:
    """Half of September is half of its place on the axis."""
    months = bars([("month", [(202208, 1), (202209, 1)])])

    assert outside(months.periods, (date(2022, 9, 16), None)) == [(0, 75)]


NOTHING = [
    pytest.param(Bars(counts=((),)), id="nothing dated"),
    pytest.param(bars([("day", [(20220901, 4)])]), id="a single period"),
]


@pytest.mark.parametrize("drawn", NOTHING)
def test_one_bar_is_no_chart(drawn: Bars) -> None:
    """One period is given as a number instead."""
    assert chart(drawing(drawn)) == ""


def test_no_style_and_no_script_inside() -> None:
    """The content security policy forbids inline styles and scripts; names are escaped."""
    markup = chart(drawing(TWO, ["<script>alert(1)</script>", 'a"b']))

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
    axis = next(picture(chart(drawing(bars([("day", points)])))).iter("g"))

    assert [text.text for text in axis.iter("text")][1:] == labels


@pytest.mark.parametrize(
    ("places", "shown"),
    [
        pytest.param([3.85, 26.9, 50.0, 73.1, 96.15], [0, 2, 4], id="thirteen years"),
        pytest.param([5.6, 27.8, 50.0, 72.2, 94.4], [0, 2, 4], id="nine years"),
        pytest.param([12.5, 37.5, 62.5, 87.5], [0, 1, 2, 3], id="four years"),
        pytest.param([1.0, 20.0, 40.0, 60.0, 80.0, 99.0], [0, 2, 4], id="the last left out"),
        pytest.param([0.5, 99.5], [0, 1], id="both ends"),
        pytest.param([50.0], [0], id="one"),
    ],
)
def test_labels_do_not_touch_on_a_phone(places: list[float], shown: list[int]) -> None:
    labels = [(x, anchor(x), "2014年") for x in places]
    assert [at for at, kept in enumerate(plot.on_a_phone(labels)) if kept] == shown


def anchor(x: float) -> str:
    return "start" if x < 6 else "end" if x > 94 else "middle"


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
    axis = next(picture(chart(drawing(drawn))).iter("g"))

    assert next(axis.iter("text")).text == label
