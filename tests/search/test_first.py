"""只看首发: every figure counts the first article of each story only."""

import pytest

from search.explore.zero_results import explain_zero
from search.searcher import Searcher
from tests.support.tiny_search import DAY, NOW, article, ask, found, request, searcher

LONG = "央行在北京召开会议，要求各家银行和支付机构切断虚拟货币交易的资金链路，及时识别炒作账户，保护老百姓。"
ARTICLES = (
    article("late", "会议", LONG, source="转载网", published=NOW - DAY),
    article("first", "会议", LONG, source="财新网", published=NOW - 2 * DAY),
    article("later", "会议", LONG, source="转载网", published=NOW),
    article("own", "银行", "银行今天下雨。", source="转载网", published=NOW),
)


@pytest.fixture(scope="module")
def over() -> Searcher:
    return searcher(*ARTICLES)


CASES = [
    pytest.param("银行", {"first", "own"}, id="a word"),
    pytest.param("", {"first", "own"}, id="everything"),
    pytest.param("来源：财新网", {"first"}, id="a field"),
    pytest.param("银行 -下雨", {"first"}, id="an excluded word"),
    pytest.param("会议 或 下雨", {"first", "own"}, id="either"),
    pytest.param("会议 天气", set(), id="no article has both"),
]


@pytest.mark.parametrize(("q", "expected"), CASES)
def test_only_first_articles(over: Searcher, q: str, expected: set[str]) -> None:
    assert found(over, q, first=True) == expected
    answer = ask(over, q, first=True, partial=False, timeline="day", facets=("source",))
    assert answer.total == len(expected)
    assert answer.folded == 0
    assert sum(count for _, count in answer.facets["source"]) == len(expected)
    assert answer.timeline
    assert sum(count for _, count in answer.timeline[1]) == len(expected)


def test_partial_matches_are_first_too(over: Searcher) -> None:
    """An article that lacks a word is shown only if it is the first of its story."""
    answer = ask(over, "会议 天气", first=True)
    assert {hit.id for hit in answer.hits} <= {"first"}


def test_where_only_reposts_match(over: Searcher) -> None:
    """The zero state names the filter, and how many there are without it."""
    zero = explain_zero(over, request("会议 来源：转载网", first=True))

    assert ("first", 2) in [(way.part, way.total) for way in zero.ways_out]
