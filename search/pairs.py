"""The query as pairs of neighbouring characters: what words miss when they are cut differently.

Chinese is searched well by pairs alone (Nie and Ren 1999, "Chinese information retrieval: using
characters or words?"), and better by both. Here they only reorder what the words have found.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from index.engines.base import K1, B
from index.mixed import HAN

AVERAGE = 700
"""Characters of an article of middle length."""
MOST = 40
"""Pairs of one query; the rest of a longer one is left out."""
_RUN = re.compile(f"[{HAN}]{{2,}}")


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs with their idf, which sum to `total`."""

    weights: tuple[tuple[str, float], ...] = ()
    total: float = 1.0

    @classmethod
    def of(cls, texts: Iterable[str], idf: Callable[[str], float]) -> "Pairs":
        """All pairs in runs of Han characters of what was typed, normalised."""
        runs = [run for text in texts for run in _RUN.findall(text)]
        pairs = dict.fromkeys(run[at : at + 2] for run in runs for at in range(len(run) - 1))
        weights = tuple((pair, idf(pair)) for pair in list(pairs)[:MOST])
        return cls(weights, sum(weight for _, weight in weights) or 1.0)

    def bm25(self, folded: str) -> float:
        """How often a text has them: 0 to 1, the mean of tf / (tf + k1 · length norm)."""
        norm = K1 * (1 - B + B * len(folded) / AVERAGE)
        found = ((folded.count(pair), weight) for pair, weight in self.weights)
        return sum(weight * tf / (tf + norm) for tf, weight in found if tf) / self.total
