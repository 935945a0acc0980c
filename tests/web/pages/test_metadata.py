"""Metadata of an article page for other programs: complete, true, and safely escaped."""

import json
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.support.hostile import HOSTILE
from tests.support.visitors import Markup, Visitor, index_of, visitor_of
from web.pages import metadata
from web.pages.metadata import Place

PLACE = Place("https://so.example/article/1", "https://so.example/", "元搜")
STORED: dict[str, Any] = {
    "title": "元宇宙白皮书发布",
    "author": "林小满",
    "source": "链上观察",
    "url": "https://news.example.com/2022/yuan",
    "topics": ("元宇宙", "区块链"),
    "published": 1_662_350_400,
    "date_origin": "given",
}


def linked_data(page: str) -> dict[str, Any]:
    """The JSON-LD of a page, read as a browser does: raw text up to the end tag."""
    _, _, rest = page.partition('<script type="application/ld+json">')
    read: dict[str, Any] = json.loads(rest.partition("</script>")[0])
    assert 'type="application/ld+json"' not in rest
    return read


def properties(page: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for tag, attrs in Markup(page).tags:
        if tag == "meta" and attrs.get("property"):
            found.setdefault(attrs["property"] or "", []).append(attrs["content"] or "")
    return found


def canonical(page: str) -> list[str | None]:
    tags = Markup(page).tags
    return [
        attrs["href"] for tag, attrs in tags if tag == "link" and attrs.get("rel") == "canonical"
    ]


def test_news_article() -> None:
    """The publisher is the source; we are the provider of the page."""
    assert metadata.news_article(STORED, "摘要", PLACE) == {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": "元宇宙白皮书发布",
        "description": "摘要",
        "inLanguage": "zh-CN",
        "url": "https://so.example/article/1",
        "mainEntityOfPage": "https://so.example/article/1",
        "provider": {"@type": "Organization", "name": "元搜", "url": "https://so.example/"},
        "datePublished": "2022-09-05T12:00:00+08:00",
        "author": {"@type": "Person", "name": "林小满"},
        "sourceOrganization": {"@type": "Organization", "name": "链上观察"},
        "isBasedOn": "https://news.example.com/2022/yuan",
        "keywords": ["元宇宙", "区块链"],
    }


def test_a_source_that_is_its_own_author() -> None:
    """It is no person: files of feeds have the source as author where no other is named."""
    article = metadata.news_article(STORED | {"author": "链上观察"}, "摘要", PLACE)

    assert article["author"] == {"@type": "Organization", "name": "链上观察"}


def test_what_is_not_known_is_left_out() -> None:
    """No nulls, no invented author, and the site is not named as publisher."""
    unknown = {
        "author": None,
        "source": None,
        "url": None,
        "topics": (),
        "published": None,
        "date_origin": "none",
    }

    article = metadata.news_article(STORED | unknown, "", PLACE)
    graph = dict(metadata.open_graph(STORED | unknown, "", PLACE))

    assert not {"author", "publisher", "sourceOrganization", "isBasedOn", "datePublished"} & set(
        article
    )
    assert None not in article.values()
    assert "article:published_time" not in graph


def test_open_graph() -> None:
    """The properties that link previews read."""
    assert metadata.open_graph(STORED, "摘要", PLACE) == [
        ("og:type", "article"),
        ("og:title", "元宇宙白皮书发布"),
        ("og:site_name", "元搜"),
        ("og:url", "https://so.example/article/1"),
        ("og:description", "摘要"),
        ("og:locale", "zh_CN"),
        ("article:published_time", "2022-09-05T12:00:00+08:00"),
        ("article:tag", "元宇宙"),
        ("article:tag", "区块链"),
    ]


@given(st.text())
@example("</script><script>alert(1)</script>")
@example("<!--<script>")
@example("\u2028\u2029&amp;")
def test_nothing_leaves_the_data_block(text: str) -> None:
    """No markup and no JavaScript line end; the data is read back unchanged."""
    block = str(metadata.data_block({"headline": text}))

    assert not set("<>&\u2028\u2029") & set(block)
    assert json.loads(block) == {"headline": text}


@given(st.text(st.characters(codec=None)))
def test_any_title(title: str) -> None:
    """Any title, with lone surrogates and control characters."""
    article = metadata.news_article(STORED | {"title": title}, title, PLACE)

    assert json.loads(metadata.data_block(article)) == article
    assert len(article["headline"]) <= metadata.MAX_HEADLINE


def test_an_article_page(visitor: Visitor) -> None:
    """The page has all metadata, the same with and without a query."""
    page = visitor.page("/article/yuan", q="元宇宙")

    address = "http://localhost/article/yuan"
    assert canonical(page) == [address]
    assert properties(page)["og:url"] == [address]
    assert properties(page)["og:title"] == ["元宇宙白皮书发布"]
    assert properties(page)["og:description"][0].startswith("元宇宙不是游戏。")
    assert linked_data(page)["@type"] == "NewsArticle"
    assert linked_data(page)["isBasedOn"] == "https://news.example.com/2022/yuan"


def test_hostile_articles(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Titles are read back unchanged from attributes and JSON."""
    visitor = visitor_of(index_of(tmp_path_factory.mktemp("hostile") / "index", HOSTILE))

    for article in HOSTILE:
        page = visitor.get(f"/article/{quote(article.id)}").get_data(as_text=True)
        headline = linked_data(page)["headline"]
        assert properties(page)["og:title"][0].startswith(headline)
        assert len(canonical(page)) == 1


@pytest.mark.parametrize("setting", ["full", "excerpt"])
def test_under_a_path(tiny_root: Any, setting: str) -> None:
    """Addresses begin with `public_url`, whatever part of the article is shown."""
    visitor = visitor_of(tiny_root, public_url="https://news.example/sub", article_page=setting)

    page = visitor.page("/article/yuan")

    assert canonical(page) == ["https://news.example/sub/article/yuan"]
    assert linked_data(page)["provider"]["url"] == "https://news.example/sub/"
