"""`/sitemap.xml` and `/robots.txt`: which pages crawlers may index (https://www.sitemaps.org).

One sitemap lists our own pages; each of the others lists the articles of one month. Past months
rarely change, so crawlers need to fetch only the newest ones again.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape

from flask import Blueprint, Response, abort, request, url_for

from index.engines.api import Snapshot
from index.engines.queries import All, And, Not, Query, Range
from web.http.budgets import budget
from web.http.caching import cached
from web.http.site import site
from web.http.xml_text import legible
from web.markup.formatting import iso
from web.serving.live_searcher import live

bp = Blueprint("sitemap", __name__)

MAX_ADDRESS = 2_048
"""Characters. The sitemap protocol allows no longer addresses."""
MAX_ADDRESSES = 10_000
"""Per sitemap, which takes a tenth of a second. The protocol's limits are 50,000 and 50 MB."""
BATCH = 1_000
OWN_PAGES = "pages"
UNDATED_PART = "undated"
_PART = re.compile(r"(undated|[0-9]{4}-(?:0[1-9]|1[0-2]))-([1-9][0-9]{0,5})")
_IN_PATHS = "!$&'()*+,/:;=@"
"""Characters that Werkzeug does not escape in the path of an address."""
_NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


@bp.get("/robots.txt")
def robots() -> Response:
    """Results pages may be crawled. They carry `noindex` themselves, which must be read to work."""
    api = url_for("api.search").removesuffix("search")
    closed = [f"Disallow: {path}" for path in (api, url_for("statistics.page"))]
    lines = ("User-agent: *", *closed, "", f"Sitemap: {_address('sitemap.index')}", "")
    return Response("\n".join(lines), content_type="text/plain; charset=utf-8")


@bp.get("/sitemap.xml")
def index() -> Response:
    """The list of sitemaps, without `lastmod`, which would require reading every article."""
    searcher = live().get()

    def make() -> Response:
        parts = [OWN_PAGES]
        if site().shows_articles:
            parts += _parts(searcher.snapshot)
        rows = [
            f"<sitemap><loc>{_address('sitemap.one', part=part)}</loc></sitemap>\n"
            for part in parts
        ]
        return _xml(_document("sitemapindex", rows))

    return cached(searcher, make, address=request.path)


@bp.get("/sitemap-<part>.xml")
def one(part: str) -> Response:
    searcher = live().get()
    snapshot = searcher.snapshot
    if part == OWN_PAGES:
        rows = _own_pages(snapshot)
    elif (known := _PART.fullmatch(part)) and site().shows_articles:
        ids = _ids(snapshot, known[1], int(known[2]))
        if not ids:
            abort(404)
        rows = _articles(snapshot, ids)
    else:
        abort(404)
    return cached(
        searcher,
        # Whole, so that one that costs too much is refused before its first byte.
        lambda: _xml(list(_document("urlset", rows))),
        address=request.path,
    )


def _parts(snapshot: Snapshot) -> list[str]:
    months = snapshot.histogram(All(), "month")
    undated = snapshot.generation.articles - sum(count for _, count in months)
    counted = [(f"{month // 100}-{month % 100:02}", count) for month, count in months]
    return [
        f"{name}-{number}"
        for name, count in [*counted, (UNDATED_PART, undated)]
        for number in range(1, -(-count // MAX_ADDRESSES) + 1)
    ]


def _ids(snapshot: Snapshot, name: str, number: int) -> list[str]:
    """Ids of the articles in one part, earliest first; empty if there is no such part."""
    limit = number * MAX_ADDRESSES
    if limit - MAX_ADDRESSES >= snapshot.generation.articles:
        return []
    query: Query = And((All(), Not(Range("month"))))
    if name != UNDATED_PART:
        month = int(name.replace("-", ""))
        query = Range("month", month, month)
    found = snapshot.match(query, sort="oldest", limit=limit).matches
    return [match.id for match in found[limit - MAX_ADDRESSES :]]


def _articles(snapshot: Snapshot, ids: list[str]) -> Iterator[str]:
    """One `<url>` element for each article, with the time of its last change here.

    Addresses equal those of `Site.article`, which is too slow to call for each article.
    """
    before = site().article("x").removesuffix("x")
    for start in range(0, len(ids), BATCH):
        budget().check()
        for row in snapshot.stored(ids[start : start + BATCH], ("id", "indexed_at")):
            yield from _row(before + quote(row["id"], _IN_PATHS), iso(row["indexed_at"]))


def _own_pages(snapshot: Snapshot) -> Iterator[str]:
    """`<url>` elements of the home page, the lists, and the topics that articles have."""
    for endpoint in ("pages.home", "explore.sources", "pages.help_page"):
        yield from _row(_address(endpoint))
    for concept in snapshot.lexicon.concepts:
        budget().check()
        if snapshot.doc_freq("text_concepts", concept.token):
            yield from _row(_address("explore.topic", concept=concept.name))


def _row(address: str, changed: str | None = None) -> Iterator[str]:
    escaped = escape(legible(address))
    if len(escaped) < MAX_ADDRESS:
        when = f"<lastmod>{changed}</lastmod>" if changed else ""
        yield f"<url><loc>{escaped}</loc>{when}</url>\n"


def _address(endpoint: str, **values: Any) -> str:
    return site().absolute(url_for(endpoint, **values))


def _document(root: str, rows: Iterable[str]) -> Iterator[str]:
    """The file in chunks of many rows, since each chunk is sent separately."""
    yield f"{_DECLARATION}<{root} {_NAMESPACE}>\n"
    left = iter(rows)
    while piece := list(islice(left, BATCH)):
        yield "".join(piece)
    yield f"</{root}>\n"


def _xml(body: Iterable[str]) -> Response:
    return Response(body, content_type="application/xml; charset=utf-8")
