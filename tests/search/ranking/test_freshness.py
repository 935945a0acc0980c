"""Freshness: newer articles score a little more."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.dates import DAY_SECONDS
from search.ranking.signals import FRESH_HALF_LIFE_DAYS, FRESH_SHARE, freshness

NOW = 1_663_214_400


@pytest.mark.parametrize(
    ("published", "factor"),
    [
        pytest.param(None, 1.0, id="undated"),
        pytest.param(NOW, 1 + FRESH_SHARE, id="now"),
        pytest.param(NOW + 30 * DAY_SECONDS, 1 + FRESH_SHARE, id="future"),
        pytest.param(NOW - FRESH_HALF_LIFE_DAYS * DAY_SECONDS, 1 + FRESH_SHARE / 2, id="half-life"),
        pytest.param(
            NOW - 2 * FRESH_HALF_LIFE_DAYS * DAY_SECONDS, 1 + FRESH_SHARE / 4, id="two half-lives"
        ),
    ],
)
def test_points(published: int | None, factor: float) -> None:
    """The values that the docstring of the function gives."""
    assert freshness(published, NOW) == pytest.approx(factor)


@given(st.integers(0, 2 * NOW), st.integers(0, 2 * NOW))
def test_younger_is_never_less(first: int, second: int) -> None:
    """The factor falls with age and stays within its bounds."""
    older, younger = sorted((first, second))
    assert 1 <= freshness(older, NOW) <= freshness(younger, NOW) <= 1 + FRESH_SHARE
