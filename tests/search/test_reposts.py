"""转载最多: stories of most articles first, then the newest."""

from collections.abc import Sequence

import pytest

from index.article import Article
from search.searcher import Searcher
from tests.support.tiny_search import DAY, NOW, article, ask, ids, searcher

CRACKDOWN = (
    "央行在北京召开会议，要求各家银行和支付机构切断虚拟货币交易的资金链路，及时识别炒作账户。"
)
AUCTION = "佳士得在香港举行数字藏品拍卖，一幅由算法生成的画作以两百万港元成交，买家没有透露姓名。"


def story(name: str, text: str, days: Sequence[int]) -> list[Article]:
    """One text in as many outlets as `days`: how many before now each had it."""
    return [
        article(f"{name}{at}", name, text, source=f"第{at}家", published=NOW - day * DAY)
        for at, day in enumerate(days)
    ]


ARTICLES = (
    *story("拍卖", AUCTION, (9, 8)),
    *story("会议", CRACKDOWN, (30, 29, 28)),
    article("新", "今天", "央行在香港有新消息。", published=NOW),
    article("旧", "昨天", "央行在香港有旧消息。", published=NOW - DAY),
    article("无", "何时", "央行在香港，不知何时。"),
)


@pytest.fixture(scope="module")
def over() -> Searcher:
    return searcher(*ARTICLES)


@pytest.mark.parametrize(
    ("q", "options", "found", "sizes"),
    [
        pytest.param("", {}, ["会议0", "拍卖0", "新", "旧", "无"], [3, 2, 1, 1, 1], id="all"),
        pytest.param("香港", {}, ["拍卖0", "新", "旧", "无"], [2, 1, 1, 1], id="a word"),
        pytest.param("来源：第1家", {}, ["会议1", "拍卖1"], [3, 2], id="whole stories are counted"),
        pytest.param(
            "", {"first": True}, ["会议0", "拍卖0", "新", "旧", "无"], [3, 2, 1, 1, 1], id="first"
        ),
        pytest.param(
            "香港",
            {"fold": False},
            ["拍卖1", "拍卖0", "新", "旧", "无"],
            [1] * 5,
            id="each article",
        ),
        pytest.param("", {"per_page": 2, "page": 2}, ["新", "旧"], [1, 1], id="the second page"),
        pytest.param("火星", {}, [], [], id="nothing"),
    ],
)
def test_order(
    over: Searcher, q: str, options: dict[str, object], found: list[str], sizes: list[int]
) -> None:
    answer = ask(over, q, sort="reposts", **options)

    assert ids(answer) == found
    assert [hit.story.size for hit in answer.hits] == sizes


def test_figures_are_those_of_any_order(over: Searcher) -> None:
    for q in ("", "央行", "香港 会议"):
        by_reposts = ask(over, q, sort="reposts", facets=("source",))
        by_date = ask(over, q, sort="newest", facets=("source",))
        assert (by_reposts.total, by_reposts.facets) == (by_date.total, by_date.facets)


def test_partial_matches_come_last(over: Searcher) -> None:
    """By date, and labelled, however often they were reposted."""
    answer = ask(over, "央行 新消息", sort="reposts")
    assert (answer.hits[0].id, answer.hits[0].missing) == ("新", ())
    assert all(hit.missing for hit in answer.hits[1:])
    assert len(answer.hits) > 1
