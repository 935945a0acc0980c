"""The figures in the table of killed nodes."""

import pytest

from tests.cluster.killing import outage
from tests.cluster.under_load import Answer


@pytest.mark.parametrize(
    ("good", "since", "expected"),
    [
        pytest.param([1.0, 2.0, 5.0, 6.0], 2.5, 3.0, id="from the last answer before"),
        pytest.param([1.0, 4.0, 5.0], 4.5, 1.0, id="an earlier one does not count"),
        pytest.param([1.0], 2.0, float("inf"), id="it never came back"),
    ],
)
def test_outage(good: list[float], since: float, expected: float) -> None:
    """Failed answers do not end an outage."""
    answers = [Answer(at, 200) for at in good]
    failed = [Answer(at + 0.5, 503) for at in good]
    assert outage(sorted([*answers, *failed], key=lambda a: a.at), since) == expected
