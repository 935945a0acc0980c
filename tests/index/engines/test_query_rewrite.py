"""Rewriting of queries into filters, and queries whose matches all have one score."""

import pytest
from hypothesis import given

from index.engines.api import Snapshot
from index.engines.queries import (
    All,
    AllOf,
    And,
    AnyOf,
    AnyTerm,
    Best,
    Boost,
    Filter,
    Near,
    Not,
    Or,
    Query,
    Substring,
    Term,
)
from index.engines.query_rewrite import constant_score, matching
from tests.engines.random_queries import QUERIES
from tests.support.documents import one_segment
from tests.support.naive_engine import NaiveEngine

A, B, C = (Term("text_words", token) for token in "甲乙丙")


@pytest.fixture(scope="module")
def naive() -> Snapshot:
    engine = NaiveEngine()
    one_segment(engine)
    return engine.open()


@given(QUERIES)
def test_the_same_articles(naive: Snapshot, query: Query) -> None:
    """A filter finds the same articles as its query."""
    filter_ = matching(query)
    plain = as_query(filter_)
    found, expected = (naive.match(each, limit=1_000).matches for each in (plain, query))
    assert {match.id for match in found} == {match.id for match in expected}
    assert matching(plain) == filter_


def as_query(filter_: Filter) -> Query:
    """The filter as the oracle can evaluate it."""
    match filter_:
        case AllOf(filters):
            return And(tuple(map(as_query, filters)))
        case AnyOf(filters):
            return Or(tuple(map(as_query, filters)))
        case Not(inner):
            return Not(as_query(inner))
        case _:
            return filter_


SMALLER: dict[str, tuple[Query, Filter]] = {
    "a weight": (Boost(A, 0.5), A),
    "the best form": (Best((Or((A, Boost(B, 0.3))), Boost(B, 2.0))), AnyOf((A, B))),
    "conditions in conditions": (And((And((A, B)), B, C)), AllOf((A, B, C))),
    "one of one": (Or((And((A,)),)), A),
    "what only adds to scores": (And((A, Or((All(), B)))), A),
    "nothing asked": (And((All(), And(()))), All()),
    "nothing to find": (And((A, Or(()))), AllOf((A, AnyOf(())))),
    "what must be lacking": (Not(Boost(Best((A,)), 2.0)), Not(A)),
}


@pytest.mark.parametrize(("query", "filter_"), SMALLER.values(), ids=SMALLER)
def test_filters(query: Query, filter_: Filter) -> None:
    """The filter of each query, written by hand."""
    assert matching(query) == filter_


@pytest.mark.parametrize(
    ("query", "score"),
    [
        pytest.param(Term("text_words", "银行"), None, id="a word"),
        pytest.param(Term("source", "甲"), 0.0, id="a keyword"),
        pytest.param(Substring("银行"), 1.0, id="a quote"),
        pytest.param(AnyTerm("text_words", ("银行",)), 1.0, id="any of some words"),
        pytest.param(Near(("数字",), ("银行",), 5), 0.0, id="near"),
        pytest.param(Or((Term("source", "甲"), All())), 0.0, id="nothing scored"),
        pytest.param(Or((Substring("银"), All())), None, id="some more than others"),
    ],
)
def test_constant_scores(query: Query, score: float | None) -> None:
    """The score that all matches have, or None if they may differ."""
    assert constant_score(query) == score
