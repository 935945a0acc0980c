"""Stored word boundaries: decoded as encoded, for any words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis.word_boundaries import LONGEST_CODE, decode_boundaries, encode_boundaries, ends

pieces = st.lists(st.integers(1, 3 * LONGEST_CODE).map("字".__mul__), max_size=30)


def ends_of(cut: list[str]) -> list[int]:
    return [len("".join(cut[: at + 1])) for at in range(len(cut))]


@given(pieces, pieces, st.lists(st.tuples(st.integers(0, 9), st.integers(10, 99))))
def test_read_as_written(
    title: list[str], text: list[str], boilerplate: list[tuple[int, int]]
) -> None:
    """Word lengths and spans are read back."""
    boundaries = decode_boundaries(encode_boundaries(title, text, boilerplate))
    assert ends(boundaries.title) == ends_of(title)
    assert ends(boundaries.text) == ends_of(text)
    assert boundaries.boilerplate == tuple(boilerplate)


@pytest.mark.parametrize(
    ("text", "boundaries"),
    [
        pytest.param(["元宇宙", "的", "未来"], "\n&$%\n", id="three pieces"),
        pytest.param(["x" * LONGEST_CODE], "\n[#\n", id="one as long as a character tells"),
        pytest.param([], "\n\n", id="none"),
    ],
)
def test_written(text: list[str], boundaries: str) -> None:
    """One character for each word, none that JSON escapes."""
    assert encode_boundaries([], text, []) == boundaries


@given(pieces, st.integers(0, 99))
def test_only_the_beginning(text: list[str], characters: int) -> None:
    """Decoding the first characters is right, and covers them unless one word reaches beyond."""
    found = ends(decode_boundaries(encode_boundaries([], text, [])).text, characters)
    assert found == ends_of(text)[: len(found)]
    following = ends_of(text)[len(found) : len(found) + 1]
    assert not following or following[0] >= characters
