"""What a generation holds, for the home page: its span, its newest article, the stories most
reposted of late, concepts that are on the rise, and topics.

It is computed once for a generation, in the background: the statistics of concepts take seconds.
"Of late" is relative to the newest article, so that an index that is no longer updated shows its
own last month.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from index.engines.api import Snapshot, Sort
from index.engines.queries import And, Query, Range
from index.lexicon.model import Concept
from index.text.dates import SHANGHAI
from search.explore.story import StoryView, story_view
from search.query.concept_conditions import JOINT, about
from search.query.date_conditions import as_day
from search.related.concept_articles import ConceptArticles
from search.related.cooccurrence import log_likelihood_ratio
from search.searcher import Searcher

MONTH_DAYS = 30
BEFORE_DAYS = 90
MAX_STORIES, MAX_RISING, MAX_TOPICS = 5, 8, 12
COUNTED_STORIES = 50
"""Stories with most articles in the month, of which those with most reposts in all are shown."""
MIN_RISING_ARTICLES = 5
MIN_RISE = 2.0
"""Times the share of all articles that a concept had before."""
MIN_RISING_G2 = 3.84
"""G² of a coincidence is above this in one of twenty cases. The figures are shown, and seldom is
much on the rise."""


@dataclass(frozen=True, slots=True)
class Days:
    """Both are included, in Asia/Shanghai."""

    first: date
    last: date

    def query(self) -> Query:
        return Range("day", as_day(self.first), as_day(self.last))

    def count(self, times: Iterable[int]) -> int:
        """How many of the times (epoch seconds) lie in these days."""
        begin, end = (
            datetime.combine(day, time(), SHANGHAI).timestamp()
            for day in (self.first, self.last + timedelta(days=1))
        )
        return sum(begin <= seconds < end for seconds in times)


@dataclass(frozen=True, slots=True)
class Newest:
    """The article published last of those whose date was given."""

    id: str
    url: str | None
    title: str
    source: str | None
    published: int


@dataclass(frozen=True, slots=True)
class Rising:
    """A concept, and the articles that mention it in the month and in the time before."""

    concept: Concept
    month: int
    before: int


@dataclass(frozen=True, slots=True)
class Overview:
    """`first`: the earliest given date, epoch seconds; it and `newest` are None where no date was
    given. `month`: the last MONTH_DAYS up to the newest article; `before`: the BEFORE_DAYS before
    them. `topics`: concepts with the number of articles about each."""

    first: int | None = None
    newest: Newest | None = None
    month: Days | None = None
    before: Days | None = None
    stories: tuple[StoryView, ...] = ()
    rising: tuple[Rising, ...] = ()
    topics: tuple[tuple[Concept, int], ...] = ()


def overview(searcher: Searcher) -> Overview:
    snapshot = searcher.snapshot
    topics = main_topics(snapshot)
    newest = _newest(snapshot)
    if newest is None:
        return Overview(topics=topics)
    last = datetime.fromtimestamp(newest.published, SHANGHAI).date()
    month = Days(last - timedelta(days=MONTH_DAYS - 1), last)
    before = Days(month.first - timedelta(days=BEFORE_DAYS), month.first - timedelta(days=1))
    return Overview(
        first=_end(snapshot, "oldest"),
        newest=newest,
        month=month,
        before=before,
        stories=_reposted(snapshot, month),
        rising=_rising(snapshot, searcher.aids.concept_articles(), month, before),
        topics=topics,
    )


def main_topics(snapshot: Snapshot) -> tuple[tuple[Concept, int], ...]:
    """Concepts that topic labels are named after, those that most articles are about first."""
    lexicon = snapshot.lexicon
    concepts = (lexicon.find(part) for label in lexicon.topics for part in label.split(JOINT))
    known = dict.fromkeys(concept for concept in concepts if concept)
    counted = [(concept, snapshot.match(about(concept), limit=0).total) for concept in known]
    found = sorted((row for row in counted if row[1]), key=lambda row: (-row[1], row[0].name))
    return tuple(found[:MAX_TOPICS])


def _dated(snapshot: Snapshot) -> Query:
    """Articles with a given date, none that lies after the index was made."""
    past = Range("published", None, snapshot.generation.created_at)
    return And((Range("estimated", 0, 0), past))


def _end(snapshot: Snapshot, sort: Sort) -> int | None:
    matches = snapshot.match(_dated(snapshot), sort=sort, limit=1).matches
    return matches[0].published if matches else None


def _newest(snapshot: Snapshot) -> Newest | None:
    matches = snapshot.match(_dated(snapshot), sort="newest", limit=1).matches
    if not matches or matches[0].published is None:
        return None
    row = snapshot.stored([matches[0].id], ("id", "url", "title", "source"))[0]
    return Newest(**row, published=matches[0].published)


def _reposted(snapshot: Snapshot, month: Days) -> tuple[StoryView, ...]:
    counted = snapshot.facet_counts(month.query(), {}, ("story",), COUNTED_STORIES)["story"]
    views = [story_view(snapshot, story) for story, articles in counted if articles > 1]
    found = [view for view in views if view]
    return tuple(sorted(found, key=lambda view: (-view.total, view.id))[:MAX_STORIES])


def _rising(
    snapshot: Snapshot, articles: ConceptArticles, month: Days, before: Days
) -> tuple[Rising, ...]:
    """Those whose share of all articles rose most surely. The figures are of the whole generation,
    which the month is part of."""
    in_month, in_before = (snapshot.match(days.query(), limit=0).total for days in (month, before))
    found = []
    for concept, ids in articles.mentioning.items():
        times = [articles.published[name] for name in ids if name in articles.published]
        each = Rising(concept, month.count(times), before.count(times))
        g2 = _rise(each, in_month, in_before)
        if g2 >= MIN_RISING_G2 and concept.labels != "never":
            found.append((g2, each))
    found.sort(key=lambda row: (-row[0], row[1].concept.name))
    return tuple(each for _, each in found[:MAX_RISING])


def _rise(each: Rising, in_month: int, in_before: int) -> float:
    """G² of the rise; 0 where there is none worth telling."""
    if each.month < MIN_RISING_ARTICLES or not in_before:
        return 0.0
    if each.month * in_before < MIN_RISE * each.before * in_month:
        return 0.0
    both = each.month + each.before
    return log_likelihood_ratio(each.month, both, in_month, in_month + in_before)
