"""What several processes count, added up."""

import multiprocessing
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.visitors import app_over
from web.monitoring import figures
from web.monitoring.figures import CODES, MAX_ROUTES, STATUSES, Now, SharedCounts
from web.serving.lanes import LaneState
from web.serving.server_state import ServerState


def state(refused: int = 0) -> ServerState:
    lane = LaneState(waiting=2, running=1, refused=refused)
    lanes = dict.fromkeys(figures.LANES, lane)
    return ServerState(lambda: lanes, lambda: 5, lambda: refused)


def in_another_process(task: Callable[[], None]) -> None:
    process = multiprocessing.get_context("fork").Process(target=task)
    process.start()
    process.join()
    assert process.exitcode == 0


def test_sums() -> None:
    """By route and status; a status or code that nobody thought of is counted as other."""
    counted = SharedCounts(3)

    def count() -> None:
        counted.count(0, 200, 0.005, 0.001)
        counted.count(1, 599, 99.0, 0.3)
        counted.refuse("busy")
        counted.refuse("made up")

    count()
    in_another_process(count)
    totals = counted.totals()

    assert totals.requests(0) == [("200", 2)]
    assert totals.requests(1) == [("other", 2)]
    assert totals.requests(2) == []
    assert (totals.seconds(0).counts[0], totals.seconds(0).total) == (2, 0.01)
    assert (totals.seconds(1).counts[-1], totals.seconds(1).total) == (2, 198.0)
    assert totals.cpu_seconds(1).total == 0.6
    assert totals.refused() == [("busy", 2), ("other", 2)]


def test_nothing_is_counted_yet() -> None:
    totals = SharedCounts(2).totals()
    assert (totals.requests(0), totals.refused(), totals.connections_refused()) == ([], [], 0)


def test_a_process_goes_on_with_the_row_of_one_that_ended() -> None:
    """More processes than rows, one after the other: nothing is lost."""
    counted = SharedCounts(1)
    for refused in (3, 4, 0):

        def tell(refused: int = refused) -> None:
            counted.count(0, 200, 1.0, 1.0)
            counted.tell(state(refused))
            counted.tell(state(refused + 1))

        in_another_process(tell)

    assert counted.totals().requests(0) == [("200", 3)]
    assert counted.totals().connections_refused() == 10
    assert counted.totals().lane_refused()[0] == ("quick", 10)


def test_threads_that_count_first_at_once() -> None:
    """Take one row, and what it was told is not told anew."""
    counted = SharedCounts(2)
    lock = counted._lock

    class Overtaken:
        def __enter__(self) -> None:
            counted._lock = lock
            counted.tell(state(3))
            lock.acquire()

        def __exit__(self, *_: object) -> None:
            lock.release()

    counted._lock = Overtaken()  # type: ignore[assignment]
    counted.count(0, 200, 1.0, 1.0)
    counted.tell(state(3))
    assert counted.totals().connections_refused() == 3


def test_who_answers_now(monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes that said so lately."""
    counted = SharedCounts(3)
    in_another_process(lambda: counted.tell(state()))
    counted.tell(state())
    now = list(counted.now())
    monkeypatch.setattr(figures, "LIVING_SECONDS", -1.0)

    assert Now(os.getpid(), 5, [2, 2, 2], [1, 1, 1]) in now
    assert list(counted.now()) == []


def test_there_is_a_place_for_every_error_and_status() -> None:
    assert {"busy", "too_many_requests", "index_missing", "other"} <= set(CODES)
    assert {"200", "304", "429", "503", "other"} <= set(STATUSES)


def test_there_is_room_for_all_routes(tmp_path: Path) -> None:
    """One more than there is room for would be counted as something else."""
    endpoints = {rule.endpoint for rule in app_over(tmp_path).url_map.iter_rules()}

    assert len(endpoints) < MAX_ROUTES


def test_a_process_that_has_ended_answers_no_more() -> None:
    """At once, though it said that it did a moment ago."""
    counted = SharedCounts(2)
    counted.tell(state())
    in_another_process(lambda: counted.tell(state()))

    assert [now.process for now in counted.now()] == [os.getpid()]


def test_the_number_of_an_ended_process_is_another_users(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who may not even ask for it knows that it is none of the server's."""

    def refuse(process: int, number: int) -> None:
        raise PermissionError

    counted = SharedCounts(1)
    counted.tell(state())
    monkeypatch.setattr(os, "kill", refuse)
    assert list(counted.now()) == []
