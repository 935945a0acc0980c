"""Paths become articles: files and folders, in order, each article once."""

import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.article import Article, Rejection
from index.errors import SourceError
from index.sources.reader import read_articles

SHARED = Path(__file__).parents[4] / "shared"


def write(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        text = f'{{"title": "{name}"}}\n' if ".jsonl" in name else f"# {name}\n\n正文"
        path.write_text(text, encoding="utf-8")


def ids(items: Iterator[Article | Rejection]) -> list[str]:
    return [item.id for item in items if isinstance(item, Article)]


def titles(items: Iterator[Article | Rejection]) -> list[str]:
    return [item.title for item in items if isinstance(item, Article)]


def test_a_folder_in_order(tmp_path: Path) -> None:
    """All supported files in a folder, sorted, without dot-files."""
    write(tmp_path, "b.md", "a.MARKDOWN", "z/c.jsonl", "元/d.md", ".git/e.md", ".f.md", "g.txt")
    assert titles(read_articles([tmp_path])) == ["a.MARKDOWN", "b.md", "z/c.jsonl", "元/d.md"]


def test_single_files(tmp_path: Path) -> None:
    """Files can be named one by one, in any order."""
    write(tmp_path, "b.md", "a.jsonl")
    assert titles(read_articles([tmp_path / "b.md", tmp_path / "a.jsonl"])) == ["b.md", "a.jsonl"]


def test_two_articles_with_one_id(tmp_path: Path) -> None:
    """The second is a rejection that names both."""
    write(tmp_path, "x/a.md", "y/a.md")
    first, second = read_articles([tmp_path / "x", tmp_path / "y"])
    assert isinstance(first, Article)
    assert isinstance(second, Rejection)
    assert first.path in second.reason
    assert second.path == str(tmp_path / "y" / "a.md")


def test_paths_that_cannot_be_read(tmp_path: Path) -> None:
    """A missing path or an unknown type of file is an error that says what to do."""
    write(tmp_path, "a.txt")
    with pytest.raises(SourceError, match="没有这个文件"):
        read_articles([tmp_path / "missing"])
    with pytest.raises(SourceError, match="jsonl"):
        read_articles([tmp_path / "a.txt"])


def test_an_unreadable_file_is_a_rejection(tmp_path: Path) -> None:
    """A broken link does not stop the rest."""
    (tmp_path / "a.md").symlink_to(tmp_path / "missing")
    write(tmp_path, "b.md")
    rejection, article = read_articles([tmp_path])
    assert isinstance(rejection, Rejection)
    assert isinstance(article, Article)


def test_a_folder_with_nothing_to_read(tmp_path: Path) -> None:
    """It is reported, since among other paths nobody would notice."""
    (tmp_path / "feed.xml").write_text("<rss/>", "utf-8")
    (found,) = read_articles([tmp_path])
    assert isinstance(found, Rejection)
    assert ".jsonl.gz" in found.reason


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    """A named pipe is refused, since reading it might never end."""
    os.mkfifo(tmp_path / "p.md")
    (found,) = read_articles([tmp_path])
    assert isinstance(found, Rejection)
    assert "不是普通文件" in found.reason
    with pytest.raises(SourceError, match="不是普通文件"):
        read_articles([tmp_path / "p.md"])


def test_a_name_in_no_encoding(tmp_path: Path) -> None:
    """A file whose name is not UTF-8 is read, and its id can be written in UTF-8."""
    try:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.md")).write_text("正文", encoding="utf-8")
    except (OSError, UnicodeError):
        pytest.skip("this file system takes UTF-8 names only")
    assert ids(read_articles([tmp_path])) == ["\ufffd.md"]


def test_reading_is_lazy(tmp_path: Path) -> None:
    """The first articles come before the rest is read."""
    (tmp_path / "a.jsonl").write_text('{"title": "x"}\n' * 3, encoding="utf-8")
    items = read_articles([tmp_path])
    assert len(list(itertools.islice(items, 2))) == 2
    (tmp_path / "a.jsonl").unlink()


@pytest.mark.corpus
def test_real_posts() -> None:
    """Of the real posts only the empty one is rejected, and most carry a date."""
    items = list(read_articles([SHARED / "data" / "posts"]))
    rejections = [item for item in items if isinstance(item, Rejection)]
    assert [Path(each.path).name for each in rejections] == ["2024-6-3-longzu.md"]
    assert len(items) == 172


@pytest.mark.corpus
def test_real_corpus() -> None:
    """Every line of the corpus is an article."""
    items = read_articles([SHARED / "data" / "news" / "corpus.jsonl.gz"])
    kinds = [(type(item), getattr(item, "published", None) is None) for item in items]
    assert len(kinds) == 35_287
    assert all(kind is Article for kind, _ in kinds)
    assert sum(undated for _, undated in kinds) == 7_378
