"""What changed in an article since its feed first showed it, on its page."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from index.article import Article
from index.fetching.archive import Archive
from index.fetching.reading.entries import FeedEntry, SourceFeed
from index.fetching.schedule import FeedState
from index.fetching.state import FetchState, state_path
from index.fetching.subscriptions import Subscription
from index.fetching.versions import (
    MAX_BLOCKS,
    MAX_SHOWN_CHARACTERS,
    article_changes,
    changed_articles,
)
from index.sources.reader import read_articles
from tests.support.visitors import Visitor, index_of, visitor_of

NOON = 1_668_513_600
"""2022-11-15 20:00 in Shanghai."""
SOURCE = Subscription("甲报", "https://a.example/feed")


def entry(title: str, *paragraphs: str) -> FeedEntry:
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    return FeedEntry(title, body, "guid", "https://a.example/1")


STORY = [
    entry("银行发布报告", "总额为三百亿元。", "银行说。"),
    entry("银行发布年度报告", "总额为三百亿元。", "银行说。"),
    entry("银行发布年度报告", "总额为三百二十亿元。", "银行说。", "<b>更正</b>"),
]


MOVED = replace(STORY[-1], link="https://a.example/moved")


def visited(folder: Path, story: list[FeedEntry], **settings: str) -> tuple[Visitor, str]:
    """A site over what a feed showed, one fetch an hour, and the address of its article's page."""
    root, archive_root = folder / "index", folder / "articles"
    with closing(FetchState(state_path(root))) as state:
        archive = Archive(archive_root, state)
        archive.prepare([SOURCE.name])
        for hour, each in enumerate(story):
            feed, known = SourceFeed("甲报", (each,)), FeedState("甲报", SOURCE.url, SOURCE.url)
            archive.store(feed, SOURCE, known, NOON + hour * 3_600)
    articles = [each for each in read_articles([archive_root]) if isinstance(each, Article)]
    visitor = visitor_of(index_of(root, articles), articles=archive_root, **settings)
    return visitor, f"/article/{articles[0].id}"


def test_what_changed_and_when(tmp_path: Path) -> None:
    """The last change first, each with the time at which it was seen; what stayed is not there."""
    visitor, path = visited(tmp_path, STORY)
    page = visitor.page(path).partition('<details class="changes">')[2].partition("</details>")[0]

    assert "发表后改动过 2 次，上次见到改动是 2022-11-15 22:00" in page
    first, second = page.split("<h2>")[1:]
    assert "2022-11-15 22:00" in first
    assert "<del>总额为三百亿元。</del>" in first
    assert "<ins>总额为三百二十亿元。</ins>" in first
    assert "<ins>更正</ins>" in first
    assert "原标题：<del>银行发布报告</del>" in second
    assert "银行说" not in page


def test_an_address_that_changes_later_is_no_change(tmp_path: Path) -> None:
    """The time of the last one stays."""
    visitor, path = visited(tmp_path, [*STORY, MOVED])
    assert "发表后改动过 2 次，上次见到改动是 2022-11-15 22:00" in visitor.page(path)


def test_the_story_tells_what_changed_in_its_articles(tmp_path: Path) -> None:
    """When it was seen, the title of before, and where the rest is."""
    visitor, path = visited(tmp_path, STORY)
    page = visitor.page(path.replace("article", "story"))
    shown = page.partition('<p class="change">')[2].partition("</p>")[0]
    assert "发表后改动过 2 次，上次见到改动是 2022-11-15 22:00" in shown
    assert "原标题：<del>银行发布报告</del>" in shown
    assert f'href="{path}#changes"' in shown
    assert 'id="changes"' in visitor.page(path)


STORIES = {
    "only its text": (STORY[1:], {}, "改动过 1 次", "原标题"),
    "never changed": (STORY[:1], {}, "", "改动过"),
    "only an excerpt is shown": (STORY, {"article_page": "excerpt"}, "", "改动过"),
}


@pytest.mark.parametrize(("story", "settings", "said", "unsaid"), STORIES.values(), ids=STORIES)
def test_stories(
    tmp_path: Path, story: list[FeedEntry], settings: dict[str, str], said: str, unsaid: str
) -> None:
    """What is not there is not told."""
    visitor, path = visited(tmp_path, story, **settings)
    page = visitor.page(path.replace("article", "story"))
    assert said in page
    assert unsaid not in page


def test_of_many_changed_articles_some_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first of those that are listed, and none where there is no time."""
    _, path = visited(tmp_path, STORY)
    name, state = path.rpartition("/")[2], state_path(tmp_path / "index")

    def changed(*, spent: bool) -> list[int]:
        found = changed_articles(tmp_path / "articles", state, ["x", name], spent=lambda: spent)
        return [each.number for each in found.values()]

    assert (changed(spent=False), changed(spent=True)) == ([2], [])
    monkeypatch.setattr("index.fetching.versions.MAX_SUMMARIES", 0)
    assert changed(spent=False) == []


def test_of_many_changes_the_newest_are_shown(tmp_path: Path) -> None:
    """With the number of all, and what is left out."""
    story = [entry("银行发布报告", f"总额为{number}亿元。") for number in range(100, 108)]
    visitor, path = visited(tmp_path, story)
    page = visitor.page(path).partition('<details class="changes">')[2].partition("</details>")[0]

    assert "发表后改动过 7 次" in page
    assert "这里只列出最近 5 次" in page
    assert page.count("<h2>") == 5
    assert page.index("<ins>总额为107亿元") < page.index("<ins>总额为103亿元")
    assert "总额为101亿元" not in page


def test_long_texts_are_compared_and_shown_in_part(tmp_path: Path) -> None:
    """Paragraphs that repeat are the dearest to compare: with the cube of their number."""
    old = ["甲"] * 500
    new = [text for number in range(250) for text in ("甲", f"乙{number}" + "丙" * 3_000)]
    visitor, path = visited(tmp_path, [entry("报告", *old), entry("报告", *new)])
    page = visitor.page(path).partition('<details class="changes">')[2].partition("</details>")[0]

    assert page.count("<ins>") == MAX_BLOCKS // 2
    assert len(page) < MAX_BLOCKS * MAX_SHOWN_CHARACTERS


@pytest.mark.parametrize(
    ("story", "settings"),
    [
        pytest.param(STORY[:1], {}, id="never changed"),
        pytest.param(STORY, {"article_page": "excerpt"}, id="only an excerpt is shown"),
    ],
)
def test_nothing_to_tell(tmp_path: Path, story: list[FeedEntry], settings: dict[str, str]) -> None:
    """No earlier text is shown where the whole text is not."""
    visitor, path = visited(tmp_path, story, **settings)
    assert 'class="changes"' not in visitor.page(path)


def test_without_time_only_the_last_change(tmp_path: Path) -> None:
    """No version before it is read."""
    _, path = visited(tmp_path, STORY)
    name = path.rpartition("/")[2]
    state = state_path(tmp_path / "index")
    found = article_changes(tmp_path / "articles", state, name, spent=lambda: True)
    assert (found.number, [change.removed for change in found.latest]) == (
        2,
        [("总额为三百亿元。",)],
    )


def test_without_the_state_the_page_is_whole(tmp_path: Path) -> None:
    """It only lacks the changes."""
    visitor, path = visited(tmp_path, STORY)
    for each in tmp_path.glob("feeds.sqlite*"):
        each.unlink()
    page = visitor.page(path)
    assert "总额为三百二十亿元。" in page
    assert 'class="changes"' not in page
