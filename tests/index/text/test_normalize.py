"""Width, case and script: one character in, one character out, at the same place."""

import sys
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opencc import OpenCC

from index.text.normalize import LAST_CASED, normalize, normalizer_fingerprint

ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()))


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        pytest.param("ＡＢＣ１２３！", "abc123!", id="full width"),
        pytest.param("元\u3000宇", "元 宇", id="ideographic space"),
        pytest.param("DeFi ÉÀ Ω", "defi éà ω", id="case"),
        pytest.param("智慧合約與區塊鏈", "智慧合约与区块链", id="script, not vocabulary"),
        pytest.param("數字人民幣ＤＣ／ＥＰ", "数字人民币dc/ep", id="all three"),
        pytest.param("乾坤 頭髮 發展", "干坤 头发 发展", id="characters, without context"),
        pytest.param("İ ß ㎡ ﬁ", "İ ß ㎡ ﬁ", id="foldings of another length are left out"),
        pytest.param("。「」…—，", "。「」…—,", id="Chinese punctuation"),
        pytest.param("😀\ud800\U0010ffff", "😀\ud800\U0010ffff", id="beyond and between planes"),
        pytest.param("\u212a\u2126", "kω", id="signs that lower to letters"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_normalisation(text: str, folded: str) -> None:
    """Different spellings of the same text become equal."""
    assert normalize(text) == folded


@given(ANY_TEXT)
def test_one_to_one(text: str) -> None:
    """Every character becomes one character, independent of its neighbours."""
    assert normalize(text) == "".join(map(normalize, text))
    assert len(normalize(text)) == len(text)


@given(ANY_TEXT)
def test_idempotent(text: str) -> None:
    """Normalised text stays the same."""
    assert normalize(normalize(text)) == normalize(text)


def test_every_character() -> None:
    """The laws hold for every character, and no result has a lower case."""
    everything = "".join(map(chr, range(sys.maxunicode + 1)))
    folded = normalize(everything)
    assert len(folded) == len(everything)
    assert normalize(folded) == folded
    assert all(len(lower := c.lower()) > 1 or lower == c for c in everything[LAST_CASED + 1 :])
    assert all(len(lower := c.lower()) > 1 or lower == c for c in folded)


def test_the_table_is_that_of_opencc() -> None:
    """Each traditional character becomes what OpenCC makes of it alone."""
    text = files("index").joinpath("data/traditional.txt").read_text("utf-8")
    rows = [line for line in text.splitlines() if not line.startswith("#")]
    converter = OpenCC("t2s")
    wrong = [row for row in rows if converter.convert(row[0]) != row[1]]
    assert len(rows) > 3_000
    assert not wrong


def test_fingerprint_is_stable() -> None:
    """Two processes with the same tables have the same fingerprint."""
    assert normalizer_fingerprint() == normalizer_fingerprint()
    assert len(normalizer_fingerprint()) == 16
