"""Markup of articles cannot run scripts, load files or imitate our page (law 9)."""

import re
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markupsafe import Markup as HtmlMarkup

from index.text.html import plain_text
from search.response import ArticleView, Highlighted, IndexInfo
from tests.support.attacks import ATTACKS
from tests.support.cost import cost
from tests.support.visitors import Markup
from web.markup.sanitize import (
    ATTRIBUTES,
    EXCERPT,
    LINK_RELATION,
    MAX_MARKUP,
    MAX_PICTURES,
    TAGS,
    PageBody,
    excerpt,
    page_body,
)
from web.markup.sanitize import safe_html as _safe_html

LINK_ATTRIBUTES = {"href", "title", "rel", "class", "aria-label", "data-label"}
PIECES = (
    *("<", ">", "</", "/>", "=", '"', "'", "`", "&", "&lt;", "&#60;", "&#x3c", ";", "<!--", "-->"),
    *("<b>", "</b>", "<p>", "<a href=", "javascript:", "https://a.example", "onerror=x", "<img "),
    *("src=", "<svg>", "</svg>", "<math>", "<style>", "</style>", "<script>", "</script>", "alert"),
    *("<table>", "<td>", "<iframe", "<textarea>", "<!", "<?", "\0", "\n", "元宇宙", "😀", "\u200b"),
)


def safe_html(markup: str) -> str:
    return str(_safe_html(markup))


def view_of(body: str, body_format: Any = "html") -> ArticleView:
    text = plain_text(body, body_format)
    stored = {"body": body, "body_format": body_format, "text": text, "url": None}
    return ArticleView(stored, Highlighted(""), Highlighted(text), IndexInfo("g", 1, 0))


def check_safe(html: str) -> None:
    """Only allowed tags, attributes and web addresses are left."""
    for tag, attributes in Markup(html).tags:
        assert tag in TAGS - {"img"}
        allowed = LINK_ATTRIBUTES if tag == "a" else set(ATTRIBUTES.get(tag, ()))
        assert set(attributes) <= allowed
        assert re.match("(https?:)?//|mailto:", attributes.get("href") or "//", re.IGNORECASE)


@pytest.mark.parametrize("markup", ATTACKS)
def test_attacks(markup: str) -> None:
    """Alone, in a paragraph, in a table, and inside a link."""
    for before, after in (("", ""), ("<p>", "</p>"), ("<table><tr><td>", "</table>"), ("<a>", "")):
        html = safe_html(before + markup + after)
        check_safe(html)
        assert safe_html(html).count("<script") == 0


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
@example("<a href='//a.example' title='<script>'>")
def test_any_markup(markup: str) -> None:
    """Random combinations of dangerous pieces."""
    check_safe(safe_html(markup))


@given(st.lists(st.sampled_from(PIECES), max_size=15).map("".join))
def test_twice_is_once(markup: str) -> None:
    """Sanitizing again changes nothing."""
    once = safe_html(markup)

    assert plain_text(safe_html(once), "html") == plain_text(once, "html")


@pytest.mark.parametrize(
    ("markup", "html"),
    [
        pytest.param("<p>元<b>宇</b>宙</p>", "<p>元<b>宇</b>宙</p>", id="text"),
        pytest.param("<h2>甲</h2><ul><li>乙</ul>", "<h2>甲</h2><ul><li>乙</li></ul>", id="list"),
        pytest.param("<td>甲</td>乙", "<div>甲</div>乙", id="cell without table"),
        pytest.param(
            "<table>甲<p>乙</p><tr><td>丙</td>丁<td>戊</table>",
            "<table><tbody><tr><td>甲<p>乙</p></td></tr>"
            "<tr><td>丙</td><td>丁</td><td>戊</td></tr></tbody></table>",
            id="between cells",
        ),
        pytest.param("甲<aside a=1>乙</aside>丙", "甲<div>乙</div>丙", id="block not listed"),
        pytest.param(
            "<pre><code>a  &lt; b</code></pre>", "<pre><code>a  &lt; b</code></pre>", id="code"
        ),
        pytest.param("<p onclick=x>甲</p>", "<p>甲</p>", id="handler"),
        pytest.param("<font color=red>甲</font>", "甲", id="tag not listed"),
        pytest.param("甲<script>乙</script>丙", "甲丙", id="script with its text"),
        pytest.param("甲<style>乙</style>丙", "甲丙", id="style with its text"),
        pytest.param("甲<svg><text>乙</text></svg>丙", "甲丙", id="svg with its text"),
        pytest.param("甲<math><mi>乙</mi></math>丙", "甲丙", id="math with its text"),
        pytest.param("甲<iframe>乙</iframe>丙", "甲丙", id="iframe with its text"),
        pytest.param("甲<!-- 乙 -->丙", "甲丙", id="comment"),
        pytest.param("a < b & c", "a &lt; b &amp; c", id="loose signs"),
        pytest.param("&lt;b&gt;", "&lt;b&gt;", id="escaped"),
    ],
)
def test_what_stays(markup: str, html: str) -> None:
    """Structure stays; what readers never see is removed."""
    assert safe_html(markup) == html


@pytest.mark.parametrize(
    ("href", "kept"),
    [
        pytest.param("https://a.example/x?y=1&amp;z", True, id="https"),
        pytest.param("HTTP://A.EXAMPLE", True, id="http in capitals"),
        pytest.param("//a.example/x", True, id="without protocol"),
        pytest.param("mailto:a@a.example", True, id="mail"),
        pytest.param("/search?q=x", False, id="path"),
        pytest.param("x.html", False, id="relative"),
        pytest.param("#part", False, id="fragment"),
        pytest.param("", False, id="empty"),
        pytest.param("ftp://a.example", False, id="ftp"),
        pytest.param("file:///etc/passwd", False, id="file"),
    ],
)
def test_links_lead_outward(href: str, kept: bool) -> None:
    """Relative addresses are removed: on our site they would lead nowhere."""
    ((_, attributes),) = Markup(safe_html(f'<a href="{href}" target=_blank>字</a>')).tags

    assert ("href" in attributes) == kept
    assert attributes["rel"] == LINK_RELATION
    assert "target" not in attributes


@pytest.mark.parametrize(
    ("image", "href", "label"),
    [
        pytest.param(
            '<img src="https://a.example/x/cover.png" alt="论坛现场">',
            "https://a.example/x/cover.png",
            "图片：论坛现场",
            id="with a description",
        ),
        pytest.param(
            '<img src="http://a.example/x/cover.png">',
            "http://a.example/x/cover.png",
            "图片：cover.png",
            id="by its name",
        ),
        pytest.param(
            "<img src=//a.example/c.png alt>", "//a.example/c.png", "图片：c.png", id="no protocol"
        ),
    ],
)
def test_images_become_links(image: str, href: str, label: str) -> None:
    """An image becomes a link, so no other server is asked; its label is not part of the text."""
    html = safe_html(f"<p>{image}</p>")
    link = Markup(html).tags[1][1]

    assert (link["href"], link["aria-label"], link["class"]) == (href, label, "image-link")
    assert plain_text(html, "html") == ""


def test_addresses_are_completed_with_that_of_the_article() -> None:
    """Relative links and pictures lead to the original site, lazy pictures to themselves."""
    body = '<a href="../2.html">甲</a><img src="/a.png"><img data-src="//b.cn/b.png" src="data:x">'
    html = str(_safe_html(body, "https://a.cn/news/1/x.html"))

    assert re.findall('href="([^"]*)"', html) == [
        "https://a.cn/news/2.html",
        "https://a.cn/a.png",
        "//b.cn/b.png",
    ]


@pytest.mark.parametrize("source", ["cover.png", "data:image/png;base64,AAAA", "", "blob:x"])
def test_images_that_are_nowhere(source: str) -> None:
    """An image without a web address is removed."""
    assert safe_html(f'<img src="{source}">') == ""


def test_a_description_is_escaped() -> None:
    """An image's description is escaped for an attribute."""
    html = safe_html('<img src="//a.example/x" alt="&quot;&gt;&lt;script&gt;alert(1)">')
    ((tag, attributes),) = Markup(html).tags

    assert tag == "a"
    assert attributes["data-label"] == '图片："><script>alert(1)'


@pytest.mark.parametrize(
    ("body", "body_format", "html"),
    [
        pytest.param("甲 <b>\n乙", "text", "<p>甲 &lt;b&gt;</p>\n<p>乙</p>", id="text"),
        pytest.param("**甲**", "markdown", "<p><strong>甲</strong></p>\n", id="Markdown"),
        pytest.param(
            "<b onclick=x>甲</b>", "markdown", "<p><b>甲</b></p>\n", id="tags in Markdown"
        ),
        pytest.param(
            "[甲](javascript:x)", "markdown", "<p>[甲](javascript:x)</p>\n", id="bad link"
        ),
        pytest.param("<b>甲</b>", "html", "<b>甲</b>", id="HTML"),
    ],
)
def test_formats(body: str, body_format: str, html: str) -> None:
    """HTML, Markdown and plain text become markup."""
    assert page_body(view_of(body, body_format)) == PageBody(HtmlMarkup(html), whole=True)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("- 甲\n" * 3_999 + "<b>" * 20, id="many list items"),
        pytest.param("<b>甲" * 20, id="formatting never closed"),
        pytest.param("<div>甲" * 1_500, id="deep"),
    ],
)
def test_costly_bodies_are_plain_paragraphs(body: str) -> None:
    """Bodies beyond the limits are shown as plain paragraphs, with their whole text."""
    body_format = "markdown" if body.startswith("-") else "html"
    shown = page_body(view_of(body, body_format))

    assert {tag for tag, _ in Markup(str(shown.html)).tags} == {"p"}
    assert plain_text(str(shown.html), "html") == plain_text(body, body_format)
    assert shown.whole


PICTURE = "![图](https://a.example/p.png)\n\n"


@pytest.mark.parametrize(
    ("body", "body_format"),
    [
        pytest.param("一段。\n" * 40_000, "text", id="text"),
        pytest.param("<p>段落</p>" * (MAX_MARKUP // 8), "html", id="markup"),
        pytest.param("<p>甲<br>乙</p>" * 3_000, "html", id="tags"),
        pytest.param("- 甲\n" * 5_000, "markdown", id="list items"),
        pytest.param("甲\n" * 5_000, "text", id="lines"),
        pytest.param("甲 &amp; 乙 " * 30_000, "html", id="entities"),
        pytest.param("<p>甲</p>\n" * 20_000, "html", id="blocks"),
        pytest.param(f"{'长' * 200}\n\n" * 900, "markdown", id="Markdown"),
        pytest.param("<h1>甲" * 80_000, "html", id="headings never closed"),
        pytest.param(PICTURE * (MAX_PICTURES + 1), "markdown", id="one picture too many"),
        pytest.param(PICTURE * 20_000, "markdown", id="pictures"),
        pytest.param("<img data-src=//a.example/p.png class=lazy>" * 9_000, "html", id="lazy"),
    ],
)
def test_a_long_body_is_shown_as_its_beginning(body: str, body_format: str) -> None:
    """Not all of it, with no more pictures than the bound, and it says so."""
    view = view_of(body, body_format)
    shown = page_body(view)
    assert not shown.whole
    text = plain_text(str(shown.html), "html")
    assert view.text.text.startswith(text)
    assert text or shown.html.count("image-link") == MAX_PICTURES
    assert len(shown.html) < 8 * MAX_MARKUP


def test_the_bound_of_pictures_is_kept_exactly() -> None:
    """As many pictures as a page has at most are all there; those without address do not count."""
    shown = page_body(view_of(PICTURE * MAX_PICTURES + "<img><img alt=x>", "markdown"))
    assert (shown.whole, shown.html.count("image-link")) == (True, MAX_PICTURES)


def test_a_long_article_within_bounds_keeps_its_markup() -> None:
    """A body just below the limits keeps its markup."""
    body = f"<p><b>{'长' * 1_000}</b></p>" * 98

    assert page_body(view_of(body)) == PageBody(HtmlMarkup(body), whole=True)


@pytest.mark.slow
@pytest.mark.parametrize(
    "body",
    [
        pytest.param("<div>" * 990 + "甲", id="divisions"),
        pytest.param("<table><tr><td>" * 330, id="tables"),
        pytest.param("<dl><dd>" * 490, id="definitions"),
        pytest.param("<b><i><u><s><a>" * 2 + "<p>甲" * 3_900, id="formatting over paragraphs"),
        pytest.param("<b><p></b></p>" * 1_900, id="crossing"),
        pytest.param("<p " + "a=1 " * 40_000 + ">", id="attributes"),
        pytest.param("<a " * 60_000, id="tags never closed"),
        pytest.param("<!--" * 49_000, id="comments never closed"),
        pytest.param("<" * MAX_MARKUP, id="brackets"),
        pytest.param("&" * MAX_MARKUP, id="ampersands"),
        pytest.param("&#x" * 60_000, id="entities never closed"),
        pytest.param("<svg><g>" * 20_000, id="svg"),
        pytest.param("<template>" * 19_000, id="templates"),
        pytest.param("<p title='" * 19_000, id="quotes never closed"),
    ],
)
def test_hostile_bodies_are_quick(body: str) -> None:
    """Hostile bodies take seconds at most. The slowest takes one second on a quiet machine and four
    on a busy one; without the limits it took minutes."""
    view = view_of(body)
    assert cost(lambda: page_body(view)) < 10


@pytest.mark.parametrize(
    ("length", "more"),
    [pytest.param(EXCERPT, False, id="short"), pytest.param(EXCERPT + 1, True, id="long")],
)
def test_excerpt(length: int, more: bool) -> None:
    """A cut excerpt ends with an ellipsis."""
    assert excerpt("长" * length) == "长" * EXCERPT + "…" * more
