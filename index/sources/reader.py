"""Reads files and folders of any supported format, one article at a time."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from index.article import Article, Rejection
from index.errors import SourceError
from index.sources.jsonl import read_jsonl
from index.sources.markdown import read_markdown
from index.text.html import valid_unicode

MARKDOWN = (".md", ".markdown")
JSON_LINES = (".jsonl", ".jsonl.gz")
KNOWN = "、".join((*MARKDOWN, *JSON_LINES))


def read_articles(paths: Sequence[Path]) -> Iterator[Article | Rejection]:
    """All articles in these files and folders, in a fixed order.

    Folders are searched for *.md, *.markdown, *.jsonl and *.jsonl.gz, without names that begin
    with a dot. The second of two articles with one id is rejected. Raises SourceError at once if
    a path is missing or of an unknown kind.
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
    if not path.is_dir() and not _is_known(path.name):
        hint = f"可读的文件：{KNOWN}，或含有这些文件的目录。"
        raise SourceError(f"不认识这种文件：{path}。", hint=hint)


def _is_known(name: str) -> bool:
    return name.lower().endswith((*MARKDOWN, *JSON_LINES))


def _read_path(path: Path) -> Iterator[Article | Rejection]:
    if not path.is_dir():
        yield from _read_file(path, path.name)
        return
    nothing = True
    for file in _files(path):
        nothing = False
        if isinstance(file, Rejection):
            yield file
        else:
            yield from _read_file(file, file.relative_to(path).as_posix())
    if nothing:
        yield Rejection(valid_unicode(str(path)), f"目录里没有可读的文件：{KNOWN}")


def _files(root: Path) -> Iterator[Path | Rejection]:
    problems: list[OSError] = []
    for folder, folders, names in os.walk(root, onerror=problems.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if _is_known(name) and not name.startswith("."):
                yield _regular(Path(folder, name))
    yield from (_unreadable(str(problem.filename), problem) for problem in problems)


def _regular(path: Path) -> Path | Rejection:
    """Reject pipes, which could block for ever. Broken links are reported when they are read."""
    if path.exists() and not path.is_file():
        return Rejection(valid_unicode(str(path)), "不是普通文件，请移走")
    return path


def _read_file(path: Path, name: str) -> Iterator[Article | Rejection]:
    place, name = valid_unicode(str(path)), valid_unicode(name)
    try:
        if path.name.lower().endswith(JSON_LINES):
            yield from read_jsonl(path, place)
        else:
            yield read_markdown(path.read_bytes(), place, name)
    except OSError as problem:
        yield _unreadable(place, problem)


def _unreadable(place: str, problem: OSError) -> Rejection:
    return Rejection(valid_unicode(place), f"读不了，请检查权限和磁盘：{problem.strerror}")


def _unique(items: Iterator[Article | Rejection]) -> Iterator[Article | Rejection]:
    first: dict[str, str] = {}
    for item in items:
        if isinstance(item, Rejection):
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
