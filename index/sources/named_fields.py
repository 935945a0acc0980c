"""The fields of an article under the many names and shapes that people and programs use."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import islice
from operator import itemgetter
from typing import Any

from index.article_bounds import MAX_VALUE, MAX_VALUES
from index.text.composition import compose
from index.text.html import collapse
from index.text.markup.escapes import decoded_line
from index.text.mojibake import repaired
from index.word_lists import data_table

MAX_NESTING = 6
"""Lists and objects within each other; anything deeper is left out."""

_BETWEEN = re.compile(r"[\s_.:\-\u200b-\u200f\u2060\ufeff]+")


class NamedFields:
    """Values by field, under any of its names; the most specific name first."""

    def __init__(self, raw: Mapping[str, object]) -> None:
        self._empty = not raw
        self._values: dict[str, list[tuple[int, object]]] = {}
        self._take(raw)
        for key, value in raw.items():
            if isinstance(value, dict) and _plain(key) in _tables():
                self._take(value)

    def _take(self, level: Mapping[str, object]) -> None:
        for key, value in level.items():
            if value is not None:
                for field, rank in _places(key):
                    self._values.setdefault(field, []).append((rank, value))

    def __bool__(self) -> bool:
        return not self._empty

    def values(self, field: str) -> Sequence[object]:
        """Values of a field as they were given, the most telling name first, without null."""
        found = self._values.get(field)
        if found is None:
            return ()
        if len(found) > 1:
            found.sort(key=itemgetter(0))
        return [value for _, value in found]

    def scalars(self, field: str) -> Iterator[object]:
        """Texts, numbers and dates of a field, out of whatever lists and objects hold them."""
        for value in self.values(field):
            yield from leaves(value)

    def line(self, field: str) -> str:
        """The first value that is not empty, as one line; lists are joined. Else ""."""
        return next(filter(None, map(scalar, self.values(field))), "")

    def display_line(self, field: str) -> str:
        """The first value that is not empty as people read it, in one line of plain text."""
        return next(filter(None, map(display_line, self.values(field))), "")


def display_line(value: object) -> str:
    """A value that people read (title, source, author, category) as one line of plain text."""
    return compose(collapse(decoded_line(scalar(value))))


def scalar(value: object) -> str:
    """A value of any type as one line of text; the parts of a list are joined with 、."""
    if isinstance(value, str):
        return _line(value)
    return "、".join(filter(None, map(_line, islice(leaves(value), MAX_VALUES))))[:MAX_VALUE]


def _line(value: object) -> str:
    return collapse(repaired(value[:MAX_VALUE])) if isinstance(value, str) else str(value)


def leaves(value: object, depth: int = 0) -> Iterator[object]:
    """What is neither a list nor an object, in order; of an object only the part that is a text."""
    if depth > MAX_NESTING or value is None:
        return
    if isinstance(value, list):
        for part in value:
            yield from leaves(part, depth + 1)
    elif isinstance(value, dict):
        parts = {str(key).lower(): part for key, part in value.items()}
        name = next((name for name in _words()["texts_of_objects"] if parts.get(name)), None)
        yield from leaves(parts[name], depth + 1) if name else ()
    else:
        yield value


@cache
def field_names() -> Mapping[str, tuple[str, ...]]:
    """For each field what it is called, compared without case and `_-.:`."""
    return {field: tuple(names) for field, names in _words()["fields"].items()}


def field_of(key: str) -> str | None:
    """The field that a key names, or None."""
    return next((field for field, _ in _places(key.strip("\"'"))), None)


@cache
def draft_states() -> frozenset[str]:
    return frozenset(_words()["draft_states"])


@cache
def draft_folders() -> frozenset[str]:
    return frozenset(_words()["draft_folders"])


@lru_cache(1_000)
def _places(key: str) -> tuple[tuple[str, int], ...]:
    """The fields that a key names, with its rank among the names of each."""
    plain = _plain(key)
    return tuple(
        (field, names.index(plain)) for field, names in field_names().items() if plain in names
    )


@cache
def _tables() -> frozenset[str]:
    return frozenset(_words()["tables"])


@lru_cache(1_000)
def _plain(key: str) -> str:
    return _BETWEEN.sub("", key).lower()


@cache
def _words() -> Mapping[str, Any]:
    return data_table("field_names")
