"""The pinyin of Chinese texts."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.normalize import normalize
from search.pinyin import (
    Spelling,
    blur,
    readings_of,
    spell,
    syllables_of,
    typed_pinyin,
    with_umlauts,
)


@pytest.mark.parametrize(
    ("text", "letters", "initials"),
    [
        pytest.param("元宇宙", "YuanYuZhou", "yyz", id="a word"),
        pytest.param("银行", "YinHang", "yh", id="by the word, not by the character"),
        pytest.param("行业", "HangYe", "hy", id="another word"),
        pytest.param("nft拍卖", "NftPaiMai", "nftpm", id="letters are one syllable"),
        pytest.param("v神", "VShen", "vs", id="one letter"),
        pytest.param("yuan yu", "YuanYu", "yuanyu", id="white space is left out"),
        pytest.param("xi'an，", "XiAn", "xian", id="so is punctuation"),
        pytest.param("绿色", "LvSe", "ls", id="ü is v"),
        pytest.param("ω币", "Bi", "b", id="other scripts are left out"),
        pytest.param("々", "", "", id="a character without a reading"),
        pytest.param("", "", "", id="nothing"),
    ],
)
def test_spelling(text: str, letters: str, initials: str) -> None:
    """Syllables begin with a capital; initials are given apart."""
    assert spell(text) == Spelling(letters, initials)


def test_pieces_are_read_apart() -> None:
    """A segmented text is spelled word by word."""
    assert spell("比特币", " ", "行业") == Spelling("BiTeBiHangYe", "btbhy")


@pytest.mark.parametrize(
    ("typed", "pinyin"),
    [
        pytest.param("lǜ", "lv", id="ü with a tone"),
        pytest.param("nü", "nv", id="ü"),
        pytest.param("Zürich", "Zürich", id="ü that is no pinyin"),
        pytest.param("yuan2", "yuan", id="a number"),
        pytest.param("yuan2yu3zhou4", "yuanyuzhou", id="numbers"),
        pytest.param("yuan2yu", "yuanyu", id="a syllable begun"),
        pytest.param("yuan2 zhou4", "yuan zhou", id="apart"),
        pytest.param("web3", "web3", id="no syllable"),
        pytest.param("p2p", "p2p", id="letters"),
        pytest.param("h100", "h100", id="a longer number"),
        pytest.param("b2b电商", "b2b电商", id="beside Han"),
        pytest.param("5G", "5G", id="a number first"),
        pytest.param("yuan宇宙", "yuan宇宙", id="mixed"),
    ],
)
def test_typed_pinyin(typed: str, pinyin: str) -> None:
    """Only what is pinyin is changed."""
    assert typed_pinyin(typed) == pinyin


def test_umlauts() -> None:
    """u may be ü after l and n."""
    assert with_umlauts("luse") == ("luse", "lvse")
    assert with_umlauts("yuan") == ("yuan",)


@given(st.text())
def test_any_text(text: str) -> None:
    """There are at least as many initials as capitals, since each syllable begins with one."""
    spelling = spell(normalize(text))
    assert spelling.letters.isascii()
    assert spelling.initials.isascii()
    assert spelling.letters.lower()[:1] == spelling.initials[:1]


@given(st.text("元宇宙银行重庆绿々〇㐀", min_size=1))
def test_a_syllable_a_character(word: str) -> None:
    """One syllable for each character, or none if one has no reading."""
    assert len(syllables_of(word)) in (0, len(word))


def test_readings() -> None:
    """The commonest reading first, and rare ones left out."""
    assert readings_of("行") == ("xing", "hang")
    assert readings_of("元") == ("yuan",)
    assert readings_of("々") == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("zhong", "zong", id="zh z"),
        pytest.param("shi", "si", id="sh s"),
        pytest.param("chang", "cang", id="ch c"),
        pytest.param("nian", "lian", id="n l"),
        pytest.param("ming", "min", id="ing in"),
        pytest.param("zheng", "zhen", id="eng en"),
        pytest.param("shang", "shan", id="ang an"),
    ],
)
def test_what_sounds_alike(one: str, other: str) -> None:
    """Syllables that many speakers pronounce alike."""
    assert blur(one) == blur(other)


def test_what_does_not() -> None:
    """Different vowels are different sounds."""
    assert len({blur(letters) for letters in ("ma", "me", "mi", "mo", "mu")}) == 5


@pytest.mark.slow
def test_nothing_loads_it_in_advance() -> None:
    """Importing the command line does not load pypinyin, which takes 0.2 s and 55 MB."""
    code = "import sys, web.cli, web.app, search.searcher; sys.exit('pypinyin' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
