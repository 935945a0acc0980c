"""The lexicon is read as written, and mistakes in it are named."""

import pytest

from index.errors import LexiconError
from index.lexicon.loading import read_lexicon
from index.lexicon.model import ORGANISATION_KINDS, Concept, Lexicon, token_of

TOPICS = ("topics.toml", 'topics = ["支付", "DeFi"]\n')


def concept(name: str, topic: str = "支付", **values: str) -> str:
    rows = {"name": f'"{name}"', "topic": f'"{topic}"', **values}
    return "[[concept]]\n" + "".join(f"{key} = {value}\n" for key, value in rows.items())


def read(*texts: str) -> Lexicon:
    return read_lexicon([TOPICS, *((f"{n}.toml", text) for n, text in enumerate(texts))])


def test_files_are_read_as_one() -> None:
    """Concepts, masks and topics of all files together."""
    first = concept("数字人民币", kind='"asset"', aliases='["e-CNY"]', related='["Uniswap V3"]')
    lexicon = read(first, concept("Uniswap V3", "DeFi"), 'words = ["黄金周"]')
    ecny, uniswap = lexicon.concepts
    assert ecny == Concept("数字人民币", ("e-CNY",), ("Uniswap V3",), "支付", "asset")
    assert lexicon.related(ecny) == [uniswap]
    assert lexicon.masks == ("黄金周",)
    assert lexicon.topics == ("支付", "DeFi")


@pytest.mark.parametrize(
    "text",
    ["Uniswap V3", "uniswap  v3", "ＵＮＩＳＷＡＰ\u3000Ｖ３", "uniswap\tV3", "去中心交易所"],
)
def test_find(text: str) -> None:
    """A concept is found by any form, in any width, case, script and spacing."""
    lexicon = Lexicon((Concept("Uniswap V3", ("去中心交易所",)),))
    assert lexicon.find(text) is lexicon.concepts[0]
    assert lexicon.find(f"{text}的") is None


def test_tokens() -> None:
    """A concept's token is its name without white space."""
    lexicon = Lexicon((Concept("Uniswap V3", ("UNI V3",)),))
    assert lexicon.concepts[0].token == "uniswap_v3" == token_of("uniswap \u3000v3")
    assert lexicon.by_token["uniswap_v3"] is lexicon.by_form["uni v3"]


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        pytest.param(["[[concept"], "0.toml 不是有效的 TOML", id="no TOML"),
        pytest.param(['[[concepts]]\nname = "甲"'], "0.toml 里的? ?.*concepts", id="unknown table"),
        pytest.param(['[concept]\nname = "甲"'], "0.toml 里的? ?.*concept", id="not a list"),
        pytest.param(['words = "黄金周"'], "0.toml 里的? ?.*words", id="words as one string"),
        pytest.param(
            [concept("甲"), concept("乙") + '[[concept]]\ntopic = "支付"'],
            "1.toml 的第 2 个概念无法读取：.*'name'",
            id="no name",
        ),
        pytest.param([concept("甲", alias='["乙"]')], "第 1 个概念.*'alias'", id="unknown key"),
        pytest.param([concept("甲", aliases='"乙丙"')], "aliases 要写成列表", id="one alias"),
        pytest.param([concept("甲", aliases='["乙", 3]')], "字符串", id="a number"),
        pytest.param([concept("甲", aliases='[" "]')], "不为空", id="an empty alias"),
        pytest.param([concept("甲", kind='"thing"')], "0.toml 的“甲”.*“thing”", id="unknown kind"),
        pytest.param([concept("甲", "理财")], "0.toml 的“甲”.*“理财”", id="unknown topic"),
        pytest.param(
            [concept("甲", labels='"often"')], "0.toml 的“甲”.*labels", id="unknown labels"
        ),
        pytest.param(
            [concept("甲", sources='["pbc"]')], "0.toml 的“甲”.*“pbc”不在", id="unknown source"
        ),
        pytest.param(['[[source]]\nid = "pbc"'], "0.toml 的一个来源无法读取", id="no title"),
        pytest.param(
            [concept("甲", related='["丁"]')], "0.toml 的“甲”.*“丁”不存在", id="related to nothing"
        ),
        pytest.param(
            [concept("数位錢包"), concept("乙", aliases='["数位钱包"]')],
            "“数位钱包”同时属于 0.toml 的“数位錢包”和 1.toml 的“乙”",
            id="one form, two concepts",
        ),
    ],
)
def test_mistakes(texts: list[str], message: str) -> None:
    """A mistake names the file, the entry and what is wrong."""
    with pytest.raises(LexiconError, match=message):
        read(*texts)


def test_json(tiny_lexicon: Lexicon, seeds_lexicon: Lexicon) -> None:
    """A generation's copy equals the lexicon it was made with."""
    for lexicon in (Lexicon(), tiny_lexicon, seeds_lexicon):
        again = Lexicon.from_json(lexicon.to_json())
        assert again == lexicon
        assert again.version == lexicon.version


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(Lexicon((Concept("甲", ("乙",)),)), id="an alias"),
        pytest.param(Lexicon((Concept("甲"),), ("乙",)), id="a mask"),
        pytest.param(Lexicon((Concept("甲"),), (), ("乙",)), id="a topic"),
        pytest.param(Lexicon((Concept("甲", kind="asset"),)), id="a kind"),
        pytest.param(Lexicon(), id="fewer concepts"),
    ],
)
def test_version(other: Lexicon) -> None:
    """The version changes with the content, and only with it."""
    one = Lexicon((Concept("甲"),))
    assert one.version == Lexicon((Concept("甲"),)).version
    assert one.version != other.version


def test_the_lexicon_we_ship(seeds_lexicon: Lexicon) -> None:
    """At least 1,800 concepts; every topic is used; names find themselves; sources are named."""
    assert len(seeds_lexicon.concepts) >= 1_800
    assert len(seeds_lexicon.sources) >= 40
    assert len(seeds_lexicon.by_token) == len(seeds_lexicon.concepts)
    used = {concept.topic for concept in seeds_lexicon.concepts} - {""}
    assert used == set(seeds_lexicon.topics)
    assert all(concept.sources for concept in seeds_lexicon.concepts)
    assert {s for c in seeds_lexicon.concepts for s in c.sources} == {
        source.id for source in seeds_lexicon.sources
    }
    for concept in seeds_lexicon.concepts:
        assert all(seeds_lexicon.find(form) is concept for form in concept.forms())
        assert concept not in seeds_lexicon.related(concept)
    assert any(concept.kind in ORGANISATION_KINDS for concept in seeds_lexicon.concepts)
    assert not seeds_lexicon.opaque & seeds_lexicon.by_form.keys()
