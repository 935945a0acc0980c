"""Law 6: every marked span is matched by a leaf of the query, and no word is marked in part."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis.segmenter import Segmenter
from index.lexicon.model import Concept, Lexicon
from index.text.normalize import normalize
from index.text.numbers.amounts import amount_tokens
from search.highlighting.highlighter import Marker
from search.response import Highlighted
from tests.support.tiny_search import LEXICON, is_leaf, marker_of, plan_of, segmenter, shown

FRAGMENTS = (
    *("元宇宙", "Metaverse", "元界", "多元界面", "宇宙", "區塊鏈", "区块链技术", "Blockchain"),
    *("数字人民币", "e-CNY", "DC/EP", "数字人民币试点", "试点", "人民币安全", "金融机构", "机构"),
    *("ＮＦＴ", "nfts", "method", "ETH", "ETH2.0", "BETH-ETH", "Uniswap V3", "uniswap", "V神"),
    *(
        "李在明",
        "李",
        "15%",
        "1,234.5",
        "2022",
        "😀",
        "\u3000",
        "\n",
        "，",
        "。",
        "“",
        "-",
        " ",
        "的",
    ),
)
QUERIES = (
    *("元宇宙", "metaverse", "宇宙", "區塊鏈", "区块*", "数字人民币试点", "e-cny", "DC/EP", "试点"),
    *("金融机构", "nft", "ETH", "Uniswap V3", "V神", "李在明", "李", "15%", "2022", "e*", "的"),
    *(
        '"数字人民"',
        '"宇宙，"',
        '"V3"',
        '"e-c"',
        '"元 宇"',
        "-元宇宙",
        "title:元宇宙",
        "来源:x",
        "正文:宇宙",
        "元*宙",
        "数字*币",
        "m*v*e",
        "元宇宙 NEAR/2 银行",
        '区块链 NEAR "宇宙"',
        "或",
    ),
)
texts = st.lists(st.sampled_from(FRAGMENTS), max_size=12).map("".join) | st.text()
queries = st.lists(st.sampled_from(QUERIES), min_size=1, max_size=4).map(" ".join)


def marked(q: str, text: str) -> str:
    marks = marker_of(q).marks(normalize(text))
    return shown(Highlighted(text, tuple((mark.start, mark.end) for mark in marks)))


@pytest.mark.parametrize(
    ("q", "text"),
    [
        pytest.param("比特币", "现货[比特币]ETF", id="in a longer name of another concept"),
        pytest.param("BTC", "现货[比特币]ETF", id="its other name"),
        pytest.param("现货比特币", "[现货][比特币]ETF", id="both words"),
    ],
)
def test_a_word_within_a_name_of_two_scripts(q: str, text: str) -> None:
    """Only the word typed is marked, not the longer name around it."""
    lexicon = Lexicon((*LEXICON.concepts, Concept("比特币ETF", ("现货比特币ETF",))))
    bare = text.replace("[", "").replace("]", "")
    marks = Marker(Segmenter(lexicon), plan_of(q)).marks(normalize(bare))

    assert shown(Highlighted(bare, tuple((mark.start, mark.end) for mark in marks))) == text


@pytest.mark.parametrize(
    ("q", "text"),
    [
        pytest.param("区块链", "[区块链技术]与[区块链]，技术", id="the short name"),
        pytest.param("区块链技术", "[区块链]与[区块链技术]", id="the long name"),
        pytest.param("blockchain", "[区块链技术]，[区块链]", id="another name"),
        pytest.param("以太坊 网络", "[以太坊网络]，[网络]", id="the rest was typed too"),
        pytest.param('"区块链"', "[区块链]技术", id="in quotes, exactly as typed"),
        pytest.param("技术", "区块链[技术]", id="a part that is no name"),
        pytest.param("区块*", "[区块链技术]", id="a prefix"),
    ],
)
def test_a_name_within_a_longer_name_of_the_same_concept(q: str, text: str) -> None:
    """Both names are searched, so the longer one is marked whole, not half of it."""
    assert marked(q, text.replace("[", "").replace("]", "")) == text


def test_half_a_name_where_other_names_are_not_searched() -> None:
    """Only what was typed."""
    normalized = "区块链技术"
    marks = Marker(segmenter(), plan_of("区块链", verbatim=True)).marks(normalized)
    assert [(mark.start, mark.end) for mark in marks] == [(0, 3)]


@pytest.mark.parametrize(
    ("q", "text"),
    [
        pytest.param("元宇宙", "[元宇宙]不是宇宙。", id="a word"),
        pytest.param("元宇宙", "[Metaverse]和[元界]。", id="other names"),
        pytest.param("宇宙", "元宇宙不是[宇宙]。", id="no half a concept"),
        pytest.param("元宇宙", "多元界面", id="no name across two words"),
        pytest.param("区块链", "[區塊鏈]與[区块链]", id="in the original script"),
        pytest.param("nft", "[ＮＦＴ]、[NFTs]", id="in the original width and case"),
        pytest.param("ETH", "[ETH]和METHOD、BETH", id="no part of a longer Latin word"),
        pytest.param("cny", "e-[CNY]钱包", id="a word within a hyphenated one"),
        pytest.param("Uniswap V3", "[uniswap v3]和uniswap v2", id="a name with a space"),
        pytest.param("v3", "Uniswap [V3]", id="a word within a name"),
        pytest.param("数字人民币试点", "[数字人民币]的[试点]", id="parts of a compound"),
        pytest.param("金融机构", "[金融]和[机构]，[金融机构]", id="a dictionary's compound"),
        pytest.param("李在明", "[李在明]和李先生", id="characters in a row"),
        pytest.param("巴", "古[巴]与[巴]西", id="one character"),
        pytest.param('"人民币试"', "数字[人民币试]点", id="a phrase, wherever it stands"),
        pytest.param('"区块 链"', "区块链，[区块 链]", id="a phrase exactly"),
        pytest.param("区块*", "[区块链]和[区块]高度", id="prefix"),
        pytest.param("e*", "[e-CNY]、[ETH]、method", id="Latin prefix"),
        pytest.param("元宇宙 -银行", "[元宇宙]与银行", id="nothing excluded"),
        pytest.param("元宇宙的银行", "[元宇宙]的[银行]", id="no function words"),
        pytest.param("来源:银行", "银行", id="no conditions"),
        pytest.param("人民币 人民币安全", "[人民币安全]", id="a mask as a whole"),
        pytest.param('数字 "数字人民币"', "[数字人民币]", id="the longer of two"),
        pytest.param("银行", "😀[银行]😀", id="offsets beyond the first plane"),
        pytest.param("", "元宇宙", id="no query"),
        pytest.param("元宇宙", "", id="no text"),
    ],
)
def test_marks(q: str, text: str) -> None:
    """Marks are shown as brackets."""
    assert marked(q, text.replace("[", "").replace("]", "")) == text


def test_no_aliases_in_verbatim_queries() -> None:
    """Other names, which are not searched, are not marked either."""
    plan = plan_of("元宇宙", verbatim=True)
    assert is_leaf(plan, "元宇宙")
    assert not is_leaf(plan, "metaverse")


@given(queries, texts)
def test_marks_are_honest(q: str, text: str) -> None:
    """Each span is matched by a leaf; spans are in order and do not overlap."""
    marker = marker_of(q)
    position = 0
    for mark in marker.marks(normalize(text)):
        assert position <= mark.start < mark.end <= len(text)
        assert is_leaf(marker.plan, text[mark.start : mark.end])
        position = mark.end


@given(queries.filter(lambda q: '"' not in q), texts)
def test_no_half_words(q: str, text: str) -> None:
    """Without quotes and runs of characters, marks are words or parts that the index knows, or
    amounts, which may reach into a word: e-[CNY15%]."""
    marker = marker_of(q)
    if any(word.characters for word in marker.plan.words):
        return
    normalized = normalize(text)
    words = segmenter().tokens(normalized)
    for mark in marker.marks(normalized):
        (word,) = (word for word in words if word.start <= mark.start < word.end)
        spelled = normalized[mark.start : mark.end]
        whole = (mark.start, mark.end) == (word.start, word.end)
        assert whole or spelled in segmenter().parts(word.text) or amount_tokens(spelled)


@given(queries, texts)
def test_no_mark_without_a_hint(q: str, text: str) -> None:
    """The quick check never rejects a text in which the full search finds a mark."""
    # A word that a number with commas touches is no word for the quick look.
    marker, normalized = marker_of(q), normalize(text.replace("1,234.5", " "))
    assert bool(list(marker.hints(normalized))) >= bool(marker.marks(normalized))
