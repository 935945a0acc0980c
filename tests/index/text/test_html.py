"""Markup to plain text: borders of blocks, what is left out, and linear time."""

from html import escape
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.html import (
    as_html,
    blocks,
    collapse,
    plain_text,
    squeeze,
    text_nodes,
    visible_markup,
)
from index.text.markup.scanner import TextNode
from tests.support.cost import assert_linear

TAGS = ["<p>", "</p>", "<b", ">", "</", "<!--", "-->", "<br/>", '="', "'", "<template>"]
UNSEEN = ["<script>", "</script>", "<svg>", "</svg>", "\ud800", "\u200b", "\u3000", " ", "\n"]
TEXT = [
    "&amp;",
    "&#",
    "9" * 5000,
    "&nbsp;",
    "元宇宙",
    "a < b",
    "**",
    "`",
    "| ",
    "- ",
    "# ",
    "[",
    "](",
]
MARKUP = st.lists(st.sampled_from([*TAGS, *UNSEEN, *TEXT]) | st.text(max_size=5)).map("".join)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        pytest.param("<b>中</b>国", "中国", id="inline tags join"),
        pytest.param(
            "<span>数字</span> <a href=x>人民币</a>", "数字 人民币", id="white space stays"
        ),
        pytest.param("<b>a </b> <i> b</i>", "a b", id="white space across tags is one space"),
        pytest.param("<p>甲<p>乙</p>丙", "甲\n乙\n丙", id="paragraphs"),
        pytest.param("甲<br>乙<br/>丙", "甲\n乙\n丙", id="br"),
        pytest.param("<ul><li>甲<li>乙</ul>", "甲\n乙", id="list"),
        pytest.param("<tr><td>甲</td><td>乙</td></tr>", "甲\n乙", id="cells"),
        pytest.param("<DIV>甲</DIV><H2 class='a>b'>乙</H2>", "甲\n乙", id="case and quoted >"),
        pytest.param("<p> \u3000&nbsp;\n</p><p>甲</p>", "甲", id="empty blocks"),
        pytest.param("元\u3000\u3000宇&nbsp;\n宙", "元 宇 宙", id="runs of white space"),
        pytest.param("元\u200b宇\u00ad宙\ufeff\u202e\x00", "元宇宙", id="invisible characters"),
        pytest.param("a &lt;b&gt; &amp;amp; &#20803;", "a <b> &amp; 元", id="entities once"),
        pytest.param("a < b，c <3", "a < b，c <3", id="less-than is text"),
        pytest.param("甲<!-- <p>x -->乙<!x><?php y ?>", "甲乙", id="comments"),
        pytest.param("甲<script>if (a<b) '</p>'</script >乙", "甲乙", id="script"),
        pytest.param("<title>x</title><style>p{}</STYLE>甲", "甲", id="title and style"),
        pytest.param("<noscript><img></noscript><iframe>x</iframe>甲", "甲", id="fallbacks"),
        pytest.param("<svg><title>x</title><svg/></svg>甲<svg/>乙", "甲乙", id="drawings"),
        pytest.param("<svg><path>x<p>甲", "甲", id="a block ends a drawing"),
        pytest.param("<template>x<template>y</template></template>甲", "甲", id="templates nest"),
        pytest.param('<a href="x>甲</a>乙', "甲乙", id="unclosed quote"),
        pytest.param("甲<p 乙", "甲", id="unclosed tag"),
        pytest.param("<script>甲", "", id="unclosed script"),
    ],
)
def test_html(html: str, text: str) -> None:
    """Blocks are lines, inline tags leave no trace, and unseen text is gone."""
    assert plain_text(html, "html") == text


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        pytest.param("# 标题\n\n元**宇**宙\n接着", "标题\n元宇宙接着", id="heading and paragraph"),
        pytest.param("- 甲\n- 乙", "甲\n乙", id="list"),
        pytest.param("|a|b|\n|-|-|\n|1|2|", "a\nb\n1\n2", id="table"),
        pytest.param("![图](data:image/png;base64,AA) [链](http://a)", "链", id="image and link"),
        pytest.param("`a<b` & c", "a<b & c", id="code"),
        pytest.param("<!-- more -->\n\n<p>甲</p>\n\n乙", "甲\n乙", id="HTML inside"),
    ],
)
def test_markdown(markdown: str, text: str) -> None:
    """Markdown reads like the page it becomes."""
    assert plain_text(markdown, "markdown") == text


def test_text_keeps_lines() -> None:
    """In plain text every line that is not empty is a block, and nothing is markup."""
    assert plain_text("第一行 \r\n\n  a <b> &amp;\u200b\n", "text") == "第一行\na <b> &amp;"


def test_text_nodes_say_where_they_stand() -> None:
    """A node gives its decoded text, whether a border precedes it, and its span of the markup."""
    html = "<p>甲&amp;<b>乙</b></p>丙"
    assert list(text_nodes(html)) == [
        TextNode("甲&", True, 3, 9),
        TextNode("乙", False, 12, 13),
        TextNode("丙", True, 21, 22),
    ]


@given(MARKUP)
def test_plain_text_is_total_and_tidy(body: str) -> None:
    """No markup raises, and no text has double spaces, spaces at edges or empty blocks."""
    for text in (plain_text(body, "html"), plain_text(body, "markdown"), plain_text(body, "text")):
        lines = text.split("\n") if text else []
        assert all(line and line == collapse(line) for line in lines)
        text.encode()


@given(MARKUP)
def test_plain_text_of_its_own_output(body: str) -> None:
    """A plain text, escaped and converted again, is unchanged."""
    text = plain_text(body, "html")
    assert plain_text(text, "text") == text
    assert blocks("".join(f"<p>{escape(line)}</p>" for line in text.split("\n"))) == (
        text.split("\n") if text else []
    )


@given(MARKUP)
def test_nodes_cover_the_text(body: str) -> None:
    """Nodes are in order, do not overlap, and have all of the plain text."""
    nodes = list(text_nodes(body))
    assert all(a.end <= b.start for a, b in pairwise(nodes))
    joined = "".join(node.text for node in nodes)
    assert "".join(collapse(joined).split()) == "".join("".join(blocks(body)).split())


@given(MARKUP)
def test_visible_markup_has_the_same_blocks(body: str) -> None:
    """Removing invisible parts changes no block; removing them twice changes nothing."""
    visible = visible_markup(body)
    assert blocks(visible) == blocks(body)
    assert visible_markup(visible) == visible


def test_visible_markup() -> None:
    """Scripts are removed with their content, and removing them creates no new tag."""
    html = "<p a=1>甲<script>x</script><<!-- -->b>乙</p><svg><path></svg>"
    assert visible_markup(html) == "<p a=1>甲&lt;b&gt;乙</p>"


@given(st.text())
def test_collapse_is_idempotent(text: str) -> None:
    """Collapsing twice is collapsing once; squeezing differs at the edges only."""
    assert collapse(collapse(text)) == collapse(text) == squeeze(text).strip()
    assert squeeze(squeeze(text)) == squeeze(text)


def test_squeeze_keeps_edges() -> None:
    """White space at either end of a quoted query is kept as a space."""
    assert squeeze("\u3000元  a\n 宇\u200b宙 ") == " 元 a 宇宙 "


@pytest.mark.parametrize(
    "unit", ["<div>x", "<b a=1>", "<p><font a=2>", "<svg>", "<a ", "<!--", "<"]
)
def test_nesting_costs_linear_time(unit: str) -> None:
    """Nested or unclosed markup takes far less time than building a tree."""
    assert_linear(lambda html: plain_text(html, "html"), unit, 10_000)


def test_only_markdown_is_rendered() -> None:
    """HTML is passed on unchanged, so that spans of text nodes are spans of the body."""
    assert as_html("<p>甲", "html") == "<p>甲"
    assert as_html("甲", "markdown") == "<p>甲</p>\n"
