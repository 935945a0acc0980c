"""Each step from the markup of an article to its page costs no more than its length."""

from collections.abc import Callable
from datetime import date

import pytest
from markupsafe import Markup

from index.sources.encoding import has_markup, markup_of
from index.sources.titles import first_heading
from index.text.html import as_html, plain_text, text_nodes, visible_markup
from index.text.markup.escapes import decoded_line
from search.response import ArticleView, Highlighted, IndexInfo
from tests.support.cost import assert_linear
from tests.support.tiny_search import LEXICON, marker_of, segmenter
from web.markup.concept_links import Linker
from web.markup.marks import joined, mark_html
from web.markup.sanitize import page_body
from web.pages.citation import Cited, cite

HTML = (
    *(
        "<h1>",
        "<b>",
        "<i>甲",
        "<p>甲</p>",
        "<div>",
        "<font><p>",
        "<a href=x>",
        "<a ",
        "<!--",
        "<",
        "&",
    ),
    *(
        "&amp;",
        "<table><tr><td>",
        "<li>元宇宙",
        "<p hidden>x",
        "<ruby><rt>",
        "<svg>",
        "<script>",
        "<pre>",
    ),
    *(
        "<img data-src='//a.cn/p.png' src='data:,x' class=lazy>",
        "<b>元</b>宇宙，",
        "</p>",
        "元 宇 宙 ",
        "甲\n",
    ),
)
MARKDOWN = (
    *(
        "![图](http://a.cn/p.png)\n\n",
        "[a](b)",
        "[",
        "![",
        "**甲**",
        "*a ",
        "_a",
        "`a`",
        "`",
        "- 甲\n",
        "> ",
    ),
    *(
        "# 甲\n",
        "|甲|乙",
        "甲\n\n",
        "    甲\n",
        "[^1]: a\n",
        "{{ a }}",
        "<b>",
        "==甲==",
        "\\",
        "<http://a.cn>",
    ),
)
LINKER = Linker(LEXICON, segmenter(), lambda name: f"/topic/{name}")


def _page_body(body: str) -> object:
    text = plain_text(body, "html")
    stored = {"body": body, "body_format": "html", "text": text, "url": None}
    view = ArticleView(stored, Highlighted(""), Highlighted(text), IndexInfo("g", 1, 0))
    return page_body(view)


def _cite(text: str) -> object:
    return cite(Cited(text, text, text, 0, f"https://a.cn/{text}"), date(2022, 9, 5))


def _mark(html: str) -> object:
    return mark_html(Markup(html), marker_of("元宇宙 甲 a"))


STEPS: dict[str, Callable[[str], object]] = {
    "text nodes": lambda html: list(text_nodes(html)),
    "plain text": lambda html: plain_text(html, "html"),
    "visible markup": visible_markup,
    "joined": lambda html: joined(list(text_nodes(html))),
    "marks": _mark,
    "links": LINKER.link,
    "citation": _cite,
    "field": decoded_line,
    "heading": lambda html: first_heading(html, "html"),
    "format": lambda body: (markup_of(body), has_markup(body)),
}


@pytest.mark.slow
@pytest.mark.parametrize("unit", HTML)
@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_steps(step: Callable[[str], object], unit: str) -> None:
    """Ten times the input costs about ten times as much."""
    assert_linear(step, unit)


@pytest.mark.slow
@pytest.mark.parametrize("unit", MARKDOWN)
def test_markdown(unit: str) -> None:
    """The same, from Markdown to HTML."""
    assert_linear(lambda body: as_html(body, "markdown"), unit)


@pytest.mark.slow
@pytest.mark.parametrize("unit", HTML)
def test_sanitizing(unit: str) -> None:
    """Within its bounds bleach may cost more than its length; what is beyond them costs little."""
    assert_linear(_page_body, unit, length=60_000)
