"""jieba's dictionary as a file: what words there are, how common they are and of what kind.

Both cutters (`cutters.py`) are made from this file; neither tells what is in it.
"""

from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path

COMMON = 300
"""A frequency that some 14,000 words reach."""


def _dictionary() -> bytes:
    """jieba's dictionary, a line a word: the word, its frequency, its part of speech."""
    spec = find_spec("jieba")
    assert spec is not None
    assert spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0], "dict.txt").read_bytes()


def _dictionary_text() -> str:
    return _dictionary().decode()


def dictionary_frequency(word: str) -> int:
    """From jieba's file: rjieba ships the same one and does not tell."""
    _, found, rest = (b"\n" + _dictionary()).partition(f"\n{word} ".encode())
    return int(rest.split(None, 1)[0]) if found else 0


@cache
def parts_of_speech() -> Mapping[str, str]:
    """Word → part of speech in jieba's dictionary (n, v, vn, nr, ns …), some 349,000 words."""
    lines = (line.split(" ") for line in _dictionary_text().splitlines())
    return {cells[0]: cells[2] for cells in lines if len(cells) == 3}


@cache
def common_words() -> tuple[str, ...]:
    """Words of two characters or more that jieba's dictionary has often, the commonest first."""
    lines = (line.split(" ") for line in _dictionary_text().splitlines())
    counted = [(int(cells[1]), cells[0]) for cells in lines if len(cells[0]) > 1]
    return tuple(word for count, word in sorted(counted, reverse=True) if count >= COMMON)
