"""One concept over a generation: what is new about it, how much when, and what it stands beside."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches

from index.dates import SHANGHAI
from index.engines.base import And, Snapshot, Term
from index.lexicon import ORGANISATION_KINDS, Concept, Lexicon
from index.normalize import normalize
from search.request import SearchRequest
from search.results import SearchResponse
from search.searcher import Searcher
from search.timeline import recent

NEWEST = 6
"""Stories shown."""
COMMONEST = 120
"""Concepts that are looked for beside another one; rarer ones are together by chance."""
TOGETHER = 8
RECENT_DAYS = 30
NEAR = 6
SIMILAR = 0.5
"""Of difflib's ratio: below it two names are no slips of each other."""
LONGEST_NAME = 40
"""Nothing so long is a slip of a concept's name."""

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
        """Names and articles, its own left out."""
        counted = self.answer.facets.get("organisation", [])
        return [(name, count) for name, count in counted if name != self.concept.name]


def topic_view(searcher: Searcher, concept: Concept, now: datetime) -> TopicView:
    asked = SearchRequest(
        now=now,
        q=concept.name,
        sort="newest",
        per_page=NEWEST,
        facets=("source", "organisation"),
        timeline="day",
    )
    answer = searcher.search(asked)
    today = now.astimezone(SHANGHAI).date()
    people, concepts = _beside(searcher, concept, today)
    return TopicView(
        concept=concept,
        answer=answer,
        people=people,
        concepts=concepts,
        related=tuple(related(searcher.snapshot.lexicon, concept)),
        recent=recent(answer.timeline or ("day", []), today, RECENT_DAYS),
    )


def both(one: Concept, other: Concept) -> str:
    """The query for articles that mention both."""
    return f"{one.name} AND {other.name}"


def related(lexicon: Lexicon, concept: Concept) -> list[Concept]:
    """Concepts that it names as related, then those that name it."""
    named = lexicon.related(concept)
    naming = [other for other in lexicon.concepts if concept in lexicon.related(other)]
    return list({other.token: other for other in (*named, *naming)}.values())


def near(lexicon: Lexicon, typed: str) -> list[Concept]:
    """Concepts one of whose names contains what was typed, or is contained in it, or looks like
    a slip of it; the nearest first."""
    wish = " ".join(normalize(typed).split())
    if not wish or len(wish) > LONGEST_NAME:
        return []
    forms = lexicon.by_form
    parts = [form for form in forms if len(form) > 1 and (wish in form or form in wish)]
    parts.sort(key=lambda form: (abs(len(form) - len(wish)), form))
    slips = get_close_matches(wish, forms, n=NEAR, cutoff=SIMILAR)
    found = {forms[form].token: forms[form] for form in (*parts, *slips)}
    return list(found.values())[:NEAR]


def _beside(
    searcher: Searcher, concept: Concept, today: date
) -> tuple[tuple[Counted, ...], tuple[Counted, ...]]:
    """People, and other concepts that are no organisations, which share most of its articles."""
    lexicon = searcher.snapshot.lexicon
    commonest = searcher.snapshot.terms("text_concepts", limit=COMMONEST)
    common = [lexicon.by_token[token] for token, _ in commonest if token in lexicon.by_token]
    things = [other for other in common if other.kind not in (*ORGANISATION_KINDS, "person")]
    persons = [other for other in lexicon.concepts if other.kind == "person"]
    shared = (
        nearest(searcher.snapshot, concept, persons),
        nearest(searcher.snapshot, concept, things),
    )
    people, concepts = (
        tuple((other, searcher.count(both(concept, other), today)) for other in group)
        for group in shared
    )
    return people, concepts


def nearest(snapshot: Snapshot, concept: Concept, others: Iterable[Concept]) -> list[Concept]:
    """At most `TOGETHER` of `others`, by how far their articles are the same as the concept's.

    Ochiai's coefficient |A∩B| / √(|A|·|B|) (1957): plain counts would name the commonest concepts
    of the corpus beside each and every one. It is at most √(min / max) of the two, so those that
    come last by that bound are never looked at.
    """
    own = Term("text_concepts", concept.token)
    articles = snapshot.doc_freq("text_concepts", concept.token)
    best: list[tuple[float, str, Concept]] = []
    for bound, frequency, other in _bounded(snapshot, concept, articles, others):
        if len(best) == TOGETHER and bound <= -best[-1][0]:
            break
        beside = Term("text_concepts", other.token)
        shared = snapshot.match(And((own, beside)), limit=0).total
        if shared:
            best.append((-shared / math.sqrt(articles * frequency), other.name, other))
            best = sorted(best)[:TOGETHER]
    return [other for _, _, other in best]


def _bounded(
    snapshot: Snapshot, concept: Concept, articles: int, others: Iterable[Concept]
) -> list[tuple[float, int, Concept]]:
    """(the coefficient's upper bound, its articles, concept), the highest bound first."""
    counted = [
        (snapshot.doc_freq("text_concepts", other.token), other)
        for other in others
        if other != concept
    ]
    rows = [
        (math.sqrt(min(articles, frequency) / max(articles, frequency)), frequency, other)
        for frequency, other in counted
        if frequency
    ]
    return sorted(rows, key=lambda row: (-row[0], row[2].name))
