"""Series by their titles, and rankings in which every group counts once."""

import pytest

from benchmarks.quality.series import beginning, gain, giving_way


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        pytest.param("8点1氪丨油价上涨", "9点1氪丨雪", True, id="before the mark, numbers apart"),
        pytest.param("早餐2024年9月8日星期一", "早餐2024年10月9日星期一", True, id="no mark"),
        pytest.param("油价：上涨", "金价：上涨", False, id="another beginning"),
    ],
)
def test_beginnings(one: str, other: str, alike: bool) -> None:
    assert (beginning(one) == beginning(other)) is alike


def test_a_group_counts_once() -> None:
    """Its other articles fill places, and the best order has its best grade."""
    grades = {"a1": 3, "a2": 3, "b": 3}
    assert gain(["a1", "b"], grades, lambda name: name[0]) == 1
    assert gain(["a1", "a2", "b"], grades, lambda name: name[0]) < 1
    assert gain(["x"], {"x": 0}, lambda name: name) == 0


def test_giving_way() -> None:
    """Behind all others, in their order."""
    order = ["a1", "a2", "b1", "a3", "c1"]
    assert giving_way(order, lambda name: name[0], 1) == ["a1", "b1", "c1", "a2", "a3"]
    assert giving_way(order, lambda name: name[0], 2) == ["a1", "a2", "b1", "c1", "a3"]
