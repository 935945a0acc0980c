"""Reposts of one story are one row."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.engines.api import Match
from search.results.collapsing import (
    ResultRow,
    collapse_reposts,
    first_known,
    over_all_matches,
    story_row,
)

ORIGINAL = Match("original", 1.0, 100, "story")
REPOST = Match("repost", 3.0, 200, "story")
OTHER = Match("other", 2.0, 150, "other")

matches = st.lists(
    st.builds(
        Match,
        st.uuids().map(str),
        st.floats(0, 9),
        st.none() | st.integers(0, 9),
        st.sampled_from("abcde"),
    )
)


def test_a_story_stands_where_its_best_article_stands() -> None:
    """The earliest article is shown, with the rank and score of the best."""
    lines = [story_row(members) for members in collapse_reposts([REPOST, OTHER, ORIGINAL])]
    assert lines == [
        ResultRow(Match("original", 3.0, 100, "story"), 2, True),
        ResultRow(OTHER, 1, True),
    ]


def test_the_undated_are_no_head() -> None:
    """A dated article is preferred to an undated one as the head."""
    undated = Match("undated", 1.0, None, "story")
    assert story_row([undated, REPOST]).match.id == "repost"


def test_an_estimated_date_makes_no_head() -> None:
    """A given date comes before an earlier estimate; estimates go by id."""
    guesses = [Match(name, 1.0, at, "story", estimated=True) for name, at in (("b", 1), ("a", 9))]
    assert story_row([*guesses, REPOST]).match.id == "repost"
    assert story_row(guesses).match.id == "a"


def test_ties_go_by_id() -> None:
    """With equal times, the lowest id is the head."""
    twin = Match("a", 1.0, 100, "story")
    assert story_row([ORIGINAL, twin]).match.id == "a"


def test_complete_counts_what_is_not_in_the_window() -> None:
    """Heads and sizes cover all matching articles; the order stays."""
    line, other = ResultRow(REPOST, 1), ResultRow(OTHER, 1)
    assert over_all_matches([line, other], {"story": [ORIGINAL, REPOST]}) == [
        ResultRow(Match("original", 3.0, 100, "story"), 2, True),
        other,
    ]


MIDNIGHT = 1_662_307_200
"""2022-09-05 in Shanghai, as of a source that gives only days."""
HOUR = 3_600


def one(published: int | None, *, estimated: bool = False) -> Match:
    return Match("other", 1.0, published, "story", estimated)


@pytest.mark.parametrize(
    ("start", "other", "known"),
    [
        pytest.param(MIDNIGHT + HOUR, one(MIDNIGHT + 2 * HOUR), True, id="later"),
        pytest.param(MIDNIGHT + HOUR, one(MIDNIGHT + HOUR), False, id="at the same time"),
        pytest.param(MIDNIGHT + HOUR, one(None), False, id="no date"),
        pytest.param(MIDNIGHT, one(MIDNIGHT + 9 * HOUR), False, id="some time of a day"),
        pytest.param(MIDNIGHT, one(MIDNIGHT + 24 * HOUR), True, id="the next day"),
        pytest.param(MIDNIGHT + HOUR, one(MIDNIGHT, estimated=True), True, id="estimated that day"),
        pytest.param(
            MIDNIGHT + HOUR, one(MIDNIGHT - 24 * HOUR, estimated=True), False, id="estimated before"
        ),
    ],
)
def test_whether_the_first_is_known(start: int, other: Match, known: bool) -> None:
    """Reposts are called so only where each is known to be later."""
    first = Match("first", 1.0, start, "story")
    assert first_known(first, [first, other]) == known
    assert not first_known(first._replace(estimated=True), [first, other])


@given(matches)
def test_nothing_is_lost(given_matches: list[Match]) -> None:
    """Each story has one row, sizes add up, and rows are in the order of their stories."""
    lines = [story_row(members) for members in collapse_reposts(given_matches)]
    stories = list(dict.fromkeys(match.story for match in given_matches))
    assert [line.match.story for line in lines] == stories
    assert sum(line.size for line in lines) == len(given_matches)
    assert {line.match.id for line in lines} <= {match.id for match in given_matches}
