"""Explanations of searches without results: the cause, and what is found without one part."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.explore.zero_results import MAX_WAYS_OUT, WayOut, ZeroResults, explain_zero
from search.request import Choice, SearchRequest
from tests.support.tiny_search import DAY, NOW, article, ask, request, searcher

DAY_SECONDS = 86_400
LONG_AGO = NOW - 400 * DAY
OVER = (
    article("1", "元宇宙", "银行的元宇宙。", source="财新网", published=LONG_AGO),
    article("2", "游戏", "游戏里有元宇宙。", source="财新网", published=LONG_AGO - DAY),
    article("3", "银行", "银行。", source="新华社", published=NOW - DAY),
    article("4", "日期", "不知哪天的稳定币。", source="新华社"),
)


def explained(q: str = "", **options: Any) -> ZeroResults:
    return explain_zero(searcher(*OVER), request(q, partial=False, **options))


def ways(zero: ZeroResults) -> list[tuple[str, str, str, int]]:
    return [(way.part, way.dropped, way.q, way.total) for way in zero.ways_out]


@pytest.mark.parametrize(
    ("q", "options", "expected"),
    [
        pytest.param(
            "银行 游戏",
            {},
            [("words", "游戏", "银行", 2), ("words", "银行", "游戏", 1)],
            id="words that never meet",
        ),
        pytest.param("饕餮 银行", {}, [("words", "饕餮", "银行", 2)], id="a word nobody wrote"),
        pytest.param(
            "银行 饕餮 元宇宙 貔貅",
            {},
            [("only", "元宇宙", "元宇宙", 2), ("only", "银行 元宇宙", "银行 元宇宙", 1)],
            id="two words nobody wrote",
        ),
        pytest.param(
            "游戏 银行 天气 元宇宙",
            {},
            [("only", "元宇宙", "元宇宙", 2), ("only", "游戏 元宇宙", "游戏 元宇宙", 1)],
            id="a concept, and what goes with it",
        ),
        pytest.param("饕餮 貔貅 麒麟", {}, [], id="words nobody wrote"),
        pytest.param("饕餮", {}, [], id="nothing but such a word"),
        pytest.param(
            "元宇宙", {"source": "新华社"}, [("filter", "source", "元宇宙", 2)], id="a filter"
        ),
        pytest.param(
            "元宇宙", {"source": "-财新网"}, [("filter", "source", "元宇宙", 2)], id="an exclusion"
        ),
        pytest.param(
            "元宇宙 来源：新华社",
            {},
            [("words", "来源是 新华社", "元宇宙", 2), ("words", "元宇宙", "source:新华社", 2)],
            id="a condition in the query",
        ),
        pytest.param(
            "元宇宙 -银行 -游戏",
            {},
            [
                ("words", "不含 银行", "元宇宙 NOT 游戏", 1),
                ("words", "不含 游戏", "元宇宙 NOT 银行", 1),
                ("words", "元宇宙", "NOT 银行 NOT 游戏", 1),
            ],
            id="exclusions",
        ),
        pytest.param("稳定币", {"scope": "title"}, [("scope", "title", "稳定币", 1)], id="titles"),
        pytest.param(
            "元宇宙",
            {"source": "新华社", "within": 7 * DAY_SECONDS},
            [("filters", "", "元宇宙", 2)],
            id="two filters, each too many",
        ),
    ],
)
def test_ways_out(q: str, options: dict[str, Any], expected: list[Any]) -> None:
    """Parts whose removal finds most come first; others without effect are left out."""
    chosen = {"source": Choice.parse([options["source"]])} if "source" in options else {}
    others = {name: value for name, value in options.items() if name != "source"}
    found = ways(explained(q, filters=chosen, **others))
    assert sorted(found) == sorted(expected)
    assert [total for *_, total in found] == sorted((row[-1] for row in expected), reverse=True)


@pytest.mark.parametrize(
    ("options", "part", "newest"),
    [
        pytest.param({"within": 30 * DAY_SECONDS}, "within", LONG_AGO, id="within"),
        pytest.param({"from_day": date(2022, 9, 1)}, "dates", LONG_AGO, id="from"),
        pytest.param({"to_day": date(2019, 1, 1)}, "dates", LONG_AGO, id="to"),
    ],
)
def test_outside_the_time(options: dict[str, Any], part: str, newest: Any) -> None:
    """The answer has the day of the newest article outside the period."""
    expected = WayOut(part, "", "元宇宙", 2, int(newest.timestamp()))  # type: ignore[arg-type]
    assert explained("元宇宙", **options).ways_out == (expected,)


def test_undated_articles_have_no_newest() -> None:
    (way,) = explained("稳定币", within=DAY_SECONDS).ways_out
    assert (way.part, way.total, way.newest) == ("within", 1, None)


@pytest.mark.parametrize(
    ("q", "unknown"),
    [
        pytest.param("饕餮 貔貅", ("饕餮", "貔貅"), id="both"),
        pytest.param("饕餮 银行", ("饕餮",), id="one of two"),
        pytest.param("银行 游戏", (), id="none of them"),
        pytest.param("ＡＢＣＸＹＺ 银行", ("ＡＢＣＸＹＺ",), id="as typed"),
    ],
)
def test_words_that_no_article_has(q: str, unknown: tuple[str, ...]) -> None:
    assert explained(q).unknown == unknown


@pytest.mark.parametrize(
    ("q", "options", "contradictory"),
    [
        pytest.param("时间：2021 时间：2022", {}, True, id="two years"),
        pytest.param("时间：2021", {"from_day": date(2022, 1, 1)}, True, id="query and filter"),
        pytest.param("after:2022-02 before:2022-01", {}, True, id="open periods"),
        pytest.param("时间：2021 时间：2021-03", {}, False, id="a month of the year"),
        pytest.param("时间：2021 或 时间：2022", {}, False, id="either of them"),
        pytest.param("饕餮", {}, False, id="no date"),
    ],
)
def test_contradictory_dates(q: str, options: dict[str, Any], contradictory: bool) -> None:
    assert explained(q, **options).contradictory is contradictory


@given(st.lists(st.sampled_from(["元宇宙", "银行", "游戏", "-稳定币", "饕餮"]), max_size=8))
def test_every_way_leads_somewhere(parts: list[str]) -> None:
    """The total offered is that of the search it leads to."""
    over = searcher(*OVER)
    zero = explain_zero(over, SearchRequest(now=NOW, q=" ".join(parts), partial=False))
    assert len(zero.ways_out) <= MAX_WAYS_OUT
    for way in zero.ways_out:
        assert ask(over, way.q, partial=False).total == way.total > 0
