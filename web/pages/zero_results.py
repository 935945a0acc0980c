"""What a results page says where nothing was found: the cause, and links to what is."""

from search.budget import NO_EXPLANATION
from search.explore.zero_results import WayOut, ZeroResults
from search.request import SearchRequest
from web.i18n import gettext as _
from web.i18n import translated
from web.markup.formatting import date_status_name, long_day, thousands
from web.pages.filters import PageLink, shown_terms

Line = tuple[str, str | None]
"""A sentence, and the address that it leads to."""


def lines(zero: ZeroResults, asked: SearchRequest, link: PageLink) -> list[Line]:
    """Causes first, then what is found without one part of the search."""
    found: list[Line] = []
    if zero.contradictory:
        found.append((_("时间条件互相矛盾：没有哪一天全都符合。"), None))
    if zero.unknown:
        words = "、".join(f"“{word}”" for word in zero.unknown)
        found.append((_("没有一篇文章含有%(words)s。", words=words), None))
    found += [(_sentence(way, asked), _address(way, asked, link)) for way in zero.ways_out]
    return found if zero.complete else [*found, (translated(NO_EXPLANATION), None)]


def _sentence(way: WayOut, asked: SearchRequest) -> str:
    number = thousands(way.total)
    match way.part:
        case "words":
            return _("不要“%(words)s”：%(number)s 篇", words=translated(way.dropped), number=number)
        case "only":
            return _("只搜“%(words)s”：%(number)s 篇", words=way.dropped, number=number)
        case "filter":
            text = "、".join(shown_terms(way.dropped, asked.filters[way.dropped]))
            return _("去掉筛选“%(text)s”：%(number)s 篇", text=text, number=number)
        case "date_status":
            text = date_status_name(asked.date_status) if asked.date_status else ""
            return _("去掉筛选“%(text)s”：%(number)s 篇", text=text, number=number)
        case "first":
            return _("去掉筛选“%(text)s”：%(number)s 篇", text=_("只看首发"), number=number)
        case "scope" if way.dropped == "title":
            return _("标题里没有；全文里有 %(number)s 篇", number=number)
        case "scope":
            return _("正文里没有；全文里有 %(number)s 篇", number=number)
        case "filters":
            return _("去掉全部筛选：%(number)s 篇", number=number)
    if way.newest is None:
        return _("这段时间里没有；日期不详的有 %(number)s 篇", number=number)
    day = long_day(way.newest)
    return _("这段时间里没有；别的时间有 %(number)s 篇，最近的在%(day)s", number=number, day=day)


def _address(way: WayOut, asked: SearchRequest, link: PageLink) -> str:
    match way.part:
        case "words" | "only":
            return link(q=way.q)
        case "filter":
            return link(**{way.dropped: None})
        case "dates":
            return link(from_=None, to=None)
        case "within":
            return link(within=None)
        case "date_status":
            return link(date=None)
        case "first":
            return link(first=None)
        case "scope":
            return link(in_=None)
    return link.site.path("pages.search", q=asked.q or None)
