"""Tables of a period from the counts on disk: most asked, rising, without results, slow."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt
from typing import Any

from web.statistics.day_files import DayCounts, DayFiles
from web.statistics.held_back import FLOOR, AskCounts

DEFAULT_DAYS = 7
MAX_ROWS = 20
"""Of each table."""
SLOW_MS = 300
"""What takes longer on average is felt as waiting."""


@dataclass(frozen=True, slots=True)
class QueryRow:
    """A query, its counts in the period, and how often it was asked in as many days before."""

    query: str
    counts: AskCounts
    before: int = 0


@dataclass(frozen=True, slots=True)
class QueryReport:
    """Of the days from `first` to `last`. `asked`, `empty` and `private` count all queries (see
    DayCounts), `listed` those that may be shown. `since`: the first day of which anything is kept,
    None without any. `rising`: None where counting began after the days to compare with did."""

    first: date
    last: date
    since: date | None
    asked: int
    empty: int
    private: int
    listed: int
    top: tuple[QueryRow, ...]
    rising: tuple[QueryRow, ...] | None
    without_results: tuple[QueryRow, ...]
    slow: tuple[QueryRow, ...]


def query_report(files: DayFiles, today: date, days: int) -> QueryReport:
    """Of `days` days, today included. Raises OSError."""
    first = today - timedelta(days=days - 1)
    compared, since = first - timedelta(days=days), min(files.days(), default=None)
    kept = files.read(compared, today)
    now, before = _sum(kept, first, today), _sum(kept, compared, first - timedelta(days=1))
    rows = [
        QueryRow(key, counts, before.queries[key].asks if key in before.queries else 0)
        for key, counts in now.queries.items()
    ]
    return QueryReport(
        first,
        today,
        since,
        now.asked,
        now.empty,
        now.private,
        sum(row.counts.asks for row in rows),
        top=_first(rows, lambda row: row.counts.asks),
        rising=_first((row for row in rows if row.counts.asks > row.before), _rise)
        if since and since <= compared
        else None,
        without_results=_first(
            (row for row in rows if row.counts.empty >= FLOOR), lambda row: row.counts.empty
        ),
        slow=_first(
            (row for row in rows if row.counts.mean_ms >= SLOW_MS), lambda row: row.counts.mean_ms
        ),
    )


def _sum(kept: Mapping[date, DayCounts], first: date, last: date) -> DayCounts:
    """All rows of these days; a day's own limit is none for a sum."""
    days = [counts for day, counts in kept.items() if first <= day <= last]
    queries: dict[str, AskCounts] = {}
    for counts in days:
        for key, row in counts.queries.items():
            queries[key] = queries.get(key, AskCounts()) + row
    return DayCounts(
        sum(day.asked for day in days),
        sum(day.empty for day in days),
        sum(day.private for day in days),
        queries,
    )


def _rise(row: QueryRow) -> float:
    """The rise in standard deviations, if asks come by chance (Poisson)."""
    return (row.counts.asks - row.before) / sqrt(row.counts.asks + row.before)


def _first(rows: Iterable[QueryRow], weight: Callable[[QueryRow], float]) -> tuple[QueryRow, ...]:
    ordered = sorted(rows, key=lambda row: (-weight(row), -row.counts.asks, row.query))
    return tuple(ordered[:MAX_ROWS])


def query_report_json(report: QueryReport) -> dict[str, Any]:
    """What `yuansou stats --json` prints."""
    return {
        "from": report.first.isoformat(),
        "to": report.last.isoformat(),
        "since": report.since.isoformat() if report.since else None,
        "asked": report.asked,
        "asked_without_results": report.empty,
        "private": report.private,
        "listed": report.listed,
        "top": _rows_json(report.top),
        "rising": None if report.rising is None else _rows_json(report.rising),
        "without_results": _rows_json(report.without_results),
        "slow": _rows_json(report.slow),
    }


def _rows_json(rows: Iterable[QueryRow]) -> list[dict[str, Any]]:
    return [_row_json(row) for row in rows]


def _row_json(row: QueryRow) -> dict[str, Any]:
    return {
        "query": row.query,
        "asks": row.counts.asks,
        "before": row.before,
        "without_results": row.counts.empty,
        "mean_ms": row.counts.mean_ms,
        "slowest_ms": row.counts.slowest_ms,
    }
