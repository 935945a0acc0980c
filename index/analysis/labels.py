"""Labels an article with topics and organisations, from the concepts it mentions.

A mention in the title weighs most, one in the opening lines more than one further down. A label
needs a minimum weight that grows with the length of the text, and a minimum share of the main
label's weight. A short item reaches it with one mention in the title or two in the opening (an
organisation: one among the first words). How the constants were chosen: docs/how/topics.md.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

from index.lexicon.model import ORGANISATION_KINDS, Concept, Lexicon

TITLE_MENTION_WEIGHT = 4
LEAD_WEIGHT = 2
LEAD_CHARACTERS = 200
"""The first sentence or two, where news says what it is about."""
OPENING_WEIGHT = 1
OPENING_CHARACTERS = 60
"""The first words, where news says who announces, warns or buys; for organisations only."""

MIN_WEIGHT = 4
WEIGHT_PER_THOUSAND = 2
"""Added to the minimum for every 1,000 characters: a long digest mentions many things."""
MIN_SHARE = 0.25
"""Share of the main label's weight."""
MAX_LABELS = 8


@dataclass(frozen=True, slots=True)
class Mentions:
    """Concept tokens, joined by spaces: of the title, the body, the body's opening lines (`lead`)
    and its first words (`opening`). `length`: characters of the body.

    The body is the article's own text, without boilerplate.
    """

    title: str = ""
    opening: str = ""
    lead: str = ""
    body: str = ""
    length: int = 0


def topics_of(lexicon: Lexicon, mentions: Mentions) -> tuple[str, ...]:
    """Topic labels, the highest weight first; 8 at most."""
    # The announcing company has topics of its own, which need not be those of the news.
    return _labels(lexicon, replace(mentions, opening=""), lambda concept: concept.topic)


def organisations_of(lexicon: Lexicon, mentions: Mentions) -> tuple[str, ...]:
    """Names of companies, regulators and other bodies, the highest weight first; 8 at most."""
    return _labels(
        lexicon,
        mentions,
        lambda concept: concept.name if concept.kind in ORGANISATION_KINDS else "",
    )


def _labels(
    lexicon: Lexicon, mentions: Mentions, label_of: Callable[[Concept], str]
) -> tuple[str, ...]:
    if not (mentions.title or mentions.body):
        return ()
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
    """Weights of the concepts that may label this article, in order of mention."""
    title, lead = set(mentions.title.split()), set(mentions.lead.split())
    opening = set(mentions.opening.split())
    body = Counter(mentions.body.split())
    weights = []
    for token in dict.fromkeys((*mentions.title.split(), *body)):
        concept = lexicon.by_token[token]
        if concept.labels == "never" or (concept.labels == "title" and token not in title):
            continue
        weight = TITLE_MENTION_WEIGHT * (token in title) + LEAD_WEIGHT * (token in lead)
        weight += OPENING_WEIGHT * (token in opening)
        weights.append((concept, weight + body[token]))
    return weights
