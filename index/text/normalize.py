"""Normalises width, case, accents and variants of characters, one character to one.

All comparisons use normalised text. Offset i of the normalised text is offset i of the original, so
no table of offsets is needed. What is equal: full and half width, capitals and small letters,
letters with and without accents, traditional and simplified characters, compatibility ideographs
and radicals, and the pairs of data/variants.txt (dashes, dots, 著 = 着). Characters whose normal
form has another length are spelled out when an article or query is read (composition.py).
Regional words (智慧合約 = 智能合约) are in the lexicon, not handled here.
"""

import hashlib
import sys
import unicodedata
from collections.abc import Iterator
from functools import cache

import numpy as np
from numpy.typing import NDArray

from index.word_lists import data_lines

LAST_CASED = 0x1E943
"""The last character with a lower-case form (Adlam, Unicode 15)."""
LAST_COMPATIBLE = 0x2FA1D
"""The last character with a compatibility form (CJK compatibility ideographs)."""
SHORT = 24
"""Characters: words and names, of which a query looks at a hundred."""
_KEPT_APART = ("<circle>", "<super>", "<square>")
"""Decompositions that change what is said: ① is no 1 beside a number, nor is a footnote."""
_SYLLABLES = range(0x1100, 0x1200)
"""Parts of Hangul syllables, which are composed rather than compared one by one."""


def normalize(text: str) -> str:
    """Half width, lower case, simplified characters; `len(normalize(text)) == len(text)`."""
    if text.isascii():
        return text.lower()
    if len(text) <= SHORT:
        return text.translate(_table())
    # An array look-up takes 9 ns for a character, `str.translate` 80, but 3 µs to begin with.
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    return _array()[codes].tobytes().decode("utf-32-le", "surrogatepass")


@cache
def normalizer_fingerprint() -> str:
    """16 hex digits that change with the normal form of any character."""
    pairs = "".join(f"{source}:{target};" for source, target in sorted(_table().items()))
    return hashlib.blake2b(pairs.encode(), digest_size=8).hexdigest()


@cache
def _array() -> NDArray[np.uint32]:
    array = np.arange(sys.maxunicode + 1, dtype=np.uint32)
    array[list(_table())] = list(_table().values())
    return array


@cache
def _table() -> dict[int, int]:
    replaced = {**_pairs("traditional"), **_pairs("radicals"), **_pairs("variants")}
    table: dict[int, int] = {}
    for code in {*_changeable(), *replaced}:
        normal = _normal_form(code, replaced)
        if normal != code:
            table[code] = normal
    return table


def _changeable() -> Iterator[int]:
    """Characters with a lower-case or compatibility form."""
    for code in range(LAST_COMPATIBLE + 1):
        character = chr(code)
        if character.lower() != character or unicodedata.decomposition(character):
            yield code


def _normal_form(code: int, replaced: dict[int, int]) -> int:
    """Replace a character until nothing changes (full-width capital → small ASCII)."""
    while True:
        simpler = replaced.get(code) or ord(_compatible(chr(code)))
        lower = chr(simpler).lower()
        simpler = ord(lower) if len(lower) == 1 else simpler
        if simpler == code:
            return code
        code = simpler


def _compatible(character: str) -> str:
    """Its form without width, style or accents, if that is one character."""
    kind, *parts = unicodedata.decomposition(character).split() or [""]
    if kind in _KEPT_APART:
        return character
    if not kind.startswith("<"):
        parts = [kind, *parts] if kind else []
    first = chr(int(parts[0], 16)) if parts else character
    if len(parts) > 1 and not _is_accented(first, parts[1:]):
        return character
    return character if ord(first) in _SYLLABLES else first


def _is_accented(letter: str, marks: list[str]) -> bool:
    """Whether marks on a letter are accents, which Chinese texts leave out (Nestle, Hermes). Those
    of other scripts make other letters: が is not か, nor й и."""
    latin = unicodedata.name(letter, "").startswith("LATIN ")
    return latin and all(unicodedata.combining(chr(int(mark, 16))) for mark in marks)


@cache
def _pairs(name: str) -> dict[int, int]:
    """Rows of two characters in a data file: the first is replaced by the second."""
    return {ord(line[0]): ord(line[1]) for line in data_lines(name)}
