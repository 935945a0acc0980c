"""Kinds of articles in queries, filters, counts and the order."""

import pytest

from index.analysis.kinds import FRAGMENT, KINDS, MACHINE_TRANSLATED, PROMOTIONAL
from search.ranking.signals import KIND_FACTORS, kind_factor
from search.request import Choice
from search.searcher import Searcher
from tests.support.tiny_search import article, ask, ids, searcher

NEWS = "央行今日宣布扩大数字人民币试点范围，新增十一个城市，并公布了首批参与的银行名单。"
ARTICLES = (
    article("news", "数字人民币试点扩大", NEWS),
    article(
        "translated",
        "数字人民币钱包开放",
        "这个钱包让用户用数字人民币支付车费，开发者说它很容易使用，并且免费。",
        categories=("机翻",),
    ),
    article(
        "ad", "数字人民币秒到", "专业办理数字人民币套现，安全快捷，加微信 abc12345，诚信合作。"
    ),
    article("short", "数字人民币", "数字人民币来了。"),
)
BY_KIND = {MACHINE_TRANSLATED: "translated", PROMOTIONAL: "ad", FRAGMENT: "short"}


@pytest.fixture(scope="module")
def over() -> Searcher:
    return searcher(*ARTICLES)


def test_hits_say_their_kinds(over: Searcher) -> None:
    found = {hit.id: hit.kinds for hit in ask(over, "数字人民币").hits}
    assert found == {"news": ()} | {name: (kind,) for kind, name in BY_KIND.items()}


@pytest.mark.parametrize(
    ("q", "found"),
    [
        pytest.param("kind:promotional", {"ad"}, id="by id"),
        pytest.param("类型：推广", {"ad"}, id="in Chinese"),
        pytest.param("類型:廣告", {"ad"}, id="in traditional characters, another name"),
        pytest.param("数字人民币 kind:机翻", {"translated"}, id="with a word"),
        pytest.param("-类型：推广", {"news", "translated", "short"}, id="excluded"),
        pytest.param("-kind:promotional -类型：片段 数字人民币", {"news", "translated"}, id="two"),
        pytest.param("类型：（推广 或 片段）", {"ad", "short"}, id="either"),
        pytest.param('kind:"Machine Translated"', {"translated"}, id="in quotes"),
        pytest.param("NOT kind:fragment", {"news", "translated", "ad"}, id="not"),
    ],
)
def test_in_the_query(over: Searcher, q: str, found: set[str]) -> None:
    answer = ask(over, q)
    assert set(ids(answer)) == found
    assert not answer.query.warnings


def test_an_unknown_kind(over: Searcher) -> None:
    """Nothing is of it, and a warning names the kinds there are."""
    answer = ask(over, "类型：转载")
    assert ids(answer) == []
    assert str(answer.query.warnings[0]) == (
        "没有名为“转载”的类型。常见的有：机器翻译、推广、片段。"
    )


@pytest.mark.parametrize("kind", KINDS)
def test_filters(over: Searcher, kind: str) -> None:
    kept = ask(over, "数字人民币", filters={"kind": Choice(include=(kind,))})
    assert ids(kept) == [BY_KIND[kind]]
    others = ask(over, "数字人民币", filters={"kind": Choice(exclude=(kind,))})
    assert set(ids(others)) == {each.id for each in ARTICLES} - {BY_KIND[kind]}


def test_counts(over: Searcher) -> None:
    """Each kind has one article; that of no kind is counted nowhere."""
    counts = ask(over, "数字人民币", facets=("kind",)).facets["kind"]
    assert sorted(counts) == sorted((kind, 1) for kind in KINDS)


@pytest.mark.parametrize(
    ("asked", "q", "filters"),
    [
        pytest.param(False, "数字人民币", {}, id="not asked for"),
        pytest.param(False, "数字人民币", {"kind": Choice(exclude=("fragment",))}, id="another"),
        pytest.param(True, "数字人民币 -类型：片段 类型：推广", {}, id="in the query"),
        pytest.param(True, "数字人民币 或 推广", {}, id="a word"),
        pytest.param(True, "数字人民币", {"kind": Choice(include=("promotional",))}, id="a filter"),
    ],
)
def test_promotion_counts_less_unless_asked_for(
    over: Searcher, monkeypatch: pytest.MonkeyPatch, asked: bool, q: str, filters: dict[str, Choice]
) -> None:
    def score() -> float:
        answer = ask(Searcher(over.snapshot), q, filters=filters)
        return next(hit.score for hit in answer.hits if hit.id == "ad")

    now = score()
    monkeypatch.setattr("search.ranking.signals.KIND_FACTORS", {})
    assert now == pytest.approx(score() * (1.0 if asked else KIND_FACTORS[PROMOTIONAL]), abs=2e-4)


def test_the_lowest_factor_counts() -> None:
    """Of several kinds one counts; none that is asked for, and no unknown one."""
    both = (PROMOTIONAL, FRAGMENT)
    assert kind_factor(both, ()) == KIND_FACTORS[PROMOTIONAL]
    assert kind_factor(both, {PROMOTIONAL}) == KIND_FACTORS[FRAGMENT]
    assert kind_factor((*both, "later"), KINDS) == 1.0
    assert kind_factor((), ()) == 1.0
