"""NEAR, wildcards, hours and fields from the query to the hit: what is found, marked, explained."""

from datetime import timedelta

import pytest

from index.engines.api import Engine
from search.searcher import Searcher
from tests.support.tiny_search import (
    NOW,
    article,
    ask,
    fill,
    found,
    ids,
    searcher,
    shown,
    texts,
)

LINES = (
    "数字人民币在深圳试点。",
    "试点之后，又过了很久很久很久很久，才轮到数字人民币。",
    "e-CNY试点开始。",
    "数字人民币很好。另一件事很长很长很长很长，与此无关，也在试点。",
    "数字货币和数字人民币。",
    "试点。",
)


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        pytest.param("数字人民币 NEAR/3 试点", "02", id="under another name too"),
        pytest.param("试点 NEAR/3 数字人民币", "02", id="in either order"),
        pytest.param("数字人民币 NEAR/0 试点", "2", id="side by side"),
        pytest.param("数字人民币 NEAR/20 试点", "012", id="further apart"),
        pytest.param("数字人民币 NEAR/100 试点", "0123", id="far apart"),
        pytest.param('"在深圳" NEAR/0 试点', "0", id="a quotation"),
        pytest.param("试点 -(数字人民币 NEAR/3 试点)", "135", id="excluded"),
        pytest.param("数字人民币 NEAR/3 (试点 或 很好)", "023", id="a choice"),
        pytest.param("标题：数字人民币 NEAR/3 试点", "", id="in the title"),
        pytest.param("数字*币 试点", "013", id="a wildcard within a word"),
    ],
)
def test_what_is_found(q: str, expected: str) -> None:
    """Characters between the two are counted, in one field."""
    assert found(texts(*LINES), q) == set(expected)


ON_EVERY_ENGINE = {
    "数字人民币 NEAR/3 试点": "02",
    "试点 -(数字人民币 NEAR/3 试点)": "135",
    "数字*币 试点": "013",
    "正文：数*币 或 试*": "012345",
}


def test_on_every_engine(engine: Engine) -> None:
    """The same is found by the interface of each engine."""
    articles = [article(str(at), "", line) for at, line in enumerate(LINES)]
    over = Searcher(fill(engine, articles).open())

    assert {q: found(over, q) for q in ON_EVERY_ENGINE} == {
        q: set(names) for q, names in ON_EVERY_ENGINE.items()
    }


def test_as_typed() -> None:
    """`verbatim` looks for no other name."""
    assert found(texts(*LINES), "数字人民币 NEAR/3 试点", verbatim=True) == {"0"}


def test_a_side_of_one_character() -> None:
    """It cannot be near: both are needed, and a warning says so."""
    answer = ask(texts(*LINES), "数字人民币 NEAR/3 深", fold=False)

    assert set(ids(answer)) == found(texts(*LINES), "数字人民币 AND 深")
    assert any("两边都要两个字以上" in warning for warning in answer.query.warnings)


def test_near_is_marked_and_explained() -> None:
    """Both words are marked, and the explanation quotes the place."""
    (hit,) = ask(texts(*LINES), "数字人民币 NEAR/3 试点", verbatim=True).hits

    assert shown(hit.snippet) == "[数字人民币]在深圳[试点]。"
    assert [(each.kind, each.spelled) for each in hit.why.evidence] == [
        ("typed", "数字人民币"),
        ("typed", "试点"),
        ("near", "数字人民币在深圳试点"),
    ]


def test_a_wildcard_is_marked_and_explained() -> None:
    """Words that fit are marked."""
    (hit,) = ask(texts("数字人民币和数据。"), "数字*币").hits

    assert shown(hit.snippet) == "[数字人民币]和数据。"
    assert [(each.kind, each.word) for each in hit.why.evidence] == [("wildcard", "数字*币")]


def test_hours() -> None:
    """The last hours are counted from the clock, not from midnight."""
    times = {"a": 1, "b": 23, "c": 25}
    over = searcher(
        *(article(k, "元宇宙", published=NOW - timedelta(hours=h)) for k, h in times.items())
    )

    assert found(over, "元宇宙 时间：近24小时") == {"a", "b"}
    assert found(over, "时间：2小时内") == {"a"}
    assert found(over, "元宇宙 -date:24h") == {"c"}


def test_fields_of_text_and_organisation() -> None:
    """正文： finds no titles; 机构： knows other names of an organisation."""
    over = searcher(
        article("a", "元宇宙", "蚂蚁集团说，蚂蚁集团的业务与此无关。蚂蚁集团。"),
        article("b", "别的", "元宇宙在此。"),
    )

    assert found(over, "正文：元宇宙") == {"b"}
    assert found(over, "机构：“Ant Group”") == found(over, "机构：蚂蚁集团") == {"a"}
