"""Dates of publication stated in a text, and other dates in it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.dating.dateline import HEAD_CHARACTERS, stated_date
from index.text.normalize import normalize
from tests.support.cost import cost

DAY = date(2022, 9, 5)


def stated(text: str, latest: date | None = None) -> date | None:
    return stated_date(normalize(text), latest)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("新华社北京2022年9月5日电 （记者林小满）正文。", id="agency"),
        pytest.param("新華社北京2022年9月5日電（記者林小滿）正文。", id="traditional"),
        pytest.param("本报北京２０２２年９月５日专电　正文。", id="full width"),
        pytest.param("链上观察2022年09月05日讯，正文。", id="leading zeros"),
        pytest.param("快讯网 2022年9月5日消息，正文。", id="message"),
        pytest.param("2022-09-05 12:00 来源：链上观察\n正文。", id="time and source"),
        pytest.param("2022-09-05 12:00:08 | 作者：林小满\n正文。", id="seconds and author"),
        pytest.param("标题又来一遍\n2022/9/5 8:00 责任编辑：周远\n正文。", id="second line"),
        pytest.param("2022年9月5日 星期一 来源：链上观察", id="weekday and source"),
        pytest.param("林小满 2022-09-05\n来源 | 链上观察\n正文。", id="source on the next line"),
        pytest.param("来源：链上观察 2022-09-05 12:00 正文。", id="source before"),
        pytest.param("来源：链上观察 2022-09-05\n正文。", id="source before, at the end of a line"),
        pytest.param("2022年09月05日12:00　来源：人民日报", id="time without a space"),
        pytest.param("发布时间：2022-09-05\n正文。", id="label"),
        pytest.param("發佈時間 : 2022年9月5日 12:00\n正文。", id="traditional label"),
        pytest.param("发布于 2022-09-05 12:00 正文。", id="label without a colon"),
        pytest.param("今天（2022年9月5日），会议开幕。", id="today"),
        pytest.param("早餐2022年9月5日星期一\n一、正文。", id="title of a digest"),
        pytest.param("2022年9月5日\n正文。", id="a line"),
        pytest.param("2022年9月5日 12:00\n正文。", id="a line with a time"),
        pytest.param("2022.9.5\n正文。", id="a line in numbers"),
        pytest.param("标题\n2022-09-05\n正文。", id="the line below the title"),
        pytest.param("标题\n链上观察\n2022-09-05 12:00:08\n正文。", id="a line with a time below"),
        pytest.param("Danny Lin 2022-09-05\n正文。", id="name and date"),
        pytest.param("各位客户：系统升级。特此公告。\n某某有限公司\n2022年9月5日", id="signature"),
        pytest.param("正文。 某某管理委员会 2022 年 9 月 5 日 ", id="signature with spaces"),
    ],
)
def test_stated(text: str) -> None:
    """Words or place say that it is the date of publication."""
    assert stated(text) == DAY


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("2022年9月5日，会议在北京举行。", id="event"),
        pytest.param("截至9月5日，存量为三亿元。", id="as of"),
        pytest.param("截至2022年9月5日，存量为三亿元。", id="as of, with a year"),
        pytest.param("该条例自2022年9月5日起施行。", id="in force"),
        pytest.param("2022年9月5日是成立三十周年纪念日。", id="anniversary"),
        pytest.param("会议时间：2022年9月5日\n地点：北京", id="time of an event"),
        pytest.param("时间：2022-09-05 14:00\n地点：北京", id="time alone"),
        pytest.param("本文更新于2022年9月5日。", id="updated"),
        pytest.param("最新更新 2022-09-05 起的价格", id="updated, within a line"),
        pytest.param("他的第一篇文章发布于2022年9月5日，写得很短。", id="another article"),
        pytest.param("据德新社9月5日报道，会议开幕。", id="reported elsewhere"),
        pytest.param("进展（截至2022/9/5）\n来源 | 链上观察", id="as of, before a source"),
        pytest.param("合同期限至2022年9月5日。", id="end of a term"),
        pytest.param("早餐2022年9月5日星期三\n正文。", id="weekday of another day"),
        pytest.param("更新历史\n2022-09-05\n2022-09-08\n初稿", id="log"),
        pytest.param("2022年13月5日\n正文。", id="no such month"),
        pytest.param("版本 1.2022.9.5\n正文。", id="version"),
        pytest.param("新华社北京9月5日电 正文。", id="no year"),
        pytest.param("会议2022年9月\n正文。", id="month"),
        pytest.param(f"{'正文。' * HEAD_CHARACTERS}发布时间：2022-09-05\n正文。", id="far inside"),
        pytest.param(f"{'正' * 188}\n2022年9月5日9:00至9月6日", id="cut off within a line"),
        pytest.param(f"{'正' * 185} 发布时间:2022-09-05", id="cut off within a number"),
        pytest.param("", id="nothing"),
    ],
)
def test_not_stated(text: str) -> None:
    """Dates of events, versions and other articles, and what is not a date."""
    assert stated(text) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        pytest.param("新华社北京9月5日电 正文。", DAY, id="agency"),
        pytest.param("今天（9月5日），会议开幕。", DAY, id="today"),
        pytest.param("新华社北京10月4日电 正文。", date(2022, 10, 4), id="the day"),
        pytest.param("新华社北京10月5日电 正文。", date(2022, 10, 5), id="the day after"),
        pytest.param("新华社北京10月6日电 正文。", date(2021, 10, 6), id="the year before"),
        pytest.param("新华社北京12月30日电 正文。", date(2021, 12, 30), id="a turn of the year"),
        pytest.param("新华社北京2021年9月5日电 正文。", date(2021, 9, 5), id="it has one"),
        pytest.param("新华社北京2月29日电 正文。", None, id="no such day"),
        pytest.param("9月5日，会议在北京举行。", None, id="event"),
        pytest.param("2021年会议9月5日举行。", None, id="event of another year"),
    ],
)
def test_a_date_without_a_year(text: str, day: date | None) -> None:
    """It is the last such day up to the one that the address or file name gives."""
    assert stated(text, date(2022, 10, 4)) == day


@given(
    st.text("2022年9月5日电讯来源:发布时间今天(-/. 12\n公司", max_size=300), st.integers(1990, 2030)
)
def test_any_text(text: str, latest: date) -> None:
    """Nothing raises."""
    stated_date(text, latest)


@pytest.mark.parametrize("unit", ["2022年9月5日 ", "来源:", "2022-09-05 ", "公司 ", "发布于 "])
def test_time_does_not_grow_with_the_text(unit: str) -> None:
    """Only the beginning and the end are read."""
    stated_date(unit, DAY)
    assert cost(lambda: stated_date(unit * 100_000, DAY)) < 0.1
