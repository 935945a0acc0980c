"""How a text is segmented, and why: the answer of `yuansou analyze`."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.lexicon.model import token_of
from index.text.normalize import normalize
from search.explore.analysis import text_analysis
from tests.support.tiny_search import LEXICON, segmenter

TEXT = "Ｖ神说數字人民幣钱包与 Uniswap V3，人民币安全，买15%。"


def test_tokens() -> None:
    """Each word of the text, normalised as in the index."""
    tokens = [token.token for token in text_analysis(segmenter(), LEXICON, TEXT).tokens]
    assert tokens[:2] == ["v神", "说"]
    assert "uniswap_v3" in tokens
    assert "人民币安全" in tokens
    assert tokens[-1] == "15%"


def test_a_concept() -> None:
    """A word that names a concept has that concept."""
    (token,) = text_analysis(segmenter(), LEXICON, "dc/ep").tokens
    assert token.concepts == (LEXICON.by_form["数字人民币"],)
    assert (token.start, token.end) == (0, 5)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        pytest.param("元宇宙", "词库里的概念", id="concept"),
        pytest.param("Uniswap V3", "词库里的概念", id="concept with a space"),
        pytest.param("人民币安全", "词库里的整词", id="mask"),
        pytest.param("web3", "字母与数字连写", id="Latin"),
        pytest.param("银行", "通用词典", id="dictionary"),
        pytest.param("囍", "单字", id="character"),
    ],
)
def test_why(text: str, why: str) -> None:
    """The reason of each word."""
    (token,) = text_analysis(segmenter(), LEXICON, text).tokens
    assert token.why == why


def test_words_inside() -> None:
    """The words found inside a word are listed with it."""
    (token,) = text_analysis(segmenter(), LEXICON, "金融机构").tokens
    assert token.fine == ("金融", "机构")


def test_the_whole_answer() -> None:
    """The answer has the text as given, its normalised form, and the lexicon used."""
    answer = text_analysis(segmenter(), LEXICON, TEXT)
    assert answer.text == TEXT
    assert answer.normalized == normalize(TEXT)
    assert answer.lexicon == LEXICON.version


@given(st.text())
def test_spans(text: str) -> None:
    """The normalised text at a token's span is the token."""
    for token in text_analysis(segmenter(), LEXICON, text).tokens:
        assert token_of(normalize(text)[token.start : token.end]) == token.token
