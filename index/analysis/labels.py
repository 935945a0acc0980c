"""Which topics and organisations an article is about: rules over the concepts it mentions.

A mention in the title weighs most, and one in the opening lines more than one further down. A
label needs a weight that a short item reaches with one mention in the title or two in its opening
(an organisation: one among its first words), that grows with the length of the text, and that is
no small part of what the main label has. How the constants were chosen: docs/how/topics.md.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

from index.lexicon.model import ORGANISATION_KINDS, Concept, Lexicon

TITLE_WEIGHT = 4
LEAD_WEIGHT = 2
LEAD_CHARACTERS = 200
"""Where a news item says what it is about: its first sentence or two."""
OPENING_WEIGHT = 1
OPENING_CHARACTERS = 60
"""Where its first sentence says who announces, warns, buys: counts for organisations only."""

MIN_WEIGHT = 4
WEIGHT_PER_THOUSAND = 2
"""Of a thousand characters: in a long digest many things are named a few times."""
MIN_SHARE = 0.25
"""Of the weight of the main label."""
MAX_LABELS = 8


@dataclass(frozen=True, slots=True)
class Mentions:
    """Concept tokens of a title, of a body, of its opening lines (`lead`) and of its first words
    (`opening`); `length`: the body's characters.

    The body is what counts as the article's own text; boilerplate is left out by who makes this.
    """

    title: str = ""
    opening: str = ""
    lead: str = ""
    body: str = ""
    length: int = 0


def topics_of(lexicon: Lexicon, mentions: Mentions) -> tuple[str, ...]:
    """Topic labels, the weightiest first."""
    # Who announces something has topics of its own, which need not be those of what is announced.
    return _labels(lexicon, replace(mentions, opening=""), lambda concept: concept.topic)


def organisations_of(lexicon: Lexicon, mentions: Mentions) -> tuple[str, ...]:
    """Names of companies, regulators and other bodies, the weightiest first."""
    return _labels(
        lexicon,
        mentions,
        lambda concept: concept.name if concept.kind in ORGANISATION_KINDS else "",
    )


def _labels(
    lexicon: Lexicon, mentions: Mentions, label_of: Callable[[Concept], str]
) -> tuple[str, ...]:
    weights: Counter[str] = Counter()
    for concept, weight in _weights(lexicon, mentions):
        if label := label_of(concept):
            weights[label] += weight
    if not weights:
        return ()
    ranked = weights.most_common(MAX_LABELS)
    needed = max(MIN_WEIGHT, WEIGHT_PER_THOUSAND * mentions.length / 1000, MIN_SHARE * ranked[0][1])
    return tuple(label for label, weight in ranked if weight >= needed)


def _weights(lexicon: Lexicon, mentions: Mentions) -> list[tuple[Concept, int]]:
    """The weight of each concept that may label this article, in the order of mention."""
    title, lead = set(mentions.title.split()), set(mentions.lead.split())
    opening = set(mentions.opening.split())
    body = Counter(mentions.body.split())
    weights = []
    for token in dict.fromkeys((*mentions.title.split(), *body)):
        concept = lexicon.by_token[token]
        if concept.labels == "never" or (concept.labels == "title" and token not in title):
            continue
        weight = TITLE_WEIGHT * (token in title) + LEAD_WEIGHT * (token in lead)
        weight += OPENING_WEIGHT * (token in opening)
        weights.append((concept, weight + body[token]))
    return weights
