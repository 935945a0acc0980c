"""Dates as sources write them."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.dates import SHANGHAI, parse_date

NOON = datetime(2022, 2, 9, 12, 30, tzinfo=SHANGHAI)
MIDNIGHT = datetime(2022, 2, 9, tzinfo=SHANGHAI)

NO_DATES = ["Invalid Date", "", "  ", None, "昨天", "12", "2022-02", 1644381000, True, []]
IMPOSSIBLE = ["2022-13-45", "2022-02-30", "0000-00-00 00:00:00", "1969-12-31", "2101-01-01"]


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
    """Every form in use gives the same moment, aware."""
    parsed = parse_date(value)
    assert parsed == moment
    assert parsed.tzinfo is not None


@pytest.mark.parametrize("value", [*NO_DATES, *IMPOSSIBLE])
def test_dates_that_do_not_read(value: object) -> None:
    """No date, nonsense and years outside 1970 to 2100 are no date."""
    assert parse_date(value) is None


@given(st.text() | st.text("0123456789-/:年月日TZ+. ,", max_size=25) | st.none() | st.integers())
def test_parse_date_is_total(value: object) -> None:
    """Nothing raises, and what reads is aware."""
    parsed = parse_date(value)
    assert parsed is None or parsed.utcoffset() is not None


@given(
    st.datetimes(datetime(1970, 1, 2), datetime(2100, 12, 30)),
    st.integers(-14 * 60, 14 * 60),
)
def test_iso_round_trip(naive: datetime, minutes: int) -> None:
    """What Python writes is read as the same moment."""
    moment = naive.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    assert parse_date(moment.isoformat()) == moment
