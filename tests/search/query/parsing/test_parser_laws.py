"""Laws of the parser: it accepts any string, and its canonical line parses to the same tree."""

from datetime import date
from typing import get_args

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from index.text.composition import compose
from index.text.html import squeeze
from search.query.parsing.bounds import MAX_BRACKET_DEPTH
from search.query.parsing.parser import parse
from search.query.parsing.tree import (
    AndNode,
    Field,
    NearNode,
    Node,
    Nothing,
    NotNode,
    OrNode,
    Period,
    Quoted,
    Wildcard,
    Word,
    understood,
)

TODAY = date(2022, 9, 15)

WORDS = [
    "A",
    "元宇宙",
    "e-CNY",
    "Web3.0",
    "或",
    "财新,银行",
    "2022",
    "近7天",
    "-",
    "*",
    "😀",
    "\\",
    "url",
    "NEAR",
    "near",
    "NEAR/5",
    "meta*e",
    "且",
    "非",
    "not",
    "and",
]
FIELDS = ["title:", "来源：", "url:", "date:", "时间：", "after:", "titel:", "http://a.cn/(x)|y"]
FIELDS += ["site:", "正文：", "filetype:", "foo:", "媒体：", "机构："]
SIGNS = [
    *' 　()（）|｜-－*＊"“”＂「」『』\\《》，,;!?！:：\x00\u200b',
    '\\"',
    "AND",
    "OR",
    "NOT",
    " 或 ",
    " OR ",
    " NEAR ",
    " NEAR/3 ",
    " 且 ",
    " 不含 ",
    " or ",
    '"~5',
]
QUERIES = st.lists(st.sampled_from([*WORDS, *FIELDS, *SIGNS, *SIGNS]), max_size=30).map("".join)
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=50)


def tree(query: str) -> Node:
    return parse(query, TODAY).tree


@given(ANY_TEXT | QUERIES, st.dates())
def test_parse_is_total(query: str, today: date) -> None:
    """Any string on any day gives a tree and warnings that can be encoded in UTF-8."""
    parsed = parse(query, today)
    assert isinstance(parsed.tree, get_args(Node))
    assert understood(parsed.tree).encode() is not None
    assert "\n" not in "".join(parsed.warnings)


@given(ANY_TEXT | QUERIES)
@example('「a”』\\」 "')
@example('“a\\\u200b"b” c')
@example("url:a(b (c")
@example("银行,-a ,b")
def test_round_trip(query: str) -> None:
    """The canonical line parses to an equal tree without warnings, and is its own canonical line."""
    first = tree(query)
    second = parse(understood(first), TODAY)
    assert second.tree == first
    assert understood(second.tree) == understood(first)


@given(QUERIES)
def test_trees_are_normal(query: str) -> None:
    """No AND inside AND, no OR inside OR, no NOT inside NOT; the empty node is never a part."""
    assert _is_normal(tree(query), None)


def _is_normal(node: Node, parent: type | None) -> bool:
    if type(node) is parent or (isinstance(node, Nothing) and parent is not None):
        return False
    match node:
        case AndNode() | OrNode():
            return len(node.children) > 1 and all(_is_normal(c, type(node)) for c in node.children)
        case NotNode():
            return _is_normal(node.child, NotNode)
        case Field():
            return isinstance(node.value, Word | Quoted | Wildcard)
        case Period():
            return bool(node.low or node.high)
        case NearNode():
            return isinstance(node.left, Word | Quoted) and isinstance(node.right, Word | Quoted)
    return True


@given(st.text(st.characters(exclude_categories=("C", "Z")), min_size=1))
def test_quotes_take_anything_visible(text: str) -> None:
    """Any visible text, with double quotes escaped, is read back unchanged."""
    text = compose(squeeze(text)).rstrip("\\")
    assume(text)
    escaped = text.replace('"', '\\"')
    assert tree(f'"{escaped}"') == Quoted(text)


@pytest.mark.parametrize(
    "piece",
    [
        "(",
        ")",
        "-",
        "- ",
        "NOT ",
        "OR ",
        "AND ",
        "NEAR ",
        "非 ",
        "a NEAR ",
        "*",
        "foo:",
        "a:",
        '"',
        "“",
        "url:(",
        "A|",
        "!",
        '\\"',
    ],
)
def test_endless_repetition(piece: str) -> None:
    """Hundreds of the same sign cause neither recursion errors nor long times."""
    parsed = parse(piece * 500 + "A", TODAY)
    assert tree(understood(parsed.tree)) == parsed.tree
    assert len(parsed.warnings) < 5


def test_the_deepest_parentheses() -> None:
    """MAX_BRACKET_DEPTH levels are kept; deeper ones are merged into the last."""
    levels = MAX_BRACKET_DEPTH + 5
    query = "A (B | " * levels + "C" + ")" * levels
    assert understood(tree(query)).count("(") == MAX_BRACKET_DEPTH
