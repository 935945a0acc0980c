"""The script of the widget, and the page that generates its code."""

import gzip
import html
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from tests.support.visitors import Markup as Tags
from tests.support.visitors import Visitor, app_over, visitor_of
from web.pages.widget import Widget

MAX_SCRIPT = 8_000
"""Bytes, gzipped."""
PLAIN = "<yuansou-search></yuansou-search>"


def code_of(visitor: Visitor, **args: Any) -> str:
    """The code that the page offers for copying."""
    page = visitor.page("/embed", **args)
    found = re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)
    assert found
    return html.unescape(found[1])


def test_the_script_is_small(visitor: Visitor) -> None:
    """Compressed, the script has less than `MAX_SCRIPT` bytes."""
    assert len(gzip.compress(visitor.get("/embed.js").data)) < MAX_SCRIPT


def test_headers_of_the_script(visitor: Visitor) -> None:
    """Pages of any origin may load, cache and verify it."""
    answer = visitor.get("/embed.js")

    assert answer.mimetype == "text/javascript"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer.headers["Cache-Control"] == "public, max-age=86400"


def test_the_script_is_not_sent_twice(visitor: Visitor) -> None:
    """An unchanged script is a 304."""
    etag = visitor.get("/embed.js").headers["ETag"]
    again = visitor.get("/embed.js", headers={"If-None-Match": etag})

    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("right", [True, False])
def test_an_address_with_its_version(visitor: Visitor, right: bool) -> None:
    """An address with the current version may be cached for ever; with another, as long as
    without."""
    version = visitor.get("/embed.js").headers["ETag"].strip('"') if right else "0"
    answer = visitor.get("/embed.js", v=version)

    assert ("immutable" in answer.headers["Cache-Control"]) == right


def test_strings_come_from_the_catalogue(tiny_root: Path) -> None:
    """Site name and language are those of the settings."""
    answer = visitor_of(tiny_root, site_name='链"闻', language="en").get("/embed.js")
    script = answer.get_data(as_text=True)

    assert "{{" not in script
    assert '"language": "en"' in script
    assert '链\\"闻' in script
    assert '"searching": "Searching…"' in script


def test_only_some_origins(tiny_root: Path) -> None:
    """Origins that may not read the API cannot verify the script either."""
    headers = {"Origin": "https://b.example"}
    answer = visitor_of(tiny_root, cors_origins="https://a.example").get("/embed.js", headers)

    assert "Access-Control-Allow-Origin" not in answer.headers
    assert "Origin" in answer.vary


@pytest.mark.parametrize(
    ("args", "tag"),
    [
        pytest.param({}, PLAIN, id="nothing"),
        pytest.param({"query": "元宇宙"}, '<yuansou-search query="元宇宙">', id="query"),
        pytest.param({"query": " 元 \n宇 "}, '<yuansou-search query="元 宇">', id="white space"),
        pytest.param({"sort": "newest"}, '<yuansou-search sort="newest">', id="sort"),
        pytest.param({"sort": "relevance", "theme": "auto", "size": "5"}, PLAIN, id="defaults"),
        pytest.param({"sort": "best", "theme": "pink", "size": "21"}, PLAIN, id="cannot be"),
        pytest.param({"size": "³"}, PLAIN, id="no number"),
        pytest.param({"size": "20"}, '<yuansou-search size="20">', id="size"),
        pytest.param({"theme": "dark"}, '<yuansou-search theme="dark">', id="theme"),
        pytest.param({"source": "a,-b"}, '<yuansou-search source="a,-b">', id="source"),
        pytest.param({"search-box": "1"}, "<yuansou-search search-box>", id="box"),
        pytest.param({"search-box": "0", "utm_source": "x"}, PLAIN, id="others"),
    ],
)
def test_the_code(visitor: Visitor, args: dict[str, str], tag: str) -> None:
    """Only what differs from the defaults is written; an invalid value becomes the default."""
    script, element = code_of(visitor, **args).split("\n")

    assert script == '<script src="http://localhost/embed.js" defer></script>'
    assert element.startswith(tag)
    assert element.endswith("></yuansou-search>")


@given(st.text(), st.text())
def test_code_is_what_was_typed(query: str, source: str) -> None:
    """Any text is read back from the attributes, and cannot end them."""
    widget = Widget.read({"query": query, "source": source})
    tags = Tags(str(widget.tag())).tags

    assert [name for name, _ in tags] == ["yuansou-search"]
    assert tags[0][1].get("query", "") == _as_read(widget.query)
    assert tags[0][1].get("source", "") == _as_read(widget.source)


def _as_read(text: str) -> str:
    """The text as an HTML parser reads it, control characters replaced."""
    return html.unescape(str(Markup.escape(text)))


def test_the_page_shows_the_choices(visitor: Visitor) -> None:
    """The form has the values of the address, and the preview is the widget itself."""
    page = visitor.page(
        "/embed", query='"><script>', size="7", sort="oldest", **{"search-box": "1"}
    )
    tags = Tags(page).tags

    assert ("option", {"value": "7", "selected": None}) in tags
    assert ("option", {"value": "oldest", "selected": None}) in tags
    assert [attrs["query"] for tag, attrs in tags if tag == "yuansou-search"] == ['"><script>']
    assert any(
        tag == "input" and attrs.get("type") == "checkbox" and "checked" in attrs
        for tag, attrs in tags
    )
    assert re.search("<noscript><p[^>]*>预览需要 JavaScript", page)


def test_addresses_of_a_public_site(tiny_root: Path) -> None:
    """Addresses have the public path; the policy names the origin only."""
    visitor = visitor_of(tiny_root, public_url="https://example.com/news")
    page = visitor.page("/embed")

    assert '<script src="https://example.com/news/embed.js" defer>' in code_of(visitor)
    assert "script-src https://example.com; connect-src https://example.com<" in page


def test_without_an_index(nothing: Visitor) -> None:
    """Script and page work without an index."""
    assert nothing.get("/embed.js").status_code == 200
    assert "yuansou-search" in nothing.page("/embed")


@pytest.mark.parametrize(
    "args",
    [
        pytest.param({"q": "央行"}, id="query"),
        pytest.param({"q": "央行", "sort": "newest"}, id="sort"),
        pytest.param({"q": "央行", "source": "转载网,财经日报"}, id="sources"),
        pytest.param({"q": "央行", "source": "-转载网"}, id="not a source"),
        pytest.param({"topic": "数字人民币"}, id="topic"),
        pytest.param({"topic": "数字人民币,元宇宙"}, id="topics"),
        pytest.param({"q": "元宇宙 或 央行", "topic": "-数字人民币"}, id="not a topic"),
        pytest.param({"q": "央行", "from_": "2022-09-06", "to": "2022-09-07"}, id="days"),
        pytest.param({"from_": "2022-09-08"}, id="from a day"),
        pytest.param({"to": "2022-09-06"}, id="to a day"),
        pytest.param({"author": "林小满"}, id="author"),
        pytest.param({"category": "元宇宙"}, id="category"),
    ],
)
def test_results_lead_to_their_code(visitor: Visitor, args: dict[str, str]) -> None:
    """The widget offered on a page of results finds the same results."""
    link = Tags(visitor.page("/search", **args)).links[::-1]
    address = next(href for text, href in link if text == "放到自己的网页上" and "?" in href)
    page = Tags(visitor.page(address))
    attributes = next(attrs for tag, attrs in page.tags if tag == "yuansou-search")
    shown = {"q": attributes.get("query") or "", "source": attributes.get("source") or ""}
    if attributes.get("sort"):
        shown["sort"] = attributes["sort"] or ""
    found, wanted = visitor.search(**shown), visitor.search(**args)

    assert found["total"] == wanted["total"] > 0
    assert [h["id"] for h in found["hits"]] == [h["id"] for h in wanted["hits"]]


@pytest.mark.parametrize(
    "args",
    [
        {"in_": "title"},
        {"within": "1y"},
        {"verbatim": "1"},
        {"fold": "0"},
        {"organisation": "中国人民银行"},
    ],
)
def test_what_a_widget_cannot_show_is_not_offered(visitor: Visitor, args: dict[str, str]) -> None:
    """If a widget cannot show these results, no link is offered."""
    page = Tags(visitor.page("/search", q="央行", **args))

    assert [href for text, href in page.links if text == "放到自己的网页上"] == ["/embed"]


def test_hits_name_their_page(visitor: Visitor, tiny_root: Path) -> None:
    """A hit has the absolute address of its page, or null."""
    hit = visitor.search(q="白皮书")["hits"][0]
    without = Visitor(app_over(tiny_root, article_page="off").test_client())

    assert hit["page"] == "http://localhost/article/yuan"
    assert visitor.page(hit["page"])
    assert without.search(q="白皮书")["hits"][0]["page"] is None
    assert without.json("/api/v1/similar/yuan")["id"] == "yuan"
