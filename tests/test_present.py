"""Results at the edge: markup and JSON say the same, and only `<mark>` is ours."""

import re
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.dates import SHANGHAI
from search.results import Highlighted
from web import api
from web.cli import search
from web.present import marked, relative_time, search_json


@st.composite
def highlighted(draw: st.DrawFn) -> Highlighted:
    text = draw(st.text(alphabet="<>&'\"元宇a ", max_size=20))
    cuts = draw(st.lists(st.integers(0, len(text)), max_size=6, unique=True).map(sorted))
    pairs = zip(cuts[::2], cuts[1::2], strict=False)
    return Highlighted(text, tuple(pairs))


@given(highlighted())
def test_only_our_marks_are_markup(text: Highlighted) -> None:
    """Everything else is escaped, and taking the marks out gives the text back."""
    html = str(marked(text))
    without = html.replace("<mark>", "").replace("</mark>", "")

    assert not re.search(r"[<>\"']", without)
    assert html.count("<mark>") == len(text.marks)
    assert marked(Highlighted(text.text)) == without


NOW = datetime(2026, 9, 1, 12, 0, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("then", "said"),
    [
        pytest.param(datetime(2026, 9, 1, 11, 59, 30, tzinfo=SHANGHAI), "刚刚", id="seconds"),
        pytest.param(datetime(2026, 9, 1, 11, 55, tzinfo=SHANGHAI), "5 分钟前", id="minutes"),
        pytest.param(datetime(2026, 9, 1, 9, 0, tzinfo=SHANGHAI), "3 小时前", id="hours"),
        pytest.param(datetime(2026, 8, 31, 23, 0, tzinfo=SHANGHAI), "昨天", id="yesterday"),
        pytest.param(datetime(2026, 8, 28, 1, 0, tzinfo=SHANGHAI), "4 天前", id="days"),
        pytest.param(datetime(2022, 9, 5, tzinfo=SHANGHAI), "2022年9月5日", id="long ago"),
        pytest.param(datetime(2027, 1, 2, tzinfo=SHANGHAI), "2027年1月2日", id="to come"),
    ],
)
def test_relative_times(then: datetime, said: str) -> None:
    """In Chinese, and a date where a number of days says nothing."""
    assert relative_time(int(then.timestamp()), int(NOW.timestamp())) == said


def test_the_json_maker_is_shared() -> None:
    """The endpoint and the command line print through one function."""
    assert api.search_json is search_json
    assert search.search.name == "search"
