"""Frozen results become markup and JSON: only `<mark>` is added, everything else is escaped (law
9)."""

import re
from datetime import datetime
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.dates import SHANGHAI
from search.response import Highlighted
from web.markup import formatting

NOW = "2022-09-15 12:00:00"


@st.composite
def highlighted(draw: st.DrawFn) -> Highlighted:
    """A random text, rich in markup characters, with random marks."""
    text = draw(st.text(st.one_of(st.sampled_from("<>&\"'/mark=;#x3c 元"), st.characters())))
    places = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    spans = zip(places[::2], places[1::2], strict=False)
    return Highlighted(text, tuple(spans))


@given(highlighted())
def test_only_marks(text: Highlighted) -> None:
    """Nothing in the text becomes markup."""
    html = str(formatting.marked(text))
    rest = html.replace("<mark>", "").replace("</mark>", "")

    assert not set("<>\"'") & set(rest)
    assert re.fullmatch(r"(?:[^&]|&(?:lt|gt|amp|#34|#39);)*", rest, re.DOTALL)
    assert html.count("<mark>") == html.count("</mark>") == len(text.marks)


@given(highlighted())
def test_nothing_is_lost(text: Highlighted) -> None:
    """Without the marks the markup is the text; marked parts are the spans."""
    html = str(formatting.marked(text))
    marked = re.findall("<mark>(.*?)</mark>", html, re.DOTALL)

    plain = html.replace("<mark>", "").replace("</mark>", "")
    for sign, name in ((">", "gt"), ("<", "lt"), ('"', "#34"), ("'", "#39"), ("&", "amp")):
        plain = plain.replace(f"&{name};", sign)
    assert plain == text.text
    if "&" not in text.text:
        assert [unescape(each) for each in marked] == [text.text[a:b] for a, b in text.marks]


@pytest.mark.parametrize(
    ("text", "html"),
    [
        pytest.param(Highlighted("元宇宙"), "元宇宙", id="no marks"),
        pytest.param(Highlighted("元宇宙", ((0, 3),)), "<mark>元宇宙</mark>", id="all"),
        pytest.param(Highlighted("<b>", ((1, 2),)), "&lt;<mark>b</mark>&gt;", id="markup"),
        pytest.param(
            Highlighted("甲乙", ((0, 1), (1, 2))),
            "<mark>甲</mark><mark>乙</mark>",
            id="side by side",
        ),
        pytest.param(Highlighted("a&lt;b"), "a&amp;lt;b", id="entity"),
        pytest.param(Highlighted(""), "", id="nothing"),
    ],
)
def test_marked(text: Highlighted, html: str) -> None:
    """Examples."""
    assert str(formatting.marked(text)) == html


@pytest.mark.parametrize(
    ("then", "said"),
    [
        pytest.param("2022-09-15 12:00:00", "刚刚", id="now"),
        pytest.param("2022-09-15 11:59:01", "刚刚", id="59 seconds"),
        pytest.param("2022-09-15 11:59:00", "1 分钟前", id="a minute"),
        pytest.param("2022-09-15 11:00:01", "59 分钟前", id="59 minutes"),
        pytest.param("2022-09-15 11:00:00", "1 小时前", id="an hour"),
        pytest.param("2022-09-15 00:00:00", "今天", id="today, without a time"),
        pytest.param("2022-09-15 00:00:01", "11 小时前", id="since midnight"),
        pytest.param("2022-09-14 23:59:59", "昨天", id="before midnight"),
        pytest.param("2022-09-14 00:00:00", "昨天", id="yesterday"),
        pytest.param("2022-09-13 23:59:59", "2 天前", id="two days"),
        pytest.param("2022-09-09 00:00:00", "6 天前", id="six days"),
        pytest.param("2022-09-08 23:59:59", "2022年9月8日", id="a week"),
        pytest.param("1999-12-31 23:59:59", "1999年12月31日", id="long ago"),
        pytest.param("1965-01-02 00:00:00", "1965年1月2日", id="before the epoch"),
        pytest.param("2022-09-15 12:00:01", "2022年9月15日", id="a second ahead"),
        pytest.param("2022-12-01 08:00:00", "2022年12月1日", id="months ahead"),
    ],
)
def test_relative_times(then: str, said: str) -> None:
    """Relative times follow Shanghai's calendar; a time in the future is shown as a date."""
    assert formatting.relative_time(_seconds(then), _seconds(NOW)) == said


def test_just_after_midnight() -> None:
    """After midnight, times within the hour are still given in minutes."""
    now, then = _seconds("2022-09-15 00:10:00"), _seconds("2022-09-14 23:50:00")

    assert formatting.relative_time(then, now) == "20 分钟前"


def _seconds(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).timestamp())


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        pytest.param(0, "1970-01-01T08:00:00+08:00", id="epoch"),
        pytest.param(-1, "1970-01-01T07:59:59+08:00", id="before"),
        pytest.param(None, None, id="unknown"),
    ],
)
def test_iso(seconds: int | None, text: str | None) -> None:
    """ISO 8601 with the offset of Shanghai."""
    assert formatting.iso(seconds) == text


def test_exact_time_and_thousands() -> None:
    """Formatted as usual in China."""
    assert formatting.exact_time(1_662_350_400) == "2022-09-05 12:00"
    assert [formatting.thousands(n) for n in (0, 999, 1_234, 1_234_567)] == [
        *("0", "999", "1,234", "1,234,567"),
    ]


SHARES = [
    (0, "0%"),
    (0.00012, "0.012%"),
    (0.0012, "0.12%"),
    (0.018, "1.8%"),
    (0.344, "34%"),
    (1, "100%"),
]


@pytest.mark.parametrize(("share", "said"), SHARES)
def test_shares_have_two_figures(share: float, said: str) -> None:
    """Shares have two significant figures and no exponent."""
    assert formatting.per_cent(share) == said
