"""The shared walk over queries, seen in what it makes for OpenSearch."""

from typing import Any

import pytest

from index.engines.opensearch.reading.compiler import OpenSearchCompiler
from index.engines.queries import All, And, AnyTerm, Best, Boost, Near, Not, Or, Query, Range, Term

A, B = Term("text_words", "甲"), Term("text_words", "乙")
TOPIC = Term("topic", "支付")


@pytest.fixture
def compiler() -> OpenSearchCompiler:
    return OpenSearchCompiler(
        {"text_words": 0.5}, lambda field, prefix, limit: [(f"{prefix}子", 2), (f"{prefix}丑", 1)]
    )


FILTERS: dict[str, tuple[Query, dict[str, Any]]] = {
    "a weight is no filter": (Boost(A, 2.0), {"term": {"text_words": "甲"}}),
    "terms of one field are one clause": (
        Or((A, B, TOPIC)),
        {
            "bool": {
                "should": [{"terms": {"text_words": ["甲", "乙"]}}, {"terms": {"topic": ["支付"]}}],
                "minimum_should_match": 1,
            }
        },
    ),
    "exclusions are apart from conditions": (
        And((A, Not(TOPIC))),
        {
            "bool": {
                "filter": [{"term": {"text_words": "甲"}}],
                "must_not": [{"term": {"topic": "支付"}}],
            }
        },
    ),
    "strings near each other are spans of pairs": (
        Near(("数字", "人民币"), ("试点",), 5, "text"),
        {
            "bool": {
                "should": [
                    {
                        "span_near": {
                            "clauses": [
                                {
                                    "span_or": {
                                        "clauses": [
                                            {"span_term": {"text_pairs": "数字"}},
                                            {
                                                "span_near": {
                                                    "clauses": [
                                                        {"span_term": {"text_pairs": "人民"}},
                                                        {"span_term": {"text_pairs": "民币"}},
                                                    ],
                                                    "slop": 0,
                                                    "in_order": True,
                                                }
                                            },
                                        ]
                                    }
                                },
                                {"span_term": {"text_pairs": "试点"}},
                            ],
                            "slop": 6,
                            "in_order": False,
                        }
                    }
                ],
                "minimum_should_match": 1,
            }
        },
    ),
    "any of some terms": (
        AnyTerm("text_words", ("银子", "银丑")),
        {"terms": {"text_words": ["银子", "银丑"]}},
    ),
    "no query at all": (Or(()), {"match_none": {}}),
}


@pytest.mark.parametrize(("query", "expected"), FILTERS.values(), ids=FILTERS)
def test_filters(compiler: OpenSearchCompiler, query: Query, expected: dict[str, Any]) -> None:
    """The filter of each query."""
    assert compiler.filter(query) == expected


SCORED: dict[str, tuple[Query, dict[str, Any]]] = {
    "a word": (A, {"term": {"text_words": {"value": "甲", "boost": 0.5}}}),
    "a keyword": (TOPIC, {"constant_score": {"filter": {"term": {"topic": "支付"}}, "boost": 0}}),
    "a weight of nothing": (
        Boost(TOPIC, 2.0),
        {"constant_score": {"filter": {"term": {"topic": "支付"}}, "boost": 0}},
    ),
    "the best of two": (
        Best((A, Boost(B, 2.0))),
        {
            "dis_max": {
                "queries": [
                    {"term": {"text_words": {"value": "甲", "boost": 0.5}}},
                    {
                        "bool": {
                            "must": [{"term": {"text_words": {"value": "乙", "boost": 0.5}}}],
                            "boost": 2.0,
                        }
                    },
                ]
            }
        },
    ),
    "a choice with everything only adds": (
        And((TOPIC, Or((All(), A)))),
        {
            "bool": {
                "filter": [{"match_all": {}}, {"term": {"topic": "支付"}}],
                "must": [],
                "should": [{"term": {"text_words": {"value": "甲", "boost": 0.5}}}],
            }
        },
    ),
}


@pytest.mark.parametrize(("query", "expected"), SCORED.values(), ids=SCORED)
def test_scored(compiler: OpenSearchCompiler, query: Query, expected: dict[str, Any]) -> None:
    """The scored form of each query."""
    assert compiler.compile(query) == expected


def test_a_range_of_words(compiler: OpenSearchCompiler) -> None:
    """A range of a field that holds no integers is an error of the caller."""
    with pytest.raises(ValueError, match="text_words"):
        compiler.filter(Range("text_words", 1, 2))
