"""Co-occurrence: which people, organisations and other concepts some articles mention far more
often than articles do on the whole.

By plain counts the commonest concepts of the corpus would come first for every concept, and by the
ratio of the counts the rarest. The log-likelihood ratio G² ranks (Dunning 1993, "Accurate Methods
for the Statistics of Surprise and Coincidence"), and floors leave out what may be chance.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import log

from index.lexicon.model import Concept
from search.related.concept_articles import ConceptArticles

MIN_SHARED = 3
"""Articles that mention the concept."""
MIN_LIFT = 3.0
"""Times as often as in articles on the whole."""
MIN_G2 = 10.83
"""G² of a coincidence is above this in one of a thousand cases (χ², one degree of freedom)."""


@dataclass(frozen=True, slots=True)
class Association:
    """`shared`: how many of the articles mention the concept; `g2`: how surprising that is."""

    concept: Concept
    shared: int
    g2: float


def associations(own: frozenset[str], among: ConceptArticles) -> list[Association]:
    """Concepts that articles `own` mention far more often than others do, the surest first."""
    found = (_association(own, c, ids, among.total) for c, ids in among.mentioning.items())
    sure = [each for each in found if each is not None]
    return sorted(sure, key=lambda each: (-each.g2, each.concept.name))


def _association(
    own: frozenset[str], concept: Concept, ids: frozenset[str], total: int
) -> Association | None:
    shared = len(own & ids)
    if shared < MIN_SHARED or shared * total < MIN_LIFT * len(own) * len(ids):
        return None
    g2 = log_likelihood_ratio(shared, len(own), len(ids), total)
    return Association(concept, shared, g2) if g2 >= MIN_G2 else None


def log_likelihood_ratio(shared: int, one: int, other: int, total: int) -> float:
    """G² of two sets of `one` and `other` articles of `total`, which have `shared` in common."""
    cells = (shared, one - shared, other - shared, total - one - other + shared)
    rows, columns = (one, total - one), (other, total - other)
    entropy = _x_log_x(cells) - _x_log_x(rows) - _x_log_x(columns) + _x_log_x((total,))
    return max(0.0, 2 * entropy)


def _x_log_x(counts: Iterable[int]) -> float:
    return sum(count * log(count) for count in counts if count)
