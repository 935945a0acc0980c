"""`/search.rss`, `.atom`, `.json`, `.csv`: any query, with the parameters of the JSON endpoint.

Values are checked as strictly as there. Unknown names are ignored, as feed readers add their own.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import chain
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request, stream_with_context
from werkzeug.datastructures import MultiDict

from search.request import SearchRequest
from search.response import Hit
from search.searcher import Searcher
from web.feeds import links, table, xml
from web.feeds.entries import Feed, feed_of
from web.feeds.json_feed import json_feed
from web.http import params
from web.http.caching import cached
from web.http.site import site
from web.serving.live_searcher import live

bp = Blueprint("feeds", __name__)

TABLE_DEFAULTS = {"partial": "0"}
FEED_DEFAULTS = {"sort": "newest", "per_page": "20", "partial": "0"}
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
    """The first 1,000 results in the page's order, or one page if the request names it. What is
    too costly is refused before the first byte; after it, all rows are written."""
    asked = _plain(params.strict(_filled(request.args, TABLE_DEFAULTS)))
    searcher = live().get()

    def make() -> Response:
        pages = _pages(searcher, asked)
        first = next(pages)
        body = stream_with_context(
            table.table(chain([first], pages), site(), partial=asked.partial)
        )
        response = Response(body, content_type="text/csv; charset=utf-8")
        response.headers["Content-Disposition"] = table.file_name(links.subject(asked))
        return response

    return _unlisted(_cached(asked, searcher, make))


def _feed(endpoint: str, content_type: str, write: Callable[[Feed], bytes]) -> Response:
    """The feed; as a page where a person opens it in a browser."""
    asked = feed_request(request.args)
    searcher = live().get()
    opened = request.headers.get("Sec-Fetch-Dest") == "document"

    def make() -> Response:
        feed = feed_of(endpoint, asked, searcher.search(asked), request.args, site())
        if opened:
            return _page(feed, asked.q, content_type)
        return Response(write(feed), content_type=content_type)

    response = _unlisted(_cached(asked, searcher, make, form="page" if opened else ""))
    response.vary.add("Sec-Fetch-Dest")
    return response


def _page(feed: Feed, q: str, content_type: str) -> Response:
    media_type = content_type.partition(";")[0]
    names = {"media_type": media_type, "format": links.FORMATS[media_type]}
    return Response(render_template("feed.html", feed=feed, q=q, **names))


def feed_request(args: MultiDict[str, str]) -> SearchRequest:
    """The search of a feed. Defaults: twenty results, the newest first."""
    # Subscribers want no other query than theirs.
    return replace(_plain(params.strict(_filled(args, FEED_DEFAULTS))), correct=False)


def _filled(args: MultiDict[str, str], defaults: Mapping[str, str]) -> MultiDict[str, str]:
    """The arguments that we define, with defaults for those that are absent or empty."""
    filled = params.own_arguments(args)
    for name, value in defaults.items():
        if not filled.get(name, "").strip():
            filled[name] = value
    return filled


def _cached(
    asked: SearchRequest, searcher: Searcher, make: Callable[[], Response], *, form: str = ""
) -> Response:
    """Cache by our own parameters, ignoring those that feed readers add to the address.

    `form`: tells apart two answers to one address.
    """
    arguments = params.own_arguments(request.args).items(multi=True)
    address = f"{request.path}?{urlencode(list(arguments))}#{form}"
    return cached(searcher, make, asked=asked, address=address)


def _plain(asked: SearchRequest) -> SearchRequest:
    return replace(asked, facets=(), timeline=None)


def _pages(searcher: Searcher, asked: SearchRequest) -> Iterator[tuple[Hit, ...]]:
    """The pages of results in one CSV file: all that paging can reach, or the requested one."""
    if any(request.args.get(name, "").strip() for name in PAGING):
        return iter((searcher.search(asked).hits,))
    return searcher.pages_of_hits(asked)


def _unlisted(response: Response) -> Response:
    """Keep results out of other search engines."""
    response.headers["X-Robots-Tag"] = "noindex"
    return response
