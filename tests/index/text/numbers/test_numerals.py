"""Numbers in Han numerals: what is one, and what only looks like one."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.numbers.numerals import CHARACTERS, number_of, numerals


@pytest.mark.parametrize(
    ("numeral", "number"),
    [
        pytest.param("五千万", 50_000_000, id="thousands of myriads"),
        pytest.param("伍仟万", 50_000_000, id="as on cheques"),
        pytest.param("三点五亿", 350_000_000, id="a point"),
        pytest.param("一百二十万", 1_200_000, id="tens"),
        pytest.param("十五", 15, id="ten without one"),
        pytest.param("两亿", 200_000_000, id="两"),
        pytest.param("一万零五", 10_005, id="zeros left out"),
        pytest.param("一万亿", 10**12, id="two steps"),
        pytest.param("一万五", None, id="colloquial"),
        pytest.param("万一", None, id="a word"),
        pytest.param("三四", None, id="about"),
        pytest.param("千万", None, id="no digit"),
        pytest.param("二〇二二", None, id="a year"),
        pytest.param("零一万", None, id="the beginning of a name"),
        pytest.param("三点", None, id="an hour"),
        pytest.param("五点点", None, id="points"),
    ],
)
def test_number(numeral: str, number: int | None) -> None:
    assert number_of(numeral) == number


@given(st.integers(1, 999), st.integers(0, 12))
def test_written_and_read(digits: int, power: int) -> None:
    """Every way to write a number is read as that number."""
    value = Decimal(digits) * 10**power
    assert {number_of(each) for each in numerals(value)} <= {value}


@given(st.text(CHARACTERS, max_size=9))
def test_never_raises(numeral: str) -> None:
    assert number_of(numeral) is None or number_of(numeral) >= 0  # type: ignore[operator]
