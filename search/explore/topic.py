"""A topic: the stories about a concept, their timeline, and what they mention besides."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from difflib import get_close_matches

from index.engines.queries import And, Query
from index.lexicon.model import ORGANISATION_KINDS, Concept, Lexicon
from index.text.dates import SHANGHAI
from index.text.normalize import normalize
from search.explore.timeline import recent
from search.query.concept_conditions import ABOUT, MENTION, condition, mentioning, written
from search.related.cooccurrence import associations
from search.related.scent import Scent
from search.request import SearchRequest
from search.response import SearchResponse, Timeline
from search.searcher import Searcher

SHOWN_STORIES = 6
RECENT_DAYS = 30
MAX_ASSOCIATED = 8
MIN_ABOUT = 5
"""With fewer articles about a concept, those that mention it say what belongs to it."""
MAX_SIMILAR_NAMES = 6
MIN_NAME_RATIO = 0.5
"""By difflib's ratio; names less similar are not misspellings of each other."""
MAX_NAME_CHARS = 40
"""A longer text is not a misspelled name."""

Counted = tuple[Concept, int, str]
"""(concept, articles that have to do with both, the query that finds them)."""


@dataclass(frozen=True, slots=True)
class TopicView:
    """`shown`: which articles the page shows: those about the concept, or, where there are none,
    those that mention it. `answer`: the newest stories of them, or, where none is `dated`,
    the most relevant ones; their timeline by day, their sources. `people`, `organisations`,
    `concepts`: associated ones, those with most articles first.

    `recent`: articles of the last `RECENT_DAYS` days, and of as many days before.
    """

    concept: Concept
    scent: Scent
    shown: str
    answer: SearchResponse
    dated: bool
    people: tuple[Counted, ...]
    organisations: tuple[Counted, ...]
    concepts: tuple[Counted, ...]
    related: tuple[Concept, ...]
    recent: tuple[int, int]


def topic_view(searcher: Searcher, concept: Concept, base: SearchRequest) -> TopicView:
    """`base`: the clock, dates and budget of the page. What is associated and what is recent is
    counted at any time. Raises BudgetSpent."""
    scent = searcher.aids.scents.scent(concept)
    shown = ABOUT if scent.about else MENTION
    asked = SearchRequest(
        now=base.now,
        q=written(shown, concept),
        sort="newest",
        per_page=SHOWN_STORIES,
        facets=("source",),
        timeline="day",
        from_day=base.from_day,
        to_day=base.to_day,
        partial=False,
        correct=False,
        budget=base.budget,
    )
    answer = searcher.search(asked)
    # Articles without a date come last, so the first one tells whether any has one.
    dated = all(hit.published is not None for hit in answer.hits[:1])
    if not dated:
        answer = searcher.search(replace(asked, sort="relevance"))
    base.budget.check()
    people, organisations, concepts = _associated(searcher, concept, scent)
    return TopicView(
        concept=concept,
        scent=scent,
        shown=shown,
        answer=answer,
        dated=dated,
        people=people,
        organisations=organisations,
        concepts=concepts,
        related=tuple(related_concepts(searcher.snapshot.lexicon, concept)),
        recent=recent(_any_day(answer), base.now.astimezone(SHANGHAI).date(), RECENT_DAYS),
    )


def _any_day(answer: SearchResponse) -> Timeline:
    return answer.any_time.timeline if answer.any_time else ("day", [])


def _associated(
    searcher: Searcher, concept: Concept, scent: Scent
) -> tuple[tuple[Counted, ...], ...]:
    """People, organisations, and concepts of other kinds that say something of the subject."""
    field = ABOUT if scent.about >= MIN_ABOUT else MENTION
    among = searcher.aids.concept_articles()
    own = _ids(searcher, among.limited(condition(field, concept)))
    others = [each.concept for each in associations(own, among) if each.concept != concept]
    people, organisations, things = [], [], []
    for other in others:
        if other.kind == "person":
            people.append(other)
        elif other.kind in ORGANISATION_KINDS:
            organisations.append(other)
        elif other.labels != "never":
            things.append(other)
    return tuple(
        _counted(searcher, field, concept, group[:MAX_ASSOCIATED])
        for group in (people, organisations, things)
    )


def _counted(
    searcher: Searcher, field: str, concept: Concept, others: Iterable[Concept]
) -> tuple[Counted, ...]:
    """The others with their articles in the whole generation, those with most first."""
    rows = []
    for other in others:
        both = And((condition(field, concept), mentioning(other)))
        total = searcher.snapshot.match(both, limit=0).total
        rows.append((other, total, f"{written(field, concept)} {written(MENTION, other)}"))
    return tuple(sorted(rows, key=lambda row: -row[1]))


def _ids(searcher: Searcher, query: Query) -> frozenset[str]:
    total = searcher.snapshot.match(query, limit=0).total
    matches = searcher.snapshot.match(query, sort="newest", limit=total).matches
    return frozenset(match.id for match in matches)


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
