"""The query language: trees, warnings and the canonical line. Today is 15 September 2022."""

from datetime import date

import pytest

from search.query.parser import parse
from search.query.tree import (
    AndNode,
    Field,
    Node,
    Nothing,
    NotNode,
    OrNode,
    Period,
    PrefixWord,
    Quoted,
    Word,
    understood,
)

TODAY = date(2022, 9, 15)
SEPTEMBER = Period(date(2022, 9, 1), date(2022, 9, 30))


def tree(query: str) -> Node:
    return parse(query, TODAY).tree


def line(query: str) -> str:
    return understood(tree(query))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param("", Nothing(), id="empty"),
        pytest.param("元宇宙", Word("元宇宙"), id="word"),
        pytest.param(
            "元宇宙　银行", AndNode((Word("元宇宙"), Word("银行"))), id="full-width space"
        ),
        pytest.param("“数字人民币试点”", Quoted("数字人民币试点"), id="quoted"),
        pytest.param("A OR B", OrNode((Word("A"), Word("B"))), id="or"),
        pytest.param("-A", NotNode(Word("A")), id="not"),
        pytest.param("区块*", PrefixWord("区块"), id="prefix"),
        pytest.param("来源：财新", Field("source", Word("财新")), id="field"),
        pytest.param("-类型：推广", NotNode(Field("kind", Word("推广"))), id="kind"),
        pytest.param('title:"A B"', Field("title", Quoted("A B")), id="quoted field"),
        pytest.param("作者：巴比*", Field("author", PrefixWord("巴比")), id="prefix in a field"),
        pytest.param("date:2022-09", SEPTEMBER, id="month"),
        pytest.param("时间：本月", SEPTEMBER, id="relative"),
        pytest.param('时间:"本月"', SEPTEMBER, id="quoted time"),
        pytest.param("after:2022-09", Period(date(2022, 9, 1), None), id="after, included"),
        pytest.param("before:2022-09", Period(None, date(2022, 9, 30)), id="before, included"),
        pytest.param("(A (B C)) D", AndNode((*map(Word, "ABCD"),)), id="and is flat"),
        pytest.param("A|(B|C)", OrNode((*map(Word, "ABC"),)), id="or is flat"),
    ],
)
def test_trees(query: str, expected: Node) -> None:
    """The tree of each kind of query."""
    assert tree(query) == expected


def test_a_period_keeps_what_was_typed() -> None:
    """A period's label is the text as typed and is not compared."""
    period = tree("时间：近7天")
    assert period == Period(date(2022, 9, 9), TODAY)
    assert isinstance(period, Period)
    assert period.label == "近7天"


@pytest.mark.parametrize(
    ("query", "canonical"),
    [
        pytest.param("A OR B C", "A OR B AND C", id="and binds before or"),
        pytest.param("NOT A B", "NOT A AND B", id="not binds before and"),
        pytest.param("A AND B OR NOT C", "A AND B OR NOT C", id="explicit"),
        pytest.param("(A OR B) C", "(A OR B) AND C", id="parentheses where needed"),
        pytest.param("(A B) OR C", "A AND B OR C", id="and not where not"),
        pytest.param("-(A B)", "NOT (A AND B)", id="negated group"),
        pytest.param("NOT NOT A", "A", id="double negation"),
        pytest.param("-(-A)", "A", id="nested double negation"),
        pytest.param("((A)) ()", "A", id="idle parentheses"),
        pytest.param("A或B", "A或B", id="或 without spaces is text"),
        pytest.param("或", "或", id="或 alone"),
        pytest.param("A 或", "A AND 或", id="或 at the end"),
        pytest.param("或 A", "或 AND A", id="或 at the start"),
        pytest.param("A 或 -B", "A OR NOT B", id="或 before a negation"),
        pytest.param("A 或 或 B", "A OR 或 AND B", id="或 as an operand"),
        pytest.param("A｜B|C ｜ D", "A OR B OR C OR D", id="bars"),
        pytest.param("title:(A OR -B) C", "(title:A OR NOT title:B) AND C", id="field of a group"),
        pytest.param("title:(A url:B)", "title:A AND url:B", id="field in a field's group"),
        pytest.param(
            "date:(2021 OR 2022)",
            "date:2021-01-01..2021-12-31 OR date:2022-01-01..2022-12-31",
            id="times in a group",
        ),
        pytest.param("时间：今天", "date:2022-09-15", id="one day"),
        pytest.param("after:2022", "date:2022-01-01..", id="open above"),
        pytest.param("时间：日期不详", "date:unknown", id="no date"),
        pytest.param("A -date:Estimated", "A AND NOT date:estimated", id="no estimates"),
        pytest.param("before:2022", "date:..2022-12-31", id="open below"),
        pytest.param('“他说"好"”', r'"他说\"好\""', id="escapes"),
        pytest.param(r"“C:\”", r"“C:\”", id="backslash before the closing mark"),
        pytest.param(
            "元宇宙 来源：财新 时间：去年", "元宇宙 AND source:财新 AND date:2021-01-01..2021-12-31"
        ),
    ],
)
def test_canonical_line(query: str, canonical: str) -> None:
    """The line shows how the query was understood, with no more parentheses than needed."""
    assert line(query) == canonical


@pytest.mark.parametrize(
    ("query", "warning"),
    [
        pytest.param('"A', "引号没有配对", id="open quote"),
        pytest.param("A”", "引号没有配对", id="stray quote"),
        pytest.param('A ""', "引号里没有内容", id="empty quotes"),
        pytest.param("(A", "缺少的已在末尾补上", id="missing parenthesis"),
        pytest.param("A)", "多余的已忽略", id="extra parenthesis"),
        pytest.param("(" * 21 + "A" + ")" * 21, "最多 20 层", id="too deep"),
        pytest.param("A OR", "OR 没有连着", id="or before nothing"),
        pytest.param("AND A", "AND 没有连着", id="and after nothing"),
        pytest.param("A AND AND A", "AND 没有连着", id="and twice"),
        pytest.param("A NOT", "NOT 没有连着", id="not before nothing"),
        pytest.param("A title:", "“title:”后面没有内容", id="empty field"),
        pytest.param("A 标题： ", "“标题：”后面没有内容", id="empty Chinese field"),
        pytest.param("A date:foo", "看不懂时间“foo”", id="bad time"),
        pytest.param("A after:..2022", "看不懂时间“..2022”", id="nothing to be after"),
        pytest.param("A 时间：2022-02-30", "看不懂时间", id="impossible day"),
        pytest.param("*A", "只能放在词尾", id="star before a word"),
        pytest.param("titel:A", "是不是要写 title:", id="mistyped field"),
        pytest.param("近7天 A", "要限定时间，请写 时间:近7天", id="bare time"),
        pytest.param("昨天", "要限定时间，请写 时间:昨天", id="bare day"),
    ],
)
def test_warnings(query: str, warning: str) -> None:
    """What was not understood gives one warning; the rest of the query is kept."""
    parsed = parse(query, TODAY)
    assert len(parsed.warnings) == 1
    assert warning in parsed.warnings[0]
    assert parsed.tree != Nothing()


QUIET = [
    "http://a.cn/x",
    "https://a.cn",
    "12:30",
    "foo:bar",
    "元宇宙：未来",
    "e-CNY",
    "2022",
    "A - B",
    "title://x",
]


@pytest.mark.parametrize(
    "query", [*QUIET, "昨天的新闻", "title:昨天", '"昨天"', "《元宇宙》", "A () B"]
)
def test_no_warning(query: str) -> None:
    """Addresses, times of day, dashes and words that resemble syntax give no warning."""
    assert parse(query, TODAY).warnings == ()


def test_a_bare_time_is_text() -> None:
    """近7天 without 时间： is a word."""
    assert tree("近7天 元宇宙") == AndNode((Word("近7天"), Word("元宇宙")))


def test_an_unknown_time_leaves_no_trace() -> None:
    """An ignored filter restricts nothing, negated or not."""
    assert tree("A -date:foo") == tree("A date:foo") == Word("A")


@pytest.mark.parametrize(
    "query", ["", "元宇宙 银行", "A 来源：财新 时间：去年", "A 或", "e-CNY", "12:30"]
)
def test_plain(query: str) -> None:
    """Words, fields and dates alone are a plain query."""
    assert parse(query, TODAY).plain


@pytest.mark.parametrize(
    "query",
    [
        '"A" B',
        "A OR B",
        "A 或 B",
        "A|B",
        "A AND B",
        "A NOT B",
        "A -B",
        "(A) B",
        "A B*",
        'A source:"B"',
    ],
)
def test_not_plain(query: str) -> None:
    """Quotes, operators, parentheses and prefixes make a query that requires every word."""
    assert not parse(query, TODAY).plain


@pytest.mark.parametrize(
    ("chinese", "ascii_"),
    [
        pytest.param("（A 或 B） －C 来源：财新", "(A OR B) -C source:财新", id="all together"),
        pytest.param("“A　B”", '"A B"', id="curly quotes"),
        pytest.param("「A B」", '"A B"', id="corner brackets"),
        pytest.param("『A B』", '"A B"', id="white corner brackets"),
        pytest.param("＂A B＂", '"A B"', id="full-width quotes"),
        pytest.param('“A B"', '"A B"', id="mixed quotes"),
        pytest.param("区块＊", "区块*", id="star"),
        pytest.param("A ｜ B", "A | B", id="bar"),
        pytest.param("A ＡＮＤ B", "A AND B", id="full-width operator"),
        pytest.param("ＴＩＴＬＥ：A", "title:A", id="full-width field"),
        pytest.param("標題：A", "标题:A", id="traditional field"),
        pytest.param("時間：２０２２－０９", "date:2022-09", id="full-width time"),
        pytest.param("来源：《财新》", "source:财新", id="title marks in a field"),
    ],
)
def test_chinese_punctuation_equals_ascii(chinese: str, ascii_: str) -> None:
    """Chinese punctuation has the same effect as ASCII punctuation."""
    assert tree(chinese) == tree(ascii_)


@pytest.mark.parametrize("query", ["，。!!!", "-", ".*", "?"])
def test_nothing_to_search(query: str) -> None:
    """A query without conditions matches all articles, with a warning."""
    parsed = parse(query, TODAY)
    assert parsed.tree == Nothing()
    (warning,) = parsed.warnings
    assert query in warning
