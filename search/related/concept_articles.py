"""Which articles mention each concept, and when they were published: what statistics over the whole
generation are made of. Only the newest articles count (search/newest.py)."""

from collections.abc import Mapping
from dataclasses import dataclass

from index.engines.api import Snapshot
from index.engines.queries import And, Query, Range
from index.lexicon.model import Concept
from search.newest import READ_AHEAD_ARTICLES, read_ahead_since
from search.query.concept_conditions import mentioning

MAX_CONCEPTS = 1_500
"""The commonest ones."""
MIN_ARTICLES = 3
"""In fewer, a concept occurs with another, or more often than before, by chance."""
CONCEPT_FIELD = "text_concepts"


@dataclass(frozen=True, slots=True)
class ConceptArticles:
    """`mentioning`: ids of the articles that mention each concept. `published`: epoch seconds of
    those of them that have a date. `total`: articles that were read. `since`: when the oldest of
    them was published, None where they are all articles of the generation."""

    mentioning: Mapping[Concept, frozenset[str]]
    published: Mapping[str, int]
    total: int
    since: int | None

    def limited(self, query: Query) -> Query:
        """The query, for the articles that were read."""
        return query if self.since is None else And((query, Range("published", self.since)))


def read_concept_articles(snapshot: Snapshot) -> ConceptArticles:
    """Asks the engine once for each concept: some seconds."""
    lexicon, since = snapshot.lexicon, read_ahead_since(snapshot)
    total = min(snapshot.generation.articles, READ_AHEAD_ARTICLES)
    found = ConceptArticles({}, {}, total, since)
    of: dict[Concept, frozenset[str]] = {}
    published: dict[str, int] = {}
    for token, articles in snapshot.terms(CONCEPT_FIELD, limit=MAX_CONCEPTS):
        concept = lexicon.by_token.get(token)
        if concept is None or articles < MIN_ARTICLES:
            continue
        query = found.limited(mentioning(concept))
        matches = snapshot.match(query, sort="newest", limit=total).matches
        of[concept] = frozenset(match.id for match in matches)
        published |= {m.id: m.published for m in matches if m.published is not None}
    return ConceptArticles(of, published, total, since)
