"""Frequencies of words in jieba's dictionary."""

import pytest

from index.analysis.dictionary import dictionary_frequency


@pytest.mark.parametrize(
    ("word", "frequency"),
    [
        pytest.param("AT&T", 3, id="the first line"),
        pytest.param("龢", 732, id="the last line"),
        pytest.param("银行", 7_684, id="a common word"),
        pytest.param("元宇宙", 0, id="no word of it"),
        pytest.param("银", 5_956, id="the beginning of others"),
        pytest.param("", 0, id="nothing"),
    ],
)
def test_frequency(word: str, frequency: int) -> None:
    """Of the whole word on a line of its own."""
    assert dictionary_frequency(word) == frequency
