"""The feeds that fill the archive, on the page of sources."""

import re
import time
from contextlib import closing
from pathlib import Path

import pytest

from index.fetching.condition import SHOWN_DAYS, feed_condition
from index.fetching.schedule import DAY, HOUR, FeedState
from index.fetching.state import FetchState, state_path
from index.fetching.subscriptions import Subscription, add_subscriptions
from index.messages import msg
from tests.support.tiny_search import article
from tests.support.visitors import Visitor, index_of, visitor_of

NOON = 1_668_513_600
URL = "http://127.0.0.1:1200/inside"
STATE = FeedState("甲报", URL, URL)


@pytest.fixture
def site(tmp_path: Path) -> Visitor:
    """An index of one article, and two feeds of which none was fetched yet."""
    feeds = tmp_path / "feeds.toml"
    add_subscriptions(
        feeds, [Subscription("甲报", URL), Subscription("乙报", f"{URL}/2", allow_private=True)]
    )
    root = index_of(tmp_path / "index", [article("a", "甲", "一", source="甲报")])
    return visitor_of(root, feeds=feeds)


INSIDE = {"error": msg("这是内部地址"), "detail": "127.0.0.1（127.0.0.1）；请写…", "failures": 3}
FAILED = msg("对方的服务器出错（%(status)s）", status=503)


def remember(folder: Path, **values: int | str) -> None:
    """A state in which the first feed was fetched."""
    now = int(time.time())
    with closing(FetchState(state_path(folder / "index"))) as state:
        known = {"last_try": now, "last_success": now, "next_at": now + HOUR, **values}
        state.save_feed(FeedState("甲报", URL, URL, **known))  # type: ignore[arg-type]


def test_before_the_first_fetch(site: Visitor) -> None:
    """There is nothing to say."""
    assert 'id="feeds"' not in site.page("/sources")


def test_without_a_list(tmp_path: Path) -> None:
    """As on every site that fetches nothing."""
    root = index_of(tmp_path / "index", [article("a", "甲", "一")])
    page = visitor_of(root, feeds=tmp_path / "none.toml").page("/sources")
    assert 'id="feeds"' not in page


def test_an_error_is_told_without_addresses(site: Visitor, tmp_path: Path) -> None:
    """A page is public."""
    remember(tmp_path, **INSIDE)
    page = site.page("/sources")
    assert "这是内部地址，连续 3 次" in page
    assert "127.0.0.1" not in page
    assert "还没有抓取过" in page


def test_errors_in_the_language_of_the_site(tmp_path: Path) -> None:
    """Reasons are remembered so that they can be translated."""
    feeds = tmp_path / "feeds.toml"
    add_subscriptions(feeds, [Subscription("甲报", URL)])
    remember(tmp_path, error=FAILED)
    root = index_of(tmp_path / "index", [article("a", "甲", "一", source="甲报")])
    page = visitor_of(root, feeds=feeds, language="en").page("/sources")
    assert "the server failed (503)" in page.lower()
    assert not re.search("[一-鿿]", page.partition('id="feeds"')[2].replace("甲报", ""))


def test_the_page_follows_each_fetch(site: Visitor, tmp_path: Path) -> None:
    """Its tag changes with the feeds, though the index is the same."""
    remember(tmp_path, error=FAILED)
    first = site.get("/sources")
    assert site.get("/sources", {"If-None-Match": first.headers["ETag"]}).status_code == 304
    remember(tmp_path)
    again = site.get("/sources", {"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 200
    assert "503" not in again.get_data(as_text=True)


@pytest.mark.parametrize(
    ("quiet", "says"),
    [
        pytest.param(2 * HOUR, "今天", id="as usual"),
        pytest.param(26 * HOUR, "很久没有新文章，往常每 3 小时一次", id="silent"),
    ],
)
def test_a_feed_that_fell_silent_is_named(
    site: Visitor, tmp_path: Path, quiet: int, says: str
) -> None:
    """With the usual gap between new articles."""
    remember(tmp_path, last_article=int(time.time()) - quiet, gap=3 * HOUR)
    assert says in site.page("/sources")


def test_articles_of_each_day() -> None:
    """Counted by days in Asia/Shanghai, today last."""
    found = feed_condition(STATE, [NOON, NOON - HOUR, NOON - DAY, NOON - 20 * HOUR], NOON)
    assert len(found.a_day) == SHOWN_DAYS
    # 12:00 GMT is 20:00 in Shanghai: 20 hours before is midnight of the same day.
    assert found.a_day[-2:] == (1, 3)
    assert not found.silent
