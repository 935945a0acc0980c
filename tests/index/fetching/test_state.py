"""The state of feeds: what becomes of a damaged one."""

import sqlite3
from contextlib import closing
from pathlib import Path

from index.fetching.identity import KnownArticle
from index.fetching.schedule import FeedState
from index.fetching.state import FetchState
from index.messages import Message, msg

ARTICLE = KnownArticle("a", "甲", "甲/2022/09/a.md", "g", "a.example/1", "d", 1_668_513_600, None)


def test_a_damaged_state_is_begun_anew(tmp_path: Path) -> None:
    """With the files that SQLite keeps beside it; a copy that someone made stays."""
    path = tmp_path / "feeds.sqlite"
    names = ["feeds.sqlite", "feeds.sqlite-wal", "feeds.sqlite-shm", "feeds.sqlite.bak"]
    for name in names:
        (tmp_path / name).write_text("damaged " * 1_000, "utf-8")
    with closing(FetchState(path)) as state:
        assert state.unindexed() == []
    assert [each.name for each in sorted(tmp_path.iterdir())] == [
        "feeds.sqlite",
        "feeds.sqlite.bak",
    ]


def test_a_reason_is_remembered_with_what_it_was_made_from(tmp_path: Path) -> None:
    """So that a page can translate it."""
    reason = msg("对方的服务器出错（%(status)s）", status=503)
    kept = FeedState("甲", "https://a.example/", "https://a.example/", error=reason)
    with closing(FetchState(tmp_path / "feeds.sqlite")) as state:
        state.save_feed(kept)
        found = state.feed("甲", "https://a.example/").error
    assert isinstance(found, Message)
    assert (found, found.template, found.values) == (reason, reason.template, {"status": 503})


def test_a_state_from_before_there_were_full_texts(tmp_path: Path) -> None:
    """Is used on: nothing is known to wait for its page."""
    path = tmp_path / "feeds.sqlite"
    with closing(FetchState(path)) as state:
        state.replace_source("甲", [ARTICLE])
    with closing(sqlite3.connect(path)) as old:
        old.execute("ALTER TABLE articles DROP COLUMN full_text")
        old.execute("DROP TABLE pages")
        old.commit()
    with closing(FetchState(path)) as state:
        assert state.known("甲", ["a"]).by_id == {"a": ARTICLE}
        assert state.pages_due("甲", 2_000_000_000, 10) == []
        assert state.full_texts("甲") == {"": 1}
