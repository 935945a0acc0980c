"""A worker thread: tasks run in order in one thread, and errors reach the caller."""

import threading
from concurrent.futures import Future

import pytest

from web.serving.single_thread import SingleThread


def test_in_turn_by_one_thread() -> None:
    """Tasks of any caller run in order in the same thread."""
    lane, seen = SingleThread("reading"), []
    done: list[Future[None]] = []

    def work() -> None:
        seen.append(threading.current_thread())

    givers = [threading.Thread(target=lambda: done.append(lane.submit(work))) for _ in range(9)]
    for giver in givers:
        giver.start()
    for giver in givers:
        giver.join()
    for each in done:
        each.result(timeout=10)
    assert len(seen) == 9
    assert len(set(seen)) == 1
    assert seen[0].daemon
    assert seen[0].name == "reading"


def test_an_error_reaches_the_caller() -> None:
    """The thread then goes on with the next task."""
    lane = SingleThread("reading")
    with pytest.raises(ZeroDivisionError):
        lane.submit(lambda: 1 // 0).result(timeout=10)
    assert lane.submit(lambda: "next").result(timeout=10) == "next"
