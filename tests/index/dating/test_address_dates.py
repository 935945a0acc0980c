"""Dates in addresses: where sites write them, and numbers that only look so."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.dating.address_dates import address_date, last_day_of_folder
from tests.support.cost import cost

DAY = date(2022, 9, 5)


@pytest.mark.parametrize(
    "path",
    [
        "/2022/09/05/title/",
        "/2022/9/5/title.html",
        "/art/2022/9/5/art_1_2.html",
        "/2022-09-05/doc-abc.shtml",
        "/cj/2022/09-05/1049.shtml",
        "/zhengce/2022-09/05/content_57.htm",
        "/news/202209/05/57.html",
        "/n1/2022/0905/c1008-32.html",
        "/20220905/n12.shtml",
        "/a/20220905/012345.htm",
        "/xw/202209/t20220905_4497.html",
        "/rain/a/20220905A01CDE00",
        "/news/1354,202209052552724057.html",
        "/a/202209051234.html",
        "/blog/2022-09-05-title",
        "/daily/2022-09-05.html",
        "/daily/2022-09-05",
        "/2022/09/05/VIDEIVg6z220905.shtml",
    ],
)
def test_addresses_with_a_date(path: str) -> None:
    """Folders and file names of news sites and weblogs."""
    assert address_date(f"https://news.example.com{path}") == DAY


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("https://a.example/p/20220905", id="number of a post"),
        pytest.param("https://a.example/question/20120512/answer/7", id="number of a question"),
        pytest.param("https://a.example/p/3920220905419720", id="digits within a number"),
        pytest.param("https://a.example/status/2022090512345678901", id="nineteen digits"),
        pytest.param("https://a.example/2022/09/05123.html", id="number of a month"),
        pytest.param("https://a.example/2022/09/12.html", id="twelfth of a month"),
        pytest.param("https://a.example/2022/09/12_2.html", id="second page of the twelfth"),
        pytest.param("https://a.example/2022/0912-title", id="number and title of a year"),
        pytest.param("https://a.example/news/20120512_2.html", id="second page of a number"),
        pytest.param("https://a.example/article/details/20120512", id="number at the end"),
        pytest.param("https://a.example/thread-20120512-1-1.html", id="number of a thread"),
        pytest.param("https://a.example/2022/09/title", id="month"),
        pytest.param("https://a.example/2022/13/05/title", id="no such month"),
        pytest.param("https://a.example/2022/02/30/title", id="no such day"),
        pytest.param("https://a.example/a?date=2022-09-05&t=20220905", id="parameters"),
        pytest.param("https://20220905.example/a", id="host"),
        pytest.param("https://a.example/sales-2022-09-05", id="end of a title"),
        pytest.param("https://a.example/v/2022.9.5/notes", id="version"),
        pytest.param("", id="nothing"),
        pytest.param(None, id="no address"),
    ],
)
def test_addresses_without_a_date(url: str | None) -> None:
    """Numbers, parameters and names."""
    assert address_date(url) is None


@pytest.mark.parametrize(
    ("path", "day"),
    [
        ("/2022/title", date(2022, 12, 31)),
        ("/202209/1.html", date(2022, 9, 30)),
        ("/2024-02/1.html", date(2024, 2, 29)),
        ("/2022.html", None),
        ("/p/2022123/", None),
        ("/202213/1.html", None),
    ],
)
def test_folders_of_a_period(path: str, day: date | None) -> None:
    """The last day of the year or the month."""
    assert last_day_of_folder(f"https://a.example{path}") == day


@given(st.text("/20220905-_.tA", max_size=200))
def test_any_path(path: str) -> None:
    """Never raises."""
    url = f"https://a.example/{path}"
    address_date(url)
    last_day_of_folder(url)


@pytest.mark.parametrize("unit", ["/2022", "/p/20220905", "202209051234.a", "/20221305-"])
def test_time_is_bounded(unit: str) -> None:
    """The longest address that is kept takes no time to speak of."""
    assert cost(lambda: address_date("https://a.example" + unit * 200)) < 0.1
