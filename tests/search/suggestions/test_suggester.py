"""Suggestions while someone types."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.suggestions.suggester import MAX_SUGGESTIONS, MAX_TYPED_CHARS, Suggestion
from tests.support.tiny_search import NOW, article, found, searcher

OVER = (
    article("1", "元宇宙白皮书发布", "元宇宙与以太坊。", published=NOW),
    article("2", "元宇宙白皮书再版", "元宇宙。", published=NOW + timedelta(days=1)),
    article("3", "ＮＦＴ　拍卖", "NFT，以太坊，元宇宙。"),
    article("4", "區塊鏈入門", "非同質化代幣。"),
    article("5", "以太坊升级", "数字人民币，区块链。", published=NOW - timedelta(days=9)),
)
METAVERSE = ["元宇宙", "元宇宙白皮书再版", "元宇宙白皮书发布"]


def suggested(typed: str) -> list[str]:
    return [suggestion.text for suggestion in searcher(*OVER).aids.suggest(typed)]


@pytest.mark.parametrize(
    ("typed", "texts"),
    [
        pytest.param("元宇", METAVERSE, id="half a word"),
        pytest.param("元", METAVERSE, id="a character"),
        pytest.param("元宇宙白皮书发", ["元宇宙白皮书发布"], id="most of a title"),
        pytest.param("nf", ["NFT", "ＮＦＴ 拍卖"], id="case and width"),
        pytest.param("nft  拍", ["ＮＦＴ 拍卖"], id="white space"),
        pytest.param("非同", ["非同质化代币"], id="by another name, as it is written"),
        pytest.param("区", ["区块链", "區塊鏈入門"], id="script"),
        pytest.param("比特", [], id="a concept without articles"),
        pytest.param("人民币", ["数字人民币"], id="characters inside a name"),
        pytest.param("白皮书", ["元宇宙白皮书再版", "元宇宙白皮书发布"], id="inside a title"),
        pytest.param("thereum", [], id="letters inside a word are no word"),
        pytest.param("", [], id="nothing"),
        pytest.param(" \u3000", [], id="white space only"),
        pytest.param("，", [], id="punctuation"),
        pytest.param("饕餮", [], id="unknown"),
        pytest.param("元" * (MAX_TYPED_CHARS + 1), [], id="no name is so long"),
    ],
)
def test_by_characters(typed: str, texts: list[str]) -> None:
    """Concepts by their number of articles, then titles, the newest first."""
    assert suggested(typed) == texts


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        pytest.param("yuanyuzhou", "元宇宙", id="pinyin"),
        pytest.param("yuanyuz", "元宇宙", id="begun"),
        pytest.param("YuanYuZhou", "元宇宙", id="capitals"),
        pytest.param("yuan yu zhou", "元宇宙", id="spaces"),
        pytest.param("yuan'yu'zhou", "元宇宙", id="apostrophes"),
        pytest.param("yyz", "元宇宙", id="initials"),
        pytest.param("szrm", "数字人民币", id="initials begun"),
        pytest.param("szrenminbi", "数字人民币", id="initials and syllables"),
        pytest.param("renminbi", "数字人民币", id="pinyin inside"),
        pytest.param("yuan宇宙", "元宇宙", id="mixed"),
        pytest.param("qukuai链", "区块链", id="characters last"),
        pytest.param("yi太坊", "以太坊", id="characters in the middle"),
        pytest.param("元宇舟", "元宇宙", id="sounds the same"),
        pytest.param("元语", "元宇宙", id="sounds the same so far"),
        pytest.param("以太访", "以太坊", id="looks the same"),
        pytest.param("etherum", "Ethereum", id="a letter missing"),
        pytest.param("ftztzhdb", None, id="no such initials"),
    ],
)
def test_by_sound(typed: str, text: str | None) -> None:
    """Names come first for any way of typing pinyin."""
    assert suggested(typed)[:1] == ([text] if text else [])


@pytest.mark.parametrize(
    ("typed", "titles"),
    [
        pytest.param("baipishu", ["元宇宙白皮书再版", "元宇宙白皮书发布"], id="pinyin inside"),
        pytest.param("qukuailianru", ["區塊鏈入門"], id="pinyin, traditional characters"),
        pytest.param("nftpm", ["ＮＦＴ 拍卖"], id="initials, letters whole"),
        pytest.param("ytfsj", ["以太坊升级"], id="initials"),
        pytest.param("aipishu", [], id="not from within a syllable"),
        pytest.param("白皮 发布", ["元宇宙白皮书发布"], id="words apart"),
        pytest.param("发布 白皮", ["元宇宙白皮书发布"], id="words in another order"),
    ],
)
def test_titles_by_sound_and_words(typed: str, titles: list[str]) -> None:
    """Titles are found like names, and by words anywhere in them."""
    assert [s.text for s in searcher(*OVER).aids.suggest(typed) if s.kind == "title"] == titles


@pytest.mark.parametrize(
    ("typed", "texts"),
    [
        pytest.param("元宇宙 以太", ["元宇宙 以太坊"], id="characters"),
        pytest.param("元宇宙 yitai", ["元宇宙 以太坊"], id="pinyin"),
        pytest.param("元宇宙　ytf", ["元宇宙　以太坊"], id="as typed before"),
        pytest.param("title:元宇宙 以太", ["title:元宇宙 以太坊"], id="after a condition"),
        pytest.param("元* 以太", ["元* 以太坊"], id="after a prefix"),
        pytest.param("“元宇宙” 以太", ["“元宇宙” 以太坊"], id="after a quotation"),
        pytest.param("元宇宙 -以太", [], id="unwanted"),
        pytest.param("元宇宙 OR 以太", [], id="either"),
        pytest.param("元宇宙 数字", [], id="no article has both"),
        pytest.param("source:以太", [], id="the value of a field"),
        pytest.param("“元宇宙 以太", [], id="inside a quotation"),
        pytest.param("元宇宙 ", METAVERSE, id="nothing begun"),
    ],
)
def test_the_last_word_is_completed(typed: str, texts: list[str]) -> None:
    """The words before the last one stay as typed."""
    assert suggested(typed) == texts


def test_kinds() -> None:
    """A concept has its number of articles, a title has none."""
    assert searcher(*OVER).aids.suggest("nft") == [
        Suggestion("NFT", "concept", 2),
        Suggestion("ＮＦＴ 拍卖", "title"),
    ]


def test_counts_are_of_the_whole_query() -> None:
    """The number counts articles that match all words."""
    assert searcher(*OVER).aids.suggest("元宇宙 以太") == [
        Suggestion("元宇宙 以太坊", "concept", 2)
    ]


def test_a_character_counts_more_than_a_sound() -> None:
    """Matches of characters come before matches of sound."""
    over = searcher(article("1", "", "元宇宙"), *(article(f"e{n}", "", "ETH") for n in range(3)))
    assert [s.text for s in over.aids.suggest("e")] == ["ETH"]
    assert [s.text for s in over.aids.suggest("y")] == ["以太坊", "元宇宙"]


def test_not_too_many() -> None:
    """At most ten; titles do not displace concepts."""
    over = searcher(*(article(str(at), f"元宇宙第{at}期") for at in range(20)))
    found = over.aids.suggest("元")
    assert len(found) == MAX_SUGGESTIONS
    assert found[0] == Suggestion("元宇宙", "concept", 20)


def test_no_doubles() -> None:
    """A repeated title, or one equal to a name, is listed once."""
    over = searcher(*(article(str(at), "元宇宙", "元宇宙") for at in range(3)))
    assert over.aids.suggest("元") == [Suggestion("元宇宙", "concept", 3)]


@given(st.text() | st.text("元宇宙yuanzhou 以太nft'-:“”*()", max_size=20))
def test_any_text(typed: str) -> None:
    """Nothing raises, nothing is listed twice, and everything offered exists."""
    suggestions = searcher(*OVER).aids.suggest(typed)
    texts = [suggestion.text for suggestion in suggestions]
    assert len(texts) == len(set(texts)) <= MAX_SUGGESTIONS
    for suggestion in suggestions:
        assert suggestion.articles is None or suggestion.articles > 0
        assert found(searcher(*OVER), suggestion.text)
