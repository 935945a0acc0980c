"""The query as pairs of neighbouring characters: what words miss when they are cut differently.

Chinese is searched well by pairs alone (Nie and Ren 1999, "Chinese information retrieval: using
characters or words?"), and better by both. Here they only reorder what the words have found. All
count alike: to weigh them by their rarity gained nothing (docs/relevance.md), and to count a pair's
articles takes longer than all the rest.
"""

import re
from collections.abc import Iterable
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
    """Distinct pairs in the order of the query."""

    pairs: tuple[str, ...] = ()

    @classmethod
    def of(cls, texts: Iterable[str]) -> "Pairs":
        """All pairs in runs of Han characters of what was typed, normalised."""
        runs = [run for text in texts for run in _RUN.findall(text)]
        pairs = dict.fromkeys(run[at : at + 2] for run in runs for at in range(len(run) - 1))
        return cls(tuple(pairs)[:MOST])

    def bm25(self, folded: str) -> float:
        """How often a text has them: 0 to 1, the mean of tf / (tf + k1 · length norm)."""
        if not self.pairs:
            return 0.0
        norm = K1 * (1 - B + B * len(folded) / AVERAGE)
        counts = (folded.count(pair) for pair in self.pairs)
        return sum(tf / (tf + norm) for tf in counts if tf) / len(self.pairs)
