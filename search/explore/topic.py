"""A topic: the newest stories on a concept, its timeline, and the concepts it occurs with."""

from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches

from index.lexicon.model import Concept, Lexicon
from index.text.dates import SHANGHAI
from index.text.normalize import normalize
from search.explore.timeline import recent
from search.request import SearchRequest
from search.response import SearchResponse
from search.searcher import Searcher

NEWEST_STORIES = 6
RECENT_DAYS = 30
MAX_SIMILAR_NAMES = 6
MIN_NAME_RATIO = 0.5
"""By difflib's ratio; names less similar are not misspellings of each other."""
MAX_NAME_CHARS = 40
"""A longer text is not a misspelled name."""

Counted = tuple[Concept, int]
"""(concept, articles that mention both)."""


@dataclass(frozen=True, slots=True)
class TopicView:
    """`answer`: the newest stories, the timeline by day, counts by source and organisation.

    `recent`: articles of the last `RECENT_DAYS` days, and of as many days before.
    """

    concept: Concept
    answer: SearchResponse
    people: tuple[Counted, ...]
    concepts: tuple[Counted, ...]
    related: tuple[Concept, ...]
    recent: tuple[int, int]

    @property
    def organisations(self) -> list[tuple[str, int]]:
        """Organisations and their articles, without the concept itself."""
        counted = self.answer.facets.get("organisation", [])
        return [(name, count) for name, count in counted if name != self.concept.name]


def topic_view(searcher: Searcher, concept: Concept, now: datetime) -> TopicView:
    asked = SearchRequest(
        now=now,
        q=concept.name,
        sort="newest",
        per_page=NEWEST_STORIES,
        facets=("source", "organisation"),
        timeline="day",
        partial=False,
        correct=False,
    )
    answer = searcher.search(asked)
    today = now.astimezone(SHANGHAI).date()

    def counted(others: list[Concept]) -> tuple[Counted, ...]:
        return tuple(
            (other, searcher.interpreter.count(mention_both(concept, other), today))
            for other in others
        )

    cooccurrence = searcher.aids.cooccurrence()
    return TopicView(
        concept=concept,
        answer=answer,
        people=counted(cooccurrence.people(concept)),
        concepts=counted(cooccurrence.things(concept)),
        related=tuple(related_concepts(searcher.snapshot.lexicon, concept)),
        recent=recent(answer.timeline or ("day", []), today, RECENT_DAYS),
    )


def mention_both(one: Concept, other: Concept) -> str:
    """The query for articles that mention both."""
    return f"{one.name} AND {other.name}"


def related_concepts(lexicon: Lexicon, concept: Concept) -> list[Concept]:
    """Concepts that its lexicon entry names as related, then those whose entries name it."""
    named = lexicon.related(concept)
    own = set(concept.forms())
    naming = [other for other in lexicon.concepts if not own.isdisjoint(other.related)]
    return list({other.token: other for other in (*named, *naming)}.values())


def similar_names(lexicon: Lexicon, typed: str) -> list[Concept]:
    """At most MAX_SIMILAR_NAMES concepts with a name that contains the typed text, is part of it,
    or may be its right spelling; the most similar first."""
    wanted = " ".join(normalize(typed).split())
    if not wanted or len(wanted) > MAX_NAME_CHARS:
        return []
    forms = lexicon.by_form
    parts = [form for form in forms if len(form) > 1 and (wanted in form or form in wanted)]
    parts.sort(key=lambda form: (abs(len(form) - len(wanted)), form))
    slips = get_close_matches(wanted, forms, n=MAX_SIMILAR_NAMES, cutoff=MIN_NAME_RATIO)
    found = {forms[form].token: forms[form] for form in (*parts, *slips)}
    return list(found.values())[:MAX_SIMILAR_NAMES]
