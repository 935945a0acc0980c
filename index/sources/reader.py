"""Reads files and folders of any supported format, one article at a time."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from index.article import Article, Rejection, UnreadFile
from index.article_bounds import MAX_FILE
from index.errors import SourceError
from index.sources.folders import (
    draft_folder,
    files_below,
    is_readable,
    kind_of,
    suffixes,
    unreadable,
)
from index.sources.jsonl import read_jsonl
from index.sources.markdown import read_markdown
from index.text.html import valid_unicode

Item = Article | Rejection | UnreadFile


def read_articles(paths: Sequence[Path]) -> Iterator[Item]:
    """All articles in these files and folders, in a fixed order, with all that was not accepted.

    Folders are searched for Markdown and JSON Lines by the ends of their files' names, without
    names that begin with a dot. The second of two articles with one id is rejected. Raises
    SourceError at once if a path is missing or of an unknown kind.
    """
    for path in paths:
        _check(path)
    return _unique(item for path in paths for item in _read_path(path))


def _check(path: Path) -> None:
    if not path.exists():
        hint = "请检查路径；相对路径从当前目录算起。"
        raise SourceError(f"没有这个文件或目录：{path}。", hint=hint)
    if not path.is_dir() and not path.is_file():
        raise SourceError(f"不是普通文件：{path}。", hint="管道和设备不能读，请先存成文件。")
    if not path.is_dir() and not is_readable(path.name):
        hint = f"可读的文件：{_known()}，或含有这些文件的目录。"
        raise SourceError(f"不认识这种文件：{path}。", hint=hint)


def _known() -> str:
    return "、".join((*suffixes()["markdown"], *suffixes()["json_lines"]))


def _read_path(path: Path) -> Iterator[Item]:
    if not path.is_dir():
        yield from _read_file(path, path.name)
        return
    nothing = True
    for file in files_below(path):
        if isinstance(file, UnreadFile):
            yield file
            continue
        nothing = False
        if isinstance(file, Rejection):
            yield file
        else:
            yield from _read_file(file, file.relative_to(path).as_posix())
    if nothing:
        yield Rejection(valid_unicode(str(path)), f"目录里没有可读的文件：{_known()}")


def _read_file(path: Path, name: str) -> Iterator[Article | Rejection]:
    place, name = valid_unicode(str(path)), valid_unicode(name)
    if folder := draft_folder(name):
        yield Rejection(place, f"在草稿目录 {folder} 里，发布时移出即可")
        return
    try:
        if kind_of(path.name) == "json_lines":
            yield from read_jsonl(path, place)
        elif path.stat().st_size > MAX_FILE:
            reason = f"文件超过 {MAX_FILE:,} 字节；一个文件是一篇文章，多篇请写成 JSON Lines"
            yield Rejection(place, reason)
        else:
            yield read_markdown(path.read_bytes(), place, name)
    except OSError as problem:
        yield unreadable(place, problem)


def _unique(items: Iterator[Item]) -> Iterator[Item]:
    first: dict[str, str] = {}
    for item in items:
        if not isinstance(item, Article):
            yield item
        elif item.id in first:
            reason = (
                f"与 {first[item.id]} 的 id（{item.id}）相同，请删去重复的；"
                "若是两篇文章，请各写一个 id"
            )
            yield Rejection(item.path, reason)
        else:
            first[item.id] = item.path
            yield item


def absolute(paths: Sequence[Path]) -> list[str]:
    """Absolute paths, as a generation records its inputs."""
    return [str(path.resolve()) for path in paths]


def with_sources(known: Sequence[str], paths: Sequence[Path]) -> list[str]:
    """The inputs recorded so far, and those of `paths` that none of them contains."""
    given = absolute(paths)
    fresh = [path for path in given if not any(Path(path).is_relative_to(at) for at in known)]
    return [*known, *fresh]
