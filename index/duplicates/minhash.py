"""Sketches of texts: MinHash bands that near-copies share and other texts do not.

Shingles of SHINGLE letters, MinHash by `rensa` (docs/decisions/minhash.md), cut into BANDS bands of
ROWS values each (Leskovec, Rajaraman, Ullman, "Mining of Massive Datasets", §3.4): two texts of
whose shingles the share J is common (Jaccard) have a band in common with probability
1 - (1 - J^ROWS)^BANDS, which is .96 for J = .5 and .997 for J = .6.
"""

import base64
import hashlib
import sys
from collections.abc import Collection, Mapping, Sequence
from functools import cache

import numpy as np
import rensa
from numpy.typing import NDArray

SHINGLE = 5
BANDS, ROWS = 24, 3
SEED = 42
STORY_MIN = 40
"""Letters. Shorter texts (flashes, captions) are not compared."""
NO_SKETCH = ""
LAST_LETTER = 0x34000
"""No letter or digit comes after it, and asking of each takes a tenth of a second."""

U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]
_ODD = np.array(
    [
        *(0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9),
        *(0xD6E8FEB86659FD93, 0xA0761D6478BD642F),
    ],
    np.uint64,
)
"""Multipliers, one for each letter of a shingle."""
_FOLD = np.uint64(32)


def letters(text: str) -> str:
    """The text without everything that is no letter or digit."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    kept: str = codes[_alphanumeric()[codes]].tobytes().decode("utf-32-le", "surrogatepass")
    return kept


@cache
def _alphanumeric() -> NDArray[np.bool_]:
    found = np.zeros(sys.maxunicode + 1, np.bool_)
    found[:LAST_LETTER] = np.fromiter(map(str.isalnum, map(chr, range(LAST_LETTER))), np.bool_)
    return found


def shingles(text: str) -> U64:
    """A hash for each run of SHINGLE letters, in order, with repetitions."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    count = max(0, len(codes) - SHINGLE + 1)
    found = np.zeros(count, np.uint64)
    for at, odd in enumerate(_ODD[:SHINGLE]):
        found += codes[at : at + count] * odd
    found ^= found >> _FOLD
    found *= _ODD[0]
    return found


def sketches(texts: Sequence[str]) -> list[str]:
    """A sketch for each text (as `letters` gives it); NO_SKETCH if it is shorter than STORY_MIN."""
    long = [text for text in texts if len(text) >= STORY_MIN]
    if not long:
        return [NO_SKETCH] * len(texts)
    made = iter(_written(_bands([shingles(text) for text in long])))
    return [next(made) if len(text) >= STORY_MIN else NO_SKETCH for text in texts]


def _bands(parts: Sequence[U64]) -> U32:
    """Shape (texts, BANDS)."""
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
    """Bands of sketches, none of which may be NO_SKETCH; shape (sketches, BANDS)."""
    # A row is a multiple of three bytes, so the base64 of several rows can be joined.
    data = base64.b64decode("".join(written))
    return np.frombuffer(data, "<u4").reshape(-1, BANDS)


def sharing_a_band(sketches: Collection[str], among: Mapping[str, str]) -> set[str]:
    """Names in `among` whose sketch shares a band with one of `sketches`. Compares with all."""
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
    """8 hex digits that change when sketches do, for example with another version of rensa."""
    sample = "".join(chr(0x4E00 + at * at % 5000) for at in range(200))
    return hashlib.blake2b(sketches([sample])[0].encode(), digest_size=4).hexdigest()
