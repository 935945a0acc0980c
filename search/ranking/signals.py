"""Signals of the final order beside BM25: pairs of neighbouring characters, and freshness.

Pairs: Chinese is searched well by pairs alone (Nie, Gao, Zhang and Zhou 2000, "On the use of words
and n-grams for Chinese information retrieval"), and better by both. Here they only reorder what the
words have found, and each counts the same: their idf took longer to look up than all else and
brought nothing.

Freshness: an article published now counts `SHARE` more than an undated or very old one, half of
that after `HALF_LIFE` days: exponential decay, f = 2^(-age / half-life).
"""

import re
from collections.abc import Iterable, Sequence

from index.engines.scoring import K1, B
from index.text.dates import DAY_SECONDS
from index.text.han import HAN

HALF_LIFE = 180
"""Days. Half a year: news on regulation and technology stays of use for months, prices do not."""
SHARE = 0.05
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


def freshness(published: int | None, now: int) -> float:
    """The factor of an article's score, from 1 to 1 + SHARE. Undated and future: neutral, new."""
    if published is None:
        return 1.0
    age_days = max(0, now - published) / DAY_SECONDS
    return 1.0 + SHARE * float(2.0 ** (-age_days / HALF_LIFE))
