"""Which words a wildcard matches."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.query.wildcard import WordPattern

PIECES = st.sampled_from(["", "数", "字", "ab", "b", "."])


@pytest.mark.parametrize(
    ("pattern", "word", "matches"),
    [
        pytest.param("数字*币", "数字货币", True, id="in the middle"),
        pytest.param("数字*币", "数字币", True, id="for nothing"),
        pytest.param("数字*币", "数字货币化", False, id="and no more after it"),
        pytest.param("meta*e", "metaverse", True, id="letters"),
        pytest.param("meta*e", "meta", False, id="the end is missing"),
        pytest.param("aba*aba", "aba", False, id="ends do not overlap"),
        pytest.param("区块*", "区块链", True, id="at the end"),
        pytest.param("区块*", "区块", True, id="at the end, for nothing"),
        pytest.param("a*b*c*", "axxbxxcxx", True, id="several"),
        pytest.param("a*b*c", "acb", False, id="in order"),
    ],
)
def test_matches(pattern: str, word: str, matches: bool) -> None:
    """A star stands for any characters or none."""
    assert WordPattern(pattern).matches(word) is matches


@given(st.lists(PIECES, min_size=2, max_size=4), st.lists(PIECES, max_size=6).map("".join))
def test_as_an_expression(pieces: list[str], word: str) -> None:
    """It matches what the regular expression does."""
    expression = ".*".join(map(re.escape, pieces))

    assert WordPattern("*".join(pieces)).matches(word) == bool(re.fullmatch(expression, word))
