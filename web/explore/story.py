"""Template context of a story's page."""

from datetime import datetime
from typing import Any

from index.fetching.state import state_path
from index.fetching.versions import changed_articles
from index.text.dates import DAY_SECONDS, HOUR_SECONDS, MINUTE_SECONDS, SHANGHAI
from search.budget import FOR_THE_REST
from search.explore.story import StoryMember, StoryView
from web.http.budgets import budget
from web.http.site import Site
from web.i18n import gettext as _
from web.markup import formatting
from web.markup.formatting import is_day
from web.markup.sanitize import excerpt
from web.pages.hit_list import times

CHANGES = "changes"
"""The id of an article's changes on its page."""


def context(view: StoryView, site: Site) -> dict[str, Any]:
    """The context of `story.html`."""
    unlisted = view.total - 1 - len(view.others)
    changes = _changes(view, site)
    return {
        "q": "",
        "title": view.first.title.text,
        "first": _row(view.first, site) | {"change": changes.get(view.first.id)},
        "order": _order(view),
        "first_known": view.first_known,
        "excerpt": excerpt(view.text) if site.shows_articles else None,
        "others": [
            _row(telling, site)
            | {"later": _later(view.first, telling), "change": changes.get(telling.id)}
            for telling in view.others
        ],
        "marked_titles": any(telling.title.marks for telling in view.others),
        "total": view.total,
        "unlisted": unlisted,
        "span": _span(view) if view.span and view.first_known and not unlisted else None,
        "facts": _facts(view, unlisted),
    }


def _facts(view: StoryView, unlisted: int) -> list[str]:
    """Sentences on the first publication, the time span, and the number of reposts."""
    first, reposts = view.first, view.total - 1
    if first.published is None or not view.first_known:
        return []
    low = formatting.exact_day(first.published)
    high = formatting.exact_day(first.published + (view.span or 0))
    days = _("%(first)s 至 %(last)s", first=low, last=high) if high > low else low
    publisher = formatting.credit(first.source, first.credited) or first.source
    source = _("首发：%(source)s", source=publisher) if reposts else publisher
    return [
        *([source] if publisher and source else []),
        _("%(day)s 起", day=low) if unlisted else days,
        *([_("%(number)s 篇转载", number=formatting.thousands(reposts))] if reposts else []),
    ]


def _order(view: StoryView) -> str:
    """How many articles there are, and what is known of their order."""
    number = formatting.thousands(view.total)
    if view.first_known and view.estimated:
        return _("共 %(number)s 篇，最早的在前，日期推算的在后。", number=number)
    if view.first_known:
        return _("共 %(number)s 篇，最早的在前。", number=number)
    if view.first.date_origin == "given" and view.estimated:
        return _("共 %(number)s 篇，有的日期是推算的，先后不明。", number=number)
    if view.first.date_origin == "given":
        return _("共 %(number)s 篇，有的没有写明时间，先后不明。", number=number)
    return _("共 %(number)s 篇，都没有写明日期，先后不明。", number=number)


def lasting(seconds: int) -> str:
    """A duration in its largest unit: 5 分钟, 3 小时, 2 天."""
    if seconds < HOUR_SECONDS:
        return _("%(number)s 分钟", number=max(1, seconds // MINUTE_SECONDS))
    if seconds < DAY_SECONDS:
        return _("%(number)s 小时", number=seconds // HOUR_SECONDS)
    return _("%(number)s 天", number=seconds // DAY_SECONDS)


def _row(telling: StoryMember, site: Site) -> dict[str, Any]:
    return {
        "title": formatting.marked(telling.title),
        "link": site.article_link(telling.id, telling.url),
        "original": telling.url,
        "source": telling.source,
        "source_link": site.path("pages.search", source=telling.source) if telling.source else None,
        "credit": formatting.credit(telling.source, telling.credited),
        **times(telling.published, telling.date_origin),
        "later": None,
        "retitled": telling.retitled,
    }


def _changes(view: StoryView, site: Site) -> dict[str, dict[str, Any]]:
    """What is told of members that changed since their feeds first showed them, by id; nothing
    where the site does not show whole texts."""
    if site.settings.article_page != "full":
        return {}
    ids = [telling.id for telling in (view.first, *view.others)]
    state, left = state_path(site.settings.index_dir), budget().leaving(FOR_THE_REST)
    found = changed_articles(site.settings.articles, state, ids, spent=lambda: left.is_spent)
    return {
        each: {
            "number": summary.number,
            "when": formatting.exact_time(int(summary.seen.timestamp())),
            "first_title": summary.first_title,
            "link": site.path("pages.article", article_id=each, _anchor=CHANGES),
        }
        for each, summary in found.items()
    }


def _later(first: StoryMember, telling: StoryMember) -> str | None:
    """How long after the first publication; in days where of one only the day is known."""
    if telling.later is None or first.published is None or telling.published is None:
        return None
    days = _days_between(first.published, telling.published)
    if is_day(first.published) or is_day(telling.published):
        return _("晚 %(time)s", time=_("%(number)s 天", number=days)) if days else _("同一天")
    return _("晚 %(time)s", time=lasting(telling.later)) if telling.later else _("同一时间")


def _span(view: StoryView) -> str | None:
    """From the first to the last of them; whole days where of one only the day is known."""
    given = [t.published for t in (view.first, *view.others) if t.date_origin == "given"]
    known = [moment for moment in given if moment is not None]
    if not any(map(is_day, known)):
        return lasting(view.span or 0)
    days = _days_between(min(known), max(known))
    return _("%(number)s 天", number=days) if days else None


def _days_between(first: int, last: int) -> int:
    one, other = (datetime.fromtimestamp(moment, SHANGHAI).date() for moment in (first, last))
    return (other - one).days
