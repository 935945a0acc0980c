"""What is near a word stands for it in partial matches: labelled, told, and never counted."""

import pytest

from index.text.normalize import normalize
from search.query.near_words import near_words
from search.response import Partial
from tests.support.tiny_search import article, ask, ids, searcher, shown, texts

BOTH, NEAR, SUBJECT = "元宇宙代币暴跌。", "元宇宙代币大跌。", "元宇宙里的游戏。"


def test_an_article_with_a_near_word_is_a_partial_match() -> None:
    """After those that have the word itself, labelled as lacking it."""
    response = ask(texts(BOTH, NEAR, *["无关。"] * 30), "元宇宙 暴跌")
    assert ids(response) == ["0", "1"]
    assert [hit.missing for hit in response.hits] == [(), ("暴跌",)]
    assert response.total == 1
    assert response.partial == Partial(1, ("暴跌",), ("大跌",))


def test_what_is_near_is_marked() -> None:
    """Where the word itself is missing, in titles too; not beside the word."""
    over = searcher(
        article("both", "", "元宇宙代币暴跌，大跌。"),
        article("near", "元宇宙大跌", "元宇宙代币腰斩。"),
        *(article(str(at), "", "无关。") for at in range(30)),
    )
    hits = {hit.id: hit for hit in ask(over, "元宇宙 暴跌").hits}
    assert shown(hits["both"].snippet) == "[元宇宙]代币[暴跌]，大跌。"
    assert shown(hits["near"].title) == "[元宇宙][大跌]"
    assert shown(hits["near"].snippet) == "[元宇宙]代币[腰斩]。"


def test_nothing_stands_for_the_subject() -> None:
    """虚拟世界 is near 元宇宙, and not what was asked for."""
    response = ask(texts(BOTH, "虚拟世界里暴跌。", *["无关。"] * 30), "元宇宙 暴跌")
    assert (ids(response), response.partial) == (["0"], None)


def test_what_nobody_wrote_is_not_told() -> None:
    response = ask(texts(SUBJECT, *["银行。"] * 9, *["无关。"] * 30), "元宇宙 银行")
    assert response.partial == Partial(1, ("银行",))


@pytest.mark.parametrize(
    ("q", "options"),
    [
        pytest.param("暴跌", {}, id="a word alone"),
        pytest.param('元宇宙 "暴跌"', {}, id="in quotes"),
        pytest.param("元宇宙 暴跌", {"verbatim": True}, id="only as typed"),
        pytest.param("元宇宙 暴跌", {"partial": False}, id="all words"),
    ],
)
def test_not_asked_for(q: str, options: dict[str, bool]) -> None:
    response = ask(texts(BOTH, NEAR, *["无关。"] * 30), q, **options)
    assert ids(response) == ["0"]


def test_the_words_we_ship() -> None:
    """Nearness goes both ways, and no word is near itself."""
    near = near_words()
    assert len(near) >= 100
    for name, others in near.items():
        assert name not in map(normalize, others)
        assert all(name in map(normalize, near[normalize(other)]) for other in others)
