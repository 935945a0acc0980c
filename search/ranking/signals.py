"""Signals of the final order that BM25 lacks: pairs of neighbouring characters, freshness, kinds.

Pairs: Chinese is searched well by pairs alone (Nie, Gao, Zhang and Zhou 2000, "On the use of words
and n-grams for Chinese information retrieval"), and better by words and pairs. Here pairs only
reorder what the words have found. Each counts the same: looking up their idf took longer than all
other signals together and did not improve the order.

Freshness: an article published now scores `FRESH_SHARE` more than an undated or very old one. The
bonus halves every `FRESH_HALF_LIFE_DAYS`: exponential decay, f = 2^(-age / half-life).

Kinds: an advertisement repeats the words that people search for, a machine translation says them in
the wrong place. Each counts a little less, unless the query asks for its kind.
"""

import re
from collections.abc import Collection, Iterable, Sequence

from index.analysis.kinds import FRAGMENT, MACHINE_TRANSLATED, PROMOTIONAL
from index.engines.scoring import K1, B
from index.text.dates import DAY_SECONDS
from index.text.han import HAN

FRESH_HALF_LIFE_DAYS = 180
"""News on regulation and technology is of use for months, prices are not."""
FRESH_SHARE = 0.05
AVERAGE_CHARS = 700
"""Characters of an article of middle length."""
KIND_FACTORS = {MACHINE_TRANSLATED: 0.95, PROMOTIONAL: 0.7, FRAGMENT: 0.9}
"""Chosen on the judged queries, none of which they cost anything: docs/how/relevance.md."""
MAX_PAIRS = 40
"""Pairs of one query; those further on in a longer query are left out."""
_RUN = re.compile(f"[{HAN}]{{2,}}")


def pairs_of(texts: Iterable[str]) -> tuple[str, ...]:
    """The first `MAX_PAIRS` pairs in runs of Han characters of normalised query texts."""
    runs = [run for text in texts for run in _RUN.findall(text)]
    pairs = dict.fromkeys(run[at : at + 2] for run in runs for at in range(len(run) - 1))
    return tuple(pairs)[:MAX_PAIRS]


def pair_score(pairs: Sequence[str], normalized: str) -> float:
    """How often a normalised text has the pairs: 0 to 1, the mean of BM25's tf / (tf + k1 · norm),
    where norm grows with the text's length."""
    norm = K1 * (1 - B + B * len(normalized) / AVERAGE_CHARS)
    counts = [normalized.count(pair) for pair in pairs]
    return sum([tf / (tf + norm) for tf in counts]) / (len(pairs) or 1)


def kind_factor(kinds: Iterable[str], asked: Collection[str]) -> float:
    """A factor of the score, 1 or less: the lowest of an article's kinds that nobody asked for."""
    return min((KIND_FACTORS.get(kind, 1.0) for kind in kinds if kind not in asked), default=1.0)


def freshness(published: int | None, now: int) -> float:
    """The factor of an article's score, from 1 to 1 + FRESH_SHARE; times are epoch seconds. 1 where
    there is no date; a date in the future counts as now."""
    if published is None:
        return 1.0
    age_days = max(0, now - published) / DAY_SECONDS
    return 1.0 + FRESH_SHARE * float(2.0 ** (-age_days / FRESH_HALF_LIFE_DAYS))
