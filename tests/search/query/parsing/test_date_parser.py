"""Dates and periods as people write them. Today is Thursday, 15 September 2022."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.query.parsing.date_parser import (
    parse_date_status,
    parse_hours,
    parse_period,
    within_seconds,
)

TODAY = date(2022, 9, 15)

WRITTEN = [
    ("2022", "2022-01-01", "2022-12-31"),
    ("2022年", "2022-01-01", "2022-12-31"),
    ("2022-09", "2022-09-01", "2022-09-30"),
    ("2022/9", "2022-09-01", "2022-09-30"),
    ("2024-02", "2024-02-01", "2024-02-29"),
    ("2022-09-05", "2022-09-05", "2022-09-05"),
    ("2022.9.5", "2022-09-05", "2022-09-05"),
    ("2022/9/5", "2022-09-05", "2022-09-05"),
    ("20220905", "2022-09-05", "2022-09-05"),
    ("２０２２－０９－０５", "2022-09-05", "2022-09-05"),
    (" 2022-09-05 ", "2022-09-05", "2022-09-05"),
    ("2022年3月", "2022-03-01", "2022-03-31"),
    ("2022年三月", "2022-03-01", "2022-03-31"),
    ("2022年3月5日", "2022-03-05", "2022-03-05"),
    ("2022年十二月二十一日", "2022-12-21", "2022-12-21"),
    ("2022上半年", "2022-01-01", "2022-06-30"),
    ("2022H2", "2022-07-01", "2022-12-31"),
    ("2022年Q1", "2022-01-01", "2022-03-31"),
    ("2022年二季度", "2022-04-01", "2022-06-30"),
    ("2022年第四季度", "2022-10-01", "2022-12-31"),
    ("2022Q2", "2022-04-01", "2022-06-30"),
    ("2022年下半年", "2022-07-01", "2022-12-31"),
]

RELATIVE = [
    ("今天", "2022-09-15", "2022-09-15"),
    ("昨天", "2022-09-14", "2022-09-14"),
    ("前天", "2022-09-13", "2022-09-13"),
    ("本周", "2022-09-12", "2022-09-18"),
    ("这周", "2022-09-12", "2022-09-18"),
    ("这週", "2022-09-12", "2022-09-18"),
    ("上周", "2022-09-05", "2022-09-11"),
    ("上个星期", "2022-09-05", "2022-09-11"),
    ("本月", "2022-09-01", "2022-09-30"),
    ("这个月", "2022-09-01", "2022-09-30"),
    ("上个月", "2022-08-01", "2022-08-31"),
    ("上月", "2022-08-01", "2022-08-31"),
    ("上季度", "2022-04-01", "2022-06-30"),
    ("今年", "2022-01-01", "2022-12-31"),
    ("去年", "2021-01-01", "2021-12-31"),
    ("前年", "2020-01-01", "2020-12-31"),
    ("近一日", "2022-09-15", "2022-09-15"),
    ("3天内", "2022-09-13", "2022-09-15"),
    ("三天以内", "2022-09-13", "2022-09-15"),
    ("一周内", "2022-09-09", "2022-09-15"),
    ("两个月内", "2022-07-16", "2022-09-15"),
    ("半年内", "2022-03-16", "2022-09-15"),
    ("2021年以来", "2021-01-01", "2022-09-15"),
    ("自2021年3月以来", "2021-03-01", "2022-09-15"),
    ("2021年3月起", "2021-03-01", "2022-09-15"),
    ("从2021年起", "2021-01-01", "2022-09-15"),
    ("今年以来", "2022-01-01", "2022-09-15"),
    ("上个月以来", "2022-08-01", "2022-09-15"),
    ("本年", "2022-01-01", "2022-12-31"),
    ("去年三季度", "2021-07-01", "2021-09-30"),
    ("近7天", "2022-09-09", "2022-09-15"),
    ("最近7天", "2022-09-09", "2022-09-15"),
    ("7d", "2022-09-09", "2022-09-15"),
    ("近一周", "2022-09-09", "2022-09-15"),
    ("近两周", "2022-09-02", "2022-09-15"),
    ("近三十天", "2022-08-17", "2022-09-15"),
    ("近3个月", "2022-06-16", "2022-09-15"),
    ("近半年", "2022-03-16", "2022-09-15"),
    ("近半个月", "2022-09-01", "2022-09-15"),
    ("近一年", "2021-09-16", "2022-09-15"),
    ("3月", "2022-03-01", "2022-03-31"),
    ("9月", "2022-09-01", "2022-09-30"),
    ("10月", "2021-10-01", "2021-10-31"),
    ("9月15日", "2022-09-15", "2022-09-15"),
    ("9月16日", "2021-09-16", "2021-09-16"),
    ("一季度", "2022-01-01", "2022-03-31"),
    ("第三季度", "2022-07-01", "2022-09-30"),
    ("四季度", "2021-10-01", "2021-12-31"),
    ("上半年", "2022-01-01", "2022-06-30"),
    ("下半年", "2022-07-01", "2022-12-31"),
]

RANGES = [
    ("2022-01..2022-06", "2022-01-01", "2022-06-30"),
    ("2022-01~2022-06", "2022-01-01", "2022-06-30"),
    ("2022-01～2022-06", "2022-01-01", "2022-06-30"),
    ("2022.1.5至2022.3.1", "2022-01-05", "2022-03-01"),
    ("2021年到2022年", "2021-01-01", "2022-12-31"),
    ("2022年1月—6月", "2022-01-01", "2022-06-30"),
    ("2022年1月-6月", "2022-01-01", "2022-06-30"),
    ("2022—2023", "2022-01-01", "2023-12-31"),
    ("2022-01—2022-06", "2022-01-01", "2022-06-30"),
    ("2022-01–2022-06", "2022-01-01", "2022-06-30"),
    ("2022年 —— 2023年", "2022-01-01", "2023-12-31"),
    ("2021年11月至2月", "2021-11-01", "2022-02-28"),
    ("8月至10月", "2022-08-01", "2022-10-31"),
    ("一季度到三季度", "2022-01-01", "2022-09-30"),
    ("2022年3月至今", "2022-03-01", "2022-09-15"),
    ("上个月..昨天", "2022-08-01", "2022-09-14"),
    ("2022-06..2022-01", "2022-01-01", "2022-06-30"),
    ("2022-01-01/2022-06-30", "2022-01-01", "2022-06-30"),
    ("2022-01/2022-06", "2022-01-01", "2022-06-30"),
    ("2021/2022", "2021-01-01", "2022-12-31"),
    ("2022/1/5..2022/3/1", "2022-01-05", "2022-03-01"),
    ("2022-03/..", "2022-03-01", None),
    ("../2022-03", None, "2022-03-31"),
    ("2021年至今", "2021-01-01", "2022-09-15"),
    ("年初至今", "2022-01-01", "2022-09-15"),
    ("年初以来", "2022-01-01", "2022-09-15"),
    ("今年初至今", "2022-01-01", "2022-09-15"),
    ("2021年初至今", "2021-01-01", "2022-09-15"),
    ("月初至今", "2022-09-01", "2022-09-15"),
    ("2022-03..", "2022-03-01", None),
    ("..2022-03", None, "2022-03-31"),
]

NO_PERIODS = [
    *(
        "",
        " ",
        "..",
        "～",
        "至",
        "元宇宙",
        "12:30",
        "近天",
        "三四月",
        "十十月",
        "近0天",
        "0d",
        "第七季度",
    ),
    *("2022-02-30", "2022-13", "2022-00", "20220230", "2022年13月", "13月", "2月30日", "2022Q5"),
    *("1969", "2101", "0000-01-01", "近9999年", "2022-01..2022-13", "foo..2022", "..foo", "24h"),
]


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [pytest.param(*row, id=row[0]) for row in (*WRITTEN, *RELATIVE, *RANGES)],
)
def test_periods(text: str, low: str | None, high: str | None) -> None:
    """Each expression gives its first and last day; an open side is None."""
    expected = tuple(date.fromisoformat(day) if day else None for day in (low, high))
    assert parse_period(text, TODAY) == expected


@pytest.mark.parametrize("text", NO_PERIODS)
def test_no_periods(text: str) -> None:
    """Other texts, impossible dates and years outside 1970 to 2100 give None."""
    assert parse_period(text, TODAY) is None


@pytest.mark.parametrize(
    ("text", "today", "low", "high"),
    [
        pytest.param("上周", "2022-09-12", "2022-09-05", "2022-09-11", id="on a Monday"),
        pytest.param("上周", "2022-01-02", "2021-12-20", "2021-12-26", id="on a Sunday in January"),
        pytest.param("上个月", "2022-01-31", "2021-12-01", "2021-12-31", id="in January"),
        pytest.param("上季度", "2022-01-31", "2021-10-01", "2021-12-31", id="in the first quarter"),
        pytest.param("近一个月", "2022-03-31", "2022-03-01", "2022-03-31", id="after February"),
        pytest.param("近一年", "2024-02-29", "2023-03-01", "2024-02-29", id="on a leap day"),
        pytest.param("上半年", "2022-01-01", "2022-01-01", "2022-06-30", id="on its first day"),
        pytest.param("下半年", "2022-06-30", "2021-07-01", "2021-12-31", id="not yet begun"),
    ],
)
def test_periods_seen_from_other_days(text: str, today: str, low: str, high: str) -> None:
    """Relative periods cross weeks, months and years correctly."""
    expected = (date.fromisoformat(low), date.fromisoformat(high))
    assert parse_period(text, date.fromisoformat(today)) == expected


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        pytest.param("近24小时", 24, id="近"),
        pytest.param("过去 2 小时", None, id="with spaces"),
        pytest.param("最近48个小时", 48, id="最近"),
        pytest.param("3小时内", 3, id="内"),
        pytest.param("２４Ｈ", 24, id="in short, full width"),
        pytest.param("0小时", None, id="none"),
        pytest.param("24天", None, id="days"),
    ],
)
def test_hours(text: str, hours: int | None) -> None:
    """Hours are counted from the clock, not in days."""
    assert parse_hours(text) == hours


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        pytest.param("24h", 86_400, id="hours"),
        pytest.param("7d", 7 * 86_400, id="days"),
        pytest.param("6m", 180 * 86_400, id="a month is 30 days"),
        pytest.param("1y", 365 * 86_400, id="a year is 365 days"),
        *(pytest.param(bad, None, id=f"not {bad!r}") for bad in ("", "d", "0d", "7", "7w", "-1d")),
        pytest.param("１d", None, id="not full width"),
        pytest.param("99999d", None, id="not five digits"),
    ],
)
def test_within(value: str, seconds: int | None) -> None:
    """`within` is a number and h, d, m or y."""
    assert within_seconds(value) == seconds


PIECES = st.lists(
    st.sampled_from(
        [*"0123四十半今去前上本近年月日周季度个天q-./~至到内起初", "2022", "..", "以来"]
    )
)


@given(st.text() | PIECES.map("".join), st.dates())
def test_parse_period_is_total(text: str, today: date) -> None:
    """Nothing raises on any day; a period is in order and has at least one bound."""
    period = parse_period(text, today)
    if period is not None:
        low, high = period
        assert low or high
        assert low is None or high is None or low <= high


@given(st.dates(date(1970, 1, 1), date(2100, 12, 31)), st.dates())
def test_written_days_do_not_depend_on_today(day: date, today: date) -> None:
    """A full date means the same day in every spelling, on every day."""
    spellings = (day.isoformat(), f"{day:%Y%m%d}", f"{day.year}年{day.month}月{day.day}日")
    for text in (*spellings, f"{day.year}/{day.month}/{day.day}"):
        assert parse_period(text, today) == (day, day)


@given(st.dates(date(1975, 1, 1), date(2100, 1, 1)), st.integers(1, 1000))
def test_the_last_days_include_today(today: date, count: int) -> None:
    """近n天 is n days that end today."""
    assert parse_period(f"近{count}天", today) == (today - timedelta(days=count - 1), today)


STATUSES = [
    pytest.param("unknown", "unknown", id="none"),
    pytest.param("日期不详", "unknown", id="as the page says"),
    pytest.param("不詳", "unknown", id="traditional"),
    pytest.param(" Unknown", "unknown", id="case"),
    pytest.param("推算", "estimated", id="an estimate"),
    pytest.param("estimated", "estimated", id="an estimate in English"),
    pytest.param("原有", "given", id="given"),
    pytest.param("2022", None, id="a period"),
    pytest.param("", None, id="nothing"),
]


@pytest.mark.parametrize(("text", "status"), STATUSES)
def test_what_is_known_of_a_date(text: str, status: str | None) -> None:
    """Names of what is known of dates are no periods, and the reverse."""
    assert parse_date_status(text) == status
