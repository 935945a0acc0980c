"""The page that compares queries: one chart, totals and articles of each; the address holds all
input."""

import re
from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from search.explore.comparison import MAX_COMPARED, compare_queries, distinct_queries
from tests.support.articles import NOON
from tests.support.tiny_search import article, request, searcher
from tests.support.visitors import NOW, Markup, Visitor, index_of, visitor_of

ARTICLES = [
    article("a1", "元宇宙一", "甲", published=NOON),
    article("a2", "元宇宙二", "乙", published=NOON + timedelta(days=40)),
    article("a3", "元宇宙三", "丙", published=NOON + timedelta(days=41)),
    article("b1", "泰达币一", "丁", published=NOON + timedelta(days=80)),
    article("c1", "元宇宙旧闻", "戊"),
]
BOTH = "/compare?q=元宇宙&q=泰达币"


@pytest.fixture(scope="module")
def visitor(tmp_path_factory: pytest.TempPathFactory) -> Visitor:
    return visitor_of(index_of(tmp_path_factory.mktemp("compare") / "index", ARTICLES))


def asked_by(link: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(link).query)


def test_totals_shares_and_articles(visitor: Visitor) -> None:
    """Each query has its total, its share of all articles, and its best articles."""
    page = visitor.page(f"{BOTH}&now={NOW.replace('+', '%2B')}")
    sides = re.findall(r'<section class="side">(.*?)</section>', page, re.DOTALL)

    assert [re.findall("<h2[^>]*>([^<]*)", side) for side in sides] == [["元宇宙"], ["泰达币"]]
    assert "4 篇" in sides[0]
    assert "占全部文章 80%" in sides[0]
    assert "其中 1 篇日期不详" in sides[0]
    assert "占全部文章 20%" in sides[1]
    assert "泰达币一" in sides[1]


CAUSES = [
    pytest.param("", "泰达币 元宇宙", "不要“元宇宙”：1 篇", {"q": ["泰达币"]}, id="two words"),
    pytest.param(
        "&from=2023-01-01&to=2023-12-31",
        "泰达币",
        "这段时间里没有；别的时间有 1 篇，最近的在2022年11月24日",
        {"q": ["泰达币"]},
        id="other dates",
    ),
    pytest.param(
        "&from=2022-01-01&sort=newest",
        "泰达币 元宇宙",
        "不要“元宇宙”：1 篇",
        {"q": ["泰达币"], "from": ["2022-01-01"], "sort": ["newest"]},
        id="dates and order are kept",
    ),
]


@pytest.mark.parametrize(("filters", "query", "text", "leads_to"), CAUSES)
def test_a_query_without_articles_names_the_cause(
    visitor: Visitor, filters: str, query: str, text: str, leads_to: dict[str, list[str]]
) -> None:
    """The cause is a link to what that query finds without it."""
    page = Markup(visitor.page(f"/compare?q=元宇宙&q={query}{filters}"))

    assert asked_by(page.link(text)) == leads_to


def test_one_chart_of_both(visitor: Visitor) -> None:
    """Each query is a line on the same axis; a click on a bar narrows all queries to its days."""
    page = visitor.page(BOTH)
    bar = Markup(page).link("2022年9月5日起一周 元宇宙 1 篇 泰达币 0 篇")

    assert asked_by(bar) == {
        "q": ["元宇宙", "泰达币"],
        "from": ["2022-09-05"],
        "to": ["2022-09-11"],
    }


def test_a_narrowed_comparison_says_so_and_widens_again(visitor: Visitor) -> None:
    """`from` and `to` hold for all queries and for the links to their results."""
    page = Markup(visitor.page(f"{BOTH}&from=2022-09-01&to=2022-09-30"))

    assert asked_by(page.link("2022-09-01 至 2022-09-30 ×")) == {"q": ["元宇宙", "泰达币"]}
    assert asked_by(page.link("1 篇"))["from"] == ["2022-09-01"]
    assert "没有找到文章" in page.texts


def test_links_to_the_api_have_the_same_total(visitor: Visitor) -> None:
    """Each query links to its JSON, which has the same total."""
    page = Markup(visitor.page(BOTH))
    answer = visitor.json(page.link("数据 元宇宙 (JSON)"))

    assert answer["total"] == 4
    assert answer["timeline"]["unit"] == "day"


def test_the_form_holds_the_queries_and_room_for_one_more(visitor: Visitor) -> None:
    """The form works without JavaScript."""
    page = Markup(visitor.page(f"{BOTH}&sort=newest"))
    end = next(at for at, (_, each) in enumerate(page.tags) if each.get("class") == "timeline")
    fields = [each for tag, each in page.tags[:end] if tag == "input"]

    assert [a["value"] for a in fields if a.get("aria-label")] == ["元宇宙", "泰达币", ""]
    assert [a["value"] for a in fields if a.get("name") == "sort"] == ["newest"]


FEW = [
    pytest.param("/compare", "填两个到四个词", id="none"),
    pytest.param("/compare?q=&q=%20", "填两个到四个词", id="blank"),
    pytest.param("/compare?q=元宇宙", "再填一个词", id="one"),
    pytest.param("/compare?q=元宇宙&q=元宇宙", "再填一个词", id="twice the same"),
]


@pytest.mark.parametrize(("path", "said"), FEW)
def test_fewer_than_two_queries(visitor: Visitor, path: str, said: str) -> None:
    """The page shows the form, one sentence and examples, and no error."""
    page = visitor.page(path)

    assert said in page
    assert "<svg" not in page
    assert asked_by(Markup(page).link("比特币 · 以太坊")) == {"q": ["比特币", "以太坊"]}


def test_more_than_four_are_cut_and_it_says_so(visitor: Visitor) -> None:
    """The first four queries are compared."""
    page = visitor.page("/compare?q=元宇宙&q=泰达币&q=甲&q=乙&q=丙")

    assert page.count('<section class="side">') == MAX_COMPARED
    assert "一次最多比较 4 个，只取了前面的。" in page


def test_one_of_three_can_be_taken_away(visitor: Visitor) -> None:
    """One of three queries can be removed, but none of two."""
    three = Markup(visitor.page("/compare?q=元宇宙&q=泰达币&q=甲"))

    assert asked_by(three.link("移除 泰达币")) == {"q": ["元宇宙", "甲"]}
    assert "移除" not in visitor.page(BOTH)


BAD = [
    pytest.param("from=gestern", id="a date nobody knows"),
    pytest.param("sort=best", id="an order nobody knows"),
    pytest.param("q=" + "长" * 501, id="a query too long"),
]


@pytest.mark.parametrize("args", BAD)
def test_what_cannot_be_answered_is_a_400(visitor: Visitor, args: str) -> None:
    """The page says what is wrong in one sentence."""
    assert "<h1>" in visitor.page(f"{BOTH}&{args}", 400)


def test_unknown_names_are_ignored_and_nothing_is_unescaped(visitor: Visitor) -> None:
    """Unknown parameters such as utm_… are ignored; queries are escaped."""
    page = visitor.page("/compare?q=<script>x</script>&q=泰达币&utm_source=mail")

    assert "<script>x" not in page


def test_queries_are_neither_relaxed_nor_corrected() -> None:
    """Only articles with all words count; a correction is only offered."""
    over = searcher(
        article("1", "", "数字人民币 蚂蚁集团"),
        *(article(f"e{at}", "", f"数字人民币{at}") for at in range(12)),
    )

    both, slip = compare_queries(over, ["数字人民币 蚂蚁集团", "数字人民必"], request()).sides

    assert (both.answer.total, both.answer.partial) == (1, None)
    assert (slip.answer.total, slip.answer.query.suggestion) == (0, "数字人民币")


def test_what_was_perhaps_meant_is_a_link(visitor: Visitor) -> None:
    """The correction links to the same comparison with the corrected word."""
    page = Markup(visitor.page("/compare?q=元宇舟&q=泰达币"))

    assert asked_by(page.link("元宇宙")) == {"q": ["元宇宙", "泰达币"]}


def test_not_modified(visitor: Visitor) -> None:
    """An unchanged page is a 304."""
    first = visitor.get(BOTH)

    assert visitor.get(BOTH, {"If-None-Match": first.headers["ETag"]}).status_code == 304


def test_sides_are_in_the_order_asked() -> None:
    """Queries keep their order; without dates a share is of the whole index."""
    found = compare_queries(searcher(*ARTICLES), ["泰达币", "元宇宙"], request())

    assert [(side.q, side.share) for side in found.sides] == [("泰达币", 0.2), ("元宇宙", 0.8)]
    assert found.articles == len(ARTICLES)


def test_a_share_is_of_the_articles_of_the_range() -> None:
    """Of those in the range, not of the whole index; the chart is that of all times."""
    over = searcher(*ARTICLES)
    day = (NOON + timedelta(days=41)).date()
    narrowed = compare_queries(over, ["泰达币", "元宇宙"], request(from_day=day))

    assert narrowed.articles == 2
    assert [side.share for side in narrowed.sides] == [0.5, 0.5]
    assert narrowed.trends == compare_queries(over, ["泰达币", "元宇宙"], request()).trends


DAY = NOON.date()


@pytest.mark.parametrize(
    ("dates", "most"),
    [
        pytest.param({}, ("m", 5), id="any time"),
        pytest.param({"to_day": DAY + timedelta(days=300)}, ("m", 5), id="the highest within"),
        pytest.param({"from_day": DAY + timedelta(days=300)}, ("n", 3), id="the highest before"),
        pytest.param({"from_day": DAY + timedelta(days=1_200)}, None, id="all before"),
    ],
)
def test_a_peak_is_within_the_dates_and_has_its_headline(
    dates: dict[str, date], most: tuple[str, int] | None
) -> None:
    """As all figures of its side."""
    groups = (("m", 5, 0), ("n", 3, 800), ("q", 1, 1_600))
    articles = [
        article(f"{name}{at}", f"元宇宙{at}", "丙", published=NOON + timedelta(days=days))
        for name, number, days in groups
        for at in range(number)
    ]
    found = compare_queries(searcher(*articles), ["元宇宙", "银行"], request(**dates))
    peak = found.sides[0].peak

    assert found.sides[1].peak is None
    assert (peak and peak.headline and (peak.headline.id[0], peak.articles)) == most


def test_the_page_says_what_shares_are_of(visitor: Visitor) -> None:
    """Of the whole index, or of the range, with the number of articles."""
    whole = visitor.page(BOTH)
    narrowed = visitor.page(f"{BOTH}&from=2022-09-01&to=2022-09-30")

    assert "占比是占索引全部 5 篇文章的比例，包括日期不详的。" in whole
    assert "占比是占 2022-09-01 至 2022-09-30 全部 1 篇文章的比例。" in narrowed
    assert "占同期全部文章 100%" in narrowed
    assert "另有 1 篇日期不详" in narrowed


def test_a_range_is_chosen_without_a_script(visitor: Visitor) -> None:
    """Two date fields; the form keeps the queries, the order and the measure."""
    page = Markup(visitor.page(f"{BOTH}&sort=newest&measure=share&from=2022-09-01"))
    at = next(n for n, (t, a) in enumerate(page.tags) if a.get("class") == "range")
    fields = [(a["name"], a["value"]) for t, a in page.tags[at:] if t == "input"]

    assert fields == [
        ("q", "元宇宙"),
        ("q", "泰达币"),
        ("sort", "newest"),
        ("measure", "share"),
        ("from", "2022-09-01"),
        ("to", ""),
    ]


def test_what_has_no_date_is_said_in_the_legend(visitor: Visitor) -> None:
    """With a link to those articles."""
    page = Markup(visitor.page(BOTH))

    assert asked_by(page.link("1 篇日期不详")) == {"q": ["元宇宙"], "date": ["unknown"]}


GIVEN = [
    pytest.param([], [], id="none"),
    pytest.param(["a", " a ", "", "b"], ["a", "b"], id="blank and repeated"),
    pytest.param(["a  b"], ["a b"], id="white space"),
]


@pytest.mark.parametrize(("given", "expected"), GIVEN)
def test_wanted(given: list[str], expected: list[str]) -> None:
    """The queries left after cleaning what was typed."""
    assert distinct_queries(given) == expected
