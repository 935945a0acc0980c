"""Reads dates as sources write them into aware datetimes."""

import re
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
"""Zone of dates that name none, and of the days, months and years in the index."""

MINUTE_SECONDS, HOUR_SECONDS, DAY_SECONDS = 60, 3_600, 86_400

FIRST_YEAR, LAST_YEAR = 1970, 2100

_NUMERIC = re.compile(
    r"(?P<date>\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2})\s*日?"
    r"(?:[T,，\s]*(?P<time>\d{1,2}[:：时点]\d{1,2}(?:[:：分]\d{1,2})?)[分秒]?(?:[.,]\d+)?)?"
    r"\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2})?",
    re.IGNORECASE,
)
_WEEKDAY_IN_BRACKETS = re.compile(r"\s*[(（][^()（）]*[)）]\s*")
_CHINA_TIME = re.compile(r"\bCST\b")
_GMT_OFFSET = re.compile(r"\b(?:GMT|UTC)(?=[+-]\d)")


def parse_date(value: object) -> datetime | None:
    """An aware datetime, or None where no date can be read; never raises.

    Text (ISO 8601, RFC 1123 and 2822, `2021/10/28 14:08`, `2018年5月11日 14:08`, `20220905`,
    JavaScript's and Java's own) or a value from YAML or TOML. Years from 1970 to 2100.
    """
    moment = _moment(value)
    if moment is None or not FIRST_YEAR <= moment.year <= LAST_YEAR:
        return None
    return moment if moment.utcoffset() is not None else moment.replace(tzinfo=SHANGHAI)


def _moment(value: object) -> datetime | None:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    return _from_text(value.strip()[:100]) if isinstance(value, str) else None


def _from_text(text: str) -> datetime | None:
    for read in (datetime.fromisoformat, _from_numbers, _from_mail):
        try:
            return read(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None


def _from_numbers(text: str) -> datetime:
    match = _NUMERIC.fullmatch(_WEEKDAY_IN_BRACKETS.sub(" ", text).strip())
    if match is None:
        raise ValueError("not a date in numbers")
    day = [int(part) for part in re.findall(r"\d+", match["date"])]
    time = [int(part) for part in re.findall(r"\d+", match["time"] or "")]
    naive = datetime(*day, *time)  # type: ignore[arg-type]  # the pattern allows two or three
    zone = (match["zone"] or "").upper().replace("UTC", "Z").replace("GMT", "Z")
    return datetime.fromisoformat(naive.isoformat() + zone)


def _from_mail(text: str) -> datetime:
    # In mail CST is Central Standard Time of America; on a Chinese site it is China's.
    text = _CHINA_TIME.sub("+0800", _WEEKDAY_IN_BRACKETS.sub(" ", text))
    return parsedate_to_datetime(_GMT_OFFSET.sub("", text))
