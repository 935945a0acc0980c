"""Template context of the feeds that fill the archive, on the page of sources."""

from collections.abc import Sequence
from typing import Any

from index.errors import FeedsError
from index.fetching.condition import SHOWN_DAYS, Condition, feed_conditions, rounded
from index.fetching.state import state_path
from index.fetching.subscriptions import read_subscriptions
from index.settings import Settings
from web.http.site import Site
from web.i18n import gettext as _
from web.i18n import translated
from web.markup.formatting import exact_time

PICTURE_HEIGHT, BAR_WIDTH = 16, 5
"""Of the picture of articles a day, in pixels."""


def fetched_feeds(settings: Settings, now: int) -> list[Condition]:
    """How each feed is doing; none where none was ever fetched, or the list cannot be read."""
    try:
        listed = read_subscriptions(settings.feeds)
    except FeedsError:
        return []
    return feed_conditions(listed, state_path(settings.index_dir), now) or [] if listed else []


def feed_rows(found: Sequence[Condition], site: Site) -> list[dict[str, Any]]:
    """A row for each feed. Addresses are left out: a page is public, a feed may be inside."""
    return [_feed_row(each, site) for each in found]


def _feed_row(each: Condition, site: Site) -> dict[str, Any]:
    state = each.state
    return {
        "name": state.name,
        "link": site.path("pages.search", source=state.name),
        "success": exact_time(state.last_success) if state.last_success else None,
        "article": exact_time(state.last_article) if state.last_article else None,
        "next": None if state.ended or not state.last_try else exact_time(state.next_at),
        "bars": _picture(each.a_day),
        "width": SHOWN_DAYS * BAR_WIDTH,
        "height": PICTURE_HEIGHT,
        "a_day": _("近 %(days)s 天每天：%(counts)s", days=SHOWN_DAYS, counts=_counts(each.a_day)),
        "says": _says(each),
        "warns": bool(state.error or each.silent),
    }


def _picture(a_day: Sequence[int]) -> list[tuple[int, int, int]]:
    """(x, y, height) of each bar that is not empty."""
    most = max(a_day, default=0)
    heights = [-(-count * PICTURE_HEIGHT // most) if count else 0 for count in a_day]
    return [
        (place * BAR_WIDTH, PICTURE_HEIGHT - height, height)
        for place, height in enumerate(heights)
        if height
    ]


def _counts(a_day: Sequence[int]) -> str:
    return _("、").join(map(str, a_day))


def _says(each: Condition) -> str:
    """What the owner of the archive would want to know, in a sentence."""
    state, today = each.state, each.a_day[-1]
    if state.error:
        reason = translated(state.error)
        if state.failures > 1:
            return _("%(reason)s，连续 %(number)s 次", reason=reason, number=state.failures)
        return reason
    if not state.last_try:
        return _("还没有抓取过")
    if each.silent:
        return _("很久没有新文章，往常每 %(time)s一次", time=_duration(state.gap))
    if not today and state.gap:
        return _("今天没有新文章，往常每 %(time)s一次", time=_duration(state.gap))
    return _("今天 %(number)s 篇", number=today)


def _duration(seconds: int) -> str:
    number, unit = rounded(seconds)
    if unit == "minutes":
        return _("%(number)s 分钟", number=number)
    if unit == "hours":
        return _("%(number)s 小时", number=number)
    return _("%(number)s 天", number=number)
