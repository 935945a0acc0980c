"""Random queries of every kind over the random documents of tests/support/documents.py."""

from hypothesis import strategies as st

from index.analysis.kinds import KINDS
from index.engines.api import INTEGER_FIELDS, TOKEN_FIELDS
from index.engines.queries import (
    All,
    And,
    Best,
    Boost,
    Not,
    Or,
    Prefix,
    Query,
    Range,
    Substring,
    Term,
)
from tests.support import documents

KEYWORDS = {
    "id": ("a00", "a01", "a07", "b02", "none"),
    "url": ("news.example.com", "a02"),
    "source": documents.SOURCES[:-1],
    "author": documents.AUTHORS[:1],
    "category": documents.CATEGORIES,
    "topic": documents.TOPICS,
    "organisation": documents.ORGANISATIONS,
    "kind": KINDS,
    "story": documents.STORIES,
}
TERMS = st.builds(Term, st.sampled_from(TOKEN_FIELDS), st.sampled_from([*documents.TOKENS, "没有"]))
KEYWORD_TERMS = st.sampled_from(
    [Term(name, v) for name, values in KEYWORDS.items() for v in values]
)
SUBSTRINGS = st.builds(
    Substring,
    st.text(documents.CHARACTERS + "\n", max_size=4),
    st.sampled_from([None, "title", "text"]),
)
PREFIXES = st.builds(
    Prefix,
    st.sampled_from([*TOKEN_FIELDS, "source", "id"]),
    st.sampled_from(["", "数", "数字", "n", "a0", "𠀀", "转"]),
    st.sampled_from([1, 2, 3, 200]),
)
NUMBERS = st.none() | st.sampled_from(
    [0, 1970, 2022, 202209, 19700101, 20220905, 20220906, 5 * 10**9]
)
RANGES = st.builds(Range, st.sampled_from(INTEGER_FIELDS), NUMBERS, NUMBERS)
LEAVES = TERMS | TERMS | KEYWORD_TERMS | SUBSTRINGS | PREFIXES | RANGES | st.just(All())


def trees(depth: int) -> st.SearchStrategy[Query]:
    if depth == 0:
        return LEAVES
    below = trees(depth - 1)
    several = st.lists(below, max_size=3).map(tuple)
    return (
        LEAVES
        | st.builds(And, several)
        | st.builds(Or, several)
        | st.builds(Best, several)
        | st.builds(Not, below)
        | st.builds(Boost, below, st.sampled_from([0.0, 0.5, 0.7, 3.0]))
    )


WITH_WORDS = st.builds(
    lambda quote, words, others: And((quote, Or((All(), *words)), *others)),
    SUBSTRINGS,
    st.lists(TERMS, min_size=1, max_size=2),
    st.lists(RANGES | KEYWORD_TERMS, max_size=1),
)
"""As a quotation is planned."""
BEGINNINGS = st.builds(
    lambda prefixes, others: And((Or(tuple(prefixes)), *others)),
    st.lists(PREFIXES, min_size=2, max_size=4),
    st.lists(RANGES | KEYWORD_TERMS, max_size=1),
)
"""As words that begin so are."""
QUERIES = trees(3) | WITH_WORDS | BEGINNINGS
