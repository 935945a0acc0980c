"""Finds the date of publication that a text states, in its first lines or as its signature.

A date counts only if words or place say that it is that date: `发布时间: 2022-09-05`,
`2022-09-05 12:00 来源: …`, `新华社北京2022年9月5日电`, `今天(2022年9月5日)`, a line of its own,
a signature. Any other date is that of an event. How often each is right: docs/run/articles.md.
"""

import re
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

from index.dating.address_dates import day_of
from index.word_lists import data_table

HEAD_CHARACTERS, TAIL_CHARACTERS = 200, 60
"""Characters at the beginning and at the end of a text that are looked at."""

_YEAR = r"(?<![\d.])(?P<year>(?:19|20)\d\d)"
_HAN = r" ?(?P<month>\d{1,2}) ?月 ?(?P<day>\d{1,2}) ?[日号]"
_NUMBERS = r"(?P<mark>[-/.])(?P<numbered_month>\d{1,2})(?P=mark)(?P<numbered_day>\d{1,2})(?!\d{3})"
_FULL = rf"{_YEAR}(?: ?年{_HAN}|{_NUMBERS})"
_NUMERIC = _YEAR + _NUMBERS
_WITH_OR_WITHOUT_YEAR = rf"(?:{_YEAR} ?年|(?<![\d.年])){_HAN}"
_WEEKDAYS = "一二三四五六日天"
_CLOCK = r"[ \t]{0,3}\d{1,2}:\d\d(?::\d\d)?"
_DAY_AND_TIME = rf"{_FULL}(?:[ (]{{0,2}}(?:星期|周)[{_WEEKDAYS}]\)?)?(?:{_CLOCK})?"


class _Patterns(NamedTuple):
    """Of the beginning of a text, the surest first, and of its end."""

    head: tuple[re.Pattern[str], ...]
    tail: re.Pattern[str]


def stated_date(text: str, latest: date | None = None) -> date | None:
    """The date of publication that a normalised text states; None if it states none.

    `latest`: the day of another statement, or the last one it allows. A date without a year
    (`新华社北京9月5日电`) is the last such day before it, or one day after; without `latest`, none.
    """
    head, patterns = _beginning(text), _patterns()
    for pattern in patterns.head:
        for match in pattern.finditer(head):
            if found := _date(match, latest):
                return found
    signature = patterns.tail.search(text, max(0, len(text) - TAIL_CHARACTERS))
    return _date(signature, None) if signature else None


def _beginning(text: str) -> str:
    """The first HEAD_CHARACTERS, without a line or a number that only seems to end there."""
    return (
        text if len(text) <= HEAD_CHARACTERS else text[:HEAD_CHARACTERS].rstrip("0123456789") + "…"
    )


def _date(match: re.Match[str], latest: date | None) -> date | None:
    parts = match.groupdict()
    month, day = (int(parts.get(name) or parts[f"numbered_{name}"]) for name in ("month", "day"))
    if parts["year"]:
        found = day_of(int(parts["year"]), month, day)
    else:
        found = _last_before(latest, month, day) if latest else None
    if found is None:
        return None
    weekday = parts.get("weekday")
    if weekday and min(_WEEKDAYS.index(weekday), 6) != found.weekday():
        return None
    return found


def _last_before(latest: date, month: int, day: int) -> date | None:
    end = latest + timedelta(days=1)
    days = (day_of(year, month, day) for year in (end.year, end.year - 1))
    return next((found for found in days if found and found <= end), None)


@cache
def _patterns() -> _Patterns:
    listed = data_table("datelines").items()
    words = {kind: "|".join(map(re.escape, each)) for kind, each in listed}
    head = (
        rf"(?<!\w)(?:{words['labels']})(?P<colon> ?:)? {{0,2}}{_FULL}(?(colon)|{_CLOCK})",
        rf"{_DAY_AND_TIME}[^\w)】]{{0,8}}(?:{words['credits']})[\s:|/]",
        rf"(?:{words['credits']})[ :|/]{{1,3}}[^\n]{{0,20}}?{_FULL}(?:{_CLOCK}|$)",
        rf"{_WITH_OR_WITHOUT_YEAR}(?:{words['reports']})",
        rf"(?:{words['todays']})\({_WITH_OR_WITHOUT_YEAR}\)",
        rf"{_FULL}[ (]{{0,2}}(?:星期|周)(?P<weekday>[{_WEEKDAYS}])\)?$",
        rf"\A(?:[^\n]+\n)?{_DAY_AND_TIME}$(?!\n(?:19|20)\d\d[-/.年])",
        rf"^{_DAY_AND_TIME}(?<=:\d\d)$",
        rf"^[^\n\d,:]{{1,24}} {_NUMERIC}(?:{_CLOCK})?$",
    )
    tail = rf"(?:{words['signers']})[\s。]{{0,4}}{_FULL}[\s\W]{{0,6}}\Z"
    compiled = tuple(re.compile(pattern, re.MULTILINE) for pattern in head)
    return _Patterns(compiled, re.compile(tail))
