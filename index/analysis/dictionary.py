"""Reads jieba's dictionary file: words, their frequencies and parts of speech.

Both cutters (`cutters.py`) use this dictionary, and neither offers an interface to its content.
"""

from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path

COMMON_FREQUENCY = 300
"""Frequency in jieba's dictionary; about 14,000 words reach it."""


def _dictionary() -> bytes:
    """One line for each word: the word, its frequency, its part of speech."""
    spec = find_spec("jieba")
    assert spec is not None
    assert spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0], "dict.txt").read_bytes()


def _dictionary_text() -> str:
    return _dictionary().decode()


def dictionary_frequency(word: str) -> int:
    """A word's frequency, 0 if it is missing."""
    _, found, rest = (b"\n" + _dictionary()).partition(f"\n{word} ".encode())
    return int(rest.split(None, 1)[0]) if found else 0


@cache
def parts_of_speech() -> Mapping[str, str]:
    """Word → part of speech (n, v, vn, nr, ns …), about 349,000 words."""
    lines = (line.split(" ") for line in _dictionary_text().splitlines())
    return {cells[0]: cells[2] for cells in lines if len(cells) == 3}


@cache
def common_words() -> tuple[str, ...]:
    """Words of two characters or more with at least COMMON_FREQUENCY, the most frequent first."""
    lines = (line.split(" ") for line in _dictionary_text().splitlines())
    counted = [(int(cells[1]), cells[0]) for cells in lines if len(cells[0]) > 1]
    return tuple(word for count, word in sorted(counted, reverse=True) if count >= COMMON_FREQUENCY)
