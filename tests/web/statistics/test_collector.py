"""From an answered query to the file of its day: the floor, restarts, disks that do not write."""

import fcntl
import os
import socket
import threading
from datetime import date, timedelta
from pathlib import Path

import pytest

from index.settings import Settings
from tests.web.statistics.small_disk import full_disk
from web.cli.serve import _query_channel
from web.statistics.collector import QueryChannel, QueryCounter, QuerySender, collecting
from web.statistics.day_files import FOLDER, RETENTION_DAYS, DayCounts, DayFiles

TODAY = date(2026, 11, 30)


class Site:
    """Counters that follow each other over one folder, on a day that can be set."""

    def __init__(self, root: Path) -> None:
        self.files = DayFiles.beside(root)
        self.folder = root / FOLDER
        self.today = TODAY
        self.restart()

    def restart(self) -> None:
        self.counter = QueryCounter(self.files, lambda: self.today)

    def ask(self, q: str, times: int = 1) -> None:
        for _ in range(times):
            self.counter.count(q, is_empty=False, ms=10)

    def written(self) -> dict[str, int]:
        """Asks by query, of all days."""
        self.counter.write()
        found: dict[str, int] = {}
        for day in self.files.read(date.min, date.max).values():
            for key, row in day.queries.items():
                found[key] = found.get(key, 0) + row.asks
        return found

    def readable(self) -> str:
        self.counter.write()
        return "".join(path.read_text("utf-8") for path in self.folder.iterdir())


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path / "index")


def test_nothing_readable_before_the_fifth_ask(site: Site) -> None:
    site.ask("元宇宙", 4)
    assert "元宇宙" not in site.readable()
    assert site.files.read(TODAY, TODAY)[TODAY] == DayCounts(asked=4)

    site.ask("元宇宙")
    assert site.written() == {"元宇宙": 5}
    site.ask("元宇宙", 4)
    assert site.written() == {"元宇宙": 5}
    site.ask("元宇宙")
    assert site.written() == {"元宇宙": 10}


def test_asks_of_several_days_reach_the_floor_together(site: Site) -> None:
    """They count for the day of the fifth."""
    site.ask("元宇宙", 3)
    site.today += timedelta(days=2)
    site.ask("元宇宙", 2)
    site.counter.write()

    assert site.files.read(site.today, site.today)[site.today].queries["元宇宙"].asks == 5


def test_a_restart_loses_what_was_held_back_only(site: Site) -> None:
    site.ask("元宇宙", 9)
    site.counter.write()
    site.restart()
    site.ask("元宇宙", 4)
    assert site.written() == {"元宇宙": 5}


def test_personal_data_is_never_written(site: Site) -> None:
    site.ask("13912345678", 20)
    site.ask("wang@example.com", 20)

    assert site.written() == {}
    assert "139" not in site.readable()
    assert site.files.read(TODAY, TODAY)[TODAY] == DayCounts(asked=40, private=40)


def test_days_fall_out(site: Site) -> None:
    site.ask("元宇宙", 5)
    site.counter.write()
    site.today += timedelta(days=RETENTION_DAYS)
    site.ask("比特币", 5)
    assert site.written() == {"比特币": 5}


def test_a_full_disk(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    """One line in the log, however often; what was counted meanwhile is written when it can be."""
    site.ask("元宇宙", 5)
    with full_disk():
        for _ in range(3):
            site.counter.write()
            site.ask("元宇宙", 5)
    assert caplog.text.count("写不进去") == 1

    assert site.written() == {"元宇宙": 20}
    with full_disk():
        site.ask("元宇宙")
        site.counter.write()
    assert caplog.text.count("写不进去") == 2


def test_days_that_cannot_be_written_do_not_pile_up(site: Site) -> None:
    with full_disk():
        for _ in range(10):
            site.ask("元宇宙", 5)
            site.counter.write()
            site.today += timedelta(days=1)
    assert site.written() == {"元宇宙": 10}


def test_a_folder_that_cannot_be_made(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").write_text("")
    site = Site(tmp_path / "file" / "index")
    site.ask("元宇宙", 5)
    site.counter.write()
    site.counter.write()
    assert caplog.text.count("写不进去") == 1


def test_what_is_sent_is_written_at_the_end(tmp_path: Path) -> None:
    """By the thread that collects, within the time that it has for closing."""
    files = DayFiles.beside(tmp_path)
    channel = QueryChannel.open()
    sender = channel.sender
    with collecting(files, channel):
        for _ in range(5):
            sender.send("元 宇宙", is_empty=True, ms=7)
    (day,) = files.read(date.min, date.max).values()

    assert {key: (row.asks, row.empty, row.ms) for key, row in day.queries.items()} == {
        "元 宇宙": (5, 5, 35)
    }
    sender.send("元宇宙", is_empty=False, ms=1)  # nobody is there any more


def test_the_last_write_waits_for_another_writer(tmp_path: Path) -> None:
    files = DayFiles.beside(tmp_path)
    (tmp_path / FOLDER).mkdir()
    descriptor = os.open(tmp_path / FOLDER, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    channel = QueryChannel.open()
    sender = channel.sender
    with collecting(files, channel):
        for _ in range(5):
            sender.send("元宇宙", is_empty=False, ms=7)
        threading.Timer(0.3, os.close, (descriptor,)).start()
    assert sum(day.asked for day in files.read(date.min, date.max).values()) == 5


def test_sending_never_waits() -> None:
    """Where nobody reads, what has no room is left out."""
    receiver, socket_ = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    with receiver, socket_:
        sender = QuerySender(socket_)
        for _ in range(5_000):
            sender.send("元" * 500, is_empty=False, ms=1)
        receiver.close()
        sender.send("元", is_empty=False, ms=1)


def test_nothing_is_collected_unless_it_is_switched_on(tmp_path: Path) -> None:
    assert _query_channel(Settings(index_dir=tmp_path)) is None
    channel = _query_channel(Settings(index_dir=tmp_path, query_counts="on"))
    assert channel is not None
    channel.receiver.close()
    channel.sender.socket.close()
