"""Co-occurrence: which people and other concepts the articles on a concept mention too."""

import math
from collections.abc import Iterable

from index.engines.api import Snapshot
from index.engines.queries import And, Query, Range, Term
from index.lexicon.model import ORGANISATION_KINDS, Concept
from search.newest import READ_AHEAD_ARTICLES, read_ahead_since

MAX_THINGS = 150
"""The commonest concepts are compared; rarer ones occur together by chance."""
MAX_NEAREST = 8
CONCEPT_FIELD = "text_concepts"


class CoOccurrence:
    """Keeps the articles of all people and of the commonest other concepts of one generation, which
    the page of each concept needs. Only the newest articles count (search/newest.py)."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._since = read_ahead_since(snapshot)
        lexicon = snapshot.lexicon
        common = [
            lexicon.by_token.get(token)
            for token, _ in snapshot.terms(CONCEPT_FIELD, limit=MAX_THINGS)
        ]
        others = (*ORGANISATION_KINDS, "person")
        self._things = self._known(c for c in common if c is not None and c.kind not in others)
        self._people = self._known(c for c in lexicon.concepts if c.kind == "person")

    def people(self, concept: Concept) -> list[Concept]:
        return nearest(concept, self._articles(concept), self._people)

    def things(self, concept: Concept) -> list[Concept]:
        """Concepts that are neither people nor organisations."""
        return nearest(concept, self._articles(concept), self._things)

    def _known(self, concepts: Iterable[Concept]) -> dict[Concept, frozenset[str]]:
        known = {concept: self._articles(concept) for concept in concepts}
        return {concept: articles for concept, articles in known.items() if articles}

    def _articles(self, concept: Concept) -> frozenset[str]:
        query: Query = Term(CONCEPT_FIELD, concept.token)
        if self._since is not None:
            query = And((query, Range("published", self._since)))
        limit = min(READ_AHEAD_ARTICLES, self._snapshot.doc_freq(CONCEPT_FIELD, concept.token))
        matches = self._snapshot.match(query, sort="newest", limit=limit)
        return frozenset(match.id for match in matches.matches)


def nearest(
    concept: Concept, own: frozenset[str], others: dict[Concept, frozenset[str]]
) -> list[Concept]:
    """At most `MAX_NEAREST` of `others`, those that share most articles with the concept first.

    Measured by Ochiai's coefficient |A∩B| / √(|A|·|B|) (1957): by plain counts the commonest
    concepts of the corpus would come first for every concept.
    """
    weighed = [
        (-len(shared) / math.sqrt(len(own) * len(articles)), other.name, other)
        for other, articles in others.items()
        if other != concept and (shared := own & articles)
    ]
    return [other for _, _, other in sorted(weighed, key=lambda row: row[:2])[:MAX_NEAREST]]
