"""Amounts of money and numbers, from query to page: every spelling finds and marks the others."""

from pathlib import Path

import pytest

from index.text.normalize import normalize
from tests.support.tiny_search import article, ask, ids, searcher, shown, texts
from tests.support.visitors import Visitor, index_of, visitor_of

AMOUNTS = {
    "dollars": ("6万美元", "60,000美元", "60000 美金", "US$60k", "US$ 60,000", "６万美元"),
    "codes": ("6万美元", "USD 60,000", "60k USD", "$60,000", "$ 60,000"),
    "billions": ("60亿美元", "6 billion dollars", "US$6bn", "6,000,000,000美元"),
    "basis points": ("25个基点", "25 基点", "25bp", "25 bps", "25BP", "２５個基點"),
    "no unit": ("1.2亿", "12,000万", "１．２億", "120,000,000", "120000000"),
    "yuan": ("1.2亿元", "¥120m", "￥1.2亿", "1.2億元人民幣", "1.2亿人民币", "RMB 120m"),
    "per cent": ("15%", "15.0%", "１５％", "15 %", "百分之15"),
    "percentage points": ("0.5个百分点", "0.50個百分點", "0.5pct"),
    "euros": ("3亿欧元", "€300m", "300 million euros"),
    "Hong Kong dollars": ("3亿港元", "HK$300m", "HKD300m"),
}
"""Spellings of one amount each."""
BEFORE = "市场在周末保持平静。" * 40
"""So long that a snippet is a piece of the text."""


@pytest.mark.parametrize("spellings", [pytest.param(s, id=name) for name, s in AMOUNTS.items()])
def test_each_finds_and_marks_each(spellings: tuple[str, ...]) -> None:
    """Title and snippet mark the whole amount only; the explanation names both places."""
    over = searcher(
        *(article(text, f"涨了{text}，再说", f"{BEFORE}约{text}，下同。") for text in spellings)
    )
    for q in spellings:
        hits = ask(over, q, per_page=50, fold=False).hits
        assert {hit.id for hit in hits} == {*spellings}
        for hit in hits:
            assert shown(hit.title) == f"涨了[{hit.id}]，再说"
            assert f"约[{hit.id}]，下同。" in shown(hit.snippet)
            (reason,) = hit.why.evidence
            assert (reason.word, reason.spelled, reason.places) == (q, hit.id, ("title", "text"))
            assert reason.kind in ("typed", "alias")


@pytest.fixture(scope="module")
def visitor(tmp_path_factory: pytest.TempPathFactory) -> Visitor:
    """A visitor of an article with every spelling, and of one with none."""
    said = [text for spellings in AMOUNTS.values() for text in spellings]
    all_of_them = article("all", "数字", "\n".join(f"约{text}，下同。" for text in said))
    root: Path = tmp_path_factory.mktemp("numbers")
    return visitor_of(index_of(root, [all_of_them, article("none", "平静", BEFORE)]))


@pytest.mark.parametrize("name", AMOUNTS)
def test_article_page(visitor: Visitor, name: str) -> None:
    """The article page marks every spelling whole."""
    page = visitor.page("/article/all", q=AMOUNTS[name][0]).replace(' id="match"', "")
    for text in AMOUNTS[name]:
        assert f"约<mark>{text}</mark>，" in page


def test_a_reason_in_words(visitor: Visitor) -> None:
    """Another spelling is explained as another name, not as a part."""
    page = visitor.page("/search", q="US$60k")
    assert "是“US$60k”的另一种说法" in page


@pytest.mark.parametrize(
    ("q", "marked"),
    [
        pytest.param("2025元", {"共[2025元]", "共[2,025元]"}, id="money is no year"),
        pytest.param("2022元", set(), id="2022元宇宙 and 2022元旦 are no money"),
        pytest.param("10亿", {"[10亿]用户", "共[10亿美元]", "[10亿元]"}, id="any unit"),
        pytest.param("10亿美元", {"共[10亿美元]"}, id="dollars are no yuan"),
        pytest.param("10亿元", {"[10亿元]"}, id="yuan are no dollars"),
        pytest.param("人民币汇率2023", set(), id="a year beside a word"),
        pytest.param("5%", {"涨[5%]"}, id="not the end of 15%"),
        pytest.param("0.5个百分点", set(), id="points are no per cent"),
    ],
)
def test_not_confused(q: str, marked: set[str]) -> None:
    """Numbers that look alike are different."""
    over = texts(
        *("2025年的事", "共2025元", "共2,025元", "2025-01-02发布", "2022元宇宙大会", "2022元旦"),
        *("10亿用户", "共10亿美元", "10亿元", "2022人民币汇率", "涨5%", "涨15%", "涨0.5%"),
    )
    assert {shown(hit.snippet) for hit in ask(over, q).hits} == marked


HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
CODES = ("0x52908400098527886E0F7030069857D2E4169EE7", HASH, "USDT-TRC20", "ERC-20", "EIP-1559")


@pytest.mark.parametrize("code", CODES)
def test_codes_stay_whole(code: str) -> None:
    """A code is found and marked whole in any case; longer codes and its digits are not found."""
    over = texts(f"见{code}。", f"见{code}1。", "15.59亿元，20美元，1559枚。")
    for q in (code, code.lower(), code.upper()):
        assert [shown(hit.snippet) for hit in ask(over, q).hits] == [f"见[{code}]。"]


@pytest.mark.parametrize("name", AMOUNTS)
def test_quotes_are_literal(name: str) -> None:
    """Quotes find exactly their characters, after normalisation."""
    spellings = AMOUNTS[name]
    over = texts(*(f"约{text}，" for text in spellings))
    for q in spellings:
        answer = ask(over, f'"{q}"', per_page=50, fold=False)
        assert str(spellings.index(q)) in ids(answer)
        marked = {hit.snippet.text[slice(*hit.snippet.marks[0])] for hit in answer.hits}
        assert {normalize(text) for text in marked} == {normalize(q)}
