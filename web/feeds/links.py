"""Addresses of the feeds and the CSV file for a page of results."""

from werkzeug.datastructures import MultiDict

from search.request import FILTERS, SearchRequest
from web.http import params
from web.http.site import Site
from web.http.xml_text import one_line
from web.i18n import gettext as _
from web.markup.formatting import kind_name

RSS = "application/rss+xml"
ATOM = "application/atom+xml"
JSON_FEED = "application/feed+json"
FORMATS = {RSS: "RSS", ATOM: "Atom", JSON_FEED: "JSON Feed"}
_OF_THE_PAGE = frozenset(("page", "cursor", "per_page", "facets", "timeline", "now"))
"""Parameters of one view of the results, which feeds leave out."""


def subject(asked: SearchRequest) -> str:
    """The query and the values of its filters, for titles and file names."""
    values = [
        kind_name(value) if name == "kind" else value
        for name, choice in asked.filters.items()
        for value in choice.include
    ]
    words = one_line(" ".join([asked.q, *values]))
    return words or _("全部文章")


def alternates(what: str, args: MultiDict[str, str], site: Site) -> list[tuple[str, str, str]]:
    """(media type, title, address) of the feeds of a page on `what` with these arguments.

    The page's order is dropped: feeds list the newest first, so that readers see new articles.
    """
    title = f"{what} - {site.name}"
    kept = _arguments(args, _OF_THE_PAGE | {"sort"})
    return [
        (RSS, f"{title} (RSS)", site.address("feeds.rss", kept)),
        (ATOM, f"{title} (Atom)", site.address("feeds.atom", kept)),
        (JSON_FEED, f"{title} (JSON Feed)", site.address("feeds.json", kept)),
    ]


def table_address(args: MultiDict[str, str], site: Site, *, partial: bool) -> str:
    """The address of the same results as CSV; `partial`: with the articles that lack a word."""
    kept = _arguments(args, _OF_THE_PAGE | {"partial"})
    if partial:
        kept["partial"] = "1"
    return site.address("feeds.csv", kept)


def _arguments(args: MultiDict[str, str], without: frozenset[str]) -> MultiDict[str, str]:
    """The page's arguments as feeds accept them: no repeats, no blanks, none of `without`."""
    kept: MultiDict[str, str] = MultiDict()
    for name in args:
        if name in params.NAMES and name not in without:
            values = args.getlist(name) if name in FILTERS else args.getlist(name)[:1]
            kept.setlist(name, [value for value in values if value.strip()])
    return kept
