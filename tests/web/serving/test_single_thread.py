"""One thread for one kind of work: in turn, always the same, errors where they are waited for."""

import threading
from concurrent.futures import Future

import pytest

from web.serving.single_thread import SingleThread


def test_in_turn_by_one_thread() -> None:
    """Whoever gives the work."""
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


def test_an_error_is_for_who_waits() -> None:
    """The thread goes on with what comes next."""
    lane = SingleThread("reading")
    with pytest.raises(ZeroDivisionError):
        lane.submit(lambda: 1 // 0).result(timeout=10)
    assert lane.submit(lambda: "next").result(timeout=10) == "next"
