"""Locks between processes."""

import errno
import os
from pathlib import Path

import pytest

from index.file_lock import try_lock


def test_one_at_a_time(tmp_path: Path) -> None:
    """An open file counts as another process does; folders have locks too."""
    first, second = (os.open(tmp_path, os.O_RDONLY) for _ in range(2))
    assert try_lock(first)
    assert not try_lock(second)
    os.close(first)
    assert try_lock(second)
    os.close(second)


def test_a_file_system_without_locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is told as what it is, not as another process."""

    def no_locks(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.flock", no_locks)
    with (tmp_path / "lock").open("w") as file, pytest.raises(OSError, match="No locks"):
        try_lock(file.fileno())
