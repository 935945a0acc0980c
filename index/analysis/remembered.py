"""A function of one string whose values are kept: each distinct string is looked at once."""

from collections.abc import Callable
from typing import TypeVar

Value = TypeVar("Value")

MAX_REMEMBERED = 500_000
"""Values kept; twice the vocabulary of 35,000 articles."""


class Remembered(dict[str, Value]):
    """The values of `find`, by its argument. Read it with `[...]`, or in C with `map`.

    It forgets everything when it is full; values of strings over `longest` characters are not kept.
    """

    def __init__(self, find: Callable[[str], Value], longest: int) -> None:
        self._find = find
        self._longest = longest

    def __missing__(self, key: str) -> Value:
        value = self._find(key)
        if len(key) <= self._longest:
            if len(self) >= MAX_REMEMBERED:
                self.clear()
            self[key] = value
        return value
