"""Tables of a period."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from web.statistics.day_files import DayCounts, DayFiles
from web.statistics.held_back import AskCounts
from web.statistics.report import MAX_ROWS, QueryReport, QueryRow, query_report, query_report_json

TODAY = date(2026, 11, 30)


@pytest.fixture
def files(tmp_path: Path) -> DayFiles:
    return DayFiles.beside(tmp_path)


def fill(files: DayFiles, days_ago: int, **queries: AskCounts) -> None:
    asked = sum(counts.asks for counts in queries.values())
    files.add(TODAY - timedelta(days=days_ago), DayCounts(asked + 2, 1, 1, queries))


def asks(number: int) -> AskCounts:
    return AskCounts(number, 0, number * 10, 10)


def names(rows: tuple[QueryRow, ...] | None) -> list[str]:
    assert rows is not None
    return [row.query for row in rows]


def week(files: DayFiles) -> QueryReport:
    return query_report(files, TODAY, 7)


def test_nothing_yet(files: DayFiles) -> None:
    report = week(files)
    assert (report.since, report.asked, report.top, report.rising) == (None, 0, (), None)


def test_totals_and_top(files: DayFiles) -> None:
    fill(files, 0, a=asks(10), b=asks(5))
    fill(files, 6, b=asks(10))
    fill(files, 7, a=asks(100))
    report = week(files)

    assert [(row.query, row.counts.asks) for row in report.top] == [("b", 15), ("a", 10)]
    assert (report.asked, report.empty, report.private, report.listed) == (29, 2, 2, 25)
    assert (report.first, report.last) == (date(2026, 11, 24), TODAY)
    assert report.since == date(2026, 11, 23)


def test_rising(files: DayFiles) -> None:
    """By how unlikely the rise is; not what is asked as often or less."""
    fill(files, 0, steady=asks(100), new=asks(10), more=asks(40), less=asks(5))
    fill(files, 7, steady=asks(100), more=asks(10), less=asks(50))
    fill(files, 13)
    report = week(files)

    assert names(report.rising) == ["more", "new"]
    assert [row.before for row in report.rising or ()] == [10, 0]


def test_nothing_rises_without_days_to_compare(files: DayFiles) -> None:
    """A week against a few days would make everything rise."""
    fill(files, 0, a=asks(10))
    fill(files, 12, a=asks(5))
    assert week(files).rising is None


def test_without_results(files: DayFiles) -> None:
    """Five asks in vain; what is found meanwhile is not listed."""
    fill(files, 0, vain=AskCounts(5, 5, 50, 10), once=AskCounts(50, 1, 50, 10))
    fill(files, 1, later=AskCounts(5, 3, 50, 10))
    fill(files, 2, later=AskCounts(5, 2, 50, 10))
    assert names(week(files).without_results) == ["later", "vain"]


def test_slow(files: DayFiles) -> None:
    fill(files, 0, slow=AskCounts(5, 0, 5_000, 2_000), quick=AskCounts(5, 0, 50, 10))
    (row,) = week(files).slow
    assert (row.query, row.counts.mean_ms, row.counts.slowest_ms) == ("slow", 1_000, 2_000)


def test_tables_are_bounded(files: DayFiles) -> None:
    fill(files, 0, **{f"q{number}": asks(5) for number in range(MAX_ROWS + 5)})
    assert len(week(files).top) == MAX_ROWS


def test_json(files: DayFiles) -> None:
    fill(files, 0, a=AskCounts(5, 5, 50, 20))
    row = {
        "query": "a",
        "asks": 5,
        "before": 0,
        "without_results": 5,
        "mean_ms": 10,
        "slowest_ms": 20,
    }
    assert query_report_json(week(files)) == {
        "from": "2026-11-24",
        "to": "2026-11-30",
        "since": "2026-11-30",
        "asked": 7,
        "asked_without_results": 1,
        "private": 1,
        "listed": 5,
        "top": [row],
        "rising": None,
        "without_results": [row],
        "slow": [],
    }
