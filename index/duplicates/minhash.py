"""A text's letters and its sketch: MinHash bands that near-copies share and other texts do not.

Shingles of SHINGLE letters, MinHash by `rensa` (docs/decisions/minhash.md), cut into BANDS bands of
ROWS values each (Leskovec, Rajaraman, Ullman, "Mining of Massive Datasets", §3.4): two texts of
whose shingles the share J is common (Jaccard) have a band in common with probability
1 - (1 - J^ROWS)^BANDS, which is .96 for J = .5 and .997 for J = .6.
"""

import base64
import hashlib
from collections.abc import Collection, Mapping, Sequence
from functools import cache

import numpy as np
import rensa
from numpy.typing import NDArray

SHINGLE = 5
BANDS, ROWS = 24, 3
SEED = 42
STORY_MIN = 40
"""Texts with fewer letters than this (flashes, captions) are no evidence of a common origin."""
NO_SKETCH = ""

U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]
_ODD = np.array(
    [
        *(0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9),
        *(0xD6E8FEB86659FD93, 0xA0761D6478BD642F),
    ],
    np.uint64,
)
"""A multiplier for each letter of a shingle."""
_FOLD = np.uint64(32)


def letters(text: str) -> str:
    """Letters and digits in a row, whatever stands between them."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    kept: str = codes[_alphanumeric()[codes]].tobytes().decode("utf-32-le", "surrogatepass")
    return kept


@cache
def _alphanumeric() -> NDArray[np.bool_]:
    return np.array([chr(code).isalnum() for code in range(0x110000)])


def shingles(text: str) -> U64:
    """A number for each SHINGLE letters in a row, in order, with repetitions."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    count = max(0, len(codes) - SHINGLE + 1)
    found = np.zeros(count, np.uint64)
    for at, odd in enumerate(_ODD[:SHINGLE]):
        found += codes[at : at + count] * odd
    found ^= found >> _FOLD
    found *= _ODD[0]
    return found


def sketches(texts: Sequence[str]) -> list[str]:
    """A sketch for each text of letters; NO_SKETCH for one with fewer than STORY_MIN."""
    long = [text for text in texts if len(text) >= STORY_MIN]
    if not long:
        return [NO_SKETCH] * len(texts)
    made = iter(_written(_bands([shingles(text) for text in long])))
    return [next(made) if len(text) >= STORY_MIN else NO_SKETCH for text in texts]


def _bands(parts: Sequence[U64]) -> U32:
    """One row a text, one column a band."""
    starts = np.cumsum([0, *map(len, parts)], dtype=np.uint64)
    digests = rensa.RMinHash.digest_matrix_from_flat_token_hashes(
        np.concatenate(parts), starts, BANDS * ROWS, SEED
    )
    rows = np.array(digests.to_rows(), np.uint64).reshape(-1, BANDS, ROWS)
    mixed = (rows * _ODD[:ROWS]).sum(axis=2, dtype=np.uint64)
    bands: U32 = (mixed >> _FOLD).astype(np.uint32)
    return bands


def _written(bands: U32) -> list[str]:
    return [base64.b64encode(row.astype("<u4").tobytes()).decode() for row in bands]


def read_bands(written: Sequence[str]) -> U32:
    """The bands of sketches that are none of them NO_SKETCH: one row each."""
    # A row is a multiple of three bytes, so rows written one after the other read as one.
    data = base64.b64decode("".join(written))
    return np.frombuffer(data, "<u4").reshape(-1, BANDS)


def sharing_a_band(sketches: Collection[str], among: Mapping[str, str]) -> set[str]:
    """Names in `among` whose sketch shares a band with one of `sketches`: a look at all of them."""
    names = [name for name, sketch in among.items() if sketch != NO_SKETCH]
    given = [sketch for sketch in sketches if sketch != NO_SKETCH]
    if not names or not given:
        return set()
    wanted, there = read_bands(given), read_bands([among[name] for name in names])
    shared = np.zeros(len(names), np.bool_)
    for band in range(BANDS):
        shared |= np.isin(there[:, band], wanted[:, band])
    return {names[at] for at in np.flatnonzero(shared).tolist()}


@cache
def sketch_fingerprint() -> str:
    """Changes whenever a text would get another sketch: another `rensa` may hash otherwise."""
    sample = "".join(chr(0x4E00 + at * at % 5000) for at in range(200))
    return hashlib.blake2b(sketches([sample])[0].encode(), digest_size=4).hexdigest()
