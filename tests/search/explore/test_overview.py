"""What the home page shows of a generation: every figure is a naive count."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.article import Article
from search.explore.overview import Days, Overview, main_topics, overview
from search.searcher import Searcher
from tests.support.naive_engine import NaiveEngine
from tests.support.tiny_search import DAY, NOW, article, ask, fill, searcher

LONG = "央行在北京召开会议，要求各家银行和支付机构切断虚拟货币交易的资金链路，及时识别炒作账户，保护老百姓。"
OTHER = (
    "深圳今天宣布，全市的出租车都可以用数字人民币付款，司机不用交手续费，乘客打开手机就能看到账单。"
)


def aged(name: str, title: str, text: str, days: float, source: str = "") -> Article:
    return article(name, title, text, published=NOW - days * DAY, source=source or None)


def test_an_empty_index() -> None:
    """Nothing is said of an index without articles, or without dates."""
    assert overview(Searcher(fill(NaiveEngine(), []).open())) == Overview()
    undated = overview(searcher(article("1", "元宇宙", "一")))
    assert (undated.first, undated.newest, undated.month) == (None, None, None)
    assert [(concept.name, number) for concept, number in undated.topics] == [("元宇宙", 1)]


def test_span_and_newest() -> None:
    """Of the dates that were given; an estimate is not the newest, nor is a date in the future."""
    over = searcher(
        aged("old", "旧闻", "一", 900),
        aged("new", "新闻", "二", 3, "财新网"),
        article("guess", "估计", "三", published=NOW, date_origin="text"),
        article("wrong", "将来", "四", published=NOW + timedelta(days=36_500)),
    )
    found = overview(over)

    assert found.newest
    assert (found.newest.id, found.newest.title, found.newest.source) == ("new", "新闻", "财新网")
    assert found.first == int((NOW - 900 * DAY).timestamp())
    assert found.month == Days(date(2022, 8, 14), date(2022, 9, 12))
    assert found.before == Days(date(2022, 5, 16), date(2022, 8, 13))


def test_most_reposted_of_the_month() -> None:
    """Stories with reposts in the month, those with most articles first, and who was first."""
    over = searcher(
        aged("a1", "会议", LONG, 5, "财新网"),
        aged("a2", "会议", LONG, 4, "转载网"),
        aged("b1", "付款", OTHER, 3, "深圳报"),
        *(aged(f"b{at}", "付款", OTHER, 2) for at in range(2, 5)),
        aged("c", "独家", "只有一篇", 1),
        aged("d1", "去年的事", LONG[::-1], 400),
        aged("d2", "去年的事", LONG[::-1], 399),
    )
    found = [(view.id, view.total, view.first.source) for view in overview(over).stories]

    assert found == [("b1", 4, "深圳报"), ("a1", 2, "财新网")]


MANY = [aged(f"dull{at}", "天气", "天气", at % 110) for at in range(110)]
RISES = [
    pytest.param([1] * 6, [], [("元宇宙", 6, 0)], id="new"),
    pytest.param([1] * 6, [50], [("元宇宙", 6, 1)], id="more"),
    pytest.param([1] * 4, [], [], id="too few"),
    pytest.param([1] * 6, [50] * 14, [], id="as ever"),
    pytest.param([], [50] * 6, [], id="less"),
    pytest.param([200] * 6, [], [], id="long ago"),
]


@pytest.mark.parametrize(("month", "before", "expected"), RISES)
def test_rising(month: list[int], before: list[int], expected: list[tuple[str, int, int]]) -> None:
    """Concepts whose share of all articles has at least doubled."""
    days = [*month, *before]
    written = [aged(f"m{at}", "元宇宙", "元宇宙", age) for at, age in enumerate(days)]
    found = overview(searcher(*MANY, *written)).rising

    assert [(each.concept.name, each.month, each.before) for each in found] == expected


AGES = st.lists(
    st.tuples(st.sampled_from(["元宇宙", "比特币", "天气"]), st.integers(0, 130)), max_size=25
)


@settings(deadline=None, max_examples=40)
@given(AGES)
def test_figures_are_totals(rows: list[tuple[str, int]]) -> None:
    """Each figure of a rising concept or a topic is the total of a search."""
    articles = [aged(str(at), word, word, age) for at, (word, age) in enumerate(rows)]
    over = Searcher(fill(NaiveEngine(), articles).open())
    found = overview(over)

    for concept, number in found.topics:
        assert number == ask(over, f"关于：{concept.name}").total
    for each in found.rising:
        assert found.month
        assert found.before
        for days, number in ((found.month, each.month), (found.before, each.before)):
            span = {"from_day": days.first, "to_day": days.last}
            assert number == ask(over, f"提到：{each.concept.name}", **span).total


def test_topics_are_concepts_that_labels_name() -> None:
    """Those that most articles are about come first; 加密货币 and 监管 are labels without a concept."""
    over = searcher(
        article("1", "元宇宙", "一"), article("2", "NFT", "二"), article("3", "NFT", "三"),
        article("4", "比特币", "四"),
    )  # fmt: skip
    assert [(c.name, n) for c, n in main_topics(over.snapshot)] == [("NFT", 2), ("元宇宙", 1)]
