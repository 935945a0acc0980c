"""Topics and organisations of an article, from its title, its opening, and repeated mentions."""

from collections import Counter

import pytest

from benchmarks.quality.tags import Score, Wanted, labels_given, pairs, read_labels, score
from index.analysis.labels import MAX_LABELS, Mentions, organisations_of, topics_of
from index.lexicon.model import Concept, Lexicon
from tests.support.machine import SHARED

MANY = tuple(Concept(f"概念{n}", (), (), f"话题{n:02}") for n in range(MAX_LABELS + 3))
QUIET = Lexicon(
    (
        Concept("微信", (), (), "科技公司", "company", labels="title"),
        Concept("美元", (), (), "宏观货币", labels="never"),
        Concept("财政部", (), (), "", "regulator"),
    )
)


def said(
    title: str = "", lead: str = "", body: str = "", length: int = 100, opening: str = ""
) -> Mentions:
    return Mentions(title, opening, lead, body, length)


@pytest.mark.parametrize(
    ("mentions", "topics"),
    [
        pytest.param(said("元宇宙"), ("元宇宙",), id="once in the title"),
        pytest.param(said(body="元宇宙"), (), id="once in the text is a name dropped"),
        pytest.param(said(lead="元宇宙", body="元宇宙"), (), id="once in the opening too"),
        pytest.param(
            said(lead="元宇宙", body="元宇宙", opening="元宇宙"), (), id="or among its first words"
        ),
        pytest.param(
            said(lead="元宇宙 元宇宙", body="元宇宙 元宇宙"), ("元宇宙",), id="twice in the opening"
        ),
        pytest.param(said(body="元宇宙 " * 4), ("元宇宙",), id="again and again"),
        pytest.param(
            said(body="元宇宙 " * 4, length=3_000), (), id="again and again in a long text"
        ),
        pytest.param(
            said("元宇宙", body="元宇宙 " * 4, length=3_000), ("元宇宙",), id="a long text's title"
        ),
        pytest.param(
            said(body="uniswap_v3 uniswap_v3 v神 v神"), ("DeFi",), id="two concepts of one topic"
        ),
        pytest.param(
            said("元宇宙", "数字人民币", "数字人民币 " * 5),
            ("数字人民币", "元宇宙"),
            id="weightiest first",
        ),
        pytest.param(
            said("元宇宙", body="数字人民币 " * 17), ("数字人民币",), id="a small part of the whole"
        ),
        pytest.param(said(), (), id="nothing"),
    ],
)
def test_topics(tiny_lexicon: Lexicon, mentions: Mentions, topics: tuple[str, ...]) -> None:
    """Topics by the weight of their concepts."""
    assert topics_of(tiny_lexicon, mentions) == topics


def test_organisations(tiny_lexicon: Lexicon) -> None:
    """Only companies, regulators and other bodies."""
    body = "数字人民币 数字人民币 中国人民银行 中国人民银行 v神 v神"
    assert organisations_of(tiny_lexicon, said(lead=body, body=body)) == ("中国人民银行",)
    assert organisations_of(tiny_lexicon, said("元宇宙", body="中国人民银行")) == ()


@pytest.mark.parametrize(
    ("opening", "organisations"),
    [
        pytest.param("中国人民银行", ("中国人民银行",), id="who announces it"),
        pytest.param("", (), id="somebody further down"),
    ],
)
def test_first_words(tiny_lexicon: Lexicon, opening: str, organisations: tuple[str, ...]) -> None:
    """A short item is about the institution that it begins with, not about that one's topic."""
    mentions = said(lead="中国人民银行", body="中国人民银行", opening=opening)
    assert organisations_of(tiny_lexicon, mentions) == organisations
    assert topics_of(tiny_lexicon, mentions) == ()


@pytest.mark.parametrize(
    ("mentions", "topics", "organisations"),
    [
        pytest.param(said(body="微信 " * 20), (), (), id="named in passing"),
        pytest.param(said("微信"), ("科技公司",), ("微信",), id="but in a title it counts"),
        pytest.param(said("美元", "美元", "美元 " * 20), (), (), id="never"),
        pytest.param(said("财政部"), (), ("财政部",), id="a body without a topic"),
    ],
)
def test_what_may_label(
    mentions: Mentions, topics: tuple[str, ...], organisations: tuple[str, ...]
) -> None:
    """The lexicon marks mentions that give no label."""
    assert topics_of(QUIET, mentions) == topics
    assert organisations_of(QUIET, mentions) == organisations


def test_a_limit() -> None:
    """An article that names everything has a few labels only."""
    lexicon = Lexicon(MANY)
    title = " ".join(concept.token for concept in MANY)
    assert topics_of(lexicon, said(title)) == tuple(c.topic for c in MANY[:MAX_LABELS])


def test_scoring() -> None:
    """Allowed labels are no errors; required ones are needed."""
    wanted = Wanted(frozenset({"支付"}), frozenset({"支付", "银行"}))
    assert score([(wanted, ["银行", "保险"])]) == Score(given=2, right=1, needed=1, found=0)
    assert score([(wanted, ["支付"])]) == Score(given=1, right=1, needed=1, found=1)


def test_labels_by_hand(seeds_lexicon: Lexicon) -> None:
    """250 articles in three parts; every label is one that the rules can give."""
    rows = read_labels()
    assert len({row.id for row in rows}) == len(rows) == 250
    assert Counter(row.part for row in rows) == {"tune": 100, "report": 100, "fresh": 50}
    for row in rows:
        assert row.topics.allowed <= set(seeds_lexicon.topics)
        assert all(seeds_lexicon.find(name) for name in row.organisations.needed), row.id


@pytest.mark.corpus
def test_precision_and_recall() -> None:
    """On articles not used to make the rules; docs/how/topics.md has the figures."""
    rows = [row for row in read_labels() if row.part != "tune"]
    given = labels_given(SHARED / "data" / "news" / "corpus.jsonl.gz", rows)
    topics, organisations = (score(pairs(rows, given, at)) for at in (0, 1))
    assert topics.precision >= 0.88
    assert topics.recall >= 0.82
    assert organisations.precision >= 0.88
    assert organisations.recall >= 0.8
