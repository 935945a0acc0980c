"""Finds the date of publication in a web address, where the software of many sites writes it."""

import re
from calendar import monthrange
from datetime import date
from urllib.parse import urlsplit

_YEAR, _MONTH, _DAY = r"(?P<year>(?:19|20)\d\d)", r"(?P<month>\d\d?)", r"(?P<day>\d\d?)"
_MONTH_AND_DAY = r"(?P<month>\d\d)(?P<day>\d\d)"
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        # /2022/09/05/title, /2022-09/05/1.htm, /2022/09-05/1.htm. Not /2022/09/05.html and
        # /2022/09/05_2.html: most are the second page of number 5 of a month, and the like.
        rf"/{_YEAR}[-/]{_MONTH}[-/]{_DAY}/",
        rf"/{_YEAR}-{_MONTH}-{_DAY}(?=[-_.]|\Z)",
        # /202209/05/1.html, /2022/0905/1.html, /20220905/1.html, /20220905-title
        rf"/{_YEAR}(?P<month>\d\d)/(?P<day>\d\d)/",
        rf"/{_YEAR}/?{_MONTH_AND_DAY}/",
        rf"/{_YEAR}{_MONTH_AND_DAY}-",
        # /t20220905_1.html, /a/20220905A01.html
        rf"/(?:t|art){_YEAR}{_MONTH_AND_DAY}_\d",
        rf"/{_YEAR}{_MONTH_AND_DAY}[A-Z]\d",
        # /202209051234.html: a day, with the time or a number. 16 and 19 digits are only numbers.
        rf"(?<!\d){_YEAR}{_MONTH_AND_DAY}(?:\d{{4}}|\d{{6}}|\d{{9,10}})(?=\.[a-z]+\Z)",
    )
)
_COUNTED = re.compile(r"/(?:questions?|p|threads?|topics?|users?|u|items?|id|status)\Z")
"""Before the number of a question or a user, which can look like a date."""
_PERIOD_FOLDER = re.compile(rf"/{_YEAR}(?:[-/]?(?P<month>0[1-9]|1[0-2]))?/")


def address_date(url: str | None) -> date | None:
    """The day in the path of an address; None if there is none. Parameters do not count: they hold
    the dates of style sheets and searches."""
    path = _path(url)
    for pattern in _PATTERNS:
        for match in pattern.finditer(path):
            if _COUNTED.search(path, 0, match.start()):
                continue
            if day := day_of(int(match["year"]), int(match["month"]), int(match["day"])):
                return day
    return None


def last_day_of_folder(url: str | None) -> date | None:
    """The last day of the year or the month that has a folder in the path of an address:
    `/2022/title`, `/202209/1.html`."""
    match = _PERIOD_FOLDER.search(_path(url))
    if not match:
        return None
    year, month = int(match["year"]), int(match["month"] or 12)
    return date(year, month, monthrange(year, month)[1])


def day_of(year: int, month: int, day: int) -> date | None:
    """None if there is no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _path(url: str | None) -> str:
    return urlsplit(url).path if url else ""
