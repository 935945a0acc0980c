"""Template context of a results page: how the query was understood, hits, paging."""

import re
from datetime import datetime
from typing import Any

from index.article import ESTIMATED_ORIGINS
from index.text.dates import SHANGHAI
from search.query.parsing.parser import PeriodOffer, could_be_period
from search.request import MAX_WINDOW, SearchRequest
from search.response import Hit, SearchResponse, Understood
from web.feeds.links import alternates, subject, table_address
from web.http.site import Site
from web.i18n import gettext as _
from web.i18n import translated
from web.markup import formatting
from web.markup.marks import FIRST_MARK_ID
from web.pages import filters, hit_list, widget
from web.pages.citation import Cited, cite
from web.pages.explanation import why_lines
from web.pages.filters import PageLink

PAGE_LINKS = 9
"""Page numbers shown in the paging links."""
QUOTES = re.compile('["“”「」]')


def context(
    asked: SearchRequest, response: SearchResponse, took_ms: float, link: PageLink
) -> dict[str, Any]:
    """The context of `results.html`."""
    site, q = link.site, response.query.q
    now = int(asked.now.timestamp())
    chips = filters.chosen(asked, link)
    divider = _divider(response)
    marked = _to_first_mark(q, site)
    beyond = response.total > MAX_WINDOW
    return {
        "q": asked.q,
        "response": response,
        "took": f"{took_ms / 1000:.3f}",
        "hits": [
            _hit(hit, asked, marked, now, link) | {"divides": at == divider}
            for at, hit in enumerate(response.hits)
        ],
        "facets": filters.facets(asked, response, link),
        "chosen": chips,
        "zero": (),
        "quoted": QUOTES.search(asked.q),
        "wide": site.path("pages.search", q=asked.q or None),
        "pages": _pages(asked, response, link),
        "understood": translated(response.query.words),
        "offers": [(_offered(offer), link(q=offer.q)) for offer in response.query.offers],
        "warnings": _warnings(response.query),
        "verbatim": link(verbatim="1"),
        "complete": link(partial="0"),
        "suggestion": link(q=response.query.suggestion),
        "unfolded": link(fold="0") if asked.fold else None,
        "embed": widget.address_of(asked, site),
        "hidden": _kept(link),
        "beyond": beyond,
        "years": filters.years(asked, response, link) if beyond else [],
        "alternates": alternates(subject(asked), link.args, site),
        "table": table_address(link.args, site, partial=False),
        "table_name": _("CSV 表格（前 1,000 条）") if beyond else _("CSV 表格"),
        "loose_table": table_address(link.args, site, partial=True),
    }


def _divider(response: SearchResponse) -> int | None:
    """Position of the hit above which the page says that those below lack a word; None where
    complete ones are among them, or where no article is complete."""
    complete = [at for at, hit in enumerate(response.hits) if not hit.missing]
    first = complete[-1] + 1 if complete else 0
    return first if response.total and first < len(response.hits) else None


def _offered(offer: PeriodOffer) -> str:
    """A year in the words of the page's language; other times as typed."""
    return _("%(year)s年", year=offer.typed) if offer.typed.isdigit() else offer.period


def _warnings(read: Understood) -> list[str]:
    """Without those for which the page has a link."""
    offered = {could_be_period(offer.typed) for offer in read.offers}
    return [translated(warning) for warning in read.warnings if warning not in offered]


def _hit(hit: Hit, asked: SearchRequest, marked: str, now: int, link: PageLink) -> dict[str, Any]:
    """The context of one hit in `results.html`. `marked`: what an article's address ends with where
    its page marks the query; `now`: epoch seconds."""
    site = link.site
    article = site.article_path(hit.id) if site.shows_articles else None
    return {
        "title": formatting.marked(hit.title),
        "link": article + marked if article else hit.url,
        "original": hit.url,
        "snippet": formatting.marked(hit.snippet),
        "source": hit.source,
        "source_link": link(source=hit.source) if hit.source else None,
        "without_source": filters.without_source(hit.source, asked, link) if hit.source else None,
        "credit": formatting.credit(hit.source, hit.credited),
        "kinds": [formatting.kind_name(kind) for kind in hit.kinds],
        "topics": [(topic, link(topic=topic)) for topic in hit.topics[:3]],
        **hit_list.listed_times(hit.published, hit.date_origin, now),
        "missing": hit.missing,
        "reposts": hit.story.size - 1,
        "first_known": hit.story.first_known,
        "story": site.story_path(hit.story.id) if hit.story.size > 1 else None,
        "similar": f"{article}#similar" if article else None,
        "why": why_lines(hit, now),
        "citations": cite(_cited(hit, site), datetime.fromtimestamp(now, SHANGHAI).date()),
    }


def _to_first_mark(q: str, site: Site) -> str:
    """The arguments and the anchor of an article's page on which the query is marked: the same for
    all hits of a page, so they are encoded once."""
    if not q:
        return ""
    marked = site.path("pages.article", article_id="x", q=q, _anchor=FIRST_MARK_ID)
    return marked.removeprefix(site.path("pages.article", article_id="x"))


def _cited(hit: Hit, site: Site) -> Cited:
    address = hit.url or site.page_of(hit.id)
    source = hit.source or hit.credited
    estimated = hit.date_origin in ESTIMATED_ORIGINS
    return Cited(hit.title.text, hit.author, source, hit.published, address, estimated)


def _pages(asked: SearchRequest, response: SearchResponse, link: PageLink) -> dict[str, Any] | None:
    """Links to other pages; None if there is only one."""
    last = response.pages
    if last <= 1 and asked.page == 1:
        return None
    first = max(1, min(asked.page - PAGE_LINKS // 2, last - PAGE_LINKS + 1))
    numbers = range(first, min(last, first + PAGE_LINKS - 1) + 1)
    return {
        "numbers": [(number, _page_link(link, number), number == asked.page) for number in numbers],
        "prev": _page_link(link, max(1, min(asked.page - 1, last))) if asked.page > 1 else None,
        "next": _page_link(link, asked.page + 1) if asked.page < last else None,
    }


def _page_link(link: PageLink, number: int) -> str:
    return link(page=str(number) if number > 1 else None)


def _kept(link: PageLink) -> list[tuple[str, str]]:
    """Arguments that a new query keeps, as hidden fields of the form."""
    kept = ("sort", "in", "first", "fold", "verbatim", "partial", "per_page", "now", "measure")
    return [(name, link.args[name]) for name in kept if link.args.get(name)]
