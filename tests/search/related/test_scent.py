"""Scent: its figures equal naive counts, its names occur, and narrower concepts are offers."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.lexicon.model import Concept, Lexicon
from search.related.scent import narrower, occurring_names
from search.searcher import Searcher
from tests.support.naive_engine import NaiveEngine
from tests.support.tiny_search import DAY, LEXICON, NOW, article, ask, fill, found, searcher

WORDS = ("元宇宙", "Metaverse", "区块链", "比特币", "BTC", "蚂蚁集团", "下雪", "银行")
SENTENCES = st.lists(st.sampled_from(WORDS), max_size=4).map("，".join)
WRITTEN = st.lists(st.tuples(SENTENCES, SENTENCES, st.none() | st.integers(0, 90)), max_size=8)


@settings(deadline=None, max_examples=60)
@given(WRITTEN)
def test_figures_are_naive_counts(rows: list[tuple[str, str, int | None]]) -> None:
    """Articles about it, articles that mention it, by month, and the totals that the page links."""
    over = Searcher(
        fill(
            NaiveEngine(),
            [
                article(str(at), title, text, published=None if age is None else NOW - age * DAY)
                for at, (title, text, age) in enumerate(rows)
            ],
        ).open()
    )
    for name in ("元宇宙", "比特币", "蚂蚁集团"):
        concept = LEXICON.find(name)
        assert concept
        scent = over.aids.scents.scent(concept)
        names = [form for form in concept.forms() if form in WORDS]
        mention = {
            at for at, row in enumerate(rows) if any(form in "，".join(row[:2]) for form in names)
        }
        titled = {at for at in mention if any(form in rows[at][0] for form in names)}
        assert scent.mention == len(mention) == ask(over, f"提到：{name}").total
        assert scent.dated == sum(rows[at][2] is not None for at in mention)
        assert scent.about == ask(over, f"关于：{name}").total
        assert titled <= {int(at) for at in found(over, f"关于：{name}")} <= mention
        assert all(total == ask(over, other.name).total for other, total in scent.offered)
        spelled = {form for form in concept.aliases if any(form in "，".join(r[:2]) for r in rows)}
        assert set(scent.names) == spelled


def test_names_that_occur() -> None:
    """The commonest first, none that only the lexicon has, no plural of another."""
    lines = ("NFT 与 NFTs", "非同质化代币", "非同质化代币", "NFT")
    over = searcher(*(article(str(at), "", line) for at, line in enumerate(lines)))
    concept = Concept("NFT", ("NFTs", "非同质化代币", "non-fungible token"))

    assert occurring_names(over.snapshot, concept) == ("非同质化代币",)


def test_narrower_concepts() -> None:
    """A compound that ends with the name; not a longer word that happens to end so."""
    names = ("元宇宙", "工业元宇宙", "多元宇宙", "元宇宙平台", "钱包", "加密钱包", "MEW钱包")
    lexicon = Lexicon(tuple(Concept(name) for name in names))
    segmenter = Searcher(fill(NaiveEngine(), [], lexicon).open()).segmenter
    assert [c.name for c in narrower(segmenter, lexicon, Concept("元宇宙"))] == ["工业元宇宙"]
    assert [c.name for c in narrower(segmenter, lexicon, Concept("钱包"))] == [
        "加密钱包",
        "MEW钱包",
    ]


BROADER = Lexicon(
    (
        Concept("钱包", related=("加密钱包",)),
        Concept("加密钱包"),
        Concept("冷钱包"),
        Concept("硬币"),
    )
)


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        pytest.param("加密货币放在冷钱包里", [("冷钱包", 1)], id="narrower"),
        pytest.param("加密钱包和冷钱包和硬币", [("加密钱包", 1), ("冷钱包", 1)], id="two"),
        pytest.param("钱包丢了", [], id="none occurs"),
    ],
)
def test_offers(text: str, offered: list[tuple[str, int]]) -> None:
    over = Searcher(fill(NaiveEngine(), [article("1", "", text)], BROADER).open())
    concept = BROADER.concepts[0]
    found_ = [(other.name, total) for other, total in over.aids.scents.scent(concept).offered]
    assert sorted(found_) == sorted(offered)
