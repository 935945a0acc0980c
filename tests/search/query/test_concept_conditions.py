"""关于：X finds articles about a concept, 提到：X those that mention it under any name."""

import pytest

from index.lexicon.model import Concept
from search.query.concept_conditions import ABOUT, MENTION, written
from search.searcher import Searcher
from tests.support.tiny_search import article, ask, found, ids, searcher, shown

LONG = "会上还谈到许多别的事情，与会者各抒己见。" * 120
ARTICLES = (
    article("title", "数字人民币来了", "今天下雪。"),
    article("alias", "e-CNY 试点", "今天下雨。"),
    article("labelled", "试点扩大", "数字人民币试点扩大。数字人民币红包，数字人民币钱包，都有。"),
    article("passing", "年度大事", f"{LONG}有人说起数字人民币。{LONG}"),
    article("company", "年报", "蚂蚁集团公布年报。蚂蚁集团说，比特币与蚂蚁集团无关。"),
    article("names company", "年度大事", f"{LONG}有人说起蚂蚁集团。{LONG}"),
    article("nothing", "天气", "明天晴。"),
)


@pytest.fixture(scope="module")
def over() -> Searcher:
    return searcher(*ARTICLES)


ABOUT_IT = {"title", "alias", "labelled"}
CASES = [
    pytest.param("关于：数字人民币", ABOUT_IT, id="about"),
    pytest.param("about:数字人民币", ABOUT_IT, id="in English"),
    pytest.param("關於：數字人民幣", ABOUT_IT, id="traditional"),
    pytest.param("关于：DC/EP", ABOUT_IT, id="another name"),
    pytest.param('关于："数字人民币"', ABOUT_IT, id="in quotes"),
    pytest.param("提到：数字人民币", {*ABOUT_IT, "passing"}, id="mention"),
    pytest.param("mention:e-CNY", {*ABOUT_IT, "passing"}, id="mention in English"),
    pytest.param("提到：数字人民币 -关于：数字人民币", {"passing"}, id="only mentions it"),
    pytest.param("关于：蚂蚁集团", {"company"}, id="an organisation"),
    pytest.param("提到：蚂蚁集团 提到：比特币", {"company"}, id="both"),
    pytest.param("提到：（蚂蚁集团 或 数字人民币） 红包", {"labelled"}, id="with a word"),
]


@pytest.mark.parametrize(("q", "expected"), CASES)
def test_which_articles(over: Searcher, q: str, expected: set[str]) -> None:
    assert found(over, q) == expected
    assert not ask(over, q).query.warnings


def test_names_are_marked_and_rank(over: Searcher) -> None:
    """The name of the concept is marked under any of its names, and decides the order."""
    hits = {hit.id: hit for hit in ask(over, "提到：数字人民币").hits}

    assert shown(hits["alias"].title) == "[e-CNY] 试点"
    assert ids(ask(over, "提到：数字人民币"))[0] == "labelled"


def test_no_such_concept(over: Searcher) -> None:
    """Nothing is found, and the warning says what to write instead."""
    response = ask(over, "关于：天气")

    assert response.total == 0
    assert [str(warning) for warning in response.query.warnings] == [
        "词库里没有“天气”这个概念，所以找不到；去掉“关于：”就按词查。"
    ]


def test_named_concepts(over: Searcher) -> None:
    """An answer says which concepts its words name, once each."""
    assert ask(over, "e-CNY 试点 数字人民币").query.concepts == ("数字人民币",)
    assert ask(over, "提到：蚂蚁集团 比特币").query.concepts == ("蚂蚁集团", "比特币")
    assert ask(over, "e-CNY", verbatim=True).query.concepts == ()


WRITTEN = [
    pytest.param("数字人民币", "关于：数字人民币", id="Han"),
    pytest.param("Vision Pro", '关于："Vision Pro"', id="two words"),
    pytest.param("BTC/USDT", '关于："BTC/USDT"', id="a slash"),
    pytest.param("O'Neill", '关于："O\'Neill"', id="a quote"),
]


@pytest.mark.parametrize(("name", "text"), WRITTEN)
def test_written(name: str, text: str) -> None:
    assert written(ABOUT, Concept(name)) == text
    assert written(MENTION, Concept(name)) == text.replace("关于", "提到")
