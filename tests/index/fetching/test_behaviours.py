"""Feeds as servers give them, from one that does everything wrong: what comes of each."""

from collections.abc import Iterator
from datetime import UTC
from pathlib import Path

import pytest

from index.fetching.archive import Stored
from index.fetching.schedule import FIRST_RETRY, HOUR
from tests.support.feed_archive import NOON, FilledArchive
from tests.support.feed_server import BEHAVIOURS, DATES, FeedServer, feed_server

pytestmark = pytest.mark.slow

A_DAY = 30
"""Files that a feed may add in a day here."""
OUTCOMES = {
    # What is right.
    "plain": ("", 2),
    "atom": ("", 1),
    "rdf": ("", 1),
    "json_feed": ("", 1),
    # Validators.
    "not_modified_at_once": ("", 0),
    "same_body": ("", 1),
    "weak_etag": ("", 1),
    "odd_last_modified": ("", 1),
    "wrong_validators": ("", 1),
    "endless_etag": ("", 1),
    # Redirects.
    "moved_301": ("", 2),
    "moved_308": ("", 2),
    "found_302": ("", 2),
    "other_303": ("", 2),
    "temporary_307": ("", 2),
    "moved_then_found": ("", 2),
    "chain": ("", 1),
    "long_chain": ("转向超过 5 次", 0),
    "loop": ("转向超过 5 次", 0),
    "no_location": ("对方没有给出内容（302）", 0),
    "secret": ("", 1),
    "to_loopback": ("这是内部地址：127.0.0.1", 0),
    "to_loopback_v6": ("是内部地址", 0),
    "to_mapped": ("是内部地址", 0),
    "to_decimal": ("（127.0.0.1）", 0),
    "to_short": ("（127.0.0.1）", 0),
    "to_zero": ("是内部地址", 0),
    "to_metadata": ("这是内部地址：169.254.169.254", 0),
    "to_private": ("这是内部地址：10.0.0.1", 0),
    "to_shared": ("这是内部地址：100.64.0.1", 0),
    "to_file": ("只抓取 http 和 https", 0),
    "to_ftp": ("只抓取 http 和 https", 0),
    "to_user": ("网址里不能有用户名和密码", 0),
    "to_unknown_name": ("找不到这个主机", 0),
    "to_broken": ("转向的网址写错了", 0),
    # Statuses.
    "status_400": ("对方没有给出内容（400）", 0),
    "status_401": ("对方不许抓取（401）", 0),
    "status_403": ("对方不许抓取（403）", 0),
    "status_404": ("没有这个网址（404）", 0),
    "status_410": ("对方说它不再有了（410），明天再看一次", 0),
    "status_418": ("对方没有给出内容（418）", 0),
    "status_500": ("对方的服务器出错（500）", 0),
    "status_502": ("对方的服务器出错（502）", 0),
    "status_503": ("对方的服务器出错（503）", 0),
    "too_many_seconds": ("对方说抓得太勤（429）", 0),
    "busy": ("对方的服务器出错（503）", 0),
    "too_many_date": ("对方说抓得太勤（429）", 0),
    "too_many_for_ever": ("对方的服务器出错（503）", 0),
    # Transport.
    "drip_body": ("秒内没有读完", 0),
    "drip_headers": ("秒内没有读完", 0),
    "silence": ("秒内没有读完", 0),
    "endless_body": ("内容超过 15 MB", 0),
    "gzip_bomb": ("内容超过 15 MB", 0),
    "gzip_twice_bomb": ("内容超过 15 MB", 0),
    "gzipped": ("", 1),
    "gzipped_in_parts": ("", 1),
    "gzipped_in_too_many_parts": ("压缩的内容分成太多段", 0),
    "deflated": ("", 1),
    "deflated_raw": ("", 1),
    "gzip_cut": ("内容不完整", 1),
    "gzip_lie": ("对方的回答不合 HTTP", 0),
    "brotli": ("不认识的压缩格式：br", 0),
    "length_too_long": ("内容不完整", 1),
    "length_too_short": ("内容不完整", 2),
    "no_length": ("", 1),
    "chunked": ("", 1),
    "chunked_cut": ("内容不完整", 1),
    "chunked_broken": ("内容没有传完", 0),
    "hung_up": ("对方的回答不合 HTTP", 0),
    "no_http": ("对方的回答不合 HTTP", 0),
    "flood_of_headers": ("对方的回答不合 HTTP", 0),
    "long_header": ("对方的回答不合 HTTP", 0),
    # Encodings; their text is checked below.
    "http_says_latin1": ("", 1),
    "xml_says_gb2312": ("", 1),
    "xml_says_utf8": ("", 1),
    "http_says_utf8": ("", 1),
    "nothing_said_gbk": ("", 1),
    "nothing_said_big5": ("", 1),
    "said_gbk_is_big5": ("", 1),
    "unknown_encoding": ("", 1),
    "utf16_with_mark": ("", 1),
    "utf16_without_mark": ("", 1),
    "utf8_with_mark": ("", 1),
    "space_before": ("", 1),
    "said_html": ("", 1),
    "said_picture": ("", 1),
    # Contents.
    "page": ("这是网页，不是订阅源", 0),
    "page_of_another_host": ("这是网页，不是订阅源", 0),
    "empty": ("内容是空的", 0),
    "only_spaces": ("内容是空的", 0),
    "other_json": ("这是 JSON，但不是 JSON Feed", 0),
    "cut_json": ("JSON 不完整或写错了", 0),
    "other_xml": ("内容不是 RSS、Atom 或 JSON Feed", 0),
    "picture": ("内容不是 RSS、Atom 或 JSON Feed", 0),
    "no_entries": ("", 0),
    "cut_in_the_middle": ("内容不完整", 2),
    "whole_then_cut": ("", 2),
    "rdf_cut": ("内容不完整", 1),
    "comment_at_the_end": ("", 2),
    "ill_formed": ("", 2),
    "laughs": ("", 1),
    "external_entity": ("", 1),
    "flood": ("", A_DAY),
    "hostile_values": ("", 3),
    # Identities.
    "twice_the_same": ("", 2),
    "no_guids": ("", 2),
    "nothing_but_titles": ("", 2),
    "all_lead_home": ("", 3),
    "one_guid_for_all": ("", 3),
    "changing_guids": ("", 2),
    "appearing_guids": ("", 1),
    "moving": ("", 2),
    "http_then_https": ("", 1),
    "changing_text": ("", 2),
    "changing_title": ("", 2),
    "changing_markup": ("", 1),
    "changing_dates": ("", 1),
    "rolling": ("", 3),
    # Dates; their values are checked below.
    "dates": ("", len(DATES)),
    "zone_of_the_feed": ("", 1),
    "zone_of_the_program": ("", 1),
}
"""Behaviour → what the owner reads of it, and how many articles come of the first fetch."""
SLOW = frozenset(("drip_body", "drip_headers", "silence"))


@pytest.fixture(scope="module")
def server() -> Iterator[FeedServer]:
    with feed_server() as running:
        yield running


@pytest.fixture
def archive(server: FeedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FilledArchive:
    monkeypatch.setattr("index.fetching.archive.MAX_NEW_A_DAY", A_DAY)
    server.begin()
    return FilledArchive(server, tmp_path)


def test_every_behaviour_has_an_outcome() -> None:
    """The table is complete, and long."""
    assert set(OUTCOMES) == set(BEHAVIOURS)
    assert len(OUTCOMES) >= 60


@pytest.mark.parametrize(("name", "outcome"), OUTCOMES.items(), ids=OUTCOMES)
def test_behaviour(archive: FilledArchive, name: str, outcome: tuple[str, int]) -> None:
    """Every feed gives its articles, each a file that the index reads, or a reason in words. A
    second fetch, also after the state was lost, adds none; and nothing led inside."""
    archive.seconds = 0.4 if name in SLOW else 60.0
    error, articles = outcome
    before = len(archive.server.asked)
    found = archive.fetch(name)

    assert error in found.error
    assert bool(error) == bool(found.error)
    assert found.stored.new == articles == len(archive.articles())
    ids = {article.id for article in archive.articles()}
    assert len(ids) == articles

    if name not in (
        "cut_in_the_middle",
        "wrong_validators",
        "rolling",
        "length_too_short",
        "flood",
    ):
        archive.forget()
        assert archive.fetch(name).stored.new == 0
        assert {article.id for article in archive.articles()} == ids
    asked = [each.path for each in archive.server.asked[before:]]
    assert name == "secret" or not [path for path in asked if "secret" in path]


ENCODED = [name for name in OUTCOMES if "utf" in name or "gb" in name or "big5" in name]


@pytest.mark.parametrize("name", [*ENCODED, "http_says_latin1", "unknown_encoding", "space_before"])
def test_encodings(archive: FilledArchive, name: str) -> None:
    """Text is read right, whoever lies about it."""
    archive.fetch(name)

    (article,) = archive.articles()
    assert article.title == "金融科技大展"
    assert article.body.count("中央人民生活，世界大同。") == 5


def test_dates(archive: FilledArchive) -> None:
    """Each date is read as it is written or not at all; what has none is dated by its first sight,
    and says so."""
    archive.fetch("dates")

    found = {
        int(article.title.removeprefix("新闻 ")): (
            article.published.astimezone(UTC).strftime("%Y-%m-%d %H:%M")
            if article.published and article.date_origin == "given"
            else "",
            article.date_origin,
        )
        for article in archive.articles()
    }
    expected = {
        number: (date, "given" if date else "seen") for number, date in enumerate(DATES.values())
    }
    assert found == expected


@pytest.mark.parametrize("name", ["zone_of_the_feed", "zone_of_the_program"])
def test_dates_without_a_zone(archive: FilledArchive, name: str) -> None:
    """They are in the zone of the feed's own date, if that is not GMT, else in China's."""
    archive.fetch(name)

    (article,) = archive.articles()
    assert article.published is not None
    assert article.published.astimezone(UTC).strftime("%H:%M") == "12:11"


@pytest.mark.parametrize("name", ["weak_etag", "odd_last_modified"])
def test_validators_are_sent_back_verbatim(archive: FilledArchive, name: str) -> None:
    """The server accepts only its own spelling."""
    assert archive.fetch(name).status == 200
    assert archive.fetch(name).status == 304


def test_a_long_validator_is_not_sent_back(archive: FilledArchive) -> None:
    """Nor kept."""
    archive.fetch("endless_etag")
    archive.fetch("endless_etag")
    assert "if-none-match" not in archive.server.asked[-1].headers


def test_news_under_old_validators_is_found(archive: FilledArchive) -> None:
    """An answer of 200 is read, whatever its validators."""
    archive.fetch("wrong_validators")
    assert archive.fetch("wrong_validators").stored.new == 1


def test_the_rest_of_a_feed_that_was_cut_comes_with_the_next_answer(archive: FilledArchive) -> None:
    """The last entry of a cut feed is not taken, as it may be cut too, and no validator is kept. It
    is asked again soon, and then all is well."""
    cut = archive.fetch("cut_in_the_middle")
    before = archive.files()
    found = archive.fetch("cut_in_the_middle")

    assert cut.next_at == NOON + FIRST_RETRY
    assert "if-none-match" not in archive.server.asked[-1].headers
    assert (found.status, found.stored.new, found.stored.changed) == (200, 1, 0)
    assert (found.error, found.next_at) == ("", NOON + HOUR)
    assert before.items() <= archive.files().items()
    archive.fetch("cut_in_the_middle")
    assert archive.server.asked[-1].headers["if-none-match"] == '"1"'


def test_a_feed_that_is_cut_after_it_was_whole(archive: FilledArchive) -> None:
    """Its validators are forgotten, so that an answer of 304 cannot hide what is missing."""
    archive.fetch("whole_then_cut")
    archive.fetch("whole_then_cut")
    archive.fetch("whole_then_cut")
    sent = [each.headers.get("if-none-match") for each in archive.server.asked]
    assert sent == [None, '"1"', None]


def test_a_flood_goes_on_the_next_day(archive: FilledArchive) -> None:
    """A feed adds so many files a day at most, and none is lost."""
    assert archive.fetch("flood").stored == Stored(new=A_DAY, left=10)
    assert archive.fetch("flood").stored == Stored(left=10)
    archive.now = NOON + 86_400
    assert archive.fetch("flood").stored.new == 10


@pytest.mark.parametrize(
    "name",
    [
        *("changing_guids", "appearing_guids", "moving", "http_then_https", "changing_markup"),
        *("changing_dates", "all_lead_home", "one_guid_for_all", "nothing_but_titles"),
    ],
)
def test_what_is_the_same_article(archive: FilledArchive, name: str) -> None:
    """New guids, addresses, dates and markup around the same words make no new article and no new
    version."""
    archive.fetch(name)
    count, dates = len(archive.articles()), [each.published for each in archive.articles()]
    for visit in range(3):
        if visit == 1:
            archive.forget()
        found = archive.fetch(name)
        assert (found.stored.new, found.stored.changed) == (0, 0)

    assert len(archive.files()) == count
    assert [each.published for each in archive.articles()] == dates


def test_an_entry_that_moved_has_its_new_address(archive: FilledArchive) -> None:
    """In the same file."""
    archive.fetch("moving")
    archive.fetch("moving")

    assert {each.url for each in archive.articles()} == {
        f"https://news.example/2/{number}" for number in (1, 2)
    }


@pytest.mark.parametrize("name", ["changing_text", "changing_title"])
def test_a_changed_article_keeps_its_old_versions(archive: FilledArchive, name: str) -> None:
    """Beside it, with the times; the index reads the newest only."""
    archive.fetch(name)
    first = archive.files()
    archive.now += 3_600
    found = archive.fetch(name)
    archive.now += 3_600
    archive.forget()
    archive.fetch(name)

    assert (found.stored.new, found.stored.changed) == (0, 1)
    assert len(archive.articles()) == 2
    versions = {path: text for path, text in archive.files().items() if ".v" in path}
    assert sorted(path.rpartition(".v")[2] for path in versions) == ["1.md", "2.md"]
    original = next(path for path in versions if path.endswith(".v1.md"))
    assert versions[original] == first[original.replace(".v1.md", ".md")]
    (newest,) = (
        text for text in archive.files().values() if "changed: Tue, 15 Nov 2022 14" in text
    )
    assert "first_seen: Tue, 15 Nov 2022 12:00:00 GMT" in newest


def test_no_value_leaves_its_place(archive: FilledArchive) -> None:
    """Quotes, line breaks, paths and scripts of a feed stay values of one file."""
    archive.fetch("hostile_values")

    titles = {article.title for article in archive.articles()}
    assert titles == {"' id: x ---", "标题", "# - *x: &y"}
    assert all(len(Path(path).stem) == 16 for path in archive.files())
    assert {path.partition("/")[0] for path in archive.files()} == {"hostile_values"}
    assert all((article.url or "https:").startswith("https:") for article in archive.articles())


def test_entities_are_not_expanded(archive: FilledArchive) -> None:
    """Neither those that grow nor those that read files."""
    archive.fetch("laughs")
    archive.fetch("external_entity")

    text = "".join(archive.files().values())
    assert "hahaha" not in text
    assert "root:" not in text


def test_two_feeds_with_one_article(archive: FilledArchive) -> None:
    """The same address in two feeds is one article."""
    archive.fetch("no_guids", "甲")
    assert archive.fetch("no_guids", "乙").stored.new == 0
    assert len(archive.articles()) == 2


def test_a_feed_that_rolls_loses_nothing(archive: FilledArchive) -> None:
    """Each article is taken once while it is shown, through lost states."""
    for visit in range(6):
        archive.fetch("rolling")
        if visit % 2:
            archive.forget()

    titles = [article.title for article in archive.articles()]
    assert len(titles) == len(set(titles)) == 8
