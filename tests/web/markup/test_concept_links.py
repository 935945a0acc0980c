"""Concepts in an article's own markup become links; nothing else changes (law 9)."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.html import plain_text
from tests.support.tiny_search import LEXICON, marker_of, segmenter
from tests.web.markup.test_marks import PIECES, QUERIES, marked_places, without_marks
from web.markup.concept_links import MAX_LINKED, Linker
from web.markup.marks import mark_html
from web.markup.sanitize import safe_html

bodies = st.lists(
    st.sampled_from((*PIECES, "<a href=//a.example/1>", "</a>", "<code>", "</code>", "V神", "ETH")),
    max_size=20,
).map("".join)


def linked(html: str) -> str:
    return str(Linker(LEXICON, segmenter(), lambda name: f"/topic/{name}").link(html))


def shown(html: str) -> str:
    """The markup with links in brackets, each with its target if that differs from its text."""
    return re.sub(r'<a class="concept" href="/topic/([^"]*)">([^<]*)</a>', r"[\2|\1]", linked(html))


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        pytest.param("<p>元宇宙</p>", "<p>[元宇宙|元宇宙]</p>", id="a concept"),
        pytest.param("比特币，比特币", "[比特币|比特币]，比特币", id="the first time"),
        pytest.param("BTC，比特币", "[BTC|比特币]，比特币", id="under any name"),
        pytest.param("區塊鏈", "[區塊鏈|区块链]", id="in any script"),
        pytest.param("多元界面", "多元界面", id="no half words"),
        pytest.param("<b>元</b>宇宙", "<b>元</b>宇宙", id="not across tags"),
        pytest.param(
            "元界<b>面</b>，多元界<b>面</b>",
            "[元界|元宇宙]<b>面</b>，多元界<b>面</b>",
            id="cut as one text",
        ),
        pytest.param(
            '<a href="//a.example">元宇宙</a>，元宇宙',
            '<a href="//a.example">元宇宙</a>，[元宇宙|元宇宙]',
            id="not in links",
        ),
        pytest.param(
            "<pre>ETH</pre><code>ETH</code>、<abbr>ETH</abbr>",
            "<pre>ETH</pre><code>ETH</code>、<abbr>[ETH|以太坊]</abbr>",
            id="not in code",
        ),
        pytest.param("a &lt; 元宇宙 &amp; b", "a &lt; [元宇宙|元宇宙] &amp; b", id="entities"),
        pytest.param("甲", "甲", id="nothing"),
        pytest.param("", "", id="empty"),
    ],
)
def test_links(html: str, expected: str) -> None:
    """Which words become links, and where they lead."""
    assert shown(html) == expected


def test_addresses_are_escaped() -> None:
    """No address can end its attribute."""
    linker = Linker(LEXICON, segmenter(), lambda name: '"><script>')
    assert str(linker.link("元宇宙")) == (
        '<a class="concept" href="&#34;&gt;&lt;script&gt;">元宇宙</a>'
    )


@given(bodies)
def test_only_links_are_added(body: str) -> None:
    """Without these links the page is unchanged; no link is inside another."""
    html = str(safe_html(body))
    after = linked(html)
    names = re.findall('<a class="concept" href="/topic/([^"]*)">', after)
    outside = re.sub("<a(?! class=.concept)[^>]*>.*?</a>", "", after, flags=re.DOTALL)

    assert plain_text(after, "html") == plain_text(html, "html")
    assert outside.count('class="concept"') == len(names)
    assert len(set(names)) == len(names) <= MAX_LINKED
    tags = re.findall("<[^>]*>", re.sub('<a class="concept"[^>]*>([^<]*)</a>', r"\1", after))
    assert tags == re.findall("<[^>]*>", html)


@given(bodies, st.sampled_from(QUERIES))
def test_marks_in_links(body: str, q: str) -> None:
    """Marks are the same with and without links, and do not cross a link's border."""
    html = str(safe_html(body))
    both = str(mark_html(linked(html), marker_of(q)))

    assert marked_places(both) == marked_places(str(mark_html(html, marker_of(q))))
    assert without_marks(both) == without_marks(str(mark_html(linked(html), marker_of(""))))
    for inside in re.findall('<a class="concept"[^>]*>(.*?)</a>', both):
        assert inside.count("<mark") == inside.count("</mark>")
