"""An index of many short texts for completion."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.pinyin import spell
from search.suggestions.prefix_index import LetterLines, PrefixIndex, TextLines

TEXTS = ["元宇宙", "nft 拍卖", "以太坊 ethereum", "", "元宇宙平台"]
words = st.text("ab元宙 ", min_size=1, max_size=4)


@pytest.fixture(scope="module")
def lines() -> PrefixIndex:
    return PrefixIndex(TEXTS, map(spell, TEXTS))


@pytest.mark.parametrize(
    ("needle", "starting", "holding"),
    [
        pytest.param("元宇", [0, 4], [0, 4], id="at the beginning"),
        pytest.param("宇宙", [], [0, 4], id="inside"),
        pytest.param("ethereum", [], [2], id="a word"),
        pytest.param("thereum", [], [], id="no word begins so"),
        pytest.param("拍卖", [], [1], id="after letters"),
        pytest.param("坊 e", [], [2], id="across white space"),
        pytest.param("饕餮", [], [], id="nowhere"),
    ],
)
def test_characters(
    lines: PrefixIndex, needle: str, starting: list[int], holding: list[int]
) -> None:
    """Rows are in order, each once."""
    assert lines.characters.starting(needle, 9) == starting
    assert lines.characters.holding(needle, 9) == holding


def test_letters_begin_where_syllables_do(lines: PrefixIndex) -> None:
    """Pinyin matches only from the start of a syllable."""
    assert lines.letters.starting("yuanyuz", 9) == [0, 4]
    assert lines.letters.holding("pai", 9) == [1]
    assert lines.letters.holding("ai", 9) == []


@pytest.mark.parametrize(
    ("needle", "numbers"),
    [
        pytest.param("yyz", [0, 4], id="initials"),
        pytest.param("yuyz", [0, 4], id="a syllable begun"),
        pytest.param("yyzpt", [4], id="all of a name"),
        pytest.param("nftpm", [1], id="letters first"),
        pytest.param("yanyu", [], id="no letter is skipped within a syllable"),
    ],
)
def test_abbreviated(lines: PrefixIndex, needle: str, numbers: list[int]) -> None:
    """Each syllable may be shortened, beginning with the first."""
    assert lines.letters.abbreviated(needle, 9) == numbers


def test_equal(lines: PrefixIndex) -> None:
    """The whole row."""
    assert lines.characters.equal("元宇宙", 9) == [0]
    assert lines.characters.equal("元宇", 9) == []


def test_whole_words() -> None:
    """From one capital to another."""
    letters = LetterLines(["YuanyuzhouBaipishu", "RenyuanZhoujing", "Yuanzhou"])
    assert letters.whole("baipishu", 9) == [0]
    assert letters.whole("baipi", 9) == []
    assert letters.whole("yuanzhou", 9) == [2]


def test_not_more_than_asked_for(lines: PrefixIndex) -> None:
    """The first rows are the best."""
    assert lines.characters.starting("元", 1) == [0]
    assert lines.characters.holding_all(["平台", "元"], 1) == [4]


@given(st.lists(words, max_size=8), words, words)
def test_nothing_is_missed(texts: list[str], one: str, other: str) -> None:
    """A row is found by its beginning, and by Han characters anywhere in it."""
    column = TextLines(texts)
    assert column.equal(one, 99) == [n for n, t in enumerate(texts) if t == one]
    assert column.starting(one, 99) == [n for n, t in enumerate(texts) if t.startswith(one)]
    if one[0] in "元宙" and other[0] in "元宙":
        both = [n for n, text in enumerate(texts) if one in text and other in text]
        assert column.holding_all([one, other], 99) == both
