"""Finds the files of articles below a folder, and tells which others may hold articles too."""

import os
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Literal

from index.article import Rejection, UnreadFile
from index.sources.named_fields import draft_folders
from index.text.html import valid_unicode
from index.word_lists import data_table

_VERSION = re.compile(r"(.+)\.v[0-9]{1,3}\.md")

FileKind = Literal["markdown", "json_lines", "elsewhere"]


def kind_of(name: str) -> FileKind | None:
    """What a file's name says of its format; None where it is no text of articles."""
    lower = name.lower()
    return next((kind for kind, ends in suffixes().items() if lower.endswith(ends)), None)


@cache
def suffixes() -> dict[FileKind, tuple[str, ...]]:
    kinds: dict[FileKind, list[str]] = data_table("file_suffixes")  # type: ignore[assignment]
    return {kind: tuple(ends) for kind, ends in kinds.items()}


def is_readable(name: str) -> bool:
    return kind_of(name) in ("markdown", "json_lines")


def files_below(root: Path) -> Iterator[Path | UnreadFile | Rejection]:
    """Files of articles in a fixed order, and files that may be; names with a dot first are hidden.

    Links to folders are followed once, unless they lead to what is read anyway.
    """
    problems: list[OSError] = []
    links = _Links(root)
    for folder, folders, names in os.walk(root, onerror=problems.append, followlinks=True):
        folders[:] = sorted(n for n in folders if links.enter(Path(folder, n)))
        for name in sorted(_current(name for name in names if not name.startswith("."))):
            kind = kind_of(name)
            if kind == "elsewhere":
                yield UnreadFile(valid_unicode(str(Path(folder, name))), _suffix(name))
            elif kind:
                yield _regular(Path(folder, name))
    yield from (unreadable(str(problem.filename), problem) for problem in problems)


def _current(names: Iterable[str]) -> list[str]:
    """Without earlier versions of articles: `a.v1.md` beside `a.md` (index/fetching/archive.py)."""
    all_names = set(names)
    versions = ((name, _VERSION.fullmatch(name)) for name in all_names)
    return [name for name, found in versions if not found or f"{found[1]}.md" not in all_names]


def draft_folder(name: str) -> str:
    """The folder of drafts on the way from the input to a file, or ""."""
    folders = PurePosixPath(name).parts[:-1]
    return next((folder for folder in folders if folder.lower() in draft_folders()), "")


class _Links:
    """Keeps a walk from following links in circles or reading a folder twice."""

    def __init__(self, root: Path) -> None:
        self._root = Path(os.path.realpath(root))
        self._followed: list[Path] = []

    def enter(self, folder: Path) -> bool:
        if folder.name.startswith("."):
            return False
        if not folder.is_symlink():
            return True
        target = Path(os.path.realpath(folder))
        if self._root.is_relative_to(target) or any(map(target.is_relative_to, self._followed)):
            return False
        if target.is_relative_to(self._root) and not _is_hidden(target.relative_to(self._root)):
            return False
        self._followed.append(target)
        return True


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def _suffix(name: str) -> str:
    lower = name.lower()
    return max((end for end in suffixes()["elsewhere"] if lower.endswith(end)), key=len)


def _regular(path: Path) -> Path | Rejection:
    """Reject pipes, which could block for ever. Broken links are reported when they are read."""
    if path.exists() and not path.is_file():
        return Rejection(valid_unicode(str(path)), "不是普通文件，请移走")
    return path


def unreadable(place: str, problem: OSError) -> Rejection:
    return Rejection(
        valid_unicode(place),
        f"读不了，请检查权限和磁盘：{problem.strerror}",
        closed=not isinstance(problem, FileNotFoundError),
    )
