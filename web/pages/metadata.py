"""Open Graph and schema.org metadata of an article's page. Pure functions.

The publisher given is the article's source, with its original address, and never this site.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from markupsafe import Markup

from web.http.site import ARTICLE_LANGUAGE
from web.http.xml_text import legible, one_line
from web.markup.formatting import iso

LOCALE = "zh_CN"
"""Language of the articles, independent of the language of the pages."""
MAX_HEADLINE = 110
"""Characters of a headline that consumers of schema.org data show."""
_UNSAFE = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
_ESCAPES = str.maketrans(_UNSAFE)


@dataclass(frozen=True, slots=True)
class Place:
    """Complete addresses of an article's page and of the site."""

    page: str
    home: str
    site_name: str


def open_graph(stored: Mapping[str, Any], description: str, place: Place) -> list[tuple[str, str]]:
    """(property, content) of https://ogp.me, for an article as the index stores it."""
    published = _published(stored)
    rows = [
        ("og:type", "article"),
        ("og:title", stored["title"]),
        ("og:site_name", place.site_name),
        ("og:url", place.page),
        ("og:description", description),
        ("og:locale", LOCALE),
        *([("article:published_time", published)] if published else []),
        *(("article:tag", topic) for topic in stored["topics"]),
    ]
    return [(name, one_line(content)) for name, content in rows]


def news_article(stored: Mapping[str, Any], description: str, place: Place) -> dict[str, Any]:
    """https://schema.org/NewsArticle. Unknown properties are left out."""
    article: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": one_line(stored["title"])[:MAX_HEADLINE],
        "description": one_line(description),
        "inLanguage": ARTICLE_LANGUAGE,
        "url": place.page,
        "mainEntityOfPage": place.page,
        "provider": {"@type": "Organization", "name": one_line(place.site_name), "url": place.home},
    }
    published = _published(stored)
    if published:
        article["datePublished"] = published
    if stored["author"]:
        # Files of feeds name the source where no person is known.
        kind = "Organization" if stored["author"] == stored["source"] else "Person"
        article["author"] = {"@type": kind, "name": one_line(stored["author"])}
    if stored["source"]:
        source = {"@type": "Organization", "name": one_line(stored["source"])}
        article["sourceOrganization"] = source
    if stored["url"]:
        article["isBasedOn"] = legible(stored["url"])
    if stored["topics"]:
        article["keywords"] = [one_line(topic) for topic in stored["topics"]]
    return article


def _published(stored: Mapping[str, Any]) -> str | None:
    """Only a given date: metadata cannot say that one is an estimate."""
    return iso(stored["published"]) if stored["date_origin"] == "given" else None


def data_block(data: Mapping[str, Any]) -> Markup:
    """JSON that is safe inside a `<script>` element: `</script>` and line ends are escaped."""
    text = orjson.dumps(data).decode()
    return Markup(text.translate(_ESCAPES))  # noqa: S704 - no character of markup is left
