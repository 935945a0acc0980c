"""No markup escapes: what an article brings reaches the page only as the list allows."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.results import ArticleView, Highlighted, IndexInfo
from web.sanitize import ATTRIBUTES, TAGS, page_html, safe_html

_TAG = re.compile(r"<\s*/?\s*([a-zA-Z][a-zA-Z0-9]*)([^>]*)>")
_ALLOWED = {
    *("class", "rel", "aria-label", "data-label"),
    *(name for names in ATTRIBUTES.values() for name in names),
}


def _harmless(html: str) -> None:
    for name, rest in _TAG.findall(html):
        assert name in TAGS, html
        for attribute in re.findall(r"\s([a-zA-Z-]+)=", re.sub(r'"[^"]*"', '""', rest)):
            assert attribute in _ALLOWED, html
    assert not re.search(r'(?i)(href|src)="\s*(javascript|data|vbscript)', html), html


ATTACKS = [
    "<script>alert(1)</script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='JaVa&#09;Script:alert(1)'>x</a>",
    "<a href=' &#14; javascript:alert(1)'>x</a>",
    "<svg><script>alert(1)</script></svg>",
    "<svg/onload=alert(1)>",
    "<math><mtext></mtext><mglyph><style><img src=x onerror=alert(1)></style></mglyph></math>",
    "<iframe src='javascript:alert(1)'></iframe>",
    "<style>@import 'x'</style>",
    "<p style='background:url(javascript:1)'>x</p>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<form action=x><input name=y><button>z</button></form>",
    "<object data=x></object><embed src=x>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<img src='data:image/png;base64,AAAA'>",
    "<p onclick=alert(1)>x",
    "<template><script>alert(1)</script></template>",
    "<xmp><script>alert(1)</script></xmp>",
    "<",
    "<a",
    "<a href=",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_attacks_come_out_harmless(attack: str) -> None:
    """Scripts, handlers and foreign addresses are gone, however they are written."""
    html = str(safe_html(f"<p>前文</p>{attack}<p>后文</p>"))

    _harmless(html)
    assert "前文" in html


PIECES = [
    "<p>",
    "</p>",
    "<b>",
    "<svg>",
    "<style>",
    "<script>",
    "<img src=",
    "onerror=",
    "'",
    '"',
    ">",
    "<!--",
    "-->",
    "javascript:",
    "&lt;",
    "文",
]


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_no_mixture_of_pieces_escapes(markup: str) -> None:
    """Whatever the order, only listed tags and attributes come out."""
    _harmless(str(safe_html(markup)))


def test_images_become_links() -> None:
    """A reader's address goes to nobody by reading."""
    html = str(safe_html('<p>图<img src="http://img.example/a.png" alt="走势">文</p>'))

    assert "<img" not in html
    assert 'href="http://img.example/a.png"' in html
    assert 'data-label="图片：走势"' in html


def test_links_say_where_they_lead() -> None:
    """Links out are marked for search engines and give no referrer."""
    html = str(safe_html('<a href="https://example.com/">x</a>'))

    assert 'rel="noopener noreferrer nofollow"' in html


@pytest.mark.parametrize(
    "markup",
    [
        pytest.param("<p><i a=0>x" * 2_000, id="formatting that every block opens again"),
        pytest.param("<b>" * 50_000, id="deep"),
        pytest.param("<p>文字</p>" * 40_000, id="long"),
    ],
)
def test_costly_markup_is_shown_plain_and_quickly(markup: str) -> None:
    """What would hold the page for seconds is shown as paragraphs."""

    stored = {"body": markup, "body_format": "html", "text": "甲\n乙"}
    view = ArticleView(stored, Highlighted("题"), Highlighted("甲\n乙"), IndexInfo("g", 1, 0))
    started = time.perf_counter()

    assert str(page_html(view)) == "<p>甲</p>\n<p>乙</p>"
    assert time.perf_counter() - started < 1
