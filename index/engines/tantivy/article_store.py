"""Stores what is read of many articles at once, by article number: ids and stories, normalised
texts, and what an update compares."""

import json
from collections.abc import Sequence
from dataclasses import fields
from operator import attrgetter
from pathlib import Path

from index.engines.api import State
from index.engines.tantivy.row_files import Live, RowReader, RowWriter, next_number

NAME_ROWS, TEXT_ROWS, STATE_ROWS = "names", "folded", "states"
_SEPARATOR = "\0"
_values = attrgetter(*(field.name for field in fields(State)))
MAX_CACHED_NAMES = 50_000
"""(id, story) of this many articles, some 15 MB. A search needs a thousand of them."""


MAX_CACHED_CHARACTERS = 2_000_000
"""Of normalised texts, some 4 MB. The hits of a page are among the articles that were ranked just
before, and neighbouring queries find the same."""

STATES_AT_ONCE = 10_000
"""States that are read at once, some 3 MB as text."""


class ArticleStoreWriter:
    """Writes articles, from article number `first` on, which no article has had."""

    def __init__(self, folder: Path) -> None:
        self.first = next_number(folder, NAME_ROWS)
        self._names = RowWriter(folder, NAME_ROWS, self.first)
        self._normalized = RowWriter(folder, TEXT_ROWS, self.first)
        self._states = RowWriter(folder, STATE_ROWS, self.first)

    def __len__(self) -> int:
        return len(self._names)

    def add(self, article_id: str, state: State, normalized: str) -> None:
        self._names.add(_bytes(f"{article_id}{_SEPARATOR}{state.story}"))
        self._normalized.add(_bytes(normalized))
        self._states.add(json.dumps([article_id, *_values(state)]).encode())

    def close(self, live: Live) -> None:
        for rows in (self._names, self._normalized, self._states):
            rows.close(live)

    def abort(self) -> None:
        for rows in (self._names, self._normalized, self._states):
            rows.abort()


class ArticleStore:
    """Reads articles through memory maps. Threads may share it."""

    def __init__(self, folder: Path) -> None:
        self._names = RowReader(folder, NAME_ROWS)
        self._normalized = RowReader(folder, TEXT_ROWS, long=True)
        self._states = RowReader(folder, STATE_ROWS)
        self._cached: dict[int, tuple[str, str]] = {}
        self._texts: dict[int, str] = {}
        self._cached_characters = 0

    def names(self, numbers: Sequence[int]) -> list[tuple[str, str]]:
        """(id, story) of each article."""
        # A plain dictionary, replaced when full: a lock for each of a thousand keys costs more.
        known = self._cached
        if len(known) > MAX_CACHED_NAMES - len(numbers):
            known = self._cached = {}
        missing = [number for number in numbers if number not in known]
        if missing:
            known.update(zip(missing, map(_name, self._names.read(missing)), strict=True))
        return list(map(known.__getitem__, numbers))

    def normalized(self, numbers: Sequence[int]) -> list[str]:
        """The normalised title, a line break and the normalised text of each article."""
        known = self._texts
        if self._cached_characters > MAX_CACHED_CHARACTERS:
            known = {number: known[number] for number in numbers if number in known}
            self._cached_characters = sum(map(len, known.values()))
            self._texts = known
        missing = [number for number in numbers if number not in known]
        if missing:
            texts = [row.decode("utf-8", "surrogatepass") for row in self._normalized.read(missing)]
            known.update(zip(missing, texts, strict=True))
            self._cached_characters += sum(map(len, texts))
        return list(map(known.__getitem__, numbers))

    def states(self, numbers: Sequence[int]) -> dict[str, State]:
        """By id."""
        found: dict[str, State] = {}
        for start in range(0, len(numbers), STATES_AT_ONCE):
            rows = map(json.loads, self._states.read(numbers[start : start + STATES_AT_ONCE]))
            found |= {name: State(*state) for name, *state in rows}
        return found


def _name(row: bytes) -> tuple[str, str]:
    name, _, story = row.decode("utf-8", "surrogatepass").rpartition(_SEPARATOR)
    return name, name if story == name else story  # most stories have one article: share the string


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
