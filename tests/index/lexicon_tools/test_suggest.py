"""Suggested words from articles: compounds, names in brackets, laws in 《》."""

from collections import Counter
from collections.abc import Sequence

import pytest

from index.analysis.segmenter import Segmenter
from index.lexicon.model import Concept, Lexicon
from index.lexicon_tools.collocations import compounds, entropy
from index.lexicon_tools.glosses import glosses, named_rules
from index.lexicon_tools.suggest import CandidateFinder, LexiconCandidate, SampleArticle
from index.lexicon_tools.usage import sample_articles
from tests.support.site import Site

LEXICON = Lexicon(
    (
        Concept("数字钱包", (), (), "支付", "product"),
        Concept("冷钱包", ("热钱包", "硬件钱包", "离线钱包"), (), "支付", "product"),
        Concept("NFT", (), (), "藏品", "term"),
    ),
    (),
    ("支付", "藏品", "天气"),
)
AROUND = "春夏秋冬东南西北金木水火土日月星"
"""A character before and after, so that what stands between is seen in changing company."""


def written(text: str, topic: str, times: int = 15) -> list[SampleArticle]:
    """`times` articles of a topic that contain `text`, otherwise different."""
    return [SampleArticle(f"{AROUND[n]}，{text}{AROUND[-n]}。", (topic,)) for n in range(times)]


def suggested(articles: Sequence[SampleArticle], limit: int = 9) -> list[LexiconCandidate]:
    weather = [SampleArticle(f"今天{sign}天有雨，明天转晴。", ("天气",)) for sign in AROUND * 8]
    return CandidateFinder(LEXICON, Segmenter(LEXICON)).suggest([*articles, *weather], limit)


def test_a_compound() -> None:
    """Two words often adjacent in one topic, with the figures needed to decide."""
    articles = [
        SampleArticle(f"{sign}活跃钱包{other}。", ("支付",))
        for sign, other in zip(AROUND, reversed(AROUND), strict=True)
    ]
    (found,) = suggested(articles)
    assert (found.form, found.why, found.known) == ("活跃钱包", "compound", False)
    assert found.cut == ("活跃", "钱包")
    assert found.articles >= 12
    assert (found.concept.topic, found.concept.kind) == ("支付", "term")
    assert "活跃钱包" in found.example


@pytest.mark.parametrize(
    ("text", "form", "joins"),
    [
        pytest.param("非同质化代币（NFT）", "非同质化代币", "NFT", id="the Chinese name"),
        pytest.param("数字钱包（e-wallet）", "e-wallet", "数字钱包", id="the Latin name"),
        pytest.param("所谓的密钥分割（MPC）", "密钥分割", None, id="both are new"),
    ],
)
def test_a_gloss(text: str, form: str, joins: str | None) -> None:
    """A name in brackets is an alias of the name before it; if one is known, the other joins it."""
    (found,) = suggested(written(text, "支付"))
    assert (found.form, found.why) == (form, "gloss")
    assert found.known == (joins is not None)
    if joins:
        assert found.concept.name == joins
        assert form in found.concept.aliases
    else:
        assert found.concept == Concept("密钥分割", ("MPC",), (), "支付", "term")


def test_a_law() -> None:
    """A text in 《》 that is called a rule."""
    (found,) = suggested(written("《钱包管理办法》施行", "支付"))
    assert (found.form, found.why, found.concept.kind) == ("钱包管理办法", "title", "policy")


@pytest.mark.parametrize(
    "articles",
    [
        pytest.param([], id="no articles"),
        pytest.param(written("数字钱包", "支付"), id="known already"),
        pytest.param(written("今天天有雨", "天气"), id="said everywhere"),
        pytest.param(written("微信钱包（NFT）", "支付", 3), id="too seldom"),
        pytest.param(written("《春天的故事》上映", "支付"), id="a film"),
    ],
)
def test_no_suggestion(articles: list[SampleArticle]) -> None:
    """Texts that give no new word."""
    assert suggested(articles) == []


def test_the_best_come_first() -> None:
    """At most as many as asked for, none of them part of a better one."""
    articles = [*written("密钥分割（MPC）", "支付"), *written("托管账本（LEDGER）", "支付", 9)]
    assert [s.form for s in suggested(articles)] == ["密钥分割", "托管账本"]
    assert [s.form for s in suggested(articles, limit=1)] == ["密钥分割"]


def test_company() -> None:
    """A phrase with one neighbour only is part of a template; two alternating neighbours are one
    bit."""
    template = [["关注", "微信", "公众", "号码"] for _ in range(40)]
    free = [[sign, "微信", "公众", other] for sign in "春夏秋冬东南" for other in "甲乙丙丁戊己"]
    assert compounds(template) == []
    assert [found.form for found in compounds(free)] == ["微信公众"]
    assert entropy(Counter("左右" * 3)) == 1


def test_patterns() -> None:
    """Any tail of the words before a bracket may be the name; a film is no law."""
    found = list(glosses("所谓零知识证明（ZKP）", lambda text: ["所谓", "零", "知识", "证明"]))
    assert found[-1] == (("所谓", "零", "知识", "证明"), "ZKP")
    assert found[1] == (("知识", "证明"), "ZKP")
    assert list(named_rules("《证券法》《稳定币条例》《头号玩家》")) == ["稳定币条例"]


def test_what_is_read(built: Site) -> None:
    """Articles with a topic, one of each story."""
    snapshot = built.engine.open()
    texts = [reading.text for reading in sample_articles(snapshot)]
    snapshot.close()
    assert any("元宇宙白皮书" in text for text in texts)
    assert not any("没有日期的旧闻" in text for text in texts)
