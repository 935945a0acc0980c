"""The query language: trees, warnings and the canonical line. Today is 15 September 2022."""

from datetime import date

import pytest

from search.query.parsing.bounds import (
    MAX_CONDITIONS,
    MAX_NEAR,
    MAX_QUOTATIONS,
    MAX_WILDCARDS,
    MAX_WORDS,
)
from search.query.parsing.parser import parse
from search.query.parsing.tree import (
    AndNode,
    Field,
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
        pytest.param("区块*", Wildcard("区块*"), id="prefix"),
        pytest.param("来源：财新", Field("source", Word("财新")), id="field"),
        pytest.param("-类型：推广", NotNode(Field("kind", Word("推广"))), id="kind"),
        pytest.param('title:"A B"', Field("title", Quoted("A B")), id="quoted field"),
        pytest.param("作者：巴比*", Field("author", Wildcard("巴比*")), id="prefix in a field"),
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
        pytest.param("A 或者 B", "A OR B", id="或者"),
        pytest.param("A 且 B", "A AND B", id="且"),
        pytest.param("A 并且 非 B", "A AND NOT B", id="并且, 非"),
        pytest.param("A 不含 B", "A AND NOT B", id="不含"),
        pytest.param("不含 A", "NOT A", id="不含 at the start"),
        pytest.param("A不含B", "A不含B", id="不含 without spaces is text"),
        pytest.param("A 非", "A AND 非", id="非 at the end"),
        pytest.param("-非 B", "NOT 非 AND B", id="a word that is excluded is no operator"),
        pytest.param("来源：非 B", "source:非 AND B", id="a value is no operator"),
        pytest.param("元宇宙 or 银行", "元宇宙 OR 银行", id="lower case"),
        pytest.param("bitcoin Or ethereum", "bitcoin OR ethereum", id="or between Latin words"),
        pytest.param("元宇宙 and 银行", "元宇宙 AND 银行", id="and"),
        pytest.param("bitcoin not 以太坊", "bitcoin AND NOT 以太坊", id="not before Han"),
        pytest.param("not 以太坊", "NOT 以太坊", id="not at the start"),
        pytest.param("why not bitcoin", "why AND not AND bitcoin", id="not in English"),
        pytest.param("not your keys", "not AND your AND keys", id="not beginning English"),
        pytest.param("war and peace", "war AND and AND peace", id="and in English"),
        pytest.param("A || B", "A OR B", id="two bars"),
        pytest.param("A NEAR/5 B", "A NEAR/5 B", id="near"),
        pytest.param("A NEAR B", "A NEAR/10 B", id="near without a number"),
        pytest.param("A near5 B", "A NEAR/5 B", id="near in another spelling"),
        pytest.param("A W/3 B", "A NEAR/3 B", id="within words"),
        pytest.param("A NEAR/999 B", "A NEAR/100 B", id="near is not far"),
        pytest.param("元宇宙 near 银行", "元宇宙 NEAR/10 银行", id="near in lower case"),
        pytest.param("near protocol", "near AND protocol", id="near in English"),
        pytest.param("NEAR 协议", "NEAR AND 协议", id="a coin at the start"),
        pytest.param("买 NEAR", "买 AND NEAR", id="a coin at the end"),
        pytest.param("A NEAR/1 B NEAR/2 C", "A NEAR/1 B AND B NEAR/2 C", id="a chain"),
        pytest.param("A NEAR/1 (B 或 C) D", "(A NEAR/1 B OR A NEAR/1 C) AND D", id="near a choice"),
        pytest.param("NOT A NEAR/1 B", "NOT A NEAR/1 B", id="near binds before not"),
        pytest.param('A NEAR/1 "B C"', 'A NEAR/1 "B C"', id="near a quotation"),
        pytest.param("标题：A NEAR/1 B", "title:A NEAR/1 title:B", id="near in the title"),
        pytest.param("正文：（A NEAR/1 B）", "text:A NEAR/1 text:B", id="near in the text"),
        pytest.param("site:a.cn A", "url:a.cn AND A", id="a site"),
        pytest.param("site:财新 A", "source:财新 AND A", id="a site that is no address"),
        pytest.param("tag:A 标签：B", "topic:A AND topic:B", id="tags"),
        pytest.param(
            "organisation:A 机构：B", "organisation:A AND organisation:B", id="institution"
        ),
        pytest.param("正文：A intext:B", "text:A AND text:B", id="in the text"),
        pytest.param("intitle:A 题目：B", "title:A AND title:B", id="in the title"),
        pytest.param("since:2022", "date:2022-01-01..", id="since"),
        pytest.param("时间：近24小时", "date:24h", id="hours"),
        pytest.param("date:24h", "date:24h", id="hours in short"),
        pytest.param("时间：2022-01/2022-06", "date:2022-01-01..2022-06-30", id="an ISO interval"),
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
        pytest.param("*A", "词首的 * 不起作用", id="star before a word"),
        pytest.param("titel:A", "是不是要写 title:", id="mistyped field"),
        pytest.param("foo:A", "没有“foo:”这个字段，已当作文字", id="unknown field"),
        pytest.param("媒体：A", "要限定请写 来源:…", id="written otherwise"),
        pytest.param("filetype:pdf A", "已略去“filetype:pdf”", id="no such condition"),
        pytest.param("NOT filetype:pdf A", "已略去“filetype:pdf”", id="no such condition, not"),
        pytest.param("B OR filetype:pdf", "已略去“filetype:pdf”", id="no such condition, or"),
        pytest.param('"A B"~5', "请写 甲 NEAR/5 乙", id="distance of a quotation"),
        pytest.param("NEAR/5 A", "NEAR 没有连着", id="near nothing before"),
        pytest.param("A NEAR/5", "NEAR 没有连着", id="near nothing after"),
        pytest.param("A NEAR B*", "NEAR 两边只能是词或引号", id="near a wildcard"),
        pytest.param("title:A NEAR 正文:B", "NEAR 两边只能是词或引号", id="near in two fields"),
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


@pytest.mark.parametrize(
    ("query", "offers"),
    [
        pytest.param("稳定币 2021", ["稳定币 时间:2021年"], id="a year"),
        pytest.param(
            "2021 稳定币 2022-06", ["时间:2021年 稳定币 2022-06", "2021 稳定币 时间:2022-06"]
        ),
        pytest.param("Q1 稳定币", ["时间:q1 稳定币"], id="a quarter"),
        pytest.param("近7天", ["时间:近7天"], id="relative"),
        pytest.param("2077 1984", [], id="years to come or long ago"),
        pytest.param("1000 20221 7d 3.14", [], id="other numbers"),
        pytest.param('"2021" -2021 来源：2021', [], id="quoted, excluded, a value"),
    ],
)
def test_offers(query: str, offers: list[str]) -> None:
    """A bare time is offered as a condition, and changes nothing."""
    parsed = parse(query, TODAY)

    assert [offer.q for offer in parsed.offers] == offers
    assert all(parse(q, TODAY).tree != parsed.tree for q in offers)


BEYOND = {
    "words": (" ".join(f"词{n}" for n in range(MAX_WORDS + 2)), "略去 2 个：词64、词65"),
    "wildcards": (
        " OR ".join(f"词{n}*" for n in range(MAX_WILDCARDS + 4)),
        "略去 4 个：词5*、词6*、词7*…",
    ),
    "quotations": (" ".join(f'"词{n}"' for n in range(MAX_QUOTATIONS + 1)), "略去 1 处：词16"),
    "conditions": (" ".join(f"来源:甲{n}" for n in range(MAX_CONDITIONS + 1)), "略去 1 个：甲32"),
    "near": (" ".join(f"甲{n} NEAR 乙{n}" for n in range(MAX_NEAR + 1)), "只要求两边都有：甲8"),
}


@pytest.mark.parametrize(("query", "warning"), BEYOND.values(), ids=BEYOND)
def test_bounds(query: str, warning: str) -> None:
    """What is beyond a bound is left out, and named; a query within it is whole."""
    parsed = parse(query, TODAY)

    assert len(parsed.warnings) == 1
    assert warning in parsed.warnings[0]
    assert parse(understood(parsed.tree), TODAY).tree == parsed.tree
