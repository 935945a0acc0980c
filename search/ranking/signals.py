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
from collections.abc import Collection, Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

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


def pair_scores(pairs: Sequence[str], texts: Sequence[str]) -> list[float]:
    """How often each normalised text has the pairs: 0 to 1, the mean of BM25's tf / (tf + k1 ·
    norm), where norm grows with the text's length."""
    if not pairs or not texts:
        return [0.0] * len(texts)
    norms = np.array([K1 * (1 - B + B * len(text) / AVERAGE_CHARS) for text in texts])
    total = np.zeros(len(texts))
    for counts in _counts(pairs, texts):
        total += counts / (counts + norms)
    scores: list[float] = (total / len(pairs)).tolist()
    return scores


def _counts(pairs: Sequence[str], texts: Sequence[str]) -> Iterator[NDArray[np.int64]]:
    """How often each text has a pair, for each pair.

    Two neighbouring characters are compared as one number of 32 bits, all texts at once: half the
    time of counting in each.
    """
    encoded = [text.encode("utf-16-le", "surrogatepass") for text in texts]
    characters = np.frombuffer(b"\n\0".join(encoded), "<u2")
    starts = np.cumsum([0, *(len(text) // 2 + 1 for text in encoded)])
    even = characters[: len(characters) // 2 * 2].view("<u4")
    odd = characters[1 : len(characters) - (len(characters) + 1) % 2].view("<u4")
    for pair in pairs:
        if len(pair.encode("utf-16-le")) != 4 or pair[0] == pair[1]:
            # Of 谢谢谢 it is one.
            yield np.array([text.count(pair) for text in texts])
            continue
        number = ord(pair[0]) | ord(pair[1]) << 16
        before = np.flatnonzero(even == number).searchsorted((starts + 1) // 2)
        before += np.flatnonzero(odd == number).searchsorted(starts // 2)
        yield before[1:] - before[:-1]


def kind_factor(kinds: Iterable[str], asked: Collection[str]) -> float:
    """A factor of the score, 1 or less: the lowest of an article's kinds that nobody asked for."""
    return min([KIND_FACTORS.get(kind, 1.0) for kind in kinds if kind not in asked], default=1.0)


def freshness(published: int | None, now: int) -> float:
    """The factor of an article's score, from 1 to 1 + FRESH_SHARE; times are epoch seconds. 1 where
    there is no date; a date in the future counts as now."""
    if published is None:
        return 1.0
    age_days = max(0, now - published) / DAY_SECONDS
    return 1.0 + FRESH_SHARE * float(2.0 ** (-age_days / FRESH_HALF_LIFE_DAYS))
