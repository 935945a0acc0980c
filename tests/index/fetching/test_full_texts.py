"""The text of pages in the place of summaries: what comes of each page, and that none is read twice."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest

from index.fetching.archive import Archive
from index.fetching.connecting.http_client import Client, HttpClient, Request, Response
from index.fetching.full_texts import FullTextArchive, FullTexts
from index.fetching.pages.extractor import ExtractionError
from index.fetching.pages.page_reader import PageAnswer
from index.fetching.reading.entries import FeedEntry, SourceFeed
from index.fetching.schedule import DAY, HOUR, FeedState
from index.fetching.state import FetchState
from index.fetching.subscriptions import Subscription
from index.text.html import plain_text
from tests.index.fetching.test_archive import Killed, kills_of
from tests.support.feed_archive import NOON, FilledArchive
from tests.support.feed_server import Answer, Asked, FeedServer, feed_server, resolver
from tests.support.web_pages import (
    PAGES,
    SHORT,
    SUMMARY,
    one_address,
    renamed,
    robots,
    summaries,
    whole_texts,
)

pytestmark = [pytest.mark.fulltext, pytest.mark.slow]

PAGE_OUTCOMES = {
    "article": ("page", ""),
    "short_article": ("page", ""),
    "no_content_type": ("page", ""),
    "gbk": ("page", ""),
    "gbk_said_to_be_utf8": ("page", ""),
    "gzipped_page": ("page", ""),
    "moved_page": ("page", ""),
    "hostile_page": ("page", ""),
    "growing": ("page", ""),
    "not_html": ("none", "不是网页"),
    "picture_said_to_be_html": ("none", "网页里没有找到正文"),
    "no_article": ("none", "网页里没有找到正文"),
    "needs_script": ("none", "网页里没有找到正文"),
    "empty_page": ("none", "网页里没有找到正文"),
    "no_longer_than_the_summary": ("none", "网页"),
    "too_large": ("none", "内容超过 3 MB"),
    "page_bomb": ("none", "内容超过 3 MB"),
    "page_to_loopback": ("none", "这是内部地址：127.0.0.1"),
    "page_to_metadata": ("none", "这是内部地址：169.254.169.254"),
    "page_to_file": ("none", "只抓取 http 和 https"),
    "page_loop": ("none", "转向超过 5 次"),
    "to_what_is_not_allowed": ("none", "robots.txt 不许抓取"),
    "missing": ("none", "没有这个网址（404）"),
    "not_for_us": ("none", "对方不许抓取（403）"),
    "broken_for_now": ("pending", "对方的服务器出错（500）"),
    "asked_too_often": ("pending", "对方说抓得太勤（429）"),
    "page_in_drips": ("pending", "秒内没有读完"),
    "page_cut_off": ("pending", "网页没有传完"),
    "page_hung_up": ("pending", "对方的回答不合 HTTP"),
}
"""Page → where the article's text is from in the end, and what the owner reads."""


class Impatient:
    """A client that gives up soon where nothing else is to be seen."""

    def fetch(self, request: Request) -> Response:
        seconds = 0.3 if request.url.endswith("/page_in_drips") else 10.0
        return HttpClient(seconds=seconds, resolver=resolver).fetch(request)


@dataclass
class PagedArchive(FilledArchive):
    """Fetches feeds with summaries of pages."""

    full_text: bool = True
    allow_private: bool = True

    def paged(self, names: str, feed: str = "summaries") -> Subscription:
        url = f"{self.server.base}/{feed}/{names}"
        return Subscription("甲", url, allow_private=self.allow_private, full_text=self.full_text)

    def client(self) -> Client:
        return Impatient()

    def pages(self, names: str, feed: str = "summaries") -> FullTexts:
        found = self.fetch_feed(self.paged(names, feed))
        assert not found.error
        return found.texts

    def asked(self, name: str) -> int:
        return self.server.paths().count(f"/{name}")


@pytest.fixture(scope="module")
def server() -> Iterator[FeedServer]:
    with feed_server() as running:
        yield running


@pytest.fixture
def archive(server: FeedServer, tmp_path: Path) -> PagedArchive:
    server.begin()
    feeds = {
        "summaries": summaries,
        "whole_texts": whole_texts,
        "renamed": renamed,
        "one_address": one_address,
    }
    allowed = robots("User-agent: *\nDisallow: /private/")
    server.others = {**PAGES, **feeds, "robots.txt": allowed}
    return PagedArchive(server, tmp_path)


def test_every_page_has_an_outcome() -> None:
    """The table is complete."""
    assert set(PAGE_OUTCOMES) == set(PAGES)


@pytest.mark.parametrize(("name", "outcome"), PAGE_OUTCOMES.items(), ids=PAGE_OUTCOMES)
def test_page(archive: PagedArchive, name: str, outcome: tuple[str, str]) -> None:
    """The text of a page takes the place of the summary; a page without one leaves it, with a
    reason in words. No page that answered is read again, also after the state was lost; no version
    comes of it, and nothing leads inside."""
    kind, reason = outcome
    found = archive.pages(name)

    counts = {"page": (1, 0, 0), "none": (0, 1, 0), "pending": (0, 0, 1)}
    assert (found.found, found.none, found.waiting) == counts[kind]
    assert reason in found.why
    assert bool(reason) == bool(found.why)
    (file,) = archive.files().values()
    assert f"\nfull_text: {kind}\n" in file
    (article,) = archive.articles()
    shown = plain_text(article.body, "html")
    if name == "short_article":
        assert shown == SHORT
    elif kind == "page":
        assert shown.startswith(
            "多家央行完成了跨境支付平台的真实交易测试，参加的商业银行有二十家。\n"
        )
        assert "流动性管理，并邀请" in shown
        assert not [word for word in ("首页", "作者", "热门", "ICP", "steal") if word in shown]
    else:
        assert shown == SUMMARY

    if kind != "pending":
        before, asked = archive.files(), archive.asked(name)
        archive.forget()
        archive.now += DAY
        archive.pages(name)
        assert (archive.files(), archive.asked(name)) == (before, asked)
    assert "/secret" not in archive.server.paths()
    assert "/private/article" not in archive.server.paths()


def test_full_text_is_off_unless_it_is_asked_for(archive: PagedArchive) -> None:
    """Nothing but the feed is read; once it is asked for, what the feed shows gets its text, without
    a new version."""
    archive.full_text = False
    assert archive.pages("article,gbk") == FullTexts()
    assert archive.server.paths() == ["/summaries/article,gbk"]

    archive.full_text = True
    archive.forget()
    assert archive.pages("article,gbk") == FullTexts(found=2)
    assert len(archive.files()) == 2
    assert not [text for text in archive.files().values() if "changed:" in text]

    archive.full_text = False
    archive.forget()
    before = archive.files()
    assert archive.pages("article,gbk") == FullTexts()
    assert archive.files() == before


def test_a_feed_of_whole_texts_is_enough(archive: PagedArchive) -> None:
    """No page of it is read, also where one of its articles is short."""
    assert archive.pages("", "whole_texts") == FullTexts()
    assert archive.server.paths() == ["/whole_texts/"]


def test_an_address_that_entries_share(archive: PagedArchive) -> None:
    """Is the page of none of them."""
    assert archive.pages("", "one_address") == FullTexts()
    assert archive.server.paths() == ["/one_address/"]
    assert len(archive.articles()) == 2


ROBOTS = {
    "not there": (robots("", 404), "page", ""),
    "not for us": (robots("", 403), "page", ""),
    "empty": (robots(""), "page", ""),
    "a page": (robots("<html><body>404</body></html>"), "page", ""),
    "no robot": (robots("User-agent: *\nDisallow: /"), "none", "robots.txt 不许抓取"),
    "not us": (robots("User-agent: yuansou\nDisallow: /art*le$"), "none", "robots.txt 不许抓取"),
    "not others": (robots("User-agent: other\nDisallow: /"), "page", ""),
    "broken": (robots("", 500), "pending", "robots.txt 读不到：对方的服务器出错（500）"),
    "too often": (robots("", 429), "pending", "robots.txt 读不到：对方说抓得太勤（429）"),
    "hung up": (
        lambda _: lambda write, _: None,
        "pending",
        "robots.txt 读不到：对方的回答不合 HTTP",
    ),
}


@pytest.mark.parametrize(("rules", "kind", "reason"), ROBOTS.values(), ids=ROBOTS)
def test_robots(archive: PagedArchive, rules: object, kind: str, reason: str) -> None:
    """It is asked first: 4xx allows everything, an error of the server nothing for now."""
    archive.server.others["robots.txt"] = rules  # type: ignore[assignment]
    found = archive.pages("article")

    assert found.why == reason
    (file,) = archive.files().values()
    assert f"\nfull_text: {kind}\n" in file
    assert archive.asked("robots.txt") == 1
    assert archive.asked("article") == (kind == "page")


def test_robots_are_kept_for_a_day(archive: PagedArchive) -> None:
    """Also when the process ends in between."""
    archive.pages("article")
    archive.now += DAY - 60
    archive.pages("gbk")
    assert archive.asked("robots.txt") == 1
    archive.now += 120
    archive.pages("growing")
    assert archive.asked("robots.txt") == 2


@pytest.mark.parametrize("lost", [False, True], ids=["state kept", "state lost"])
def test_what_could_not_be_read_is_read_later(archive: PagedArchive, lost: bool) -> None:
    """Not before ten minutes, unless that was forgotten; it makes no version."""
    archive.pages("broken_for_now")
    if not lost:
        archive.now += 300
        assert archive.pages("broken_for_now") == FullTexts(waiting=1)
    archive.now += HOUR
    if lost:
        archive.forget()
    assert archive.pages("broken_for_now") == FullTexts(found=1)
    assert archive.asked("broken_for_now") == 2
    (file,) = archive.files().values()
    assert "changed:" not in file


def test_what_cannot_be_read_is_given_up(archive: PagedArchive) -> None:
    """After ten times, in about three days."""
    for _ in range(12):
        archive.pages("page_hung_up")
        archive.now += DAY
    assert archive.asked("page_hung_up") == 10
    (file,) = archive.files().values()
    assert "\nfull_text: none\n" in file


def test_a_host_that_wants_rest(archive: PagedArchive, monkeypatch: pytest.MonkeyPatch) -> None:
    """After 429 no further page of a public host is asked for until it says so."""
    public = frozenset(("127.0.0.1",))
    monkeypatch.setattr("index.fetching.connecting.addresses.is_public", public.__contains__)
    archive.allow_private = False
    feed, pages = "/summaries/asked_too_often,article,gbk", ["/asked_too_often", "/article", "/gbk"]
    names = feed.removeprefix("/summaries/")
    assert archive.pages(names).waiting == 3
    archive.now += HOUR
    assert archive.pages(names).waiting == 3
    assert archive.server.paths() == [feed, "/robots.txt", pages[0], feed]
    archive.now += HOUR + 60
    assert archive.pages(names) == FullTexts(found=3)
    assert archive.server.paths()[4:] == [feed, *pages]


def test_so_many_pages_a_fetch(archive: PagedArchive, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rest comes with the next fetches, also where the feed itself has nothing new."""
    monkeypatch.setattr("index.fetching.full_texts.MAX_PAGES", 2)
    names = "article,gbk,growing,gzipped_page,no_article"
    found = [archive.pages(names) for _ in range(4)]
    assert [each.found + each.none for each in found] == [2, 2, 1, 0]
    assert [each.waiting for each in found] == [3, 1, 0, 0]
    assert all(archive.asked(name) == 1 for name in names.split(","))


def test_told_to_stop(archive: PagedArchive) -> None:
    """The page that is being read is the last; the others wait."""
    with archive.fetcher() as fetcher:
        fetcher.stop.set()
        (found,) = fetcher.fetch([archive.paged("article,gbk,growing")])
    assert (found.texts.found, found.texts.waiting) == (1, 2)


@pytest.mark.parametrize(("lasting", "kind"), [(True, "none"), (False, "pending")])
def test_a_page_that_is_not_extracted(
    archive: PagedArchive, monkeypatch: pytest.MonkeyPatch, lasting: bool, kind: str
) -> None:
    """Keeps its summary for good if it is the page's fault, else until the process runs again."""

    def failing(_: str) -> str:
        raise ExtractionError(lasting=lasting)

    with monkeypatch.context() as broken:
        broken.setattr("tests.support.feed_archive.article_html", failing)
        archive.pages("article")
    (file,) = archive.files().values()
    assert f"\nfull_text: {kind}\n" in file
    archive.now += HOUR
    assert archive.pages("article").found == (not lasting)


def test_a_full_text_stays(archive: PagedArchive) -> None:
    """A new summary changes nothing, as the page says more; a new title is a new version, with the
    same text."""
    archive.pages("", "renamed")
    archive.now += HOUR
    found = archive.fetch_feed(archive.paged("", "renamed"))
    archive.forget()
    again = archive.fetch_feed(archive.paged("", "renamed"))

    assert (found.stored.changed, again.stored.changed) == (1, 1)
    assert archive.asked("article") == 1
    files = archive.files()
    assert sorted(path.count(".v") for path in files) == [0, 1, 1]
    assert all("有学者指出" in text and "full_text: page" in text for text in files.values())
    (article,) = archive.articles()
    assert article.title == "标题 3"


def test_a_file_that_was_deleted(archive: PagedArchive) -> None:
    """Comes back with its full text."""
    archive.pages("article")
    before = archive.files()
    for path in archive.root.rglob("*.md"):
        path.unlink()
    archive.forget()
    archive.pages("article")
    assert archive.files() == before


SPOILT: dict[str, Callable[[Path], object]] = {
    "deleted": Path.unlink,
    "saved in another encoding": lambda file: file.write_text("---\n甲\n---\n", "gbk"),
}


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
def test_a_file_that_changes_while_its_page_is_read(
    archive: PagedArchive, spoil: Callable[[Path], object]
) -> None:
    """Its text is left out; the other articles of the feed get theirs."""

    def spoiling(asked: Asked) -> Answer:
        (file,) = (
            path for path in archive.root.rglob("*.md") if "no_content" in path.read_text("utf-8")
        )
        spoil(file)
        return cast("Answer", PAGES["no_content_type"](asked))

    archive.server.others["no_content_type"] = spoiling
    found = [archive.pages("article,no_content_type")]
    archive.now += HOUR
    found.append(archive.pages("article,no_content_type"))
    assert [each.found for each in found] == [1, 0]


def test_every_reason_is_told(archive: PagedArchive) -> None:
    """Each once, those of pages that wait with those of pages that have no text."""
    found = archive.pages("missing,not_html,article,broken_for_now")

    assert (found.found, found.none, found.waiting) == (1, 2, 1)
    reasons = [PAGE_OUTCOMES[name][1] for name in ("missing", "not_html", "broken_for_now")]
    assert all(reason in found.why for reason in reasons)


FEED = Subscription("甲", "https://a.example/feed", full_text=True)
STORY = [
    ([FeedEntry(f"新闻 {n}", SUMMARY, f"g{n}", f"https://n.example/{n}") for n in numbers], answer)
    for numbers, answer in (
        ((1, 2), PageAnswer(f"<p>{SHORT}</p>")),
        ((2, 3, 4), PageAnswer(reason="网页里没有找到正文")),
        ((4, 5), PageAnswer(reason="对方的服务器出错（500）", lasting=False)),
        ((5,), PageAnswer(f"<p>{SHORT}</p>")),
    )
]
"""What a feed shows, one fetch after the other, and what the pages answer then."""


def told(folder: Path, lost: bool) -> dict[str, str]:
    """The files after the story, in which each fetch is repeated until it is not killed."""
    for number, (entries, answer) in enumerate(STORY):
        while True:
            try:
                _fetched(folder, entries, answer, NOON + number * HOUR)
                break
            except Killed:
                for path in folder.glob("feeds.sqlite*") if lost else ():
                    path.unlink()
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in sorted(folder.rglob("*.md"))
    }


def _fetched(folder: Path, entries: list[FeedEntry], answer: PageAnswer, now: int) -> None:
    state = FetchState(folder / "feeds.sqlite")
    try:
        archive = Archive(folder / "articles", state)
        archive.prepare([FEED.name])
        feed = FeedState(FEED.name, FEED.url, FEED.url)
        archive.store(SourceFeed("甲", tuple(entries)), FEED, feed, now)
        texts = FullTextArchive(folder / "articles", state)
        wanted = texts.wanted(FEED, now)
        texts.store(FEED, wanted, [answer] * len(wanted), now)
    finally:
        state.close()


@pytest.mark.parametrize("lost", [False, True], ids=["state kept", "state lost"])
def test_a_kill_at_every_step(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, lost: bool) -> None:
    """Wherever the process is killed, the next run gives the files that there would have been."""
    kills = kills_of(monkeypatch)
    files = told(tmp_path / "whole", lost)
    kinds = [text.partition("full_text: ")[2].partition("\n")[0] for text in files.values()]
    assert sorted(kinds) == ["none", "none", "page", "page", "page"]
    for step in range(1, kills.step + 1):
        kills.at, kills.step = {step}, 0
        assert told(tmp_path / f"{step}", lost) == files, step
