"""Random queries of every kind over the random documents of tests/support/documents.py."""

from hypothesis import strategies as st

from index.analysis.kinds import KINDS
from index.engines.api import INTEGER_FIELDS, TOKEN_FIELDS
from index.engines.queries import (
    All,
    And,
    AnyTerm,
    Best,
    Boost,
    Near,
    Not,
    Or,
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
ANY_TERMS = st.builds(
    AnyTerm,
    st.sampled_from([*TOKEN_FIELDS, "source", "id"]),
    st.lists(
        st.sampled_from([*documents.TOKENS, "没有", "a01", "转载网"]), max_size=5, unique=True
    ).map(tuple),
)
STRINGS = st.lists(
    st.sampled_from(["数字", "数字人民", "人民币", "银行", "的是", "% ", " 的", "nf", "ab", "😀𠀀"])
    | st.text(documents.CHARACTERS, min_size=2, max_size=3),
    min_size=1,
    max_size=3,
).map(tuple)
NEAR = st.builds(
    Near, STRINGS, STRINGS, st.sampled_from([0, 1, 3, 20]), st.sampled_from([None, "title", "text"])
)
NUMBERS = st.none() | st.sampled_from(
    [0, 1970, 2022, 202209, 19700101, 20220905, 20220906, 5 * 10**9]
)
RANGES = st.builds(Range, st.sampled_from(INTEGER_FIELDS), NUMBERS, NUMBERS)
LEAVES = TERMS | TERMS | KEYWORD_TERMS | SUBSTRINGS | ANY_TERMS | NEAR | RANGES | st.just(All())


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
    lambda beginnings, others: And((Or(tuple(beginnings)), *others)),
    st.lists(ANY_TERMS, min_size=2, max_size=4),
    st.lists(RANGES | KEYWORD_TERMS, max_size=1),
)
"""As words that begin so are."""
QUERIES = trees(3) | WITH_WORDS | BEGINNINGS
