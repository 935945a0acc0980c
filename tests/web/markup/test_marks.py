"""Marks in an article's own markup: the same spans as in its plain text, across tags too."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.html import plain_text
from index.text.normalize import normalize
from tests.support.tiny_search import marker_of
from web.markup.marks import mark_html
from web.markup.sanitize import safe_html

START, END = "\ue000", "\ue001"
PIECES = (
    *("元", "宇宙", "元宇宙", "比特币", "大饼", "NFT", "ＮＦＴ", "nfts", "區塊鏈", "以太坊", "。"),
    *(" ", "\n", "\u3000", "\u200b", "&amp;", "&nbsp;", "&lt;", "&#20803;", "<b>", "</b>", "<i>"),
    *(
        "</i>",
        "<p>",
        "</p>",
        "<br>",
        "<span>",
        "</span>",
        "<td>",
        "<img src=//a.example/x>",
        "<!--",
    ),
    *("-->", "<script>", "</script>", "😀", "<pre>", "</pre>", "<table>", "</table>", "a", "1"),
)
QUERIES = (
    "元宇宙",
    "“元宇宙”",
    "比特币 NFT",
    "“NFT 比特币”",
    "“元”",
    "区块*",
    "以太坊 OR 区块链",
    "宇宙",
)


def marked(html: str, q: str) -> str:
    return str(mark_html(html, marker_of(q)))


def without_marks(html: str) -> str:
    return re.sub("</?mark[^>]*>", "", html)


def marked_places(html: str) -> set[int]:
    """Offsets in the plain text of the characters inside marks."""
    text = plain_text(re.sub("<mark[^>]*>", START, html).replace("</mark>", END), "html")
    places, offset, inside = set(), 0, False
    for character in text:
        if character in START + END:
            inside = character == START
        else:
            places |= {offset} if inside else set()
            offset += 1
    return places


@pytest.mark.parametrize(
    ("html", "q", "expected"),
    [
        pytest.param("<p>元宇宙</p>", "元宇宙", "<p>[元宇宙]</p>", id="a word"),
        pytest.param("<b>元</b>宇宙", "元宇宙", "<b>[元]</b>[宇宙]", id="across a tag"),
        pytest.param(
            "<i>元<b>宇</b></i>宙", "元宇宙", "<i>[元]<b>[宇]</b></i>[宙]", id="across three"
        ),
        pytest.param(
            "<p>元</p><p>宇宙</p>", "元宇宙", "<p>元</p><p>宇宙</p>", id="not across blocks"
        ),
        pytest.param("元<br>宇宙", "“元宇宙”", "元<br>宇宙", id="not across a break"),
        pytest.param("NFT &amp; 元宇宙", "元宇宙", "NFT &amp; [元宇宙]", id="entity before"),
        pytest.param("&lt;元宇宙&gt;", "元宇宙", "&lt;[元宇宙]&gt;", id="entities around"),
        pytest.param("a&amp;b 元宇宙", "“a&b”", "[a&amp;b] 元宇宙", id="entity inside"),
        pytest.param("&#20803;宇宙", "元宇宙", "[元宇宙]", id="by number"),
        pytest.param("区塊链", "区块链", "[区塊链]", id="script"),
        pytest.param("ＮＦＴ", "nft", "[ＮＦＴ]", id="width"),
        pytest.param("NFT\n\n  拍卖", "“nft 拍卖”", "[NFT\n\n  拍卖]", id="white space inside"),
        pytest.param("元\u200b宇宙", "“元宇宙”", "[元\u200b宇宙]", id="invisible inside"),
        pytest.param("Metaverse 与元界", "元宇宙", "[Metaverse] 与[元界]", id="other names"),
        pytest.param(
            "<a title='元宇宙'>甲</a>", "元宇宙", "<a title='元宇宙'>甲</a>", id="not in tags"
        ),
        pytest.param("甲", "元宇宙", "甲", id="nothing"),
        pytest.param("", "元宇宙", "", id="empty"),
    ],
)
def test_marks(html: str, q: str, expected: str) -> None:
    """Marks are shown as brackets; nothing else changes."""
    bracketed = re.sub("<mark[^>]*>", "[", marked(html, q)).replace("</mark>", "]")

    assert bracketed == expected


def test_the_first_mark_has_an_id() -> None:
    """Only the first mark has an id, even if its span is split by tags."""
    html = marked("<b>元</b>宇宙，元宇宙", "元宇宙")

    assert html.startswith('<b><mark id="match">元</mark></b><mark>宇宙</mark>')
    assert html.count("id=") == 1


@given(st.lists(st.sampled_from(PIECES), max_size=20).map("".join), st.sampled_from(QUERIES))
def test_only_marks_are_added(body: str, q: str) -> None:
    """Without the marks, the page and its text are unchanged."""
    html = str(safe_html(body))
    after = marked(html, q)

    assert plain_text(after, "html") == plain_text(html, "html")
    assert plain_text(without_marks(after), "html") == plain_text(html, "html")
    assert re.findall("<(?!/?mark)[^>]*>", after) == re.findall("<(?!/?mark)[^>]*>", html)


@given(st.lists(st.sampled_from(PIECES), max_size=20).map("".join), st.sampled_from(QUERIES))
def test_marks_are_those_of_the_search(body: str, q: str) -> None:
    """The page marks what the marker finds in its plain text."""
    html = str(safe_html(body))
    text = plain_text(html, "html")
    wanted = {
        place
        for mark in marker_of(q).marks(normalize(text))
        for place in range(mark.start, mark.end)
    }

    assert marked_places(marked(html, q)) == wanted
