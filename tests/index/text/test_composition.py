"""What stands for several characters is spelled out, and what belongs together is one character."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.composition import compose
from index.text.normalize import normalize
from tests.support.cost import assert_linear


@pytest.mark.parametrize(
    ("read", "text"),
    [
        pytest.param("Nestle\u0301", "Nestlé", id="a letter and its accent"),
        pytest.param("\u30ab\u3099\u30cf\u309a", "ガパ", id="kana and their marks"),
        pytest.param("\u1112\u1161\u11ab국", "한국", id="parts of a Hangul syllable"),
        pytest.param("ﾌﾞﾛｯｸﾁｪｰﾝ", "ブロックチェーン", id="kana of half width"),
        pytest.param("ﬁnance, oﬃce, ĳ", "finance, office, ij", id="ligatures"),
        pytest.param("第Ⅲ期、ⅳ级、Ⅰ类", "第III期、iv级、I类", id="Roman numerals"),
        pytest.param("100㎡，5㎏，30℃，№7", "100m²，5kg，30°C，No7", id="units and signs"),
        pytest.param("℡：12345", "TEL：12345", id="telephone"),
        pytest.param("㋈㏤㌦", "9月5日ドル", id="one character for a day, or a word"),
        pytest.param("①5万，⑩½，™", "①5万，⑩½，™", id="list items, fractions and marks stay"),
        pytest.param("元宇宙，NFT", "元宇宙，NFT", id="nothing to do"),
    ],
)
def test_composed(read: str, text: str) -> None:
    assert compose(read) == text


@given(st.text())
def test_composing_twice(text: str) -> None:
    """A query copied from a composed text is that text."""
    once = compose(text)
    assert compose(once) == once


@given(st.text(), st.integers(0, 20), st.integers(1, 20))
def test_any_part_of_a_composed_text_is_composed(text: str, start: int, length: int) -> None:
    """So a quotation from it is found, wherever it begins and ends."""
    shown = compose(text)
    part = shown[start : start + length]
    if part and not unicodedata.combining(part[0]):
        assert normalize(compose(part)) in normalize(shown)


def test_hostile_marks() -> None:
    """Time grows no faster than the text."""
    for unit in ("\u0301", "ﾞ", "Ⅲ", "e\u0301"):
        assert_linear(lambda text: compose("e" + text), unit)
