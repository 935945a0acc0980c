"""What search engines and those who share a link read of an article's page. Pure functions.

We are not the publisher: the source is named as such, with the address where it published.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from markupsafe import Markup

from web.http.xml_text import legible, one_line
from web.markup.formatting import iso

LOCALE, LANGUAGE = "zh_CN", "zh-CN"
"""Of the articles, whatever language the page speaks."""
MAX_HEADLINE = 110
"""Characters that schema.org's readers show of a headline."""
_UNSAFE = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
_ESCAPES = str.maketrans(_UNSAFE)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an article's page is: complete addresses of the page and of the site."""

    page: str
    home: str
    site_name: str


def open_graph(stored: Mapping[str, Any], description: str, place: Place) -> list[tuple[str, str]]:
    """(property, content) of https://ogp.me, for an article as the index stores it."""
    published = iso(stored["published"])
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
    """https://schema.org/NewsArticle: what is not known is left out."""
    article: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": one_line(stored["title"])[:MAX_HEADLINE],
        "description": one_line(description),
        "inLanguage": LANGUAGE,
        "url": place.page,
        "mainEntityOfPage": place.page,
        "provider": {"@type": "Organization", "name": one_line(place.site_name), "url": place.home},
    }
    published = iso(stored["published"])
    if published:
        article["datePublished"] = published
    if stored["author"]:
        article["author"] = {"@type": "Person", "name": one_line(stored["author"])}
    if stored["source"]:
        source = {"@type": "Organization", "name": one_line(stored["source"])}
        article["sourceOrganization"] = source
    if stored["url"]:
        article["isBasedOn"] = legible(stored["url"])
    if stored["topics"]:
        article["keywords"] = [one_line(topic) for topic in stored["topics"]]
    return article


def data_block(data: Mapping[str, Any]) -> Markup:
    """JSON that can stand in a `<script>` element: nothing in it ends the element or a line."""
    text = orjson.dumps(data).decode()
    return Markup(text.translate(_ESCAPES))  # noqa: S704 - no character of markup is left
