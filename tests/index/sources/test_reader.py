"""Paths become articles: files and folders, in order, each article once."""

import gzip
import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.article import Article, Rejection, UnreadFile
from index.errors import SourceError
from index.sources.reader import Item, read_articles
from tests.support.machine import SHARED


def write(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        text = f'{{"title": "{name}"}}\n' if ".jsonl" in name else f"# {name}\n\n正文"
        path.write_text(text, encoding="utf-8")


def ids(items: Iterator[Item]) -> list[str]:
    return [item.id for item in items if isinstance(item, Article)]


def titles(items: Iterator[Item]) -> list[str]:
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
    """It is reported: among others nobody would notice."""
    (tmp_path / "feed.xml").write_text("<rss/>", "utf-8")
    unread, found = read_articles([tmp_path])
    assert unread == UnreadFile(f"{tmp_path}/feed.xml", ".xml")
    assert isinstance(found, Rejection)
    assert ".jsonl.gz" in found.reason


def test_near_suffixes(tmp_path: Path) -> None:
    """Other names of the same formats are read, other formats are reported, the rest is no text."""
    write(tmp_path, "a.mkd", "b.mdown", "c.MDX", "d.txt", "e.html", "f.json", "g.png", "h")
    for name in ("i.ndjson", "j.jsonlines"):
        (tmp_path / name).write_text(f'{{"title": "{name}"}}', "utf-8")
    (tmp_path / "k.ndjson.gz").write_bytes(gzip.compress(b'{"title": "k.ndjson.gz"}'))
    items = list(read_articles([tmp_path]))
    names = ["a.mkd", "b.mdown", "c.MDX", "i.ndjson", "j.jsonlines", "k.ndjson.gz"]
    assert titles(iter(items)) == names
    unread = [item.suffix for item in items if isinstance(item, UnreadFile)]
    assert unread == [".txt", ".html", ".json"]


def test_mdx(tmp_path: Path) -> None:
    """What MDX imports is no text."""
    text = 'import Chart from "./chart"\nexport const a = 1\n\n# 题\n\nimport 关税 上调。'
    (tmp_path / "a.mdx").write_text(text, "utf-8")
    (found,) = read_articles([tmp_path])
    assert isinstance(found, Article)
    assert (found.title, found.body) == ("题", "import 关税 上调。")


@pytest.mark.parametrize("folder", ["_drafts", "source/_drafts/2022", "Drafts", "draft", "草稿"])
def test_folders_of_drafts(tmp_path: Path, folder: str) -> None:
    """Each file in one is rejected, whatever its format; as the input itself it is read."""
    write(tmp_path, f"{folder}/a.md", f"{folder}/b.jsonl", "_posts/c.md", "drafts.md")
    items = list(read_articles([tmp_path]))
    assert titles(iter(items)) == ["drafts.md", "_posts/c.md"]
    rejections = [item for item in items if isinstance(item, Rejection)]
    assert ["草稿" in item.reason for item in rejections] == [True, True]
    assert len(titles(read_articles([tmp_path / folder]))) == 2


def test_linked_folders(tmp_path: Path) -> None:
    """Links are followed, once, and never in a circle."""
    root, outside = tmp_path / "root", tmp_path / "outside"
    write(root, "a.md", "sub/b.md", ".hidden/c.md")
    write(outside, "d.md", "deep/e.md")
    (root / "x").symlink_to(outside)
    (root / "y").symlink_to(outside / "deep")
    (root / "z").symlink_to(root / ".hidden")
    (root / "again").symlink_to(root / "sub")
    (root / "up").symlink_to(tmp_path)
    (outside / "back").symlink_to(root)
    (outside / "round").symlink_to(outside)
    assert ids(read_articles([root])) == ["a.md", "sub/b.md", "x/d.md", "x/deep/e.md", "z/c.md"]


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
    """Of the real posts only an empty one and drafts are rejected."""
    items = list(read_articles([SHARED / "data" / "posts"]))
    rejections = [item for item in items if isinstance(item, Rejection)]
    assert [Path(each.path).name for each in rejections if "草稿" not in each.reason] == [
        "2024-6-3-longzu.md"
    ]
    assert (len(items), len(rejections)) == (430, 10)


@pytest.mark.corpus
def test_real_corpus() -> None:
    """Every line of the corpus is an article."""
    items = read_articles([SHARED / "data" / "news" / "corpus.jsonl.gz"])
    kinds = [(type(item), getattr(item, "published", None) is None) for item in items]
    assert len(kinds) == 35_287
    assert all(kind is Article for kind, _ in kinds)
    assert sum(undated for _, undated in kinds) == 7_378
