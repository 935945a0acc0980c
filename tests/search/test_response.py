"""Results are frozen values; their marks are in order and do not overlap."""

import pytest

from search.response import Highlighted


@pytest.mark.parametrize(
    "marks",
    [
        pytest.param((), id="none"),
        pytest.param(((0, 3),), id="whole"),
        pytest.param(((0, 1), (1, 2)), id="touching"),
        pytest.param(((0, 1), (2, 3)), id="apart"),
    ],
)
def test_good_marks(marks: tuple[tuple[int, int], ...]) -> None:
    """Spans may touch each other and the ends of the text."""
    assert Highlighted("元宇宙", marks).marks == marks


@pytest.mark.parametrize(
    "marks",
    [
        pytest.param(((0, 4),), id="beyond the end"),
        pytest.param(((-1, 1),), id="before the start"),
        pytest.param(((1, 1),), id="empty"),
        pytest.param(((2, 1),), id="backwards"),
        pytest.param(((1, 2), (0, 1)), id="out of order"),
        pytest.param(((0, 2), (1, 3)), id="overlapping"),
    ],
)
def test_bad_marks(marks: tuple[tuple[int, int], ...]) -> None:
    """Invalid marks raise an error when the value is made."""
    with pytest.raises(ValueError, match="bad mark"):
        Highlighted("元宇宙", marks)


def test_offsets_are_code_points() -> None:
    """An emoji counts as one."""
    assert Highlighted("😀元", ((1, 2),)).text[1:2] == "元"
