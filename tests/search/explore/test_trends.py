"""Searches over time: counts and shares beside all articles, and where nothing may be drawn."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.article import Article
from search.explore.trends import MIN_STEP_ARTICLES, Trends, trends
from search.searcher import Searcher
from tests.support.tiny_search import article, ask, searcher

FIRST = datetime(2022, 9, 5, 4, tzinfo=UTC)


def over_days(counts: list[tuple[int, int]], undated: int = 0, others: int = 0) -> Searcher:
    """`counts`: for each day from FIRST on, articles on 元宇宙 and articles on something else.
    `undated`: articles on 元宇宙 without a date; `others`: of others without a date."""
    made: list[Article] = []
    for day, (matching, rest) in enumerate(counts):
        published = FIRST + timedelta(days=day)
        for text in [*["元宇宙"] * matching, *["银行"] * rest]:
            made.append(article(f"a{len(made)}", f"第{len(made)}篇", text, published=published))
    for text in [*["元宇宙"] * undated, *["银行"] * others]:
        made.append(article(f"a{len(made)}", f"第{len(made)}篇", text))
    return searcher(*made)


def trends_of(over: Searcher, *, covered: bool = False, **conditions: object) -> Trends:
    answer = ask(over, "元宇宙", timeline="day", **conditions)
    return trends(over, [("元宇宙", answer)], covered=covered)


days = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=8)


@settings(max_examples=25)
@given(days, st.integers(0, 3), st.integers(0, 2))
def test_counts_and_shares_are_those_of_a_naive_count(
    counts: list[tuple[int, int]], undated: int, others: int
) -> None:
    """Every article is in one period or undated; a share is of all articles of its period."""
    found = trends_of(over_days(counts, undated, others))
    (trend,) = found.trends
    matching, everything = Counter[int](), Counter[int]()
    for day, (one, rest) in enumerate(counts):
        matching[day] += one
        everything[day] += one + rest

    assert (trend.total, trend.undated) == (sum(matching.values()) + undated, undated)
    assert found.undated == undated + others
    assert sum(trend.counts) == sum(matching.values())
    shares = found.values(trend, "share")
    for period, count, articles, share in zip(
        found.periods, trend.counts, found.articles, shares, strict=True
    ):
        day = (period.first - FIRST.date()).days
        assert (count, articles) == (matching[day], everything[day])
        assert share == (matching[day] / everything[day] if everything[day] else 0)


def test_a_range_leaves_the_axis() -> None:
    """The axis is that of all times; so are the figures."""
    over = over_days([(1, 0), (2, 1), (3, 0)], undated=1)
    chosen = FIRST.date() + timedelta(days=1)

    whole, narrowed = trends_of(over), trends_of(over, from_day=chosen, to_day=chosen)

    assert narrowed == whole
    assert narrowed.trends[0].counts == (1, 2, 3)


ENOUGH, FEW = (2, MIN_STEP_ARTICLES - 2), (2, MIN_STEP_ARTICLES - 3)


@pytest.mark.parametrize(
    ("counts", "undated", "drawn"),
    [
        pytest.param([ENOUGH, ENOUGH], 0, (True, True), id="enough articles"),
        pytest.param([ENOUGH, FEW, ENOUGH], 0, (True, False, True), id="a gap"),
        pytest.param([ENOUGH, ENOUGH], 36, (True, True), id="nine of ten undated"),
        pytest.param([ENOUGH, ENOUGH], 37, (False, False), id="more are undated"),
    ],
)
def test_where_a_line_may_be_drawn(
    counts: list[tuple[int, int]], undated: int, drawn: tuple[bool, ...]
) -> None:
    """Not in a period with few articles, nor for a search whose articles have no date."""
    found = trends_of(over_days(counts, undated))

    assert found.drawn(found.trends[0]) == drawn


def test_longer_steps_where_days_have_too_few() -> None:
    """Weeks where days have too few articles and weeks have enough; days if that is not asked."""
    over = over_days([(1, 3)] * 14)

    assert trends_of(over, covered=True).step == "week"
    assert trends_of(over).step == "day"


def test_no_step_has_enough() -> None:
    """The shortest step then, in which nothing is drawn."""
    found = trends_of(over_days([(1, 0)] * 3), covered=True)

    assert (found.step, found.thin) == ("day", (True, True, True))


def test_nothing_has_a_date() -> None:
    """No periods, and all articles are undated."""
    found = trends_of(over_days([], undated=2))

    assert (found.periods, found.trends[0].undated, found.step) == ((), 2, None)
