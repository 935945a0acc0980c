"""Segmentation: nothing is lost, offsets hold, searched words are words or parts of words."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis.cutters import JiebaCutter, RjiebaCutter
from index.analysis.segmenter import MAX_TOKEN, Segmenter
from index.lexicon.model import Concept, Lexicon, token_of
from index.text.han import is_han
from index.text.normalize import normalize
from tests.index.analysis.mixed_texts import MIXED

CUTTERS = [pytest.param(JiebaCutter, id="jieba"), pytest.param(RjiebaCutter, id="rjieba")]
STATE_NEWS = "中国经济保持增长，新华社北京电。中华人民共和国国务院发布通知，北京大学生物系。"


@pytest.fixture(scope="module", params=CUTTERS)
def tiny_segmenter(request: pytest.FixtureRequest, tiny_lexicon: Lexicon) -> Segmenter:
    return Segmenter(tiny_lexicon, request.param())


def with_forms(*concepts: Concept, masks: Sequence[str] = ()) -> Segmenter:
    return Segmenter(Lexicon(concepts, tuple(masks)))


@given(MIXED)
def test_nothing_is_lost(tiny_segmenter: Segmenter, text: str) -> None:
    """Law 1: the words of any text, joined, are the text; none is empty."""
    for whole in (text, normalize(text)):
        pieces = tiny_segmenter.segment(whole)
        assert "".join(pieces) == whole
        assert all(pieces)


@given(MIXED)
def test_cut_apart_at_borders(tiny_segmenter: Segmenter, text: str) -> None:
    """Text between two borders is segmented alone as within the whole."""
    text = normalize(text)
    places = [0, *tiny_segmenter.borders(text), len(text)]
    apart = [tiny_segmenter.segment(text[start:end]) for start, end in pairwise(places)]

    assert [piece for pieces in apart for piece in pieces] == tiny_segmenter.segment(text)


@given(MIXED, st.integers(0, 40))
def test_the_beginning_of_a_text(tiny_segmenter: Segmenter, text: str, characters: int) -> None:
    """Found from the pieces of the whole, it is what it is by itself."""
    text = normalize(text)
    found = tiny_segmenter.beginning(text, tiny_segmenter.segment(text), characters)

    assert found == tiny_segmenter.segment(text[:characters])


@given(MIXED)
def test_concepts_mentioned(tiny_segmenter: Segmenter, text: str) -> None:
    text = normalize(text)
    concepts = tiny_segmenter.layers(text).concepts
    assert tiny_segmenter.mentioned(tiny_segmenter.segment(text)) == concepts


def test_borders_are_where_clauses_end() -> None:
    """After punctuation, but not inside numbers or lexicon words with such a mark."""
    segmenter = with_forms(Concept("聊斋:志异"), Concept("甲"))
    text = "甲方,乙方。1,234元:丙、丁"

    assert segmenter.borders(text) == [3, 6, 15]


@given(MIXED)
def test_offsets_hold(tiny_segmenter: Segmenter, original: str) -> None:
    """Law 2: the normalised text at a token's span is the token; spans never overlap."""
    tokens = tiny_segmenter.tokens(normalize(original))
    for token in tokens:
        assert token.text == token_of(normalize(original[token.start : token.end]))
    assert all(before.end <= after.start for before, after in pairwise(tokens))
    assert [token.text for token in tokens] == tiny_segmenter.layers(
        normalize(original)
    ).words.split()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("V神谈以太坊", "v神 谈 以太坊", id="a letter and a Han character"),
        pytest.param("数字人民币DC/EP试点", "数字人民币 dc/ep 试点", id="a slash inside"),
        pytest.param("Uniswap V3上线", "uniswap_v3 上线", id="a space inside"),
        pytest.param("a股大跌", "a股 大跌", id="a share"),
        pytest.param("EIP-1559已激活", "eip-1559 已 激活", id="hyphen and number"),
        pytest.param("升级到ETH2.0", "升级 到 eth2.0", id="a version"),
        pytest.param("e-CNY钱包", "e-cny 钱包", id="a hyphen"),
        pytest.param("ＵＳＤＴ和USDT", "usdt 和 usdt", id="width"),
        pytest.param("AUSDT不是USDT", "ausdt 不是 usdt", id="a concept inside a longer run"),
        pytest.param("维塔利克·布特林来了", "维塔利克·布特林 来 了", id="a dot in a name"),
        pytest.param("达1,234.5亿", "达 1,234.5 亿", id="thousands"),
        pytest.param("涨15%，跌0.5%", "涨 15% 跌 0.5%", id="percent"),
        pytest.param("用C++和C#写", "用 c++ 和 c# 写", id="languages"),
        pytest.param("don't x_y 1.2.3", "don't x_y 1.2.3", id="marks inside a run"),
        pytest.param("3-", "3", id="a mark at the end"),
        pytest.param("见https://a.example.com/b?c=1。", "见 https a.example.com b c 1", id="URL"),
        pytest.param("2022年3月", "2022 年 3 月", id="a date"),
        pytest.param("……！？😀", "", id="no words"),
    ],
)
def test_mixed_words(seeds_segmenter: Segmenter, text: str, words: str) -> None:
    """Latin words, numbers and the lexicon's mixed words are kept whole."""
    assert seeds_segmenter.layers(normalize(text)).words == words


@pytest.mark.parametrize(
    "query",
    "中国经济 保持增长 国务院发布 人民共和国 中华人民共和国 国务院 北京大学 生物系 新华社".split(),
)
def test_parts_of_long_words_are_found(seeds_segmenter: Segmenter, query: str) -> None:
    """Each word of a query is a word of the article, or a part of one. jieba's own analyzer for
    Whoosh loses most of these, because it holds 中华人民共和国国务院 as one word."""
    layers = seeds_segmenter.layers(normalize(STATE_NEWS))
    held = {*layers.words.split(), *layers.fine.split()}
    assert held.issuperset(seeds_segmenter.layers(query).words.split())


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        pytest.param("数字人民币", ("数字", "人民币"), id="compound"),
        pytest.param("元宇宙", (), id="a concept of three characters is no 宇宙"),
        pytest.param("新华社", ("新华",), id="an ordinary word of three"),
        pytest.param("银行", (), id="two characters"),
        pytest.param("uniswap_v3", ("uniswap", "v3"), id="runs of a mixed word"),
        pytest.param("eip-1559", ("eip", "1559"), id="letters and digits"),
        pytest.param("e-cny", ("cny",), id="single letters are no part"),
        pytest.param("1,234.5", ("1", "234", "5"), id="single digits are"),
        pytest.param("黄金周", (), id="a mask has no parts"),
        pytest.param(
            "中华人民共和国", ("中华", "人民共和国", "人民", "共和国", "共和"), id="again and again"
        ),
    ],
)
def test_parts(seeds_segmenter: Segmenter, word: str, parts: tuple[str, ...]) -> None:
    """Dictionary words inside a word, without the word itself."""
    assert seeds_segmenter.parts(word) == parts


@pytest.mark.parametrize(
    ("word", "pieces"),
    [
        pytest.param("医疗卫生", ["医疗", "卫生"], id="compound"),
        pytest.param("数字人民币试点", ["数字人民币", "试点"], id="a concept inside a concept"),
        pytest.param("黄金发展期", [], id="a mask"),
        pytest.param("新华社", [], id="too short"),
        pytest.param("eip-1559", [], id="not all Han"),
        pytest.param("巧克力豆", [], id="a single character would be left over"),
    ],
)
def test_pieces(seeds_segmenter: Segmenter, word: str, pieces: list[str]) -> None:
    """A compound can be found by the words it is made of."""
    assert seeds_segmenter.pieces(word) == pieces


def test_a_concept_is_no_compound() -> None:
    """A concept's name stays whole unless another concept is part of it."""
    assert with_forms().pieces("人民银行") == ["人民", "银行"]
    assert with_forms(Concept("人民银行")).pieces("人民银行") == []


@pytest.mark.parametrize(
    ("word", "concepts"),
    [
        pytest.param("dc/ep", ("数字人民币",), id="an alias is its concept"),
        pytest.param("uniswap_v3", ("uniswap_v3",), id="a token holds no space"),
        pytest.param("数字人民币钱包", ("数字人民币",), id="an alias before its parts"),
        pytest.param("经济", (), id="an ordinary word"),
    ],
)
def test_concepts(tiny_segmenter: Segmenter, word: str, concepts: tuple[str, ...]) -> None:
    """One token for a concept under any of its names."""
    assert tiny_segmenter.concepts(word) == concepts


def test_concepts_of_parts() -> None:
    """A word that is no concept has the concepts inside it, each once."""
    segmenter = with_forms(Concept("数字"), Concept("人民币"))
    assert segmenter.concepts("数字人民币") == ("数字", "人民币")
    assert segmenter.layers("数字人民币").concepts == "数字 人民币"


def test_mentions_are_counted() -> None:
    """The concept layer has a token for each mention."""
    segmenter = with_forms(Concept("元宇宙", ("metaverse",)))
    assert segmenter.layers("元宇宙就是metaverse").concepts == "元宇宙 元宇宙"


def test_masks_hide_concepts() -> None:
    """黄金周 is one word, and no mention of 黄金."""
    layers = with_forms(Concept("黄金"), masks=["黄金周"]).layers("黄金周买黄金")
    assert layers.words == "黄金周 买 黄金"
    assert layers.concepts == "黄金"


def test_the_longest_form_wins() -> None:
    """Of two forms that begin at one place, the longer is used."""
    segmenter = with_forms(Concept("Web3"), Concept("Web3 钱包"), Concept("V神"))
    assert segmenter.layers("web3 钱包和web3").words == "web3_钱包 和 web3"


def test_endless_runs_are_no_words() -> None:
    """A key or base64 is in no layer, but stays in the segmentation."""
    key = "a" * (MAX_TOKEN + 1)
    segmenter = with_forms()
    assert segmenter.segment(f"密钥{key}") == ["密钥", key]
    assert segmenter.layers(f"密钥{key}").words == "密钥"


@pytest.mark.parametrize(
    ("text", "answer"),
    [("元宇宙", True), ("々〇", True), ("元a", False), ("", False), ("。", False)],
)
def test_is_han(text: str, answer: bool) -> None:
    """Han characters and no others."""
    assert is_han(text) is answer
