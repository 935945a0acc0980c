"""Dates as sources write them."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.dates import SHANGHAI, parse_date

NOON = datetime(2022, 2, 9, 12, 30, tzinfo=SHANGHAI)
MIDNIGHT = datetime(2022, 2, 9, tzinfo=SHANGHAI)

NO_DATES = ["Invalid Date", "", "  ", None, "昨天", "昨天 12:00", "第20220209期", True, []]
PARTS = ["12", "2022", "2022-02", "2022年2月", "9 Feb", "May", "周三", "12:30", "下午3:20", "3 PM"]
VERSIONS = ["1.10", "v1.2.3", "2022.9", "1234567", "99999999", "12345678901", 12, float("nan")]
AMBIGUOUS = ["9/2/2022", "22-02-09", "02-09-22"]
IMPOSSIBLE = ["2022-13-45", "2022-02-30", "0000-00-00 00:00:00", "1969-12-31", "2101-01-01"]
IMPOSSIBLE_TIMES = ["2022-02-09 25:00", "2022-02-09 12:61", "2022-02-09 12:00:61"]
LONG = "2022-02-09" + " " * 120 + "x"


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        pytest.param("Wed, 09 Feb 2022 04:30:00 GMT", NOON, id="RFC 1123"),
        pytest.param("9 Feb 2022 12:30:00 +0800", NOON, id="RFC 2822"),
        pytest.param("Wed Feb 09 2022 12:30:00 GMT+0800 (中国标准时间)", NOON, id="JavaScript"),
        pytest.param("Wed Feb 09 12:30:00 CST 2022", NOON, id="Java: CST is China's"),
        pytest.param("2022-02-09T12:30:00+08:00", NOON, id="ISO with offset"),
        pytest.param("2022-02-09T04:30:00.000Z", NOON, id="ISO with Z"),
        pytest.param("2022-02-09T12:30", NOON, id="ISO without offset is Shanghai"),
        pytest.param(" 2022-02-09 12:30:00 ", NOON, id="space"),
        pytest.param("2022-02-09 12:30:00 +0800", NOON, id="space and offset"),
        pytest.param("2022/2/9 12:30", NOON, id="slashes"),
        pytest.param("2022年2月9日 12:30", NOON, id="Chinese with time"),
        pytest.param("2022年02月09日（星期三）12时30分", NOON, id="Chinese with weekday"),
        pytest.param("2022年2月9日", MIDNIGHT, id="Chinese"),
        pytest.param("２０２２年２月９日", MIDNIGHT, id="full width"),
        pytest.param("20220209", MIDNIGHT, id="eight digits"),
        pytest.param("2022-02-09", MIDNIGHT, id="a day"),
        pytest.param(date(2022, 2, 9), MIDNIGHT, id="date object"),
        pytest.param(datetime(2022, 2, 9, 12, 30), NOON, id="naive datetime"),
        pytest.param(datetime(2022, 2, 9, 4, 30, tzinfo=UTC), NOON, id="aware datetime"),
    ],
)
def test_dates_that_read(value: object, moment: datetime) -> None:
    """Each form gives the same moment, with a zone."""
    parsed = parse_date(value)
    assert parsed == moment
    assert parsed.tzinfo is not None


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        pytest.param(1644381000, NOON, id="seconds"),
        pytest.param(1644381000.0, NOON, id="seconds with a fraction"),
        pytest.param("1644381000", NOON, id="seconds as text"),
        pytest.param(1644381000000, NOON, id="milliseconds"),
        pytest.param("1644381000000", NOON, id="milliseconds as text"),
        pytest.param("20220209123000", NOON, id="fourteen digits"),
        pytest.param("@1644381000", NOON, id="seconds, marked"),
        pytest.param("/Date(1644381000000)/", NOON, id="milliseconds of .NET"),
        pytest.param("/Date(1644381000000+0800)/", NOON, id="milliseconds of .NET with offset"),
        pytest.param("2022-02-09 12:30:00 +0800 +08", NOON, id="Go, zone without a name"),
        pytest.param("2022-02-09_12:30", NOON, id="underscore"),
        pytest.param("【2022-02-09】", MIDNIGHT, id="brackets"),
        pytest.param("（2022-02-09 12:30）", NOON, id="parentheses"),
        pytest.param("2022年2月9日。", MIDNIGHT, id="full stop"),
        pytest.param("202202091230", NOON, id="twelve digits"),
        pytest.param(20220209, MIDNIGHT, id="eight digits as number"),
        pytest.param("2022\u201302\u201309", MIDNIGHT, id="en dashes"),
        pytest.param("2022&#x2F;02&#x2F;09 12:30", NOON, id="escaped for HTML"),
        pytest.param("2022&amp;#47;2&amp;#47;9", MIDNIGHT, id="escaped twice"),
        pytest.param("2022年2月9号", MIDNIGHT, id="号"),
        pytest.param("二〇二二年二月九日", MIDNIGHT, id="Han numerals"),
        pytest.param("发布时间：2022-02-09 12:30", NOON, id="a label"),
        pytest.param("<2022-02-09 Wed>", MIDNIGHT, id="Org"),
        pytest.param("<2022-02-09 三 12:30>", NOON, id="Org, short weekday"),
        pytest.param("[2022-02-09 Wed 12:30]", NOON, id="Org, inactive"),
        pytest.param("<2022-02-09 Wed 12:30-13:00 +1w>", NOON, id="Org, span and repeater"),
        pytest.param("2022-02-09 星期三 12:30", NOON, id="weekday without brackets"),
        pytest.param("2022-02-09 周三", MIDNIGHT, id="short weekday"),
        pytest.param("Wednesday, 9 February 2022", MIDNIGHT, id="English weekday"),
        pytest.param("2022-02-09 12:30:00 +0800 CST", NOON, id="Go"),
        pytest.param("2022-02-09 12:30:00.0 +0800 CST m=+0.01", NOON, id="Go, with its clock"),
        pytest.param("2022-02-09T12:30:00+08:00[Asia/Shanghai]", NOON, id="Java"),
        pytest.param("2022-02-09T13:30:00[Asia/Tokyo]", NOON, id="Java without offset"),
        pytest.param("2022-02-09 12:30 GMT+8", NOON, id="GMT+8"),
        pytest.param("2022-02-09 12:30 UTC+8", NOON, id="UTC+8"),
        pytest.param("2022-02-09 12:30 UTC+08:00", NOON, id="UTC+08:00"),
        pytest.param("2022-02-09 12:30（北京时间）", NOON, id="a zone in Chinese"),
        pytest.param("2022-02-08 23:30 EST", NOON, id="EST"),
        pytest.param("2022-02-09 00:30 EDT", NOON, id="EDT"),
        pytest.param("2022-02-08 20:30 (PST)", NOON, id="PST in brackets"),
        pytest.param("2022-02-08 11:30 PM ET", NOON, id="ET is New York's"),
        pytest.param("2022-02-09 12:30 CST", NOON, id="CST is China's"),
        pytest.param("2022-02-09+08:00", MIDNIGHT, id="a day with offset"),
        pytest.param("Feb 9, 2022", MIDNIGHT, id="month first"),
        pytest.param("February 9th, 2022 at 12:30 PM", NOON, id="month first, with time"),
        pytest.param("9-Feb-2022", MIDNIGHT, id="day first"),
        pytest.param("2022 Feb 9", MIDNIGHT, id="year first"),
        pytest.param("Wed, 09 Feb 22 12:30:00 +0800", NOON, id="RFC 822: year of two digits"),
    ],
)
def test_dates_of_other_tools(value: object, moment: datetime) -> None:
    """What programs, feeds and people write beside ISO 8601 and mail dates."""
    assert parse_date(value) == moment


@pytest.mark.parametrize(
    ("time", "hours"),
    [
        pytest.param("上午9:30", 9.5, id="上午"),
        pytest.param("上午12:00", 0, id="上午 12 is midnight, as locales write it"),
        pytest.param("下午3:20", 15 + 1 / 3, id="下午"),
        pytest.param("下午12:30", 12.5, id="下午 12 is noon"),
        pytest.param("下午15:30", 15.5, id="下午 and 24 hours"),
        pytest.param("凌晨12:30", 0.5, id="凌晨 12"),
        pytest.param("凌晨3点", 3, id="凌晨"),
        pytest.param("中午12点", 12, id="noon"),
        pytest.param("中午1点", 13, id="after noon"),
        pytest.param("中午11:30", 11.5, id="before noon"),
        pytest.param("晚上8点半", 20.5, id="half past"),
        pytest.param("晚上12点", 24, id="晚上 12 ends the day"),
        pytest.param("12:00 AM", 0, id="12 AM"),
        pytest.param("12:00 PM", 12, id="12 PM"),
        pytest.param("09:30 am", 9.5, id="am"),
        pytest.param("3 p.m.", 15, id="an hour"),
        pytest.param("15时20分30秒", 15 + 20 / 60 + 30 / 3600, id="Chinese to the second"),
        pytest.param("24:00", 24, id="24:00 is the next day"),
        pytest.param("23:59:60", 24, id="a leap second"),
    ],
)
def test_times_of_day(time: str, hours: float) -> None:
    """Clocks of twelve and of twenty-four hours, before or after the day."""
    moment = MIDNIGHT + timedelta(seconds=round(hours * 3600))
    assert parse_date(f"2022-02-09 {time}") == moment
    assert parse_date(f"{time} 2022年2月9日") == moment


@pytest.mark.parametrize(
    "value", [*NO_DATES, *PARTS, *VERSIONS, *AMBIGUOUS, *IMPOSSIBLE, *IMPOSSIBLE_TIMES, LONG]
)
def test_dates_that_do_not_read(value: object) -> None:
    """Texts without a date and years outside 1970 to 2100 give none."""
    assert parse_date(value) is None


@given(st.text() | st.text("0123456789-/:年月日TZ+. ,", max_size=25) | st.none() | st.integers())
def test_parse_date_is_total(value: object) -> None:
    """Nothing raises, and dates that are read have a zone."""
    parsed = parse_date(value)
    assert parsed is None or parsed.utcoffset() is not None


@given(
    st.datetimes(datetime(1970, 1, 2), datetime(2100, 12, 30)),
    st.integers(-14 * 60, 14 * 60),
)
def test_iso_round_trip(naive: datetime, minutes: int) -> None:
    """Python's ISO format is read as the same moment."""
    moment = naive.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    assert parse_date(moment.isoformat()) == moment
