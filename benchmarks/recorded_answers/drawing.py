"""Draws random articles, stories, quotations and filters from a server, with a fixed seed."""

import json
import random
import re
from collections.abc import Sequence
from http.client import HTTPConnection
from typing import Any
from urllib.parse import quote, urlencode

from benchmarks.harness.corpus import quotations
from benchmarks.harness.serving import get
from benchmarks.recorded_answers.requests import ALL_FACETS, NOW, Facts

SEED = 14
ARTICLES, STORIES, QUOTATIONS, SITEMAPS = 60, 20, 120, 3
VALUES_PER_FACET = 3
FILTERED = ("source", "topic", "organisation", "category", "author")


def draw(connection: HTTPConnection, queries: Sequence[str]) -> Facts:
    """Facts about the index behind `connection`, from the results of `queries`."""
    chosen = random.Random(SEED)
    hits = [hit for query in queries for hit in _hits(connection, query)]
    ids = sorted({hit["id"] for hit in hits})
    stories = sorted({hit["story"]["id"] for hit in hits if hit["story"]["size"] > 1})
    articles = chosen.sample(ids, min(ARTICLES, len(ids)))
    return Facts(
        articles=articles,
        stories=chosen.sample(stories, min(STORIES, len(stories))),
        quotations=quotations([_text(connection, at) for at in articles], QUOTATIONS, SEED),
        sitemaps=_sitemaps(connection),
        filters=_filters(connection, queries[0]),
    )


def _hits(connection: HTTPConnection, query: str) -> list[dict[str, Any]]:
    asked = urlencode({"q": query, "per_page": 20, "facets": "", "now": NOW})
    found: list[dict[str, Any]] = json.loads(get(connection, f"/api/v1/search?{asked}"))["hits"]
    return found


def _text(connection: HTTPConnection, article: str) -> str:
    answer = json.loads(get(connection, f"/api/v1/articles/{quote(article, safe='')}"))
    return str(answer["article"]["text"] or "")


def _filters(connection: HTTPConnection, query: str) -> dict[str, list[str]]:
    asked = urlencode({"q": query, "facets": ALL_FACETS, "now": NOW})
    facets = json.loads(get(connection, f"/api/v1/search?{asked}"))["facets"]
    values = {name: [row["value"] for row in facets[name]] for name in FILTERED}
    return {
        name: [value for value in found if "," not in value][:VALUES_PER_FACET]
        for name, found in values.items()
    }


def _sitemaps(connection: HTTPConnection) -> list[str]:
    listed = get(connection, "/sitemap.xml").decode("utf-8")
    paths = re.findall(r"<loc>https?://[^/<]+([^<]+)</loc>", listed)
    return [*paths[:1], *paths[-SITEMAPS:]]
