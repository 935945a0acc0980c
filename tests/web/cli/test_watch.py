"""Watching feeds goes on, whatever fails."""

import fcntl
import sqlite3
from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest

from index.errors import FeedsError
from index.settings import Settings
from web.cli.feeds import watch

FAILURES = {
    "a list that does not read": FeedsError("写错了。"),
    "a full disk": OSError(28, "No space left on device"),
    "a state that cannot be written": sqlite3.OperationalError("database is locked"),
    "a file that someone saved otherwise": UnicodeDecodeError("utf-8", b"\xff", 0, 1, "no"),
}


class Hurried(Event):
    """Waits for nothing; `pauses` are those that were asked for, and `meanwhile` is done in each."""

    def __init__(self, meanwhile: Callable[[], object] = lambda: None) -> None:
        super().__init__()
        self.pauses: list[float | None] = []
        self._meanwhile = meanwhile

    def wait(self, timeout: float | None = None) -> bool:
        assert len(self.pauses) < 10
        self.pauses.append(timeout)
        self._meanwhile()
        return self.is_set()


def settings_in(folder: Path) -> Settings:
    return Settings(index_dir=folder / "index", feeds=folder / "feeds.toml")


@pytest.mark.parametrize("problem", FAILURES.values(), ids=FAILURES)
def test_what_fails_is_tried_again(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    problem: Exception,
) -> None:
    """It is told in a line, and the next round is as if nothing had been."""
    stop, rounds = Hurried(), []

    def failing_at_first(*_: object) -> None:
        rounds.append(len(stop.pauses))
        if len(rounds) == 1:
            raise problem
        stop.set()

    monkeypatch.setattr(watch, "_round", failing_at_first)
    watch.watching(settings_in(tmp_path), stop)
    assert rounds == [0, 1]
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("注意：")


def test_another_process_that_fetches_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also at the start."""
    with (tmp_path / "feeds.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        stop = Hurried(lock.close)
        monkeypatch.setattr(watch, "_round", lambda _: stop.set())
        watch.watching(settings_in(tmp_path), stop)
    assert stop.pauses[0] == watch.LONGEST_PAUSE
    assert "另一个进程正在抓取" in capsys.readouterr().err
