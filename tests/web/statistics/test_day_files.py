"""Counts on disk: added up by day, bounded, and whole whatever happens."""

import fcntl
import os
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.web.statistics.small_disk import full_disk
from web.statistics import day_files
from web.statistics.day_files import RETENTION_DAYS, DayCounts, DayFiles
from web.statistics.held_back import AskCounts

TODAY = date(2026, 11, 30)
FIVE = AskCounts(5, 1, 100, 60)


@pytest.fixture
def files(tmp_path: Path) -> DayFiles:
    return DayFiles.beside(tmp_path / "index")


def counts(*queries: str) -> DayCounts:
    return DayCounts(7, 2, 1, dict.fromkeys(queries, FIVE))


def test_days_add_up(files: DayFiles) -> None:
    assert files.read(TODAY, TODAY) == {}
    assert files.add(TODAY, counts("元宇宙"))
    assert files.add(TODAY, counts("元宇宙", "比特币"))
    (day,) = files.read(TODAY, TODAY).values()

    assert (day.asked, day.empty, day.private) == (14, 4, 2)
    assert day.queries == {"元宇宙": AskCounts(10, 2, 200, 60), "比特币": FIVE}


def test_only_the_user_of_the_server_reads_it(files: DayFiles, tmp_path: Path) -> None:
    files.add(TODAY, counts("元宇宙"))
    assert (tmp_path / "index" / day_files.FOLDER).stat().st_mode & 0o777 == 0o700


def test_old_days_are_deleted(files: DayFiles, tmp_path: Path) -> None:
    days = [TODAY - timedelta(days=back) for back in (0, 1, RETENTION_DAYS - 1, RETENTION_DAYS)]
    for day in days:
        files.add(day, counts())
    unfinished = tmp_path / "index" / day_files.FOLDER / f"{days[3]}.json.new"
    unfinished.write_text("元宇宙", "utf-8")
    files.delete_old(TODAY)

    assert files.days() == sorted(days[:3])
    assert not unfinished.exists()


def test_there_may_be_nothing_old(files: DayFiles) -> None:
    files.delete_old(TODAY)

    assert files.days() == []


def test_a_day_has_room_for_so_many(files: DayFiles, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is listed goes on being counted; what is new is not listed, only counted in all."""
    monkeypatch.setattr(day_files, "MAX_ROWS", 2)
    files.add(TODAY, counts("a", "b", "c"))
    files.add(TODAY, counts("c", "a"))
    (day,) = files.read(TODAY, TODAY).values()

    assert {key: row.asks for key, row in day.queries.items()} == {"a": 10, "b": 5}
    assert day.asked == 14


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b'{"format":1', id="cut short"),
        pytest.param(b"[]", id="another shape"),
        pytest.param(
            b'{"format":1,"asked":1,"empty":0,"private":0,"queries":{"a":[1,2]}}', id="short row"
        ),
        pytest.param(b'{"format":2}', id="another format"),
        pytest.param(b"\xff", id="no text"),
    ],
)
def test_a_damaged_day_begins_anew(
    files: DayFiles, tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    files.add(TODAY, counts("a"))
    path = tmp_path / "index" / day_files.FOLDER / f"{TODAY}.json"
    path.write_bytes(content)

    files.add(TODAY, counts("b"))
    assert list(files.read(TODAY, TODAY)[TODAY].queries) == ["b"]
    assert "已损坏" in caplog.text


def test_others_names_are_left_alone(files: DayFiles, tmp_path: Path) -> None:
    files.add(TODAY, counts())
    (tmp_path / "index" / day_files.FOLDER / "2026-13-40.json").write_text("{}")
    assert files.days() == [TODAY]


def test_two_writers_take_turns(files: DayFiles, tmp_path: Path) -> None:
    """Nobody waits for the other."""
    files.add(TODAY, counts("a"))
    descriptor = os.open(tmp_path / "index" / day_files.FOLDER, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        assert not files.add(TODAY, counts("a"))
    finally:
        os.close(descriptor)
    assert files.add(TODAY, counts("a"))
    assert files.read(TODAY, TODAY)[TODAY].queries["a"].asks == 10


def test_a_full_disk_leaves_the_day_as_it_was(files: DayFiles, tmp_path: Path) -> None:
    files.add(TODAY, counts("a"))
    with full_disk(), pytest.raises(OSError, match="too large"):
        files.add(TODAY, counts("b"))

    assert list(files.read(TODAY, TODAY)[TODAY].queries) == ["a"]
    assert len(list((tmp_path / "index" / day_files.FOLDER).iterdir())) == 1
