"""A story's page as its template shows it."""

from typing import Any

from flask import url_for

from search.story import StoryView, Telling
from web import present
from web.language import gettext as _
from web.listing import article_link
from web.sanitize import excerpt
from web.site import site

MINUTE, HOUR, DAY = 60, 3_600, 86_400


def shown(view: StoryView) -> dict[str, Any]:
    """All that `story.html` names."""
    off = site().settings.article_page == "off"
    return {
        "q": "",
        "title": view.first.title.text,
        "first": _row(view.first),
        "excerpt": None if off else excerpt(view.text),
        "others": [_row(telling) for telling in view.others],
        "marked_titles": any(telling.title.marks for telling in view.others),
        "total": view.total,
        "unlisted": view.total - 1 - len(view.others),
        "span": lasting(view.span) if view.span else None,
    }


def lasting(seconds: int) -> str:
    """A length of time in its largest unit: 5 分钟, 3 小时, 2 天."""
    if seconds < HOUR:
        return _("%(number)s 分钟", number=max(1, seconds // MINUTE))
    if seconds < DAY:
        return _("%(number)s 小时", number=seconds // HOUR)
    return _("%(number)s 天", number=seconds // DAY)


def _row(telling: Telling) -> dict[str, Any]:
    published = telling.published
    return {
        "title": present.marked(telling.title),
        "link": article_link(telling.id, telling.url),
        "original": telling.url,
        "source": telling.source,
        "source_link": url_for("pages.search", source=telling.source) if telling.source else None,
        "exact_time": None if published is None else present.exact_time(published),
        "iso_time": present.iso(published),
        "later": _later(telling.later),
        "retitled": telling.retitled,
    }


def _later(seconds: int | None) -> str | None:
    """How long after the first one."""
    if seconds is None:
        return None
    return _("晚 %(time)s", time=lasting(seconds)) if seconds else _("同一时间")
