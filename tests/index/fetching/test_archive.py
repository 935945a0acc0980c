"""Files of articles: what is written is read back, and no interruption loses or doubles any."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.article import Article
from index.durable import replace_text
from index.fetching import archive as archive_module
from index.fetching import full_texts as full_texts_module
from index.fetching.archive import Archive
from index.fetching.identity import identified
from index.fetching.reading.entries import FeedEntry, SourceFeed
from index.fetching.rendering import (
    article_file,
    known_from,
    path_of,
    read_back,
    render,
    with_full_text,
)
from index.fetching.schedule import FeedState
from index.fetching.state import FetchState
from index.fetching.subscriptions import Subscription
from index.sources.reader import read_articles
from index.text.urls import canonical_url

NOON = 1_668_513_600
DAY = datetime(2022, 9, 5, 12, 11, tzinfo=UTC)
SOURCE = Subscription("甲", "https://a.example/feed", category="快讯")

LINES = st.text(max_size=30) | st.sampled_from(
    ["---", "'", "a: b", "# x", "null", "~", "[x]", "&a"]
)
ENTRIES = st.builds(
    FeedEntry,
    title=LINES,
    body=st.text(max_size=60) | st.just("<div>\n\n---\n<p>文</p></div>"),
    guid=LINES,
    link=st.sampled_from(
        [None, "https://n.example/", "https://n.example/1?a='", "https://m.example/2"]
    ),
    author=LINES,
    categories=st.lists(LINES, max_size=3).map(tuple),
    image=st.sampled_from([None, "https://n.example/i.png"]),
    stated=LINES,
    published=st.sampled_from(
        [None, DAY, datetime(2099, 1, 1, tzinfo=UTC), datetime(1980, 1, 1, tzinfo=UTC)]
    ),
).filter(lambda each: bool(each.title.strip() or each.body.strip()))


@settings(max_examples=100, deadline=None)
@given(st.lists(ENTRIES, min_size=1, max_size=3))
def test_a_file_says_what_is_known_of_it(entries: list[FeedEntry]) -> None:
    """Reading a file back gives what was remembered when it was written, whatever its entry holds;
    and the index reads it as one article with that id, address and date."""
    with TemporaryDirectory() as folder:
        root = Path(folder)
        for each in identified(entries, SOURCE.name):
            file = article_file(each, SOURCE, NOON)
            path = path_of(file)
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(render(file), "utf-8")

            assert read_back(root, path) == known_from(file, path)
            waiting = replace(file, full_text="pending")
            (root / path).write_text(with_full_text(render(waiting), "<p>全文</p>"), "utf-8")
            whole = replace(file, full_text="page", entry=replace(file.entry, body="<p>全文</p>"))
            assert (root / path).read_text("utf-8") == render(whole)
            assert read_back(root, path) == known_from(whole, path)
            assert with_full_text(render(file), "<p>全文</p>") == render(file)
            (root / path).write_text(render(file), "utf-8")
            found = list(read_articles([root / path]))
            if isinstance(found[0], Article):
                assert (found[0].id, found[0].source) == (file.id, SOURCE.name)
                assert found[0].url == canonical_url(each.entry.link)
                assert (found[0].date_origin == "given") == (each.entry.published == DAY)
            (root / path).unlink()


class Killed(BaseException):
    """The process ends here."""


class Kills:
    """Ends the process at chosen steps, each before, in the middle of or after something that
    changes the disk."""

    def __init__(self, at: Sequence[int]) -> None:
        self.at = set(at)
        self.step = 0

    def moment(self) -> None:
        self.step += 1
        if self.step in self.at:
            raise Killed

    def around(self, change: Callable[..., Any]) -> Callable[..., Any]:
        def changed(*given: Any, **named: Any) -> Any:
            self.moment()
            found = change(*given, **named)
            self.moment()
            return found

        return changed

    def replace_texts(self, texts: Mapping[Path, str]) -> None:
        for path, text in texts.items():
            self.moment()
            path.with_name(f"{path.name}.new").write_text(text[: len(text) // 2], "utf-8")
            self.moment()
            replace_text(path, text)
            self.moment()


@pytest.fixture
def kills(monkeypatch: pytest.MonkeyPatch) -> Kills:
    """Set `at` before a run. Nothing is synchronised, as only processes are killed here."""
    return kills_of(monkeypatch)


def news(number: int, text: str, guid: str = "") -> FeedEntry:
    return FeedEntry(
        f"新闻 {number}",
        f"<p>{text}</p>",
        guid or f"guid-{number}",
        f"https://n.example/{number}",
        published=DAY if number % 2 else None,
    )


STORY = [
    [news(1, "甲"), news(2, "甲")],
    [news(2, "甲"), news(3, "甲"), news(1, "乙")],
    [news(1, "丙", "new"), news(3, "甲"), news(4, "甲")],
    [news(4, "乙"), news(5, "甲")],
]
"""What a feed shows, one fetch after the other: entries that come, go, change and have new guids."""


def told(folder: Path, kills: Kills, loses: Sequence[bool] = (False,)) -> dict[str, str]:
    """The files after the story, in which each fetch is repeated until it is not killed. `loses`:
    after which kills the state is lost, in turn."""
    count = 0
    for number, entries in enumerate(STORY):
        done = False
        while not done:
            try:
                _fetched(folder, entries, NOON + number * 3_600)
                done = True
            except Killed:
                if loses[count % len(loses)]:
                    for path in folder.glob("feeds.sqlite*"):
                        path.unlink()
                count += 1
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in sorted(folder.rglob("*.md"))
    }


def _fetched(folder: Path, entries: Sequence[FeedEntry], now: int) -> None:
    state = FetchState(folder / "feeds.sqlite")
    try:
        archive = Archive(folder / "articles", state)
        archive.prepare([SOURCE.name])
        archive.store(
            SourceFeed("甲", tuple(entries)), SOURCE, FeedState("甲", SOURCE.url, SOURCE.url), now
        )
    finally:
        state.close()


@pytest.fixture
def whole(kills: Kills, tmp_path: Path) -> tuple[dict[str, str], int]:
    """The files of the story without a kill, and how many steps it has."""
    kills.step = 0
    files = told(tmp_path / "whole", kills)
    return files, kills.step


def test_the_story(whole: tuple[dict[str, str], int]) -> None:
    """Five articles, of which one was changed twice and one once."""
    files, steps = whole
    assert sorted(path.count(".v") for path in files) == [0] * 5 + [1] * 3
    assert steps > 40


@pytest.mark.parametrize("lost", [False, True], ids=["state kept", "state lost"])
def test_a_kill_at_every_step(
    kills: Kills, whole: tuple[dict[str, str], int], tmp_path: Path, lost: bool
) -> None:
    """Wherever the process is killed, the next run gives the files that there would have been."""
    files, steps = whole
    for step in range(1, steps + 1):
        kills.at, kills.step = {step}, 0
        assert told(tmp_path / f"{step}", kills, [lost]) == files, step


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(1, 120), max_size=12), st.lists(st.booleans(), min_size=1, max_size=6))
def test_killed_at_random(at: list[int], loses: list[bool]) -> None:
    """However often it is killed, and whenever the state is lost with it: the same files."""
    with pytest.MonkeyPatch.context() as patch, TemporaryDirectory() as folder:
        kills = kills_of(patch)
        expected = told(Path(folder, "whole"), kills)
        kills.at, kills.step = set(at), 0
        assert told(Path(folder, "killed"), kills, loses) == expected


def kills_of(patch: pytest.MonkeyPatch) -> Kills:
    kills = Kills(())
    patch.setattr("index.durable.sync", lambda path: None)
    patch.setattr("index.fetching.state.SYNCHRONOUS", "OFF")
    patch.setattr(archive_module, "replace_texts", kills.replace_texts)
    patch.setattr(full_texts_module, "replace_texts", kills.replace_texts)
    for name in ("open_source", "save_articles", "save_feed", "replace_source", "postpone_pages"):
        patch.setattr(FetchState, name, kills.around(getattr(FetchState, name)))
    return kills


def test_a_damaged_state_is_made_anew(tmp_path: Path) -> None:
    """It holds nothing that the files do not say."""
    _fetched(tmp_path, STORY[0], NOON)
    for path in tmp_path.glob("feeds.sqlite*"):
        path.write_bytes(b"SQLite format 3\0" + b"\xff" * 5_000)
    _fetched(tmp_path, STORY[0], NOON + 60)
    assert len(list(tmp_path.rglob("*.md"))) == 2


def test_a_file_that_was_deleted_comes_back(tmp_path: Path) -> None:
    """While its feed shows it; to remove an article for good there is `index remove`."""
    _fetched(tmp_path, STORY[0], NOON)
    first = sorted(tmp_path.rglob("*.md"))
    first[0].unlink()
    _fetched(tmp_path, STORY[0], NOON + 60)
    assert sorted(tmp_path.rglob("*.md")) == first


def test_a_file_that_someone_saved_otherwise(tmp_path: Path) -> None:
    """In an older encoding: it is kept as an earlier version that reads."""
    _fetched(tmp_path, [news(1, "甲")], NOON)
    (file,) = tmp_path.rglob("*.md")
    file.write_bytes(file.read_text("utf-8").replace("甲", "中央人民的世界").encode("gb18030"))
    _fetched(tmp_path, [news(1, "乙")], NOON + 60)
    assert "乙" in file.read_text("utf-8")
    assert "中央人民的世界" in file.with_name(f"{file.stem}.v1.md").read_text("utf-8")
