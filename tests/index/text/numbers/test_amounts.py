"""Amounts: equal spellings, texts that are no amounts, and what a query finds and marks."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.normalize import normalize
from index.text.numbers.amounts import amount_tokens, amounts
from index.text.numbers.spellings import spellings
from search.response import Highlighted
from tests.support.tiny_search import ask, found, marker_of, reader, shown, texts


def tokens(text: str) -> list[str]:
    return [amount.token for amount in amounts(normalize(text))]


@pytest.mark.parametrize(
    ("token", "written"),
    [
        pytest.param("=60000usd", ["6万美元", "60,000美元", "US$60k", "60000美金"], id="dollars"),
        pytest.param("=60000usd", ["$60,000", "＄６０，０００", "6 万美元"], id="signs and width"),
        pytest.param("=1500000000usd", ["15亿美元", "US$1.5 billion", "$1.5bn"], id="billions"),
        pytest.param("=300000000hkd", ["3亿港元", "HK$300m", "3亿港幣"], id="Hong Kong dollars"),
        pytest.param("=25bp", ["25个基点", "25基點", "25bp", "25 bps"], id="basis points"),
        pytest.param("=0.5pp", ["0.5个百分点", "0.50百分点"], id="percentage points"),
        pytest.param("=120000000", ["1.2亿", "１．２亿", "120,000,000", "12000万"], id="no unit"),
        pytest.param("=120000000cny", ["1.2亿元", "120,000,000元", "¥120m"], id="yuan"),
        pytest.param("=15%", ["15%", "15.0%", "１５％"], id="per cent"),
        pytest.param("=120000枚", ["12万枚", "120,000枚", "十二万枚"], id="coins"),
        pytest.param("=50000000", ["五千万", "伍仟万", "5000万", "5千万"], id="Han numerals"),
        pytest.param("=350000000usd", ["三点五亿美元", "3.5亿美元"], id="a point in Han numerals"),
        pytest.param("=5%", ["百分之五", "百分之5", "5%"], id="a share"),
        pytest.param("=30%", ["三成", "3成", "百分之三十"], id="tenths"),
        pytest.param("=35%", ["三成半", "3成半"], id="half a tenth"),
        pytest.param("=2.5‰", ["千分之二点五", "2.5‰"], id="per mille"),
        pytest.param("=1200000000000cny", ["1.2兆元", "1.2万亿元", "1.2兆人民幣"], id="trillions"),
        pytest.param(
            "=1000000000000usd", ["$1兆", "us$1兆", "1万亿美元"], id="trillions behind a sign"
        ),
        pytest.param("=200000", ["20w用户", "20w+", "20万"], id="w"),
        pytest.param("=20000usd", ["BTC20000美元", "ETH2万美元"], id="after letters"),
        pytest.param("=100twd", ["100台幣", "NT$100"], id="Taiwan dollars"),
    ],
)
def test_one_amount(token: str, written: list[str]) -> None:
    """Each spelling gives the same amount."""
    assert [tokens(text) for text in written] == [[token]] * len(written)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("2022年", id="a year"),
        pytest.param("2022-09-05", id="a date"),
        pytest.param("0x1234567890", id="an address"),
        pytest.param("EIP-1559", id="a proposal"),
        pytest.param("EIP-155900", id="a long code"),
        pytest.param("00700.HK", id="a stock"),
        pytest.param("000001", id="a stock with zeros before"),
        pytest.param("ETH2.0 Web3 v1.2.3", id="versions"),
        pytest.param("192.168.10.10", id="an IP address"),
        pytest.param("1" * 16, id="an account"),
        pytest.param("3.5", id="a bare decimal"),
        pytest.param("5g 4k60fps", id="letters go on"),
        pytest.param("万一 千万别买 百万富翁 数十亿 第五万 二元期权", id="Han characters"),
        pytest.param("一成不变 三成员 两成为", id="no tenths"),
        pytest.param("65W快充 20w 10兆带宽 百兆宽带", id="powers and rates"),
        pytest.param("rs12345678901 web3元宇宙 gpt4万", id="names with numbers"),
        pytest.param("零一万物 十万分之一", id="names and small shares"),
    ],
)
def test_no_amount(text: str) -> None:
    """Codes, dates and versions are no amounts."""
    assert tokens(text) == []


def test_ranges_are_two() -> None:
    """15%-35% is two amounts."""
    assert tokens("预增15%-35%，即0.9亿元-1.2亿元") == [
        "=15%",
        "=35%",
        "=90000000cny",
        "=120000000cny",
    ]


@given(st.text("0123456789.,万亿kmb%$美元基点个-x ", max_size=30))
def test_spans(text: str) -> None:
    """Spans are in order and do not overlap; each alone gives the same amount."""
    found = list(amounts(text))
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert all(a.start < a.end and text[a.start].strip() for a in found)
    assert [token for a in found for token in a.tokens] == amount_tokens(text)


@given(st.integers(1, 10**12), st.sampled_from(["", "美元", "元", "%", "枚"]))
def test_spellings_are_the_amount(value: int, unit: str) -> None:
    """Every spelling searched for is read as the amount."""
    (amount, *_) = [*amounts(f"{value:,}{unit}"), *amounts(f"{value}0000枚")]
    for text in spellings(amount):
        read = [(a.value, a.unit) for a in amounts(text)]
        assert read in ([(amount.value, amount.unit)], [])


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        pytest.param("6万美元", {"0", "1", "2"}, id="an amount in any spelling"),
        pytest.param("US$60k", {"0", "1", "2"}, id="typed otherwise"),
        pytest.param("60000", {"0", "1", "2", "3"}, id="without its unit"),
        pytest.param("25bp", {"4", "5"}, id="basis points"),
        pytest.param('"6万美元"', {"0", "9"}, id="quotes are literal"),
        pytest.param("00700.HK", {"6"}, id="a stock"),
        pytest.param("0xABCDEF0123", {"7"}, id="a hash"),
        pytest.param("EIP-1559", {"7"}, id="a proposal"),
        pytest.param("3千金", {"8"}, id="what ends within a word is none"),
    ],
)
def test_found(q: str, expected: set[str]) -> None:
    """Index and query extract the same amounts."""
    over = texts(
        "跌破6万美元。",
        "守住60,000美元。",
        "price of $60K。",
        "共6万人。",
        "降息25个基点。",
        "降息25bp。",
        "腾讯00700.HK上涨。",
        "EIP-1559在0xabcdef0123。",
        "3千金",
        "16万美元，1.6万美元，250个基点。",
    )
    assert found(over, q) == expected


@pytest.mark.parametrize(
    ("q", "text", "marked"),
    [
        pytest.param(
            "25bp", "加息25个基点，而非250个基点", "加息[25个基点]，而非250个基点", id="a unit"
        ),
        pytest.param(
            "6万美元", "从1.6万美元到60,000美元", "从1.6万美元到[60,000美元]", id="a magnitude"
        ),
        pytest.param("15%", "增长15%-35%", "增长[15%]-35%", id="a range"),
        pytest.param(
            "比特币 $60k", "比特币跌破6万美元", "[比特币]跌破[6万美元]", id="beside a word"
        ),
    ],
)
def test_marked(q: str, text: str, marked: str) -> None:
    """Exactly the matching text is marked, as written."""
    marks = marker_of(q).marks(normalize(text))
    assert shown(Highlighted(text, tuple((m.start, m.end) for m in marks))) == marked


def test_verbatim_is_literal() -> None:
    """Verbatim queries find the typed spelling only."""
    assert [word.text for word in reader().read("25bp", aliases=False)] == ["25bp"]
    assert ask(texts("25个基点"), "25bp", verbatim=True).total == 0


def test_an_amount_alone_is_a_query() -> None:
    """An amount with nothing but function words is a query."""
    assert [word.amount for word in reader().read("6万美元的")] == ["=60000usd"]
