"""What is wanted of many articles at once, by number: ids and stories, normalised texts, and what
an update compares."""

import json
from collections.abc import Sequence
from dataclasses import fields
from operator import attrgetter
from pathlib import Path

from index.engines.api import State
from index.engines.tantivy.row_files import Live, RowReader, RowWriter

NAMES, FOLDED, STATES = "names", "folded", "states"
_SEPARATOR = "\0"
_values = attrgetter(*(field.name for field in fields(State)))
MAX_CACHED_NAMES = 50_000
"""Articles whose names are kept once they were read, some 15 MB: an answer has a thousand."""


class ArticleStoreWriter:
    """Writes them, from article number `first` on."""

    def __init__(self, folder: Path, first: int) -> None:
        self._names = RowWriter(folder, NAMES, first)
        self._folded = RowWriter(folder, FOLDED, first)
        self._states = RowWriter(folder, STATES, first)

    def __len__(self) -> int:
        return len(self._names)

    def add(self, article_id: str, state: State, folded: str) -> None:
        self._names.add(_bytes(f"{article_id}{_SEPARATOR}{state.story}"))
        self._folded.add(_bytes(folded))
        self._states.add(json.dumps([article_id, *_values(state)]).encode())

    def close(self, live: Live) -> None:
        for rows in (self._names, self._folded, self._states):
            rows.close(live)

    def abort(self) -> None:
        for rows in (self._names, self._folded, self._states):
            rows.abort()


class ArticleStore:
    """Reads them, through memory maps."""

    def __init__(self, folder: Path) -> None:
        self._names = RowReader(folder, NAMES)
        self._folded = RowReader(folder, FOLDED, long=True)
        self._states = RowReader(folder, STATES)
        self._cached: dict[int, tuple[str, str]] = {}

    def names(self, numbers: Sequence[int]) -> list[tuple[str, str]]:
        """(id, story) of each."""
        known = self._cached
        if len(known) > MAX_CACHED_NAMES - len(numbers):
            known = self._cached = {}
        missing = [number for number in numbers if number not in known]
        known.update(zip(missing, map(_name, self._names.read(missing)), strict=True))
        return [known[number] for number in numbers]

    def folded(self, numbers: Sequence[int]) -> list[str]:
        """Normalised title, line break, normalised text of each."""
        return [row.decode("utf-8", "surrogatepass") for row in self._folded.read(numbers)]

    def states(self, numbers: Sequence[int]) -> dict[str, State]:
        """By id."""
        rows = map(json.loads, self._states.read(numbers))
        return {name: State(*state) for name, *state in rows}


def _name(row: bytes) -> tuple[str, str]:
    name, _, story = row.decode("utf-8", "surrogatepass").rpartition(_SEPARATOR)
    return name, name if story == name else story  # most are alone: one string for both


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
