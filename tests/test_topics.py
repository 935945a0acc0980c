"""What an article is about: in its title once, or in its text twice."""

import pytest

from index.lexicon import Concept, Lexicon
from index.segment import Layers
from index.topics import MAX_LABELS, organisations_of, topics_of

MANY = tuple(Concept(f"概念{n}", (), (), f"话题{n:02}") for n in range(MAX_LABELS + 3))


def said(concepts: str) -> Layers:
    return Layers("", "", concepts)


@pytest.mark.parametrize(
    ("title", "text", "topics"),
    [
        pytest.param("元宇宙", "", ("元宇宙",), id="once in the title"),
        pytest.param("", "元宇宙", (), id="once in the text is a name dropped"),
        pytest.param("", "元宇宙 元宇宙", ("元宇宙",), id="twice in the text"),
        pytest.param("", "uniswap_v3 v神", ("DeFi",), id="two concepts of one topic"),
        pytest.param(
            "元宇宙", "数字人民币 数字人民币 数字人民币", ("数字人民币", "元宇宙"), id="most first"
        ),
        pytest.param("", "", (), id="nothing"),
    ],
)
def test_topics(tiny_lexicon: Lexicon, title: str, text: str, topics: tuple[str, ...]) -> None:
    """Topics by the weight of their concepts."""
    assert topics_of(tiny_lexicon, said(title), said(text)) == topics


def test_organisations(tiny_lexicon: Lexicon) -> None:
    """Only companies, regulators and other bodies, by name."""
    text = said("数字人民币 数字人民币 中国人民银行 中国人民银行 v神 v神")
    assert organisations_of(tiny_lexicon, said(""), text) == ("中国人民银行",)
    assert organisations_of(tiny_lexicon, said("元宇宙"), said("中国人民银行")) == ()


def test_a_limit() -> None:
    """An article that names everything is about the first few."""
    lexicon = Lexicon(MANY)
    title = said(" ".join(concept.token for concept in MANY))
    assert topics_of(lexicon, title, said("")) == tuple(c.topic for c in MANY[:MAX_LABELS])
