"""Template context of the list of sources."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from index.engines.api import Match
from search.explore.sources import SOURCE_ORDERS, SourceList, SourceOrder, SourceSummary
from web.http.site import Site
from web.i18n import gettext as _
from web.markup.formatting import exact_day, kind_name, thousands


def order_of(args: Mapping[str, str]) -> SourceOrder:
    """The order asked for; most articles first unless another one is."""
    return next((order for order in SOURCE_ORDERS if order == args.get("sort")), "articles")


def context(found: SourceList, order: SourceOrder, site: Site) -> dict[str, Any]:
    """The context of `sources.html`."""
    labels: dict[SourceOrder, str] = {
        "name": _("来源"),
        "articles": _("篇数"),
        "first": _("最早"),
        "last": _("最近"),
        "span": _("跨度"),
    }
    return {
        "q": "",
        "rows": [_row(source, site) for source in found.sources],
        "columns": [
            (
                label,
                site.path("explore.sources", sort=None if each == "articles" else each),
                each == order,
            )
            for each, label in labels.items()
        ],
        "ascending": order in ("name", "first"),
        "more": found.more,
        "unnamed": found.unnamed,
        "estimates": any(_is_estimate(s.first) or _is_estimate(s.last) for s in found.sources),
    }


def _row(source: SourceSummary, site: Site) -> dict[str, Any]:
    parts = urlsplit(source.url or "")
    return {
        "name": source.name,
        "articles": source.articles,
        "first": _day(source.first),
        "last": _day(source.last),
        "days": thousands(source.days) if source.days is not None else None,
        "language": _("中文") if source.chinese else _("其他文字"),
        "kinds": [
            (kind_name(kind), count, site.path("pages.search", source=source.name, kind=kind))
            for kind, count in source.kinds
        ],
        "link": site.path("pages.search", source=source.name),
        "feed": site.path("feeds.rss", source=source.name),
        "home": f"{parts.scheme}://{parts.netloc}/" if parts.scheme in ("http", "https") else None,
    }


def _day(match: Match | None) -> dict[str, Any] | None:
    """The day, and whether nobody gave it; None where it is unknown."""
    if match is None or match.published is None:
        return None
    return {"day": exact_day(match.published), "estimated": match.estimated}


def _is_estimate(match: Match | None) -> bool:
    return match is not None and match.estimated
