"""The state of feeds: what becomes of a damaged one."""

from contextlib import closing
from pathlib import Path

from index.fetching.state import FetchState


def test_a_damaged_state_is_begun_anew(tmp_path: Path) -> None:
    """With the files that SQLite keeps beside it; a copy that someone made stays."""
    path = tmp_path / "feeds.sqlite"
    names = ["feeds.sqlite", "feeds.sqlite-wal", "feeds.sqlite-shm", "feeds.sqlite.bak"]
    for name in names:
        (tmp_path / name).write_text("damaged " * 1_000, "utf-8")
    with closing(FetchState(path)) as state:
        assert state.unindexed() == []
    assert [each.name for each in sorted(tmp_path.iterdir())] == [
        "feeds.sqlite",
        "feeds.sqlite.bak",
    ]
