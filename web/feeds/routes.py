"""`/search.rss`, `.atom`, `.json`, `.csv`: any query, with the parameters of the JSON endpoint.

Values are read as strictly as there; unknown names are ignored, for feed readers add their own.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import chain
from urllib.parse import urlencode

from flask import Blueprint, Response, request, stream_with_context
from werkzeug.datastructures import MultiDict

from search.request import MAX_PER_PAGE, SearchRequest
from search.response import SearchResponse
from search.searcher import Searcher
from web.feeds import links, table, xml
from web.feeds.entries import Feed, feed_of
from web.feeds.json_feed import json_feed
from web.http import params
from web.http.caching import cached
from web.http.site import site
from web.serving.live_searcher import live

bp = Blueprint("feeds", __name__)

FEED_DEFAULTS = {"sort": "newest", "per_page": "20"}
PAGING = ("page", "per_page", "cursor")


@bp.get("/search.rss")
def rss() -> Response:
    return _feed("feeds.rss", f"{links.RSS}; charset=utf-8", xml.rss)


@bp.get("/search.atom")
def atom() -> Response:
    return _feed("feeds.atom", f"{links.ATOM}; charset=utf-8", xml.atom)


@bp.get("/search.json")
def json() -> Response:
    return _feed("feeds.json", links.JSON_FEED, json_feed)


@bp.get("/search.csv")
def csv() -> Response:
    """The first 1,000 results in the page's order; a page of them where one is asked for."""
    asked = _plain(params.strict(params.known(request.args)))
    searcher = live().get()

    def make() -> Response:
        pages = _pages(searcher, asked)
        first = next(pages)
        body = stream_with_context(table.table(chain([first], pages), site()))
        response = Response(body, content_type="text/csv; charset=utf-8")
        response.headers["Content-Disposition"] = table.file_name(links.subject(asked))
        return response

    return _unlisted(_cached(asked, searcher, make))


def _feed(endpoint: str, content_type: str, write: Callable[[Feed], bytes]) -> Response:
    asked = feed_request(request.args)
    searcher = live().get()

    def make() -> Response:
        feed = feed_of(endpoint, asked, searcher.search(asked), request.args, site())
        return Response(write(feed), content_type=content_type)

    return _unlisted(_cached(asked, searcher, make))


def feed_request(args: MultiDict[str, str]) -> SearchRequest:
    """What a feed asks: twenty results, the newest first, unless it says otherwise."""
    filled = params.known(args)
    for name, value in FEED_DEFAULTS.items():
        if not filled.get(name, "").strip():
            filled[name] = value
    # Who subscribes to two words does not want every article with one of them, nor another query.
    return replace(_plain(params.strict(filled)), widen=False)


def _cached(asked: SearchRequest, searcher: Searcher, make: Callable[[], Response]) -> Response:
    """What a reader adds to the address makes no other answer."""
    address = f"{request.path}?{urlencode(list(params.known(request.args).items(multi=True)))}"
    return cached(searcher, make, asked=asked, address=address)


def _plain(asked: SearchRequest) -> SearchRequest:
    return replace(asked, facets=(), timeline=None)


def _pages(searcher: Searcher, asked: SearchRequest) -> Iterator[SearchResponse]:
    """The answers that make one table: as many as pages reach, or the one that is asked for."""
    if any(request.args.get(name, "").strip() for name in PAGING):
        yield searcher.search(asked)
        return
    first = searcher.search(replace(asked, per_page=MAX_PER_PAGE))
    yield first
    for page in range(2, first.pages + 1):
        yield searcher.search(replace(asked, per_page=MAX_PER_PAGE, page=page))


def _unlisted(response: Response) -> Response:
    """Results are for readers, not for the indexes of other search engines."""
    response.headers["X-Robots-Tag"] = "noindex"
    return response
