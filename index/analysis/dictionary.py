"""Reads jieba's dictionary file: words, their frequencies and parts of speech.

Both cutters (`cutters.py`) use this dictionary, and neither offers an interface to its content.
Some of its words are not in normal form (著名, 乾隆, 帐篷), which no normalised text contains: the
cutters are taught their normal forms, and `usual_spelling` turns these back for people.
"""

import mmap
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from index.text.normalize import normalize
from index.word_lists import data_lines

COMMON_FREQUENCY = 300
"""Frequency in jieba's dictionary; about 14,000 words reach it."""
MAX_DIGITS = 20
"""More than a frequency has."""


def _dictionary() -> Path:
    """One line for each word: the word, its frequency, its part of speech."""
    spec = find_spec("jieba")
    assert spec is not None
    assert spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0], "dict.txt")


def _dictionary_text() -> str:
    return _dictionary().read_text("utf-8")


def dictionary_frequency(word: str) -> int:
    """A word's frequency, 0 if it is missing."""
    # Searched without a copy: every process that segments asks for two dozen, of five megabytes.
    with (
        _dictionary().open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data,
    ):
        line = f"\n{word} ".encode()
        if data[: len(line) - 1] == line[1:]:
            at = -1  # the first line has no line break before it
        elif (at := data.find(line)) < 0:
            return 0
        return int(data[at + len(line) : at + len(line) + MAX_DIGITS].split(None, 1)[0])


def part_of_speech(word: str) -> str:
    """Of a normalised word: n, v, vn, nr, ns …; n for one that the dictionary does not have."""
    return _parts_of_speech().get(usual_spelling(word), "n")


@cache
def _parts_of_speech() -> Mapping[str, str]:
    lines = (line.split(" ") for line in _dictionary_text().splitlines())
    return {cells[0]: cells[2] for cells in lines if len(cells) == 3}


@cache
def common_words() -> tuple[str, ...]:
    """Words of two characters or more with at least COMMON_FREQUENCY, the most frequent first,
    normalised."""
    lines = (line.split(" ") for line in _dictionary_text().splitlines())
    counted = [(int(cells[1]), cells[0]) for cells in lines if len(cells[0]) > 1]
    common = sorted((pair for pair in counted if pair[0] >= COMMON_FREQUENCY), reverse=True)
    return tuple(normalize(word) for _, word in common)


@cache
def respelled_words() -> Mapping[str, tuple[str, int]]:
    """Normal form → (the word as people write it, its frequency), where these two differ."""
    rows = (line.split(" ") for line in data_lines("respelled"))
    return {normalize(word): (word, int(frequency)) for word, frequency in rows}


def usual_spelling(word: str) -> str:
    """A normalised word as people write it: 着名 → 著名, 干隆 → 乾隆; other words as they are."""
    return respelled_words().get(word, (word, 0))[0]
