"""The forms that a typed word is searched by."""

from typing import Any

import pytest

from tests.support.tiny_search import ask, ids, reader, texts


def words(typed: str, *, aliases: bool = True) -> list[str]:
    return [word.text for word in reader().read(typed, aliases=aliases)]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        pytest.param("元宇宙", ["元宇宙"], id="one word"),
        pytest.param("元宇宙银行", ["元宇宙", "银行"], id="two"),
        pytest.param("元宇宙的银行", ["元宇宙", "银行"], id="without function words"),
        pytest.param("什么是元宇宙", ["元宇宙"], id="a question"),
        pytest.param("什么", ["什么"], id="nothing but function words"),
        pytest.param("的了", ["的", "了"], id="nothing but particles"),
        pytest.param("ＮＦＴ", ["nft"], id="width and case"),
        pytest.param("區塊鏈", ["区块链"], id="script"),
        pytest.param("Uniswap V3", ["uniswap v3"], id="a name with a space"),
        pytest.param("DC/EP", ["dc/ep"], id="a name with a slash"),
        pytest.param("V神", ["v神"], id="Latin and Han"),
        pytest.param("人民币安全", ["人民币安全"], id="a mask"),
        pytest.param("巴", ["巴"], id="one character"),
        pytest.param("饕餮纹", ["饕餮", "纹"], id="word and character"),
        pytest.param("罗永", ["罗永"], id="characters that are no word stay together"),
        pytest.param("李在明", ["李在明"], id="a function word within a name"),
        pytest.param("币和链", ["币", "链"], id="a linking word parts characters"),
        pytest.param("炒币的", ["炒币"], id="a function word at the edge"),
        pytest.param("15%", ["15%"], id="number"),
        pytest.param("🔻", ["🔻"], id="no word at all"),
        pytest.param("新闻🔻", ["新闻"], id="a word and a sign"),
        pytest.param(" ", [], id="white space"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_words_of_a_text(typed: str, expected: list[str]) -> None:
    """The query is segmented as the index is; stop words are left out."""
    assert words(typed) == expected


def test_a_word_keeps_what_was_typed() -> None:
    """Words are compared normalised and shown as typed."""
    (word,) = reader().read("ＮＦＴ")
    assert (word.text, word.typed) == ("nft", "ＮＦＴ")


def test_forms() -> None:
    """A word of a concept is searched under all its names, the typed one first."""
    (word,) = reader().read("DC/EP")
    assert word.forms == ("dc/ep", "数字人民币", "e-cny")
    assert word.concept is not None
    assert word.concept.name == "数字人民币"


def test_forms_without_aliases() -> None:
    """In verbatim queries a word has one form."""
    (word,) = reader().read("DC/EP", aliases=False)
    assert word.forms == ("dc/ep",)
    assert word.concept is None


def test_related_concepts_do_not_widen() -> None:
    """V神 and 以太坊 are related concepts, so neither is a form of the other."""
    (word,) = reader().read("V神")
    assert word.forms == ("v神", "维塔利克")


CORPUS = (
    "元宇宙白皮书发布。",
    "Metaverse 的三个入口。",
    "数字人民币在试点。",
    "试点推广数字人民币的省市又多了。",
    "数字货币的试点。",
    "李在明到访。",
    "李先生在看明星。",
    "古巴来信。",
    "金融和其他机构。",
    "金融机构名单。",
    "蚂蚁集团回应。",
    "Ant 与 group。",
)


def with_all_words(q: str, **options: Any) -> set[str]:
    """One digit an article, ten is a."""
    response = ask(texts(*CORPUS), q, fold=False, partial=False, **options)
    return {f"{int(number):x}" for number in ids(response)}


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        pytest.param("元宇宙", "01", id="every name of a concept"),
        pytest.param("metaverse", "01", id="from the other name too"),
        pytest.param("宇宙", "", id="no part of a concept's name"),
        pytest.param("数字人民币试点", "23", id="a compound by its parts"),
        pytest.param("e-CNY试点", "23", id="and by their other names"),
        pytest.param("金融机构", "89", id="a dictionary's compound"),
        pytest.param("李在明", "5", id="a name, its characters in a row"),
        pytest.param("巴", "7", id="one character, wherever it stands"),
        pytest.param("試點", "234", id="script"),
        pytest.param("Ant Group", "a", id="a name with a space"),
        pytest.param("what is Metaverse", "01", id="a question in English"),
    ],
)
def test_what_a_word_finds(q: str, expected: str) -> None:
    """Exactly the articles expected."""
    assert with_all_words(q) == set(expected)


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        pytest.param("元宇宙", "0", id="name"),
        pytest.param("metaverse", "1", id="other name"),
        pytest.param("数字人民币试点", "23", id="compound"),
    ],
)
def test_verbatim(q: str, expected: str) -> None:
    """Without aliases only the typed name is found."""
    assert with_all_words(q, verbatim=True) == set(expected)
