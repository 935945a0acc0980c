"""The query as pairs of neighbouring characters: what words miss when they are cut differently.

Chinese is searched well by pairs alone (Nie, Gao, Zhang and Zhou 2000, "On the use of words and
n-grams for Chinese information retrieval"), and better by both. Here they only reorder what the
words have found, and each counts the same: their idf took longer to look up than all else and
brought nothing.
"""

import re
from collections.abc import Iterable, Sequence

from index.engines.scoring import K1, B
from index.text.han import HAN

AVERAGE = 700
"""Characters of an article of middle length."""
MOST = 40
"""Pairs of one query; the rest of a longer one is left out."""
_RUN = re.compile(f"[{HAN}]{{2,}}")


def pairs_of(texts: Iterable[str]) -> tuple[str, ...]:
    """All pairs in runs of Han characters of what was typed, normalised."""
    runs = [run for text in texts for run in _RUN.findall(text)]
    pairs = dict.fromkeys(run[at : at + 2] for run in runs for at in range(len(run) - 1))
    return tuple(pairs)[:MOST]


def pair_score(pairs: Sequence[str], folded: str) -> float:
    """How often a text has them: 0 to 1, the mean of tf / (tf + k1 · length norm), BM25's."""
    norm = K1 * (1 - B + B * len(folded) / AVERAGE)
    counts = [folded.count(pair) for pair in pairs]
    return sum([tf / (tf + norm) for tf in counts]) / (len(pairs) or 1)
