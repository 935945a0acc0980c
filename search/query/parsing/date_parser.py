"""Parses periods as people write them into a first and a last day, in Asia/Shanghai.

The caller passes `today`; the clock is never read. So the same words mean the same days in a test,
in a saved link with `now=` and on the page. Weeks begin on Monday; 近7天 is today and the six days
before; 近一个月 begins the day after today's date a month ago.
"""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

from index.text.dates import DAY_SECONDS, FIRST_YEAR, HOUR_SECONDS, LAST_YEAR
from index.text.normalize import normalize
from search.request import DATE_STATUSES, DateStatus

Days = tuple[date, date]
PeriodReader = Callable[[re.Match[str], date], Days]

_DASH = r"--+|(?<=[年月日号度])\s*-+|\s-\s|-(?=\d{4}(?!\d)|$)|^-"
"""A dash is a hyphen once normalised, so what stands around it tells it from that of 2022-09."""
_INTERVAL = r"/?\.{2,}/?|/(?=\d{4}(?!\d))"
"""ISO 8601 writes 2022-01/2022-06, and 2022-01/.. for an open end."""
_RANGE = re.compile(rf"(.*?)(?:{_INTERVAL}|~|{_DASH}|至|到)(.*)", re.DOTALL)
_SINCE = re.compile(r"[自从由]?(.+?)(?:以来|起|开始)")
_OPENING = re.compile(r"(?:([0-9]{4})年?|今?年|本年)初|本?(月)初")
_HOURS = re.compile(r"(?:最近|近|过去)?([0-9]{1,4})个?(?:小时|钟头|h)(?:以?内|之内)?")
_OFFERED = re.compile(r"[0-9]{4}(?:[-./][0-9]{1,2}){0,2}|(?:[0-9]{4})?q[1-4]")
_FIRST_OFFERED_YEAR = 1990
"""Smaller numbers are hardly ever meant as years."""
_WITHIN = re.compile(r"([0-9]{1,4})([hdmy])")
_NUMBER = r"([0-9]{1,4}|[一二两三四五六七八九十]{1,3})"
_DIGITS = {digit: value for value, digit in enumerate("一二三四五六七八九", 1)} | {"两": 2}
_NO_YEAR = re.compile(rf"{_NUMBER}月.*|第?.季度|q[1-4]|[上下]半年")
_RELATIVE_YEAR = re.compile(r"(今|本|去|前)年")
_YEARS_BACK = {"今": 0, "本": 0, "去": 1, "前": 2}
_DAYS_BACK = {"今天": 0, "今日": 0, "今": 0, "昨天": 1, "昨日": 1, "前天": 2}
_DATE_STATUSES: dict[str, DateStatus] = {
    **{status: status for status in DATE_STATUSES},
    "原有": "given",
    "推算": "estimated",
    "日期不详": "unknown",
    "不详": "unknown",
}
_SECONDS = {
    "h": HOUR_SECONDS,
    "d": DAY_SECONDS,
    "m": 30 * DAY_SECONDS,
    "y": 365 * DAY_SECONDS,
}


def parse_period(text: str, today: date) -> tuple[date | None, date | None] | None:
    """The first and the last day of what `text` names; None for a side left open (`2022-01..`).

    A month, quarter or half without a year is the latest one that has begun by `today`, at the end
    of a range the next one after its beginning. Ends in the wrong order are swapped.
    None if the text is no period, a date is impossible or a year is not within 1970-2100.
    """
    return parse_normalized_period(normalize(text), today)


def parse_normalized_period(text: str, today: date) -> tuple[date | None, date | None] | None:
    """`parse_period` for a text that is already normalised."""
    text = text.strip()
    if since := _SINCE.fullmatch(text):
        return _range(since[1].strip(), "今天", today)
    parts = _RANGE.fullmatch(text)
    if parts is None:
        return _period(text, today)
    return _range(parts[1].strip(), parts[2].strip(), today)


def parse_date_status(text: str) -> DateStatus | None:
    """What `date:unknown` or 时间：日期不详 asks of the dates; None for other texts."""
    return _DATE_STATUSES.get(normalize(text).strip())


def parse_hours(text: str) -> int | None:
    """近24小时, 3小时内 and 24h as a number of hours before now; None for other texts."""
    match = _HOURS.fullmatch(normalize(text).strip())
    return (int(match[1]) or None) if match else None


def offered_period(normalized: str, today: date) -> str | None:
    """How a time is written that a bare word may be meant as: 2021 is 2021年; 2021-06 and Q1 stay.
    None for other words, and for years that are to come."""
    period = _period(normalized, today) if _OFFERED.fullmatch(normalized) else None
    if period is None or not _FIRST_OFFERED_YEAR <= period[0].year <= today.year:
        return None
    return f"{normalized}年" if normalized.isdigit() else normalized


def within_seconds(value: str) -> int | None:
    """`24h`, `7d`, `6m`, `1y` as seconds before now; a month is 30 days and a year 365.

    In seconds, because "the last 24 hours" are not "yesterday and today". None for other values.
    """
    match = _WITHIN.fullmatch(value)
    return (int(match[1]) * _SECONDS[match[2]] or None) if match else None


def _range(first: str, last: str, today: date) -> tuple[date | None, date | None] | None:
    low = _first(first, today) if first else None
    high = _second(last, low, today) if last else None
    if not (low or high) or (first and not low) or (last and not high):
        return None
    if low and high and low[0] > high[1]:
        low, high = high, low
    return low[0] if low else None, high[1] if high else None


def _first(text: str, today: date) -> Days | None:
    """A period, or a beginning as it is only written at the beginning of another: 年初至今."""
    opening = _OPENING.fullmatch(text)
    if opening is None:
        return _period(text, today)
    first = today.replace(day=1) if opening[2] else date(int(opening[1] or today.year), 1, 1)
    return (first, first) if FIRST_YEAR <= first.year <= LAST_YEAR else None


def _second(text: str, first: Days | None, today: date) -> Days | None:
    if first is None or not _NO_YEAR.fullmatch(text):
        return _period(text, today)
    day = _period(f"{first[0].year}年{text}", today)
    return day if day is None or day >= first else _period(f"{first[0].year + 1}年{text}", today)


def _period(text: str, today: date) -> Days | None:
    try:
        text = _RELATIVE_YEAR.sub(lambda m: f"{today.year - _YEARS_BACK[m[1]]}年", text, count=1)
        for pattern, read in _FORMS:
            match = pattern.fullmatch(text)
            if match:
                low, high = read(match, today)
                return (low, high) if FIRST_YEAR <= low.year <= high.year <= LAST_YEAR else None
    except (KeyError, ValueError, OverflowError):
        return None
    return None


def _number(text: str) -> int:
    """`12`, `三`, `两`, `十二`, `三十`; raises KeyError for 三四."""
    if text.isdigit():
        return int(text)
    tens, ten, ones = text.partition("十")
    if not ten:
        return _DIGITS[text]
    return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)


def _months(year: int, month: int, count: int = 1) -> Days:
    """`count` months from a month on; months outside 1-12 raise ValueError."""
    last = month + count - 1
    return date(year, month, 1), date(year, last, monthrange(year, last)[1])


def _month_before(year: int, month: int, back: int) -> tuple[int, int]:
    years, month0 = divmod(year * 12 + month - 1 - back, 12)
    return years, month0 + 1


def _named_day(match: re.Match[str], today: date) -> Days:
    day = today - timedelta(days=_DAYS_BACK[match[0]])
    return day, day


def _day(match: re.Match[str], today: date) -> Days:
    day = date(int(match[1]), _number(match[2]), _number(match[3]))
    return day, day


def _month(match: re.Match[str], today: date) -> Days:
    return _months(int(match[1]), _number(match[2]))


def _year(match: re.Match[str], today: date) -> Days:
    return _months(int(match[1]), 1, 12)


def _bare_month(match: re.Match[str], today: date) -> Days:
    month = _number(match[1])
    return _months(today.year - (month > today.month), month)


def _bare_day(match: re.Match[str], today: date) -> Days:
    month, number = _number(match[1]), _number(match[2])
    later = (month, number) > (today.month, today.day)
    day = date(today.year - later, month, number)
    return day, day


def _part_of_year(year: str | None, month: int, count: int, today: date) -> Days:
    return _months(int(year) if year else today.year - (month > today.month), month, count)


def _quarter(match: re.Match[str], today: date) -> Days:
    number = _number(match[2] or match[3])
    return _part_of_year(match[1], 3 * number - 2, 3, today)


def _half(match: re.Match[str], today: date) -> Days:
    return _part_of_year(match[1], 1 if match[2] in ("上", "h1") else 7, 6, today)


def _this_or_last(match: re.Match[str], today: date) -> Days:
    back = match[1] == "上"
    if match[2] in ("周", "星期"):
        monday = today - timedelta(days=today.weekday() + 7 * back)
        return monday, monday + timedelta(days=6)
    if match[2] == "月":
        return _months(*_month_before(today.year, today.month, int(back)))
    first = (today.month - 1) // 3 * 3 + 1
    return _months(*_month_before(today.year, first, 3 * back), 3)


def _recent(match: re.Match[str], today: date) -> Days:
    number, unit = _number(match[1]), match[2]
    if number < 1:
        raise ValueError("no time at all")
    if unit in _UNIT_DAYS:
        return today - timedelta(days=number * _UNIT_DAYS[unit] - 1), today
    return _months_back(number * _UNIT_MONTHS[unit], today), today


def _recent_half(match: re.Match[str], today: date) -> Days:
    if match[1] == "年":
        return _months_back(6, today), today
    return today - timedelta(days=14), today


def _months_back(count: int, today: date) -> date:
    """The day after the same day `count` months ago, or after that month's last."""
    year, month = _month_before(today.year, today.month, count)
    return date(year, month, min(today.day, monthrange(year, month)[1])) + timedelta(days=1)


_UNIT_DAYS = {"天": 1, "日": 1, "d": 1, "周": 7, "星期": 7}
_UNIT_MONTHS = {"月": 1, "m": 1, "季度": 3, "年": 12, "y": 12}
_FORMS: list[tuple[re.Pattern[str], PeriodReader]] = [
    (re.compile(pattern), read)
    for pattern, read in (
        ("|".join(_DAYS_BACK), _named_day),
        (r"([0-9]{4})[-./]([0-9]{1,2})[-./]([0-9]{1,2})", _day),
        (r"([0-9]{4})([0-9]{2})([0-9]{2})", _day),
        (rf"([0-9]{{4}})年{_NUMBER}月{_NUMBER}[日号]?", _day),
        (r"([0-9]{4})[-./]([0-9]{1,2})", _month),
        (rf"([0-9]{{4}})年{_NUMBER}月份?", _month),
        (r"([0-9]{4})年?", _year),
        (rf"{_NUMBER}月份?", _bare_month),
        (rf"{_NUMBER}月{_NUMBER}[日号]?", _bare_day),
        (r"(?:([0-9]{4})[-年]?)?(?:第?([一二三四1-4])季度|q([1-4]))", _quarter),
        (r"(?:([0-9]{4})年?)?([上下])半年", _half),
        (r"([0-9]{4})[-年]?(h[12])", _half),
        (r"([本这上])个?(周|星期|月|季度)", _this_or_last),
        (rf"(?:最近|近|过去){_NUMBER}个?(天|日|周|星期|月|季度|年)", _recent),
        (rf"{_NUMBER}个?(天|日|周|星期|月|季度|年)(?:以?内|之内)", _recent),
        (r"([0-9]{1,4})([dmy])", _recent),
        (r"(?:最近|近|过去)半个?(年|月)", _recent_half),
        (r"半个?(年|月)(?:以?内|之内)", _recent_half),
    )
]
