"""Feeds in, measured: the days of simulated time, and that each measure sees what it looks for."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import pytest

from benchmarks.feeds import hostile, kills, load
from benchmarks.feeds.page import broken, page
from benchmarks.feeds.picture import request_picture
from benchmarks.feeds.simulation import DAYS, FeedDays, simulated, table
from index.article import Article
from index.fetching.schedule import DAY, HOUR, MINUTE
from tests.support import feed_server

PAGE = Path(__file__).parents[2] / "docs/measured/feeds.md"
REQUESTS = {
    "no hints": [24] * 8,
    "`ttl` of 180 minutes": [8] * 8,
    "`Cache-Control: max-age=1800`": [48] * 8,
    "`Expires` in six hours": [4] * 8,
    "`skipHours` 16 to 23": [16] * 8,
    "`skipDays` of the weekend": [24, 24, 24, 24, 24, 0, 1, 24],
    "304 until there is news": [24] * 8,
    "429 with `Retry-After: 21600` on day 2": [24, 4, 24, 24, 24, 24, 24, 24],
    "another feed of that host": [24, 4, 24, 24, 24, 24, 24, 24],
    "500 on days 2 to 5": [24, 8, 1, 1, 1, 6, 24, 24],
    "410 on day 3 only": [24, 24, 1, 24, 24, 24, 24, 24],
    "410 from day 3 on": [24, 24, 1, 1, 0, 0, 0, 0],
    "301 all the time": [24] * 8,
}
"""Server → requests on each day of the simulation."""


@pytest.fixture(scope="module")
def days(tmp_path_factory: pytest.TempPathFactory) -> list[FeedDays]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("index.durable.sync", lambda path: None)
        patch.setattr("index.fetching.state.SYNCHRONOUS", "OFF")
        return simulated(tmp_path_factory.mktemp("days"))


@pytest.fixture
def by_name(days: list[FeedDays]) -> dict[str, FeedDays]:
    return {each.name: each for each in days}


@pytest.mark.slow
def test_requests_by_day(by_name: dict[str, FeedDays]) -> None:
    """Each server is asked as often as it allows; that of a day off on Sunday once, as no hint
    delays a fetch by more than a day."""
    assert {name: each.a_day() for name, each in by_name.items()} == REQUESTS


@pytest.mark.slow
def test_waits_after_failures(by_name: dict[str, FeedDays]) -> None:
    """10 minutes, doubled up to a day, and after the first success an hour."""
    moments = [each.after for each in by_name["500 on days 2 to 5"].asked if each.after >= DAY]
    waits = [after - before for before, after in pairwise(moments)]
    assert waits[:9] == [*(10 * MINUTE * 2**step for step in range(8)), DAY]
    assert waits[9:12] == [DAY, DAY, HOUR]


@pytest.mark.slow
def test_what_ends_and_what_moves(by_name: dict[str, FeedDays]) -> None:
    """410 on two days ends a feed, on one it does not; a redirect is adopted after a week, and
    validators are sent whenever there are any."""
    assert [name for name, each in by_name.items() if each.ended] == ["410 from day 3 on"]
    moved = by_name["301 all the time"].asked
    assert [each.moved for each in moved] == [each.after > 7 * DAY for each in moved]
    unchanged = by_name["304 until there is news"]
    assert [each.conditional for each in unchanged.asked] == [False] + [True] * (DAYS * 24 - 1)
    assert unchanged.stored == unchanged.shown


@pytest.mark.slow
def test_the_page_has_the_table(days: list[FeedDays]) -> None:
    """It is what the code does now: `python -m benchmarks.feeds hostile` writes it anew."""
    assert "\n".join(table(days)) in PAGE.read_text("utf-8")


@pytest.mark.slow
def test_the_picture(days: list[FeedDays]) -> None:
    """A stroke for each request, inside the picture."""
    drawn = request_picture(days)
    strokes = re.findall(r"M([\d.]+) \d+v18", drawn)
    assert len(strokes) == sum(len(each.asked) for each in days)
    assert max(map(float, strokes)) < 1_000
    assert drawn.count("never again") == 1


def test_the_page_names_every_behaviour() -> None:
    """With what came of it, and nothing that must not be."""
    rows = re.findall(r"^\| `(\w+)` \|(.*)\|$", PAGE.read_text("utf-8"), re.MULTILINE)
    assert {name for name, _ in rows} == set(feed_server.BEHAVIOURS)
    assert all(cells.replace(" ", "").endswith("|0|0|0") for _, cells in rows)


RUN = {"kills": 2, "state_deleted": 1, "moments": {"between files": 2}} | dict.fromkeys(
    kills.BAD, 0
)
ROW = {"behaviour": "a", "status": 0, "said": "甲|乙", "articles": 1, "dated_by_sight": 0}
ROW |= {"versions": 0, "wrong_dates": 0, "duplicates": 0, "private_connections": 0}


def test_what_must_not_be_is_named() -> None:
    """Whichever run or behaviour it came of."""
    assert broken({"kills": {"1": RUN}, "hostile": [ROW]}) == []
    assert broken({"kills": {"1": RUN, "2": RUN | {"lost": 1}}}) == ["kills, seed 2: lost"]
    assert broken({"hostile": [ROW | {"duplicates": 1}]}) == ["a: duplicates"]


def test_a_page_of_some_parts() -> None:
    """Kills of all seeds are added up."""
    text = page({"kills": {"1": RUN, "2": RUN}, "hostile": [ROW]}, [])
    assert "## 4 kills" in text
    assert "| between files | 4 |" in text
    assert r"| `a` |  | 甲\|乙 | 1 | 0 | 0 | 0 | 0 |" in text
    assert "entries" not in text.partition("## 4 kills")[0].partition("Requests by day")[2]


def test_connections_that_lead_inside_are_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With our check of addresses taken out, the measure counts what it lets through."""
    named = ("plain", "secret", "to_loopback")
    chosen = {name: feed_server.BEHAVIOURS[name] for name in named}
    monkeypatch.setattr(feed_server, "BEHAVIOURS", chosen)
    address = "index.fetching.connecting.http_client.allowed_address"
    monkeypatch.setattr(address, lambda *_, **__: "127.0.0.1")

    rows = {row["behaviour"]: row for row in hostile.hostile(tmp_path)}

    assert rows["plain"]["articles"] == 2
    assert rows["plain"]["private_connections"] == rows["secret"]["private_connections"] == 0
    assert rows["to_loopback"]["private_connections"] > 0


ARTICLE = Article(
    id="1",
    title="新闻 1",
    body="",
    body_format="html",
    url="https://news.example/1",
    published=datetime(2022, 9, 5, 12, 11, tzinfo=UTC),
    date_origin="given",
)
PAIRS = {
    "two articles": ({"title": "新闻 2", "url": "https://news.example/2"}, 0),
    "the same title": ({"url": "https://news.example/2"}, 1),
    "the same address": ({"title": "新闻 2"}, 1),
}


@pytest.mark.parametrize(("other", "count"), PAIRS.values(), ids=PAIRS)
def test_duplicates(other: dict[str, str], count: int) -> None:
    """Articles that share a title or an address."""
    assert hostile._duplicates([ARTICLE, replace(ARTICLE, **other)]) == count


def test_a_home_page_is_no_address_of_an_article() -> None:
    """All of a feed may lead there."""
    home = replace(ARTICLE, url="https://news.example/")
    assert hostile._duplicates([home, replace(home, title="新闻 2")]) == 0


def test_wrong_dates() -> None:
    """Another date than was written, and one where none was."""
    support = SimpleNamespace(DATES={"2022-09-05 20:11": "2022-09-05 12:11", "昨天": ""})
    nothing = replace(ARTICLE, title="新闻 0")
    assert hostile._is_dated_right(nothing, "dates", support)
    assert not hostile._is_dated_right(ARTICLE, "dates", support)
    assert hostile._is_dated_right(replace(ARTICLE, date_origin="seen"), "dates", support)
    assert not hostile._is_dated_right(replace(ARTICLE, date_origin="seen"), "plain", support)
    assert not hostile._is_dated_right(ARTICLE, "changing_dates", support)


@pytest.mark.slow
def test_a_few_feeds(tmp_path: Path) -> None:
    """The second run asks for news only, and writes nothing, or the benchmark fails."""
    found = load.loaded(2, 3, "tantivy", tmp_path)
    assert found["files"] == 6
    assert found["first"]["requests"] == {"requests": 2, "answered 200": 2}
    assert found["second"]["requests"] == {"requests": 2, "conditional": 2, "answered 304": 2}


@pytest.mark.slow
def test_a_few_kills(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is lost; and a cut file would be seen."""
    monkeypatch.setattr(kills, "FEEDS", 2)
    found = kills.killed(2, "tantivy", 1, tmp_path)
    assert sum(found["moments"].values()) == 2
    assert not any(found[name] for name in kills.BAD)

    old = kills.Archived({"a.md": "甲乙"}, ())
    cut = {"a.md": "甲", "b.md.new": "乙"}
    assert kills._broken(cut, old, old) == {"half files": 1, "lost": 0}
