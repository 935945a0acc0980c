"""Counts of queries on disk, a file of JSON for each day. Processes may share the folder.

A file has a row only for queries that were asked five times (held_back.py), and every count in it
grows by five or more at a time.
"""

import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import astuple, dataclass, field
from datetime import date, timedelta
from pathlib import Path

import orjson

from index.durable import FRESH, make_folder, replace_text
from index.file_lock import try_lock
from web.statistics.held_back import AskCounts

FOLDER = "query-counts"
"""In `index_dir`."""
RETENTION_DAYS = 90
"""Days that are kept, today included."""
MAX_ROWS = 1_000
"""Queries of a day. With the longest texts a file has 0.4 MB, and all have 36 MB."""
_FORMAT = 1
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DayCounts:
    """Of one day. `asked`: all queries; `empty`: those without results; `private`: those of which
    no text was kept even in memory. `queries`: counts of those asked five times, by their text."""

    asked: int = 0
    empty: int = 0
    private: int = 0
    queries: Mapping[str, AskCounts] = field(default_factory=dict)

    def __add__(self, other: "DayCounts") -> "DayCounts":
        """Of new queries, as many as `MAX_ROWS` leaves room for."""
        queries = dict(self.queries)
        for key, counts in other.queries.items():
            if key in queries or len(queries) < MAX_ROWS:
                queries[key] = queries.get(key, AskCounts()) + counts
        return DayCounts(
            self.asked + other.asked,
            self.empty + other.empty,
            self.private + other.private,
            queries,
        )


class DayFiles:
    """The files of one folder, which is made when something is first written."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @classmethod
    def beside(cls, index_dir: Path) -> "DayFiles":
        return cls(index_dir / FOLDER)

    def add(self, day: date, counts: DayCounts) -> bool:
        """Add to what the file of a day has. Durable when it returns.

        False if another process is writing, so that nothing was done. Raises OSError where the
        disk is full or the folder cannot be written; the file is then as it was.
        """
        make_folder(self._folder.parent)
        self._folder.mkdir(mode=0o700, exist_ok=True)
        with self._locked() as is_ours:
            if is_ours:
                self._write(day, self._read(day) + counts)
        return is_ours

    def delete_old(self, today: date) -> None:
        """Delete the days past their time, and what a killed process left half-written. Raises
        OSError."""
        if not self._folder.exists():
            return
        with self._locked() as is_ours:
            for unfinished in self._folder.glob(f"*{FRESH}") if is_ours else ():
                unfinished.unlink(missing_ok=True)
        for day in self.days():
            if day <= today - timedelta(days=RETENTION_DAYS):
                self._path(day).unlink(missing_ok=True)

    def read(self, first: date, last: date) -> dict[date, DayCounts]:
        """The days from `first` to `last`, both included, of which there is a file."""
        return {day: self._read(day) for day in self.days() if first <= day <= last}

    def days(self) -> list[date]:
        """Days of which there is a file, the earliest first."""
        names = sorted(path.stem for path in self._folder.glob("????-??-??.json"))
        return [day for name in names if (day := _day(name)) is not None]

    def _path(self, day: date) -> Path:
        return self._folder / f"{day.isoformat()}.json"

    def _read(self, day: date) -> DayCounts:
        """Nothing where there is no file, or none that can be read."""
        path = self._path(day)
        try:
            return _decoded(path.read_bytes())
        except FileNotFoundError:
            return DayCounts()
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            log.warning("查询计数 %s 已损坏，从头数起：%s", path, error)
            return DayCounts()

    def _write(self, day: date, counts: DayCounts) -> None:
        replace_text(self._path(day), _encoded(day, counts))

    @contextmanager
    def _locked(self) -> Iterator[bool]:
        """Whether the folder is ours to write while the block runs; never waits."""
        descriptor = os.open(self._folder, os.O_RDONLY)
        try:
            yield try_lock(descriptor)
        finally:
            os.close(descriptor)


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(name)
    except ValueError:
        return None


def _encoded(day: date, counts: DayCounts) -> str:
    """Rows in the order of their texts, not of their arrival."""
    rows = {key: astuple(row) for key, row in sorted(counts.queries.items())}
    totals = {"asked": counts.asked, "empty": counts.empty, "private": counts.private}
    return orjson.dumps({"format": _FORMAT, "day": day, **totals, "queries": rows}).decode()


def _row(asks: int, empty: int, ms: int, slowest_ms: int) -> AskCounts:
    return AskCounts(int(asks), int(empty), int(ms), int(slowest_ms))


def _decoded(content: bytes) -> DayCounts:
    data = orjson.loads(content)
    if data["format"] != _FORMAT:
        raise ValueError(f"format {data['format']}")
    rows = {key: _row(*row) for key, row in data["queries"].items()}
    return DayCounts(int(data["asked"]), int(data["empty"]), int(data["private"]), rows)
