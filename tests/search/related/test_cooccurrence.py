"""Co-occurrence: G² against tables worked by hand and an example of Dunning's."""

from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.lexicon.model import Concept
from search.related.concept_articles import ConceptArticles
from search.related.cooccurrence import associations, log_likelihood_ratio

TABLES = [
    pytest.param((5, 10, 50, 100), 0.0, id="independent"),
    pytest.param((10, 10, 10, 20), 2 * 20 * log(2), id="the same half"),
    pytest.param((0, 10, 10, 20), 2 * 20 * log(2), id="the other half"),
    pytest.param((0, 0, 10, 20), 0.0, id="none"),
    pytest.param((110, 2552, 221, 31777), 270.72, id="Dunning 1993, table 2: the swiss"),
]


@pytest.mark.parametrize(("table", "expected"), TABLES)
def test_g2(table: tuple[int, int, int, int], expected: float) -> None:
    """(in both, in one, in the other, in all)."""
    assert log_likelihood_ratio(*table) == pytest.approx(expected, abs=0.01)


@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30), st.integers(0, 30))
def test_g2_is_symmetric_and_never_negative(both: int, one: int, other: int, none: int) -> None:
    total = both + one + other + none
    forth = log_likelihood_ratio(both, both + one, both + other, total)
    back = log_likelihood_ratio(both, both + other, both + one, total)

    assert forth >= 0
    assert forth == pytest.approx(back, abs=1e-9)


def ids(*numbers: int) -> frozenset[str]:
    return frozenset(map(str, numbers))


def test_common_rare_and_associated() -> None:
    """Of the concepts that ten articles mention, those remain that others mention far less."""
    own = ids(*range(10))
    of = {
        Concept("always"): ids(*range(100)),
        Concept("often here"): ids(*range(8), 50),
        Concept("only here"): ids(*range(4)),
        Concept("once"): ids(3),
        Concept("elsewhere"): ids(*range(60, 90)),
    }
    found = associations(own, ConceptArticles(of, {}, 100, None))

    assert [(each.concept.name, each.shared) for each in found] == [
        ("often here", 8),
        ("only here", 4),
    ]
