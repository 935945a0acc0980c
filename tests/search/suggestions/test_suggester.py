"""Suggestions while someone types."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.article import Article
from search.suggestions.suggester import MAX_TYPED_CHARS
from search.suggestions.suggestion import MAX_SUGGESTIONS, Suggestion
from tests.support.retellings import REPOSTS, STORY
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
        pytest.param("baipish", [], id="a word begun"),
        pytest.param("shufabu", [], id="not from within a word"),
        pytest.param("nftpm", [], id="initials, letters whole"),
        pytest.param("ytfsj", [], id="initials"),
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
    """A concept has its number of articles, a title its article."""
    assert searcher(*OVER).aids.suggest("nft") == [
        Suggestion("NFT", "concept", 2),
        Suggestion("ＮＦＴ 拍卖", "title", article_id="3"),
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
    assert [s.text for s in over.aids.suggest("y")] == ["元宇宙"]


@pytest.mark.parametrize(
    ("typed", "texts"),
    [
        pytest.param("eth", ["ETH"], id="exact, though 以太坊 has other names"),
        pytest.param("以太坊", ["以太坊"], id="one line, though 以太坊网络 begins so"),
        pytest.param("e", ["e-CNY", "ETH"], id="beginnings, by articles"),
        pytest.param("bit", [], id="a name of 比特币 that no article uses"),
        pytest.param("大饼", ["大饼"], id="the name that they use"),
        pytest.param("比特", [], id="the main name, which they do not"),
        pytest.param("yang", ["央行"], id="by pinyin, as it is written"),
        pytest.param("中国人民", [], id="not by the name that nobody writes"),
        pytest.param("mayi", ["蚂蚁集团"], id="whole syllables"),
    ],
)
def test_names_that_occur(typed: str, texts: list[str]) -> None:
    """Only strings that articles have; one line a concept, under the name that fits best."""
    over = searcher(
        *(article(f"e{n}", "", "e-CNY，央行。") for n in range(3)),
        article("1", "", "ETH，以太坊，以太坊网络。"),
        article("2", "", "大饼，蚂蚁集团。"),
    )
    assert [s.text for s in over.aids.suggest(typed) if s.kind == "concept"] == texts


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        pytest.param("lvse", "绿色", id="v"),
        pytest.param("lüse", "绿色", id="ü"),
        pytest.param("lǜsè", "绿色", id="ü with a tone"),
        pytest.param("luse", "绿色", id="u for ü"),
        pytest.param("lv4se4", "绿色", id="numbers of tones"),
        pytest.param("yuányǔzhòu", "元宇宙", id="tones"),
        pytest.param("yuán yǔ", "元宇宙", id="tones, begun"),
        pytest.param("yuan2yu3zhou4", "元宇宙", id="numbers"),
        pytest.param("yuan2 yu3 zh", "元宇宙", id="numbers and spaces"),
        pytest.param("lü", "绿色", id="an ü is no u"),
    ],
)
def test_ways_to_write_pinyin(typed: str, first: str) -> None:
    """ü as v, u or ü, and tones as accents or numbers."""
    lines = ["绿色元宇宙。", "绿色。", "路透，元宇宙。", "路透，元宇宙。", "路透。"]
    over = searcher(*(article(str(at), "", line) for at, line in enumerate(lines)))
    assert [s.text for s in over.aids.suggest(typed)][:1] == [first]


def test_no_repost_twice() -> None:
    """Reposts are one story, also under changed titles: the newest that matches is offered."""
    over = searcher(STORY, *(REPOSTS[name] for name in ("a label before the title",)))
    assert [s.article_id for s in over.aids.suggest("海潮链")] == ["story"]
    assert [s.article_id for s in over.aids.suggest("转：海潮")] == ["r"]


PAPERS = (
    article("1", "元宇宙", "元宇宙。", source="新华社", author="林 小满", categories=("科技",)),
    article("2", "元宇宙", "元宇宙。", source="新华社"),
    article("3", "以太坊", "以太坊。", source="新京报"),
    article("4", "以太坊", "以太坊。", source="人民日报（海外版）"),
    article("5", "区块链", "区块链。", source="某某 日报"),
)


@pytest.mark.parametrize(
    ("typed", "texts"),
    [
        pytest.param("来源：新", ["来源：新华社", "来源：新京报"], id="begun"),
        pytest.param("source:新", ["source:新华社", "source:新京报"], id="in ASCII"),
        pytest.param("来源：xinh", ["来源：新华社"], id="pinyin"),
        pytest.param("来源：rmrb", ['来源："人民日报（海外版）"'], id="initials; quoted"),
        pytest.param("来源：某", ['来源："某某 日报"'], id="white space"),
        pytest.param("来源：“某某 日", ['来源："某某 日报"'], id="in quotes"),
        pytest.param(
            "以太坊 来源：",
            ['以太坊 来源："人民日报（海外版）"', "以太坊 来源：新京报"],
            id="beside a word",
        ),
        pytest.param("元宇宙 来源：新", ["元宇宙 来源：新华社"], id="only where both are"),
        pytest.param("元宇宙 -来源：新", [], id="nothing is left without it"),
        pytest.param("话题：区", ["话题：区块链"], id="a topic"),
        pytest.param("topic:yuan", ["topic:元宇宙"], id="a topic by pinyin"),
        pytest.param("作者：林", ['作者："林 小满"'], id="an author"),
        pytest.param("分类：", ["分类：科技"], id="a category"),
        pytest.param("类型：", ["类型：片段"], id="a kind"),
        pytest.param("来源：无此报", [], id="no such value"),
        pytest.param("网址：新", [], id="a field without a list"),
        pytest.param("标题：元", ["标题：元宇宙"], id="a word in titles"),
        pytest.param("来源: 新", [], id="a space ends the field"),
    ],
)
def test_values_of_fields(typed: str, texts: list[str]) -> None:
    """By fit, then by articles; in quotes where the value would not be read whole."""
    suggestions = searcher(*PAPERS).aids.suggest(typed)
    assert [s.text for s in suggestions if s.kind != "title"] == texts


BESIDE = (
    *(article(f"p{n}", "", "数字人民币试点，深圳。") for n in range(3)),
    *(article(f"q{n}", "", "数字人民币，试验区，央行。") for n in range(2)),
    *(article(f"s{n}", "", "试图试图，试卷，元宇宙，深海。") for n in range(6)),
)


@pytest.mark.parametrize(
    ("typed", "texts"),
    [
        pytest.param("数字人民币 试", ["数字人民币 试点", "数字人民币 试验区"], id="characters"),
        pytest.param("数字人民币 shid", ["数字人民币 试点"], id="pinyin"),
        pytest.param("e-cny shid", ["e-cny 试点"], id="after another name"),
        pytest.param("数字人民币 sd", ["数字人民币 试点"], id="initials"),
        pytest.param("数字人民币 深", ["数字人民币 深圳"], id="a place"),
        pytest.param("数字人民币 元", [], id="nothing beside it"),
        pytest.param("数字人民币 y", [], id="one letter"),
        pytest.param("数字人民币 ya", ["数字人民币 央行"], id="a name that occurs"),
        pytest.param("数字人民币 数字", [], id="not the word itself"),
        pytest.param("元宇宙 试", ["元宇宙 试卷", "元宇宙 试图"], id="beside another"),
        pytest.param("试", ["试图", "试卷", "试点", "试验区"], id="first of all"),
    ],
)
def test_words_beside_others(typed: str, texts: list[str]) -> None:
    """What is said beside the first word, not the commonest words that begin so."""
    over = searcher(*BESIDE)
    suggestions = over.aids.suggest(typed)
    assert sorted(s.text for s in suggestions) == sorted(texts)
    assert [s.articles for s in suggestions] == [len(found(over, s.text)) for s in suggestions]


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


@given(
    st.sampled_from(((OVER), (PAPERS), (BESIDE))),
    st.text()
    | st.text("元宇宙yuanzhou 以太nft'-:“”*()数字人民币试lü2", max_size=20)
    | st.tuples(
        st.sampled_from(["", "元宇宙 ", "数字人民币 ", "以太坊 -", "(区块链 "]),
        st.sampled_from(["", "来源：", "topic:", "title:"]),
        st.text("元宇试数以新某yuanxinshi“", max_size=4),
    ).map("".join),
)
def test_any_text(articles: tuple[Article, ...], typed: str) -> None:
    """Nothing raises, nothing is listed twice, and every suggestion finds what it says."""
    over = searcher(*articles)
    suggestions = over.aids.suggest(typed)
    texts = [suggestion.text for suggestion in suggestions]
    assert len(texts) == len(set(texts)) <= MAX_SUGGESTIONS
    for suggestion in suggestions:
        finds = found(over, suggestion.text)
        assert finds
        if suggestion.kind == "title":
            assert suggestion.article_id in finds
        else:
            assert suggestion.articles == len(finds)
