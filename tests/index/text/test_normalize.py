"""Width, case and script: one character in, one character out, at the same place."""

import sys
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opencc import OpenCC

from index.text.normalize import LAST_CASED, SHORT, normalize, normalizer_fingerprint

ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()))


@pytest.mark.parametrize(
    ("text", "normalized"),
    [
        pytest.param("ＡＢＣ１２３！", "abc123!", id="full width"),
        pytest.param("元\u3000宇", "元 宇", id="ideographic space"),
        pytest.param("DeFi ÉÀ Ω", "defi ea ω", id="case and accents"),
        pytest.param("智慧合約與區塊鏈", "智慧合约与区块链", id="script, not vocabulary"),
        pytest.param("數字人民幣ＤＣ／ＥＰ", "数字人民币dc/ep", id="all three"),
        pytest.param("乾坤 頭髮 發展", "干坤 头发 发展", id="characters, without context"),
        pytest.param("ß ㎡ ﬁ Ⅲ ½", "ß ㎡ ﬁ ⅲ ½", id="foldings of another length are left out"),
        pytest.param("。「」“”…，", "。「」“”…,", id="Chinese punctuation"),
        pytest.param("⾦融⻛险与⽤⼾", "金融风险与用户", id="radicals"),
        pytest.param("\uf90a融、\ufa19", "金融、神", id="compatibility ideographs"),
        pytest.param("\U0002f800\U0002fa1d", "丽\U0002a68f", id="the last of them"),
        pytest.param(
            "e‐CNY e‑CNY e‒CNY e–CNY e−CNY e﹣CNY e－CNY", "e-cny " * 6 + "e-cny", id="hyphens"
        ),
        pytest.param("元宇宙——未来", "元宇宙--未来", id="a dash is two"),
        pytest.param("甲•乙・丙‧丁･戊∙己⋅庚·辛", "甲·乙·丙·丁·戊·己·庚·辛", id="dots in names"),
        pytest.param("What’s don‘t Iʼm", "what's don't i'm", id="apostrophes"),
        pytest.param(
            "Nestlé Hermès naïve Ǖ ế Å", "nestle hermes naive u e a", id="accents of Latin letters"
        ),
        pytest.param("が й ά", "が й ά", id="other scripts' marks make other letters"),
        pytest.param("CO₂ m² ①⑤", "co2 m2 ①⑤", id="lowered digits, and powers, but no list items"),
        pytest.param("ｱｲｳ 𝐁𝐓𝐂 ﹪", "アイウ btc %", id="half width, bold and small forms"),
        pytest.param(
            "著名 随著 帳戶 帐户 账户", "着名 随着 账户 账户 账户", id="著 and 着, 帳 and 账"
        ),
        pytest.param(
            "公鍊 瞭解 藉此 砲火 妳", "公链 了解 借此 炮火 你", id="variants of characters"
        ),
        pytest.param("😀\ud800\U0010ffff", "😀\ud800\U0010ffff", id="beyond and between planes"),
        pytest.param("\u212a\u2126", "kω", id="signs that lower to letters"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_normalisation(text: str, normalized: str) -> None:
    """Different spellings of the same text become equal."""
    assert normalize(text) == normalized


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
    normalized = normalize(everything)
    assert len(normalized) == len(everything)
    starts = range(0, len(everything), SHORT)
    assert "".join(normalize(everything[at : at + SHORT]) for at in starts) == normalized
    assert normalize(normalized) == normalized
    assert all(len(lower := c.lower()) > 1 or lower == c for c in everything[LAST_CASED + 1 :])
    assert all(len(lower := c.lower()) > 1 or lower == c for c in normalized)


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


@pytest.mark.parametrize("name", ["radicals", "variants"])
def test_rows_are_needed(name: str) -> None:
    """Each row names two characters, and the second is in normal form."""
    text = files("index").joinpath(f"data/{name}.txt").read_text("utf-8")
    rows = [line for line in text.splitlines() if not line.startswith("#")]
    assert all(len(row) == 2 for row in rows)
    assert len({row[0] for row in rows}) == len(rows)
    assert all(normalize(row[0]) == normalize(row[1]) for row in rows)
    if name == "variants":
        assert all(normalize(row[1]) == row[1] for row in rows)
