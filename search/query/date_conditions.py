"""Conditions on dates as engine queries."""

from datetime import date

from index.engines.queries import And, Not, Query, Range
from index.text.dates import HOUR_SECONDS, MINUTE_SECONDS
from search.query.parsing.tree import Dated, Hours, Period
from search.request import DateStatus

ESTIMATED = Range("estimated", 1)


def as_day(day: date | None) -> int | None:
    """The date as the integer that engines store: 20220905."""
    return day.year * 10_000 + day.month * 100 + day.day if day else None


def with_date_status(status: DateStatus) -> Query:
    """Articles of whose dates this is known."""
    match status:
        case "given":
            return And((Range("day"), Not(ESTIMATED)))
        case "estimated":
            return ESTIMATED
        case "unknown":
            return Not(Range("day"))


def on_date(condition: Period | Dated | Hours, now: int) -> Query:
    """`now`: the clock, in epoch seconds."""
    match condition:
        case Period(low, high):
            return Range("day", as_day(low), as_day(high))
        case Dated(status):
            return with_date_status(status)
        case Hours(count):
            # The clock of a request counts minutes: an article of this minute is published.
            return Range("published", now - count * HOUR_SECONDS, now + MINUTE_SECONDS - 1)
