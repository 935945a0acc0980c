"""Writing so that a power cut takes nothing back: files, and the folder entries that name them."""

import os
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
    fresh = path.with_name(path.name + FRESH)
    try:
        fresh.write_text(text, "utf-8")
        sync(fresh)
        fresh.replace(path)
    except OSError:
        with suppress(OSError):  # the disk may refuse this too
            fresh.unlink(missing_ok=True)
        raise
    sync(path.parent)
