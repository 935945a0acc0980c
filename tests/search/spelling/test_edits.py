"""Edits of words: typing slips and characters that look alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.spelling.edits import look_alikes, one_slip_apart, transposed

words = st.text("abcdez39", min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("typed", "meant", "expected"),
    [
        pytest.param("etherum", "ethereum", True, id="a letter missing"),
        pytest.param("ethereuum", "ethereum", True, id="too many"),
        pytest.param("etherewm", "ethereum", True, id="another"),
        pytest.param("etheruem", "ethereum", True, id="changed places"),
        pytest.param("ethereu", "ethereum", True, id="the last missing"),
        pytest.param("ethereumm", "ethereum", True, id="one at the end"),
        pytest.param("bitcoin", "bitcoin", False, id="none"),
        pytest.param("bitkoim", "bitcoin", False, id="two"),
        pytest.param("eteherum", "ethereum", False, id="two, in other places"),
        pytest.param("fitcoin", "bitcoin", False, id="the first"),
        pytest.param("layer2", "layer1", False, id="another version"),
        pytest.param("layer", "layer2", False, id="no version"),
        pytest.param("", "a", False, id="nothing"),
    ],
)
def test_one_slip(typed: str, meant: str, expected: bool) -> None:
    """One letter differs, neither the first nor a digit."""
    assert one_slip_apart(typed, meant) is expected


@given(words, words)
def test_either_way(one: str, other: str) -> None:
    """The relation is symmetric."""
    assert one_slip_apart(one, other) == one_slip_apart(other, one)


@given(words, st.data())
def test_every_slip_is_seen(word: str, data: st.DataObject) -> None:
    """A word without any one letter after the first is one slip away."""
    letters = [at for at in range(1, len(word)) if not word[at].isdigit()]
    for at in letters:
        slipped = word[:at] + word[at + 1 :]
        assert one_slip_apart(slipped, word) is (slipped != word)


def test_transposed() -> None:
    """Adjacent characters are swapped; equal ones give nothing."""
    assert list(transposed("区链块")) == ["链区块", "区块链"]
    assert list(transposed("狗狗")) == []


def test_look_alikes() -> None:
    """One character at a time is replaced by others of its groups."""
    assert "以太坊" in look_alikes("以太访")
    assert list(look_alikes("ab")) == []


def test_groups_say_what_they_mean() -> None:
    """No character is its own look-alike."""
    assert all(other[0] != "坊" for other in look_alikes("坊"))
