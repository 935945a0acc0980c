"""Replacing a file, on a disk that may fail."""

import errno
import os
from pathlib import Path

import pytest

from index import durable


def test_what_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "CURRENT"
    durable.replace_text(path, "old")
    durable.replace_text(path, "new")

    assert path.read_text("utf-8") == "new"
    assert [found.name for found in tmp_path.iterdir()] == ["CURRENT"]


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_failed_write_leaves_the_old_content_and_nothing_else(
    step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "removed.jsonl"
    durable.replace_text(path, "old")

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, step, full)
    with pytest.raises(OSError, match="No space"):
        durable.replace_text(path, "new")

    assert path.read_text("utf-8") == "old"
    assert [found.name for found in tmp_path.iterdir()] == ["removed.jsonl"]
