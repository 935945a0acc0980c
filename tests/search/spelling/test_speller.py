"""Corrections of misspelled queries, and correct queries that must stay."""

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.lexicon.loading import load_lexicon
from index.text.normalize import normalize
from search.query.parsing.parser import parse
from search.searcher import Searcher
from search.spelling.speller import Correction, Speller
from search.vocabulary import MIN_FREQUENT_ARTICLES, concept_names
from tests.support.naive_engine import NaiveEngine
from tests.support.tiny_search import TODAY, article, fill, searcher, texts

TYPOS = [
    line.split("\t")
    for line in (Path(__file__).parent / "typos.tsv").read_text("utf-8").splitlines()
    if not line.startswith("#")
]
MISSED = {"金融科及", "共认机制", "wenwending bi"}
"""A function word at the end, a slip of the mind, and two slips at once."""

NAMES = "元宇宙，区块链，数字人民币，比特币，以太坊，维塔利克，NFT，Uniswap V3，央行，blockchain。"
OVER = (article("1", "", NAMES), article("2", "", "比特和币必须，试点。"))


def corrected(q: str, over: Searcher | None = None, *, thorough: bool = True) -> str | None:
    """The correction over `OVER`, or over the searcher given."""
    found = speller(over or searcher(*OVER)).correct(parse(q, TODAY), thorough=thorough)
    return found.q if found else None


@cache
def speller(over: Searcher) -> Speller:
    return Speller(over.snapshot, over.segmenter, lambda: concept_names(over.snapshot))


@cache
def over_the_lexicon() -> Searcher:
    """Two articles on each expected correction, segmented with the whole lexicon."""
    meant = "。".join(row[2] for row in TYPOS)
    articles = [article(str(at), "", meant) for at in range(2)]
    return Searcher(fill(NaiveEngine(), articles, load_lexicon()).open())


@pytest.mark.parametrize(
    ("kind", "typed", "meant"), [pytest.param(*row, id=row[1]) for row in TYPOS]
)
def test_the_table(kind: str, typed: str, meant: str) -> None:
    """Each row of typos.tsv is corrected as expected, or known to be left alone."""
    found = corrected(typed, over_the_lexicon())
    assert normalize(found or "") == ("" if typed in MISSED else normalize(meant))


@pytest.mark.parametrize("meant", sorted({row[2] for row in TYPOS}))
def test_what_was_meant_is_no_error(meant: str) -> None:
    """Each expected correction is itself left alone."""
    assert corrected(meant, over_the_lexicon()) is None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        pytest.param("元宇舟 试点", "元宇宙 试点", id="one of two words"),
        pytest.param("元宇舟 区快链", "元宇宙 区块链", id="both"),
        pytest.param(
            "  元宇舟　OR 试点 ", "  元宇宙　OR 试点 ", id="the rest stays as it was typed"
        ),
        pytest.param("(元宇舟 试点)", "(元宇宙 试点)", id="in parentheses"),
        pytest.param("元宇舟试点", "元宇宙试点", id="part of a compound"),
        pytest.param("ＵＮＩＳＷＡＰ　Ｖ3", None, id="width is no error"),
        pytest.param("區塊鏈", None, id="nor is script"),
        pytest.param("區塊連", "区块链", id="an error in traditional characters"),
        pytest.param('"元宇舟"', None, id="quoted"),
        pytest.param('"元宇舟" 以太访', '"元宇舟" 以太坊', id="beside a quotation"),
        pytest.param("-元宇舟", None, id="unwanted"),
        pytest.param(
            "试点 -(元宇舟 试点) 以太访", "试点 -(元宇舟 试点) 以太坊", id="after unwanted"
        ),
        pytest.param("source:元宇舟", None, id="the value of a field"),
        pytest.param("title:(元宇舟)", None, id="values of a field"),
        pytest.param("元宇舟*", None, id="a prefix"),
        pytest.param("元宇 舟", None, id="white space was meant"),
        pytest.param("袁雨舟", None, id="nothing of it is right: a name"),
        pytest.param("饕餮", None, id="unknown"),
        pytest.param("元宙", None, id="a character missing"),
        pytest.param("neft", None, id="short Latin words are words"),
        pytest.param("btc", None, id="no article on it, so nothing is wrong"),
        pytest.param("莱特必", None, id="what is meant has no articles"),
        pytest.param("比特和", None, id="a function word was meant"),
    ],
)
def test_correction(typed: str, meant: str | None) -> None:
    """Only words are corrected, and only to words that articles have."""
    assert corrected(typed) == meant


def test_rare_is_not_wrong() -> None:
    """A word that articles have is corrected only to one a hundred times as frequent."""
    lines = ["圆宇宙", *["元宇宙"] * 100]
    assert corrected("圆宇宙", texts(*lines)) is None
    assert corrected("圆宇宙", texts(*lines, "元宇宙")) == "元宇宙"


def test_a_frequent_word_is_meant_as_names_are() -> None:
    """A word in more than a hundred articles is a candidate like a name."""
    frequent, rare = (
        texts(*["交易所，消息"] * n) for n in (MIN_FREQUENT_ARTICLES + 1, MIN_FREQUENT_ARTICLES)
    )
    assert corrected("交易锁", frequent) == "交易所"
    assert corrected("交易锁", rare) is None
    assert corrected("消西", rare) is None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        pytest.param("侧试", "测试", id="the first character"),
        pytest.param("经记", "经济", id="the last"),
        pytest.param("侧是", None, id="both"),
        pytest.param("区块链 侧试", "区块链 测试", id="beside another word"),
        pytest.param("侧试，经记", "测试，经济", id="two words"),
        pytest.param("侧试网络", None, id="part of a longer text"),
        pytest.param("王侧试", None, id="a name"),
        pytest.param("测试", None, id="right"),
        pytest.param("侧拭", None, id="nothing sounds so with one character right"),
        pytest.param("瞭望", None, id="a word of the dictionary"),
    ],
)
def test_two_characters(typed: str, meant: str | None) -> None:
    """Two characters alone that make no word are corrected to a frequent word of the same sound."""
    over = texts(*["测试，经济，区块链。"] * (MIN_FREQUENT_ARTICLES + 1))
    assert corrected(typed, over) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        pytest.param("yyz", "元宇宙", id="initials"),
        pytest.param("qkl yyz", "区块链 元宇宙", id="two names"),
        pytest.param("QKL", "区块链", id="capitals"),
        pytest.param("szrmb", "数字人民币", id="five letters"),
        pytest.param("yh", None, id="too few letters"),
        pytest.param("yyzx", None, id="of no name"),
        pytest.param("yuan2yu3zhou4", "元宇宙", id="numbers of tones"),
        pytest.param("yuán yǔ zhòu", "元宇宙", id="tones"),
    ],
)
def test_initials_and_tones(typed: str, meant: str | None) -> None:
    """Initials of a whole name; pinyin with tones."""
    assert corrected(typed) == meant


def test_initials_are_a_guess() -> None:
    """Unlike whole pinyin."""
    for typed, guess in (("yyz", True), ("yuanyuzhou", False)):
        found = speller(searcher(*OVER)).correct(parse(typed, TODAY), thorough=True)
        assert found is not None
        assert found.guess is guess


@pytest.mark.parametrize(
    ("typed", "sure"),
    [
        pytest.param("元宇舟", True, id="sound"),
        pytest.param("yuanyuzhou", True, id="pinyin"),
        pytest.param("元宙宇", True, id="order"),
        pytest.param("blokchain", True, id="letter"),
        pytest.param("数字人名币", True, id="accent, long"),
        pytest.param("区块年", False, id="accent, short"),
        pytest.param("以太访", True, id="sound before shape"),
        pytest.param("元字宙", False, id="shape"),
    ],
)
def test_how_sure(typed: str, sure: bool) -> None:
    """A correction is sure if few words are as close; only sure ones are offered next to good
    results."""
    found = speller(searcher(*OVER)).correct(parse(typed, TODAY), thorough=True)
    assert found is not None
    assert found.sure is sure


@given(st.text() | st.text("元宇舟宙以太访nft yuan\"-:()*'", max_size=30))
def test_any_text(typed: str) -> None:
    """Nothing raises; a correction differs, finds something, and needs no correction."""
    for thorough in (True, False):
        found = speller(searcher(*OVER)).correct(parse(typed, TODAY), thorough=thorough)
        if found:
            assert isinstance(found, Correction)
            assert normalize(found.q) != normalize(typed)
            assert corrected(found.q) is None
