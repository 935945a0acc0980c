"""Query text becomes tokens: the meaning of a sign depends on its place."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.query.parsing.bounds import MAX_BRACKET_DEPTH
from search.query.parsing.lexeme import LexemeKind
from search.query.parsing.lexer import lex

SIGNS = {
    LexemeKind.AND: "&",
    LexemeKind.OR: "|",
    LexemeKind.NOT: "-",
    LexemeKind.OPEN: "(",
    LexemeKind.CLOSE: ")",
}


def shown(query: str) -> list[str]:
    """Tokens in short form: `A`, `A*`, `"A"`, `title:`, `&`, `|`, `-`, `(`, `)`."""
    formats = {
        LexemeKind.WORD: "{}",
        LexemeKind.WILDCARD: "{}",
        LexemeKind.QUOTED: '"{}"',
        LexemeKind.FIELD: "{}:",
    }
    tokens, _ = lex(query)
    return [SIGNS.get(token.kind) or formats[token.kind].format(token.text) for token in tokens]


@pytest.mark.parametrize(
    ("query", "tokens"),
    [
        pytest.param("A -B －C", ["A", "-", "B", "-", "C"], id="after white space"),
        pytest.param("(-A)（－B）", ["(", "-", "A", ")", "(", "-", "B", ")"], id="after a bracket"),
        pytest.param("A|-B", ["A", "|", "-", "B"], id="after a bar"),
        pytest.param("元宇宙，-B", ["元宇宙", "-", "B"], id="after a comma"),
        pytest.param('-"A" -(B)', ["-", '"A"', "-", "(", "B", ")"], id="before quotes, brackets"),
        pytest.param("-来源：A", ["-", "source:", "A"], id="before a field"),
        pytest.param("title:-A", ["title:", "-A"], id="not after a colon"),
        pytest.param("e-CNY", ["e-CNY"], id="not within a word"),
        pytest.param('"A"-B', ['"A"', "B"], id="not after a quotation"),
        pytest.param('-"" A -title: B -* C', ["A", "B", "C"], id="not past what is ignored"),
        pytest.param("--A", ["-", "A"], id="several are one"),
        pytest.param("A - B -- -", ["A", "B"], id="a dash is nothing"),
    ],
)
def test_hyphens(query: str, tokens: list[str]) -> None:
    """A hyphen negates at the start, after white space, a bracket, a bar or a comma."""
    assert shown(query) == tokens


@pytest.mark.parametrize(
    ("query", "tokens"),
    [
        pytest.param("A AND B OR NOT C", ["A", "&", "B", "|", "-", "C"], id="capitals"),
        pytest.param("ANDROID NOTE OR*", ["ANDROID", "NOTE", "OR*"], id="only whole words"),
        pytest.param('title:AND "OR"', ["title:", "AND", '"OR"'], id="not in fields, quotes"),
        pytest.param("A｜B", ["A", "|", "B"], id="bar without spaces"),
    ],
)
def test_operators(query: str, tokens: list[str]) -> None:
    """AND, OR and NOT are operators only as whole words in capitals."""
    assert shown(query) == tokens


@pytest.mark.parametrize(
    ("query", "tokens"),
    [
        pytest.param("title:A Title:B", ["title:", "A", "title:", "B"], id="any case"),
        pytest.param("标题：A", ["title:", "A"], id="Chinese"),
        pytest.param("分类：A 话题：B", ["category:", "A", "topic:", "B"], id="more Chinese"),
        pytest.param("日期：A 网址：B", ["date:", "A", "url:", "B"], id="other names"),
        pytest.param("xtitle:A", ["xtitle:A"], id="not within a word"),
        pytest.param("新标题：A", ["新标题：A"], id="not within a Chinese word"),
        pytest.param("title:source:A", ["title:", "source:A"], id="not within a value"),
        pytest.param("title: A", ["A"], id="not before a space"),
        pytest.param("title:，A", ["A"], id="not before a comma"),
        pytest.param("来源：财新，元宇宙", ["source:", "财新", "元宇宙"], id="one word only"),
        pytest.param("title:(A B)", ["title:", "(", "A", "B", ")"], id="a group"),
        pytest.param("url:a.cn/x|y,(z)?q=1", ["url:", "a.cn/x|y,(z)?q=1"], id="address"),
        pytest.param("(url:a.cn/x)", ["(", "url:", "a.cn/x", ")"], id="address in brackets"),
        pytest.param("http://a.cn/x", ["http://a.cn/x"], id="unknown field"),
    ],
)
def test_fields(query: str, tokens: list[str]) -> None:
    """A field name is at the start of a word, and its value follows the colon directly."""
    assert shown(query) == tokens


@pytest.mark.parametrize(
    ("query", "tokens"),
    [
        pytest.param("元宇宙，银行、保险。", ["元宇宙", "银行", "保险"], id="Chinese commas"),
        pytest.param("元宇宙,银行;A！B", ["元宇宙", "银行", "A！B"], id="others beside Han only"),
        pytest.param("BTC,ETH 1,000", ["BTC,ETH", "1,000"], id="not within Latin words"),
        pytest.param("《元宇宙》报告【快讯】", ["元宇宙", "报告", "快讯"], id="title marks"),
        pytest.param(
            "C++ DC/EP BTC/USDT Web3.0 R&D", ["C++", "DC/EP", "BTC/USDT", "Web3.0", "R&D"]
        ),
        pytest.param("50% o'Neil a_b #1", ["50%", "o'Neil", "a_b", "#1"], id="signs of words"),
        pytest.param("， 。 !!! ... + $ *", [], id="mere punctuation"),
        pytest.param("😀 🚀元宇宙", ["😀", "🚀元宇宙"], id="emoji"),
        pytest.param("元\u200b宇宙\x00", ["元宇宙"], id="invisible characters"),
        pytest.param("\ud800", ["\ufffd"], id="lone surrogate"),
        pytest.param(
            "区块* 链＊ A** a*b a＊*b*", ["区块*", "链*", "A*", "a*b", "a*b*"], id="stars"
        ),
    ],
)
def test_words(query: str, tokens: list[str]) -> None:
    """A word is a run without white space, commas and title marks, as typed."""
    assert shown(query) == tokens


@pytest.mark.parametrize(
    ("query", "tokens"),
    [
        pytest.param('"A  \n B"', ['"A B"'], id="white space is one space"),
        pytest.param('" A "', ['" A "'], id="nothing is stripped"),
        pytest.param('元宇宙"A"银行', ["元宇宙", '"A"', "银行"], id="beside words"),
        pytest.param('"他说“好”。"', ['"他说“好”。"'], id="others within"),
        pytest.param(r'"a\"b" c', ['"a"b"', "c"], id="escape"),
        pytest.param(r'"a\b"', [r'"a\b"'], id="no other escape"),
        pytest.param('"abc\\"', ['"abc\\"'], id="backslash at the end"),
        pytest.param('"A” B', ['"A"', "B"], id="closed by another kind"),
        pytest.param("”A” B", ['"A"', "B"], id="opened by a closing mark"),
        pytest.param("A” B", ["A", "B"], id="stray closing mark"),
        pytest.param('A "B C ', ["A", '"B C"'], id="never closed"),
        pytest.param('"" " " “”', [], id="empty"),
        pytest.param('"(A OR B): -C*"', ['"(A OR B): -C*"'], id="no sign means anything"),
    ],
)
def test_quotations(query: str, tokens: list[str]) -> None:
    """A quotation keeps its characters; only its own closing mark ends it."""
    assert shown(query) == tokens


@given(st.text("() AB:-title") | st.text(st.characters(exclude_categories=())))
def test_brackets_are_paired(query: str) -> None:
    """For any text, brackets come in pairs, nested at most MAX_BRACKET_DEPTH deep."""
    depth = 0
    for token in lex(query)[0]:
        depth += (token.kind is LexemeKind.OPEN) - (token.kind is LexemeKind.CLOSE)
        assert 0 <= depth <= MAX_BRACKET_DEPTH
    assert depth == 0


@given(st.lists(st.sampled_from([*'A()-*: ，|"', "title:", "date:", "url:"])).map("".join))
def test_a_field_has_a_value(query: str) -> None:
    """A field is followed by a word, wildcard, quotation or bracket."""
    tokens, _ = lex(query)
    kinds = [token.kind for token in tokens] + [None]
    for kind, following in pairwise(kinds):
        if kind is LexemeKind.FIELD:
            assert following in (
                LexemeKind.WORD,
                LexemeKind.WILDCARD,
                LexemeKind.QUOTED,
                LexemeKind.OPEN,
            )
