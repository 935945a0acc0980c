"""Finds collocations: pairs of words so often next to each other that they may be one term.

Cohesion is normalised pointwise mutual information (Bouma 2009, "Normalized (Pointwise) Mutual
Information in Collocation Extraction"); freedom is the entropy of the words before and after,
the smaller of the two (Huang and Powers 2003, "Chinese Word Segmentation Based on Contextual
Entropy"): a phrase of a template has one neighbour, a word has many.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log, log2

from index.text.han import is_han

Pair = tuple[str, str]

MIN_ARTICLES = 10
MIN_COHESION = 0.35
MIN_FREEDOM = 2.5
"""Bits; 2.5 is the entropy of about six equally frequent neighbours."""
LENGTHS = range(3, 9)
_EDGE = ""


@dataclass(frozen=True, slots=True)
class Compound:
    """Two neighbouring words. `articles`: positions in the input of the texts that have them."""

    words: Pair
    articles: tuple[int, ...]
    cohesion: float
    freedom: float

    @property
    def form(self) -> str:
        return "".join(self.words)


def compounds(texts: Sequence[Sequence[str]]) -> list[Compound]:
    """Pairs with enough cohesion and freedom in segmented texts, unordered."""
    close = _cohesive(texts)
    places: defaultdict[Pair, dict[int, None]] = defaultdict(dict)
    before: defaultdict[Pair, Counter[str]] = defaultdict(Counter)
    after: defaultdict[Pair, Counter[str]] = defaultdict(Counter)
    for number, pieces in enumerate(texts):
        around = (_EDGE, *pieces, _EDGE)
        for at, pair in enumerate(pairwise(pieces)):
            if pair in close:
                places[pair][number] = None
                before[pair][around[at]] += 1
                after[pair][around[at + 3]] += 1
    found = []
    for pair, cohesion in close.items():
        freedom = min(entropy(before[pair]), entropy(after[pair]))
        if freedom >= MIN_FREEDOM:
            found.append(Compound(pair, tuple(places[pair]), cohesion, freedom))
    return found


def _cohesive(texts: Sequence[Sequence[str]]) -> dict[Pair, float]:
    """Cohesion of the pairs of Han words that enough articles have, where it is high."""
    words: Counter[str] = Counter()
    pairs: Counter[Pair] = Counter()
    for pieces in texts:
        han = [piece if is_han(piece) else _EDGE for piece in pieces]
        words.update(filter(None, han))
        pairs.update({pair for pair in pairwise(han) if all(pair)})
    total = sum(words.values())
    close = {}
    for (left, right), articles in pairs.items():
        if articles >= MIN_ARTICLES and len(left + right) in LENGTHS:
            share = articles / total
            cohesion = log(share / (words[left] * words[right] / total**2)) / -log(share)
            if cohesion >= MIN_COHESION:
                close[left, right] = cohesion
    return close


def entropy(counts: Counter[str]) -> float:
    """Shannon entropy in bits."""
    total = counts.total()
    return -sum(count / total * log2(count / total) for count in counts.values())
