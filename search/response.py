"""The answer to a search, from which pages, JSON and feeds are made. Highlights are spans, not
markup."""

from dataclasses import dataclass, field
from typing import Any, Literal

from index.article import DateOrigin
from index.engines.api import Unit
from index.engines.queries import All, Query
from index.text.spans import Span
from search.query.parsing.parser import PeriodOffer
from search.request import Choice

Timeline = tuple[Unit, list[tuple[int, int]]]
"""(unit, [(day, month or year as an integer, articles)])."""
EvidenceKind = Literal["typed", "alias", "part", "prefix", "wildcard", "near", "quoted"]
EvidencePlace = Literal["title", "text"]


@dataclass(frozen=True, slots=True)
class Highlighted:
    """A text and the spans in it that the query matched, in order and without overlap."""

    text: str
    marks: tuple[Span, ...] = ()

    def __post_init__(self) -> None:
        end = 0
        for start, stop in self.marks:
            if not end <= start < stop <= len(self.text):
                raise ValueError(f"bad mark {(start, stop)} in a text of {len(self.text)}")
            end = stop


@dataclass(frozen=True, slots=True)
class Story:
    """`size`: how many of its articles match. `first_known`: the hit is known to be the first of
    them, so that the others are reposts."""

    id: str
    size: int
    first_known: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """That an article has a word of the query. `word`: as typed; `spelled`: as the article has it.

    `kind`: as typed (in any width, case or script), another name of its concept, only a part of it,
    a word that begins with it or fits its `*`, two words near each other, or a quotation. `places`:
    title, text or both.
    """

    word: str
    kind: EvidenceKind
    spelled: str
    places: tuple[EvidencePlace, ...]


@dataclass(frozen=True, slots=True)
class Why:
    """Why an article is on the page: what holds of it, though not all that holds.

    `freshness`: the share that its age added to its score; None where age did not count, or the
    score is that of another article of its story.
    """

    evidence: tuple[Evidence, ...] = ()
    title_is_query: bool = False
    freshness: float | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """One article on a page of results. Times are epoch seconds, UTC. `missing`: words of the query
    that it lacks, as typed; then it is a partial match, which no figure counts. `plain`: without
    snippet, highlights and reasons, for which the budget was spent."""

    id: str
    url: str | None
    title: Highlighted
    snippet: Highlighted
    source: str | None
    author: str | None
    categories: tuple[str, ...]
    topics: tuple[str, ...]
    published: int | None
    indexed_at: int
    score: float
    story: Story
    missing: tuple[str, ...] = ()
    why: Why = Why()
    date_origin: DateOrigin = "given"
    credited: str | None = None
    kinds: tuple[str, ...] = ()
    plain: bool = False


@dataclass(frozen=True, slots=True)
class Understood:
    """How the query was interpreted. `q`: the query that was searched. `understood`: its canonical
    line. `words`: the same for people, empty where it says no more than the query. If `q` is a
    correction, `corrected_from` is what was typed. `suggestion`: a correction that was not
    searched. `concepts`: main names of the concepts that its words name. `dated`: whether it has a
    condition on dates. `offers`: queries in which a bare time of this one is a condition."""

    q: str
    understood: str
    also_searched: tuple[str, ...] = ()
    concepts: tuple[str, ...] = ()
    corrected_from: str | None = None
    suggestion: str | None = None
    warnings: tuple[str, ...] = ()
    dated: bool = False
    words: str = ""
    offers: tuple[PeriodOffer, ...] = ()


@dataclass(frozen=True, slots=True)
class Partial:
    """Articles that lack a word. `total`: how many there are, of which few are shown; `words`: the
    words that they may lack, as typed; `near`: what was looked for in their stead."""

    total: int
    words: tuple[str, ...]
    near: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AnyTime:
    """What is found without the conditions on dates that are parameters.

    `estimated`: how many of the articles have an estimated date. Those without a date are not in
    `timeline`. `query`: the engine's, for what else is asked of these articles.
    """

    total: int
    estimated: int
    timeline: Timeline
    query: Query = field(default_factory=All, compare=False)

    @property
    def undated(self) -> int:
        return self.total - sum(count for _, count in self.timeline[1])


@dataclass(frozen=True, slots=True)
class IndexInfo:
    """The generation that answered."""

    generation: str
    articles: int
    updated_at: int


@dataclass(frozen=True, slots=True)
class SearchResponse:
    """One page of the answer. `total`: articles that match everything; `partial`: those that lack a
    word, if some are shown; `folded`: reposts hidden on this page.

    `any_time`: with a timeline only. `filters`: those of the request, spelled as articles spell
    them. `related_searches`: other queries from here, the same on every page. `shortened`: a
    warning says what the budget of the request did not reach for; the same request may get more
    another time. `compared`: how many of the first hits were compared with the query in meaning,
    which changed their order.
    """

    query: Understood
    total: int
    partial: Partial | None
    folded: int
    page: int
    per_page: int
    pages: int
    hits: tuple[Hit, ...]
    facets: dict[str, list[tuple[str, int]]]
    timeline: Timeline | None
    index: IndexInfo
    any_time: AnyTime | None = None
    filters: dict[str, Choice] = field(default_factory=dict)
    cursor: str | None = None
    took_ms: float = 0.0
    related_searches: tuple[str, ...] = ()
    shortened: bool = False
    compared: int = 0


@dataclass(frozen=True, slots=True)
class ArticleView:
    """One article for its page or for JSON, with title and text highlighted."""

    stored: dict[str, Any]
    title: Highlighted
    text: Highlighted
    index: IndexInfo
