"""Which people and things a concept stands beside: who is mentioned in the same articles."""

import math
from collections.abc import Iterable

from index.engines.api import Snapshot
from index.engines.queries import And, Query, Range, Term
from index.lexicon.model import ORGANISATION_KINDS, Concept
from search.newest import READ_AHEAD, read_ahead_since

COMMONEST = 150
"""Concepts that are looked for beside another one; rarer ones are together by chance."""
TOGETHER = 8
FIELD = "text_concepts"


class CoOccurrence:
    """The articles of people and of the commonest things of one generation, kept: each concept's
    page asks for all of them. Only the newest articles count (search/newest.py)."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._since = read_ahead_since(snapshot)
        lexicon = snapshot.lexicon
        common = [
            lexicon.by_token.get(token) for token, _ in snapshot.terms(FIELD, limit=COMMONEST)
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
        query: Query = Term(FIELD, concept.token)
        if self._since is not None:
            query = And((query, Range("published", self._since)))
        limit = min(READ_AHEAD, self._snapshot.doc_freq(FIELD, concept.token))
        matches = self._snapshot.match(query, sort="newest", limit=limit)
        return frozenset(match.id for match in matches.matches)


def nearest(
    concept: Concept, own: frozenset[str], others: dict[Concept, frozenset[str]]
) -> list[Concept]:
    """At most `TOGETHER` of `others`, by how far their articles are the same as the concept's.

    Ochiai's coefficient |A∩B| / √(|A|·|B|) (1957): plain counts would name the commonest concepts
    of the corpus beside each and every one.
    """
    weighed = [
        (-len(shared) / math.sqrt(len(own) * len(articles)), other.name, other)
        for other, articles in others.items()
        if other != concept and (shared := own & articles)
    ]
    return [other for _, _, other in sorted(weighed, key=lambda row: row[:2])[:TOGETHER]]
