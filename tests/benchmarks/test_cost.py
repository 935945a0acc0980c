"""The cost of a change: ratios of each round, and figures read from the output of tools."""

import pytest

from benchmarks.cost.asking import summary
from benchmarks.cost.building import instructions_in
from benchmarks.cost.ratios import Ratio, percentile, ratios, table


def test_ratios_are_those_of_each_round() -> None:
    """A round in which the whole machine was slow changes nothing."""
    found = ratios([{"s": 2.0}, {"s": 40.0}, {"s": 4.0}], [{"s": 1.0}, {"s": 20.0}, {"s": 2.0}])
    assert found == {"s": Ratio(old=4.0, new=2.0, middle=0.5, least=0.5, most=0.5)}


def test_who_is_first_does_not_matter() -> None:
    """Equal sides have ratio 1 although the first asked always takes a quarter longer."""
    found = Ratio.of([5.0, 4.0], [4.0, 5.0])
    assert (found.middle, found.least, found.most) == (pytest.approx(1.0), 0.8, 1.25)


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        pytest.param(0.0, 1, id="least"),
        pytest.param(0.5, 3, id="middle"),
        pytest.param(0.95, 4, id="nearly most"),
        pytest.param(1.0, 4, id="most"),
    ],
)
def test_percentile(part: float, expected: int) -> None:
    assert percentile([4, 2, 3, 1], part) == expected


def test_summary_of_a_round() -> None:
    figures = summary("new words", [1.0, 2.0, 6.0], [3.0, 4.0, 5.0])
    assert figures == {
        "new words: processor ms, mean": 3.0,
        "new words: processor ms, p50": 2.0,
        "new words: processor ms, p95": 6.0,
        "new words: wall ms, p50": 4.0,
        "new words: wall ms, p95": 5.0,
    }


def test_instructions() -> None:
    log = "==1== Cachegrind\n==1== \n==1== I   refs:      55,655,493\n"
    assert instructions_in(log) == 55_655_493


def test_no_instructions() -> None:
    with pytest.raises(SystemExit, match="counted no instructions"):
        instructions_in("==1== killed\n")


def test_table() -> None:
    found = {"whoosh": {"build: processor s": Ratio(2.0, 1.0, 0.5, 0.4, 0.625)}}
    assert table(found, 3).splitlines()[-1] == (
        "| whoosh | build: processor s | 2 | 1 | **0.500** | 0.400 – 0.625 |"
    )
