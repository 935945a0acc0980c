"""Completions of what has been typed so far."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.suggest import MAX_SUGGESTIONS, Suggestion, suggest
from tests.search_fixtures import NOW, article, searcher

OVER = searcher(
    article("1", "元宇宙白皮书发布", "元宇宙与以太坊。", published=NOW),
    article("2", "元宇宙白皮书再版", "元宇宙。", published=NOW + timedelta(days=1)),
    article("3", "ＮＦＴ　拍卖", "NFT，以太坊，元宇宙。"),
    article("4", "區塊鏈入門", "非同質化代幣。"),
)


def suggested(typed: str) -> list[Suggestion]:
    return suggest(OVER.snapshot, OVER.segmenter, typed)


@pytest.mark.parametrize(
    ("typed", "texts"),
    [
        pytest.param("元宇", ["元宇宙", "元宇宙白皮书再版", "元宇宙白皮书发布"], id="half a word"),
        pytest.param("元", ["元宇宙", "元宇宙白皮书再版", "元宇宙白皮书发布"], id="a character"),
        pytest.param("元宇宙白皮书发", ["元宇宙白皮书发布"], id="most of a title"),
        pytest.param("nf", ["NFT", "ＮＦＴ 拍卖"], id="case and width"),
        pytest.param("nft  拍", ["ＮＦＴ 拍卖"], id="white space"),
        pytest.param("非同", ["NFT"], id="by another name"),
        pytest.param("区", ["區塊鏈入門"], id="script"),
        pytest.param("比特", [], id="a concept without articles"),
        pytest.param("白皮书", [], id="the middle of a title"),
        pytest.param("", [], id="nothing"),
        pytest.param(" \u3000", [], id="white space only"),
        pytest.param("，", [], id="punctuation"),
        pytest.param("饕餮", [], id="unknown"),
    ],
)
def test_suggestions(typed: str, texts: list[str]) -> None:
    """Concepts with the most articles first, then titles, the newest first."""
    assert [suggestion.text for suggestion in suggested(typed)] == texts


def test_kinds() -> None:
    """A concept counts its articles, a title does not."""
    assert suggested("nft") == [Suggestion("NFT", "concept", 2), Suggestion("ＮＦＴ 拍卖", "title")]


def test_concepts_with_more_articles_come_first() -> None:
    """Of concepts that begin alike."""
    assert [s.text for s in suggested("e")] == ["以太坊"]
    counts = [suggestion.articles for suggestion in suggested("元")]
    assert counts == [3, None, None]


def test_not_too_many() -> None:
    """Ten at the most."""
    over = searcher(*(article(str(at), f"元宇宙第{at}期") for at in range(20)))
    assert len(suggest(over.snapshot, over.segmenter, "元")) == MAX_SUGGESTIONS


@given(st.text())
def test_any_text(typed: str) -> None:
    """Whatever is typed, nothing raises."""
    assert len(suggested(typed)) <= MAX_SUGGESTIONS
