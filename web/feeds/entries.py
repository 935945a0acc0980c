"""A page of results as plain values, from which RSS, Atom and JSON Feed are written."""

import hashlib
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

from werkzeug.datastructures import MultiDict

from index.text.dates import SHANGHAI
from search.request import SearchRequest
from search.response import Hit, SearchResponse
from web.feeds.links import subject
from web.http import params
from web.http.site import Site
from web.http.xml_text import legible, one_line
from web.i18n import gettext as _
from web.markup.formatting import marked

ARTICLES = uuid.UUID("6f0c2f6e-3c1b-5d0a-9c57-2b1d7d4f8a11")
"""UUID namespace of article ids (RFC 9562, 5.5). With another, all articles would seem new."""
_IN_ADDRESSES = "/#%[]=:;$&()+,!?*@'~"
"""Characters that are not escaped when an address is converted to ASCII (RFC 3987, 3.1)."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One article. `html` is the escaped snippet with `<mark>`, `text` the plain snippet."""

    id: str
    title: str
    html: str
    text: str
    link: str | None
    byline: str | None
    topics: tuple[str, ...]
    published: datetime | None
    updated: datetime


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed. `home` is the results page of the same query. All addresses are complete."""

    title: str
    description: str
    author: str
    home: str
    address: str
    next: str | None
    updated: datetime
    entries: tuple[Entry, ...]


def feed_of(
    endpoint: str,
    asked: SearchRequest,
    response: SearchResponse,
    args: MultiDict[str, str],
    site: Site,
) -> Feed:
    """The feed at `endpoint` for a request with the arguments `args`."""
    entries = tuple(entry_of(hit, site) for hit in response.hits)
    more = not asked.cursor and asked.page < response.pages
    what = subject(asked)
    return Feed(
        title=f"{what} - {site.name}",
        description=_("在%(site)s搜索“%(what)s”的结果。", site=site.name, what=what),
        author=one_line(site.name),
        home=_address("pages.search", args, site),
        address=_address(endpoint, args, site),
        next=_address(endpoint, args, site, page=str(asked.page + 1)) if more else None,
        updated=max(
            (entry.updated for entry in entries), default=_moment(response.index.updated_at)
        ),
        entries=entries,
    )


def entry_of(hit: Hit, site: Site) -> Entry:
    published = None if hit.published is None else _moment(hit.published)
    return Entry(
        id=entry_id(hit.id),
        title=one_line(hit.title.text) or _("无标题"),
        html=legible(str(marked(hit.snippet))),
        text=legible(hit.snippet.text),
        link=link_of(hit, site),
        byline=one_line(hit.author or hit.source or "") or None,
        topics=hit.topics,
        published=published,
        updated=published or _moment(hit.indexed_at),
    )


def entry_id(article_id: str) -> str:
    """A permanent id: the same in every feed, also after the site changes its address."""
    name = article_id.encode("utf-8", "surrogatepass")
    digest = hashlib.sha1(ARTICLES.bytes + name, usedforsecurity=False).digest()
    return uuid.UUID(bytes=digest[:16], version=5).urn


def link_of(hit: Hit, site: Site) -> str | None:
    """The article's original address, else its page here if the site has article pages."""
    if hit.url:
        return quote(legible(hit.url), _IN_ADDRESSES)
    path = site.article_link(hit.id, None)
    return site.absolute(path) if path else None


def _address(endpoint: str, args: MultiDict[str, str], site: Site, **changes: str) -> str:
    given = params.own_arguments(args).items(multi=True)
    kept: MultiDict[str, str] = MultiDict((name, value) for name, value in given if value.strip())
    for name, value in changes.items():
        kept[name] = value
    return site.absolute(site.address(endpoint, kept))


def _moment(seconds: int) -> datetime:
    moment = datetime.fromtimestamp(seconds, UTC)
    local = moment.astimezone(SHANGHAI)
    # Until 1901 Shanghai's offset from UTC included seconds, which feed formats cannot express.
    return local if local.strftime("%z")[5:] == "" else moment
