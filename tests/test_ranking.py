"""What orders the engine's best: title, closeness, whole query, freshness."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.engines.base import Match
from search.ranking import NEAR, RERANKED, Wish, closeness, rerank
from tests.search_fixtures import DAY, NOW, article, ask, ids, reader, searcher

SECONDS = int(NOW.timestamp())
places = st.lists(st.integers(0, 200), max_size=5).map(sorted)


def wish(q: str) -> Wish:
    words = tuple(word for part in q.split() for word in reader().read(part))
    return Wish(words, (1.0,) * len(words), q, SECONDS)


def order(q: str, folded: dict[str, str]) -> list[str]:
    """Ids by rank where the engine finds all equally good."""
    matches = [Match(name, 1.0, None, name) for name in folded]
    return [match.id for match in rerank(matches, folded, wish(q))]


@pytest.mark.parametrize(
    ("positions", "expected"),
    [
        pytest.param([[0], [1]], 1 - 1 / NEAR, id="neighbours"),
        pytest.param([[10], [5]], 1 - 5 / NEAR, id="the other way round"),
        pytest.param([[0], [NEAR]], 0.0, id="too far"),
        pytest.param([[0, 100], [95]], 1 - 5 / NEAR, id="the nearest counts"),
        pytest.param([[0], []], 0.0, id="one is missing"),
        pytest.param([[0], [1], []], (1 - 1 / NEAR) / 2, id="mean over neighbours"),
        pytest.param([[3]], 0.0, id="one word"),
        pytest.param([], 0.0, id="no words"),
    ],
)
def test_closeness(positions: list[list[int]], expected: float) -> None:
    """1 for words that touch, 0 from NEAR characters on."""
    assert closeness(positions) == pytest.approx(expected)


@given(places, places)
def test_closeness_against_all_pairs(first: list[int], second: list[int]) -> None:
    """The walk along both lists finds the nearest pair."""
    gaps = [abs(a - b) for a in first for b in second]
    expected = max(0.0, 1 - min(gaps) / NEAR) if gaps else 0.0
    assert closeness([first, second]) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("q", "better", "worse"),
    [
        pytest.param("元宇宙", "元宇宙来了\n", "游戏来了\n元宇宙", id="in the title"),
        pytest.param("元宇宙", "元宇宙\n", "元宇宙来了\n", id="title is the query"),
        pytest.param("元宇宙", "metaverse来了\n", "游戏来了\n元宇宙", id="other name in the title"),
        pytest.param("元宇宙 银行", "元宇宙与银行\n", "元宇宙与游戏\n银行", id="more of the title"),
        pytest.param(
            "元宇宙 银行", "\n元宇宙里的银行", "\n元宇宙" + "里" * 50 + "银行", id="closer"
        ),
        pytest.param("元宇宙 银行", "\n元宇宙 银行", "\n元宇宙，银行", id="the whole query"),
        pytest.param("eth", "eth大涨\n", "method大涨\n", id="not within a longer Latin word"),
    ],
)
def test_better(q: str, better: str, worse: str) -> None:
    """Of two articles that score the same in the engine, this one comes first."""
    assert order(q, {"a": worse, "b": better}) == ["b", "a"]
    assert order(q, {"a": better, "b": worse}) == ["a", "b"]


def test_fresh_first_among_equals() -> None:
    """Age decides between equals, unless it is not asked."""
    old = Match("a", 1.0, SECONDS - 900 * 86_400, "a")
    new = Match("b", 1.0, SECONDS, "b")
    folded = {"a": "元宇宙\n", "b": "元宇宙\n"}
    assert [match.id for match in rerank([old, new], folded, wish("元宇宙"))] == ["b", "a"]
    same = rerank([old, new], folded, wish("元宇宙"), fresh=False)
    assert same[0].score == same[1].score


def test_ties() -> None:
    """Newer first, undated last, then by id."""
    times = {"d": None, "c": None, "b": SECONDS + 1, "a": SECONDS + 2, "e": SECONDS + 2}
    matches = [Match(name, 1.0, time, name) for name, time in times.items()]
    ranked = rerank(matches, {}, wish("元宇宙"), fresh=False)
    assert [match.id for match in ranked] == ["a", "e", "b", "c", "d"]


@given(st.lists(st.floats(0, 50), min_size=RERANKED + 1, max_size=RERANKED + 20))
def test_the_rest_stays_below(scores: list[float]) -> None:
    """What was not reread keeps the engine's order, below all that was."""
    scores.sort(reverse=True)
    matches = [Match(f"{at:03}", score, None, str(at)) for at, score in enumerate(scores)]
    folded = {match.id: "游戏\n" if at % 2 else "元宇宙\n" for at, match in enumerate(matches)}
    ranked = rerank(matches, folded, wish("元宇宙"))
    assert {match.id for match in ranked} == {match.id for match in matches}
    assert ranked[RERANKED:] == [
        replace(match, score=after.score)
        for match, after in zip(matches[RERANKED:], ranked[RERANKED:], strict=True)
    ]
    assert [m.score for m in ranked] == sorted((m.score for m in ranked), reverse=True)


def test_no_matches() -> None:
    """Nothing stays nothing."""
    assert rerank([], {}, wish("元宇宙")) == []


def test_a_searched_headline_comes_first() -> None:
    """Who searches a title gets that article, however often others say its words."""
    over = searcher(
        article("wordy", "元宇宙银行元宇宙银行", "元宇宙银行。" * 9, published=NOW),
        article("it", "元宇宙里开银行", "短讯。", published=NOW - 900 * DAY),
    )
    assert ids(ask(over, "元宇宙里开银行"))[0] == "it"
