"""Formats values of results for people: highlights, times, numbers."""

from datetime import datetime
from typing import overload

from markupsafe import Markup, escape

from index.analysis.kinds import FRAGMENT, MACHINE_TRANSLATED, PROMOTIONAL
from index.article import DateOrigin
from index.text.credited import known_outlet
from index.text.dates import DAY_SECONDS, HOUR_SECONDS, MINUTE_SECONDS, SHANGHAI
from index.text.normalize import normalize
from search.request import DateStatus
from search.response import Highlighted
from web.i18n import gettext as _


def marked(text: Highlighted) -> Markup:
    """The text, escaped, with highlights as `<mark>` and no other markup."""
    written, position = text.text, 0
    plain = len(escape(written)) == len(written)  # nothing is escaped: each part stands as it is
    parts: list[str] = []
    for start, end in text.marks:
        before, inside = written[position:start], written[start:end]
        if not plain:
            before, inside = escape(before), escape(inside)
        parts.append(f"{before}<mark>{inside}</mark>")
        position = end
    rest = written[position:]
    parts.append(rest if plain else str(escape(rest)))
    return Markup("".join(parts))  # noqa: S704 - escaped piece by piece


@overload
def iso(seconds: int) -> str: ...
@overload
def iso(seconds: int | None) -> str | None: ...
def iso(seconds: int | None) -> str | None:
    """Epoch seconds → ISO 8601 in Asia/Shanghai."""
    return None if seconds is None else datetime.fromtimestamp(seconds, SHANGHAI).isoformat()


def relative_time(seconds: int, now: int) -> str:
    """How long ago, in Chinese: 刚刚, 5 分钟前, 3 小时前, 今天 (where only the day is known), 昨天,
    6 天前, else the date."""
    age = now - seconds
    then, today = (datetime.fromtimestamp(moment, SHANGHAI) for moment in (seconds, now))
    days = (today.date() - then.date()).days
    if days == 0 and is_day(seconds):
        return _("今天")
    if 0 <= age < MINUTE_SECONDS:
        return _("刚刚")
    if 0 <= age < HOUR_SECONDS:
        return _("%(number)s 分钟前", number=age // MINUTE_SECONDS)
    if 0 <= age < DAY_SECONDS and days == 0:
        return _("%(number)s 小时前", number=age // HOUR_SECONDS)
    if days == 1:
        return _("昨天")
    if 1 < days < 7:
        return _("%(number)s 天前", number=days)
    return long_day(seconds)


def is_day(seconds: int) -> bool:
    """Whether a day is all that is known: dates without a time are stored as midnight in
    Shanghai, at which hardly anything is published."""
    then = datetime.fromtimestamp(seconds, SHANGHAI)
    return (then.hour, then.minute, then.second) == (0, 0, 0)


def long_day(seconds: int) -> str:
    """2022年9月5日"""
    then = datetime.fromtimestamp(seconds, SHANGHAI)
    return _("%(year)s年%(month)s月%(day)s日", year=then.year, month=then.month, day=then.day)


def exact_time(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, SHANGHAI):%Y-%m-%d %H:%M}"


def exact_day(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, SHANGHAI):%Y-%m-%d}"


def estimated_from(origin: DateOrigin) -> str | None:
    """What a date of this origin was estimated from; None for one that was given, or for none."""
    match origin:
        case "address":
            return _("推算自网址")
        case "text":
            return _("推算自正文")
        case "file":
            return _("推算自文件名")
        case "seen":
            return _("推算自收录时间")
        case "given" | "none":
            return None


def date_status_name(status: DateStatus) -> str:
    """What the filter on what is known of dates is called on the page."""
    match status:
        case "given":
            return _("日期原有")
        case "estimated":
            return _("日期推算")
        case "unknown":
            return _("日期不详")


def credit(source: str | None, credited: str | None) -> str | None:
    """The outlet that a text names, for display beside the source: only where that is no known
    outlet (missing, a collection of texts, a host) and is not the same name."""
    if credited is None or source is None:
        return credited
    same = normalize(credited) in normalize(source)
    return None if same or known_outlet(source) else credited


def kind_name(kind: str) -> str:
    """What a kind of article is called on the page."""
    names = {
        MACHINE_TRANSLATED: _("机器翻译"),
        PROMOTIONAL: _("推广"),
        FRAGMENT: _("片段"),
    }
    return names.get(kind, kind)


def thousands(number: int) -> str:
    return f"{number:,}"


def per_cent(share: float) -> str:
    """Two significant figures: 34%, 1.8%, 0.12%."""
    value = share * 100
    if value >= 10 or not value:
        return f"{value:.0f}%"
    return f"{value:.1f}%" if value >= 1 else f"{value:.2g}%"
