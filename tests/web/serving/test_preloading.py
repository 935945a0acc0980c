"""Processes forked from one that has loaded the index: how one ends."""

import threading

import pytest

from web.serving.preloading import _run


def test_one_that_is_ended_before_it_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    """The parent may be gone as soon as the child looks for it: it ends without a traceback."""

    def ended(thread: threading.Thread) -> None:
        raise KeyboardInterrupt

    done: list[str] = []
    monkeypatch.setattr(threading.Thread, "start", ended)
    _run(lambda: done.append("begun"))

    assert not done
