"""Which topics and organisations an article is about: rules over its concepts.

A concept in the title counts for an article; one that only the text mentions must be mentioned
`TEXT_MENTIONS` times, so that a name dropped once does not make a topic.
"""

from collections import Counter
from collections.abc import Iterable

from index.lexicon import ORGANISATION_KINDS, Concept, Lexicon
from index.segment import Layers

TEXT_MENTIONS = 2
MAX_LABELS = 8


def topics_of(lexicon: Lexicon, title: Layers, text: Layers) -> tuple[str, ...]:
    """Topic labels, the most mentioned first."""
    return _labels((concept.topic, weight) for concept, weight in _mentions(lexicon, title, text))


def organisations_of(lexicon: Lexicon, title: Layers, text: Layers) -> tuple[str, ...]:
    """Names of companies, regulators and other bodies, the most mentioned first."""
    return _labels(
        (concept.name, weight)
        for concept, weight in _mentions(lexicon, title, text)
        if concept.kind in ORGANISATION_KINDS
    )


def _mentions(lexicon: Lexicon, title: Layers, text: Layers) -> list[tuple[Concept, int]]:
    counts = Counter(text.concepts.split())
    for token in title.concepts.split():
        counts[token] += TEXT_MENTIONS
    return [(lexicon.by_token[token], count) for token, count in counts.items()]


def _labels(mentions: Iterable[tuple[str, int]]) -> tuple[str, ...]:
    totals: Counter[str] = Counter()
    for label, weight in mentions:
        totals[label] += weight
    chosen = [label for label, total in totals.most_common() if total >= TEXT_MENTIONS]
    return tuple(chosen[:MAX_LABELS])
