"""Reads dates as sources write them into aware datetimes."""

import re
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from index.text.date_text import read_date

SHANGHAI = ZoneInfo("Asia/Shanghai")
"""Zone of dates that name none, and of the days, months and years in the index."""

MINUTE_SECONDS, HOUR_SECONDS, DAY_SECONDS = 60, 3_600, 86_400

FIRST_YEAR, LAST_YEAR = 1970, 2100
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

# Digits alone, by their number: what they are, unless they are epoch time.
_COMPACT = {8: "%Y%m%d", 10: "%Y%m%d%H", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}
_EPOCH_UNITS = {9: 1, 10: 1, 12: 10**3, 13: 10**3, 16: 10**6, 19: 10**9}
"""Digits of a moment in epoch time: how many units there are in a second."""
_DIGITS = re.compile(r"(?P<whole>[0-9]{8,19})(?:\.(?P<rest>[0-9]+))?")

_MARKED_EPOCH = re.compile(r"(?P<call>/Date\()?@?(?P<digits>[0-9.]{9,30})(?(call)[^()]{0,6}\)/)")
"""Epoch time as `date` (`@1662350400`) and .NET (`/Date(1662350400000+0800)/`) write it."""
_ISO = re.compile(r"[0-9]{4}(?:-[0-9]{2}-[0-9]{2}|[0-9]{4})(?:[T ]|\Z)")
"""A day and `T`; `fromisoformat` takes any character for it, also the sign of an offset."""


def parse_date(value: object, zone: tzinfo = SHANGHAI) -> datetime | None:
    """An aware datetime, or None where no date can be read; never raises. `zone`: of dates that
    name none.

    Text (ISO 8601, RFC 1123 and 2822, `2021/10/28 14:08`, `2018年5月11日 下午2:08`, Org's, Go's,
    Java's and JavaScript's own), epoch time in seconds or smaller units, or a value from TOML.
    A day must be given, not only a month. Years from 1970 to 2100.
    """
    try:
        moment = _moment(value)
        if moment is None or not FIRST_YEAR <= moment.year <= LAST_YEAR:
            return None
        return moment if moment.utcoffset() is not None else moment.replace(tzinfo=zone)
    except (ValueError, OverflowError, ArithmeticError):
        return None


def _moment(value: object) -> datetime | None:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _from_digits(f"{value:f}" if isinstance(value, float) else str(value))
    return _from_text(value.strip()) if isinstance(value, str) else None


def _from_text(text: str) -> datetime | None:
    marked = _MARKED_EPOCH.fullmatch(text)
    digits = _from_digits(marked["digits"] if marked else text)
    if digits is not None:
        return digits
    if _ISO.match(text):
        with suppress(ValueError):
            return datetime.fromisoformat(text)
    return read_date(text)


def _from_digits(text: str) -> datetime | None:
    """`20220905`, `202209051200`, or epoch time; None where the digits are neither."""
    match = _DIGITS.fullmatch(text)
    if match is None:
        return None
    whole = match["whole"]
    with suppress(KeyError, ValueError):
        moment = datetime.strptime(whole, _COMPACT[len(whole)])
        if FIRST_YEAR <= moment.year <= LAST_YEAR:
            return moment
    unit = _EPOCH_UNITS.get(len(whole))
    return EPOCH + timedelta(seconds=int(whole) / unit) if unit else None
