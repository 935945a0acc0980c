"""Takes dates in text apart: zone, weekday, part of the day, time; what is left must be a day.

Nothing is skipped, so a version, a plain word or a lone number is no date.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta, timezone, tzinfo
from functools import cache
from html import unescape
from typing import Any, NamedTuple
from unicodedata import normalize as composed
from zoneinfo import ZoneInfo

from index.word_lists import alternation, data_table

LONGEST = 120
"""Characters of a text that can be a date."""
LAST_TWO_DIGIT_YEAR = 49
"""Two-digit years up to this one are 20xx, as RFC 2822 says; others 19xx."""

_WRITTEN_OTHERWISE = str.maketrans(
    {**dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"), "\\": None, '"': None}
    | {**dict.fromkeys("'\u201c\u201d\u2018\u2019", None), "∶": ":", "·": " ", "\0": " "}
    | {"。": ".", "【": " ", "】": " "}
    | dict.fromkeys("\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\xad", None)
)
_TAG = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)
_LABEL = re.compile(
    r"(?:(?:文章|新闻|最后|最近)?(?:发布|发表|刊登|更新|创建)(?:时间|日期|于)?|时间|日期"
    r"|(?:published|posted|updated)(?: on| at)?|date)[: ]+",
    re.IGNORECASE,
)
_ORG_WRAPPED = re.compile(r"[<\[](?P<inner>\d{4}-[^<>\[\]]*)[>\]](?:-{1,3}[<\[][^<>\[\]]*[>\]])?")
_ORG_REPEAT = re.compile(r"\s(?:\.\+|\+{1,2}|-{1,2})\d+[hdwmy](?:/\d+[hdwmy])?")
_ORG_END = re.compile(r"(?<=\d\d:\d\d)-\d\d?:\d\d\b")
_ORG_WEEKDAY = re.compile(r"(?<=\d)\s+[^\W\d_]+\.?")
_GO_CLOCK = re.compile(r"\sm=[+-][\d.]+$")
_BRACKETS = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")

_OFFSET = re.compile(
    r"(?P<name>(?<![a-z])(?:UTC|GMT)\s*)?"
    r"(?P<sign>[+-])(?P<hour>\d{1,2})(?::?(?P<minute>\d{2}))?(?::\d{2})?(?![\d:/.年-])",
    re.IGNORECASE,
)
_NAMED_BY_OFFSET = re.compile(r"^\s+[+-]\d{2,4}$")
"""What Go repeats for zones without a name: `+0800 +08`."""
_REGION = re.compile(r"(?<![A-Za-z])[A-Z][A-Za-z]+/[A-Z][A-Za-z_]+(?:/[A-Z][A-Za-z_]+)?")
_WEEKDAY = re.compile(
    r"(?:星期|礼拜|禮拜|周|週)[一二三四五六日天]"
    r"|(?<![a-z])(?:mon|tue(?:s)?|wed(?:nes)?|thu(?:r|rs)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"(?<![\d.:])(?P<hour>\d{1,2})\s*(?:[:时時点點]\s*(?P<minute>\d{1,2})(?!\d)"
    r"(?:\s*[:分]\s*(?P<second>\d{1,2})(?:[.,](?P<fraction>\d{1,9}))?)?\s*[分秒]?"
    r"|[点點时時](?P<half>半|整|(?=\s|$)))(?![\d:])"
)
_PERIOD_MARK = "\0"
_HOUR = re.compile(r"(?<![\d.:/-])(?P<hour>\d{1,2})\s*\0")
_DAY_IN_NUMBERS = re.compile(
    r"(?P<year>\d{4})\s*[-/.年_\s]\s*(?P<month>\d{1,2})\s*[-/.月_\s]\s*(?P<day>\d{1,2})\s*[日号號]?"
)
_DIGITS = re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})")
_MONTH, _DAY = r"(?P<month>[a-z]{3,9})\.?", r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_DAYS_IN_ENGLISH = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_MONTH}[\s-]*{_DAY}[\s,-]+(?P<year>\d{{4}})",
        rf"{_DAY}[\s-]*(?:of\s+)?{_MONTH}[\s,-]*(?P<year>\d{{4}}|\d{{2}})",
        rf"(?P<year>\d{{4}})[\s,-]*{_MONTH}[\s-]*{_DAY}",
    )
)
_HAN_NUMBER = re.compile(r"[〇零一二三四五六七八九十]+")
_HAN_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_BETWEEN = " \t,T-|;:._"
"""What may stand between the parts, and at their ends."""
_AT = re.compile(r"\s+at\s+", re.IGNORECASE)


class _Period(NamedTuple):
    added: frozenset[int]
    twelve: str


def read_date(text: str) -> datetime:
    """The moment that a text says, without a zone if it names none. Raises ValueError."""
    left = _cleaned(text)
    zone, left = _zone_of(left)
    left = _HAN_NUMBER.sub(_han_number, _WEEKDAY.sub(" ", left))
    period, left = _period_of(left)
    time, left = _time_of(left, period)
    moment = _day_of(left.strip(_BETWEEN)) + time
    return moment.replace(tzinfo=zone)


def _cleaned(text: str) -> str:
    """Plain characters, without escapes, labels, quotes and what Org and Go add."""
    if len(text) > LONGEST:
        raise ValueError("too long for a date")
    if "&" in text:
        text = unescape(unescape(text))
    text = _TAG.sub(" ", composed("NFKC", text)).translate(_WRITTEN_OTHERWISE).strip()
    text = _LABEL.sub("", text, count=1) if _LABEL.match(text) else text
    if text.startswith("(") and text.endswith(")") and text.count("(") == 1:
        text = text[1:-1].strip()
    wrapped = _ORG_WRAPPED.fullmatch(text)
    if wrapped:
        text = _ORG_WEEKDAY.sub(" ", _ORG_END.sub("", _ORG_REPEAT.sub("", wrapped["inner"])))
    return _AT.sub(" ", _GO_CLOCK.sub("", text))


def _zone_of(text: str) -> tuple[tzinfo | None, str]:
    """The zone and the text without it. An offset decides; names beside it only repeat it."""
    bracketed = [one or other for one, other in _BRACKETS.findall(text)]
    text = _BRACKETS.sub(" ", text)
    offset, text = _offset_of(text)
    named, text = _named_zone(text)
    if named is None:
        found = (_offset_of(part)[0] or _named_zone(part)[0] for part in bracketed)
        named = next(filter(None, found), None)
    return offset or named, text


def _offset_of(text: str) -> tuple[tzinfo | None, str]:
    for match in _OFFSET.finditer(text):
        # Without a name, minutes or a time before it, `-05` is a day or a month.
        named, follows_time = match["name"], re.search(r"[:时点]\d\d\S*\s*$", text[: match.start()])
        hours, minutes = int(match["hour"]), int(match["minute"] or 0)
        if (named or match["minute"] or follows_time) and hours <= 14 and minutes < 60:
            length = timedelta(hours=hours, minutes=minutes)
            zone = timezone(-length if match["sign"] == "-" else length)
            return zone, f"{text[: match.start()]} {_NAMED_BY_OFFSET.sub('', text[match.end() :])}"
    return None, text


def _named_zone(text: str) -> tuple[tzinfo | None, str]:
    region = _REGION.search(text)
    if region:
        try:
            return ZoneInfo(region[0]), text.replace(region[0], " ")
        except (KeyError, ValueError, OSError):
            return None, text
    match = _zone_names().search(text)
    if match is None:
        return None, text
    zone = _words()["zones"][match[0].lower()]
    left = f"{text[: match.start()]} {text[match.end() :]}"
    return ZoneInfo(zone) if isinstance(zone, str) else timezone(timedelta(hours=zone)), left


def _period_of(text: str) -> tuple[_Period | None, str]:
    match = _period_names().search(text)
    if match is None:
        return None, text
    left = f"{text[: match.start()]}{_PERIOD_MARK}{text[match.end() :]}"
    return _periods()[match[0].lower()], left


def _time_of(text: str, period: _Period | None) -> tuple[timedelta, str]:
    match = _HOUR.search(text) or _TIME.search(text.replace(_PERIOD_MARK, " "))
    if match is None:
        return timedelta(), text.replace(_PERIOD_MARK, " ")
    parts = match.groupdict()
    minute = int(parts.get("minute") or (30 if parts.get("half") == "半" else 0))
    hour, second = _hour(int(parts["hour"]), period), int(parts.get("second") or 0)
    last = hour == 24 and minute == second == 0
    if not (hour < 24 or last or (period and hour == 24)) or minute > 59 or second > 60:
        raise ValueError("no time of day")
    microseconds = int((parts.get("fraction") or "0")[:6].ljust(6, "0"))
    time = timedelta(hours=hour, minutes=minute, seconds=second, microseconds=microseconds)
    left = f"{text[: match.start()]} {text[match.end() :]}"
    return time, left.replace(_PERIOD_MARK, " ")


def _hour(hour: int, period: _Period | None) -> int:
    if period is None:
        return hour
    if hour == 12:
        return {"midnight": 0, "noon": 12, "night": 24}[period.twelve]
    return hour + 12 if hour in period.added else hour


def _day_of(text: str) -> datetime:
    match = _DAY_IN_NUMBERS.fullmatch(text) or _DIGITS.fullmatch(text)
    if match:
        return datetime(int(match["year"]), int(match["month"]), int(match["day"]))
    for pattern in _DAYS_IN_ENGLISH:
        match = pattern.fullmatch(text)
        if match:
            return datetime(_full_year(match["year"]), _month(match["month"]), int(match["day"]))
    raise ValueError("no day")


def _month(name: str) -> int:
    lower = name.lower()
    if lower == "sept":
        return 9
    months: Mapping[str, int] = _words()["months"]
    found = next((number for full, number in months.items() if full.startswith(lower)), 0)
    if not found:
        raise ValueError("no month")
    return found


def _full_year(digits: str) -> int:
    year = int(digits)
    if len(digits) > 2:
        return year
    return year + (2000 if year <= LAST_TWO_DIGIT_YEAR else 1900)


def _han_number(match: re.Match[str]) -> str:
    """九 is 9, 十二 is 12, 三十一 is 31, 二〇二二 is 2022."""
    tens, ten, ones = match[0].partition("十")
    if not ten:
        return match[0].translate(_HAN_DIGITS)
    return (tens or "1").translate(_HAN_DIGITS) + (ones or "0").translate(_HAN_DIGITS)


@cache
def _words() -> Mapping[str, Any]:
    return data_table("date_words")


@cache
def _zone_names() -> re.Pattern[str]:
    return _any_of(_words()["zones"])


@cache
def _periods() -> Mapping[str, _Period]:
    return {
        word: _Period(frozenset(row["added"]), row["twelve"])
        for row in _words()["periods"]
        for word in row["words"]
    }


@cache
def _period_names() -> re.Pattern[str]:
    return _any_of(_periods())


def _any_of(names: Iterable[str]) -> re.Pattern[str]:
    """Any of these words, in any case, and none that is a part of another in ASCII letters."""
    return re.compile(rf"(?<![a-z])(?:{alternation(names)})(?![a-z])", re.IGNORECASE)
