"""Where the feeds and the table of a page of results are: for its head, and for its readers."""

from werkzeug.datastructures import MultiDict

from search.request import FILTERS, SearchRequest
from web.http import params
from web.http.site import Site
from web.http.xml_text import one_line
from web.i18n import gettext as _

RSS = "application/rss+xml"
ATOM = "application/atom+xml"
JSON_FEED = "application/feed+json"
_OF_THE_PAGE = frozenset(("page", "cursor", "per_page", "facets", "timeline", "now"))
"""What belongs to one look at the results, not to the results."""


def subject(asked: SearchRequest) -> str:
    """What is searched, in a few words: the query and the values it is narrowed to."""
    values = [value for choice in asked.filters.values() for value in choice.include]
    words = one_line(" ".join([asked.q, *values]))
    return words or _("全部文章")


def alternates(what: str, args: MultiDict[str, str], site: Site) -> list[tuple[str, str, str]]:
    """(media type, title, address) of the feeds of a page on `what` with these arguments.

    Feeds are sorted anew: the newest first, else nothing that is new would be seen.
    """
    title = f"{what} - {site.name}"
    kept = _arguments(args, _OF_THE_PAGE | {"sort"})
    return [
        (RSS, f"{title} (RSS)", site.address("feeds.rss", kept)),
        (ATOM, f"{title} (Atom)", site.address("feeds.atom", kept)),
        (JSON_FEED, f"{title} (JSON Feed)", site.address("feeds.json", kept)),
    ]


def table(args: MultiDict[str, str], site: Site) -> str:
    """The address of the results of such a page as a spreadsheet reads them."""
    return site.address("feeds.csv", _arguments(args, _OF_THE_PAGE))


def _arguments(args: MultiDict[str, str], without: frozenset[str]) -> MultiDict[str, str]:
    """What programs may ask of what a page was asked, which is read with more patience."""
    kept: MultiDict[str, str] = MultiDict()
    for name in args:
        if name in params.NAMES and name not in without:
            values = args.getlist(name) if name in FILTERS else args.getlist(name)[:1]
            kept.setlist(name, [value for value in values if value.strip()])
    return kept
