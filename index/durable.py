"""Writing so that a power cut takes nothing back: files, and the folder entries that name them."""

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

FRESH = ".new"
"""Ends the name of a file that is about to replace another. A process that was killed leaves it."""


def sync(path: Path) -> None:
    """Return when a file's content, or a folder's entries, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_folder(folder: Path) -> None:
    """Make a folder and those above it that are missing, if it is not there."""
    if folder.is_dir():
        return
    if folder.parent != folder:
        make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    sync(folder.parent)


def replace_text(path: Path, text: str) -> None:
    """Readers see the old content or the new one, and after a power cut one of them is there.

    A failed write leaves the old one, and nothing beside it.
    """
    replace_texts({path: text})


def replace_texts(texts: Mapping[Path, str]) -> None:
    """The same for many files, each by itself. All are written before any is waited for: a disk
    takes many at once in less time."""
    fresh = {path: path.with_name(path.name + FRESH) for path in texts}
    try:
        for path, text in texts.items():
            fresh[path].write_text(text, "utf-8")
        for each in fresh.values():
            sync(each)
        for path, each in fresh.items():
            each.replace(path)
    except OSError:
        for each in fresh.values():
            with suppress(OSError):  # the disk may refuse this too
                each.unlink(missing_ok=True)
        raise
    for folder in {path.parent for path in texts}:
        sync(folder)
