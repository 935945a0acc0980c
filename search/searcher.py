"""parse → plan → retrieve → rank → fold → snippet. Orchestration only."""

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from index.dates import SHANGHAI
from index.engines.base import And, Match, Not, Or, Query, Range, Snapshot, Term
from index.normalize import normalize
from index.segment import Segmenter
from search import cursor as cursors
from search import syntax
from search.folding import Told, complete, fold
from search.highlight import Marker
from search.plan import (
    COVERAGES,
    ENOUGH,
    VOCABULARY,
    Plan,
    Planner,
    Relaxation,
    Vocabulary,
    as_day,
    relax,
)
from search.ranking import RERANKED, Wish, rerank
from search.request import FILTERS, MAX_QUERY, MAX_WINDOW, Choice, SearchRequest
from search.results import (
    Highlighted,
    Hit,
    IndexInfo,
    SearchResponse,
    Story,
    Understood,
)
from search.snippet import snippet
from search.words import WordReader

FACET_SIZE = 20
HIT_FIELDS = (
    "id",
    "url",
    "title",
    "source",
    "author",
    "categories",
    "topics",
    "indexed_at",
    "text",
    "folded",
)


@dataclass(frozen=True, slots=True)
class _Question:
    """A request made ready for one generation."""

    request: SearchRequest
    plan: Plan
    query: Query
    """The words and all filters."""
    filters: Mapping[str, Query]
    """Facet filters by field; `base` lacks them."""
    base: Query
    narrowing: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    """The window of ranked matches, in two parts: with all words, then with most."""

    all_words: int
    total: int
    ranked: list[Match]
    counted: Query
    last: cursors.Cursor
    relaxation: Relaxation | None = None
    rest: Query | None = None
    """What the second part matches."""


class Searcher:
    """Answers requests over one generation. Threads may share it."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.segmenter = Segmenter(snapshot.lexicon)
        self.reader = WordReader(snapshot.lexicon, self.segmenter)
        self._values: dict[str, list[tuple[str, int]]] = {}
        vocabulary = Vocabulary(self._field_values, self._count_prefix)
        self._planner = Planner(snapshot.lexicon, self.reader, vocabulary)

    @property
    def index(self) -> IndexInfo:
        generation = self.snapshot.generation
        return IndexInfo(generation.name, generation.articles, generation.created_at)

    def search(self, request: SearchRequest) -> SearchResponse:
        """One page of the answer; raises InvalidRequest for a cursor we did not give."""
        started = time.perf_counter()
        today = request.now.astimezone(SHANGHAI).date()
        parsed = syntax.parse(request.q, today)
        plan = self._planner.plan(parsed, request.scope, verbatim=request.verbatim)
        question = self._question(request, plan)
        at = cursors.decode(request.cursor) if request.cursor else None
        found = self._retrieve(question)
        lines, next_cursor, pages = self._page(question, found, at)
        relaxed = found.relaxation.may_miss if found.relaxation else ()
        return SearchResponse(
            query=Understood(
                q=request.q,
                understood=syntax.understood(parsed.tree),
                also_searched=plan.also_searched,
                relaxed=relaxed,
                warnings=plan.warnings,
            ),
            total=found.total,
            all_words=found.all_words,
            folded=sum(line.size - 1 for line in lines),
            page=request.page,
            per_page=request.per_page,
            pages=pages,
            hits=tuple(self._hits(lines, Marker(self.segmenter, plan))),
            facets=self._facets(question, found),
            timeline=self._timeline(question, found),
            index=self.index,
            cursor=next_cursor,
            took_ms=round((time.perf_counter() - started) * 1000, 2),
        )

    def marker(self, q: str) -> Marker:
        """What a query would mark in a text."""
        parsed = syntax.parse(q[:MAX_QUERY], datetime.now(SHANGHAI).date())
        return Marker(self.segmenter, self._planner.plan(parsed, None, verbatim=False))

    def _question(self, request: SearchRequest, plan: Plan) -> _Question:
        filters = {
            name: _choice(name, request.filters[name])
            for name in FILTERS
            if request.filters.get(name)
        }
        limits = _dates(request)
        base = And((plan.query, *limits)) if limits else plan.query
        narrowing = (*limits, *filters.values())
        query = And((plan.query, *narrowing)) if narrowing else plan.query
        return _Question(request, plan, query, filters, base, narrowing)

    def _retrieve(self, question: _Question) -> _Found:
        sort = question.request.sort
        if question.plan.filters_only and sort == "relevance":
            sort = "newest"  # nothing to rank by: empty, filters only, exclusions only
        first = self.snapshot.match(question.query, sort=sort, limit=MAX_WINDOW)
        ranked = self._rank(list(first.matches), question)
        found = _Found(first.total, first.total, ranked, question.query, _last(first.matches))
        if question.plan.may_relax and first.total < ENOUGH:
            return self._relax(question, found)
        return found

    def _relax(self, question: _Question, found: _Found) -> _Found:
        """Articles with most of the words, after those with all."""
        articles = self.snapshot.generation.articles
        room = MAX_WINDOW - len(found.ranked)
        for coverage in COVERAGES:
            relaxation = relax(question.plan, coverage, self._frequency, articles)
            if relaxation is None:
                return found
            narrowed = And((relaxation.query, *question.narrowing))
            rest = And((narrowed, Not(question.query)))
            more = self.snapshot.match(rest, sort=question.request.sort, limit=room)
            if more.total:
                break
        else:
            return found
        return _Found(
            all_words=found.all_words,
            total=found.total + more.total,
            ranked=[*found.ranked, *self._rank(list(more.matches), question)],
            counted=Or((question.query, narrowed)),
            last=_last(more.matches, relaxed=True),
            relaxation=relaxation,
            rest=rest,
        )

    def _rank(self, matches: list[Match], question: _Question) -> list[Match]:
        plan, request = question.plan, question.request
        if request.sort != "relevance" or plan.filters_only or not matches:
            return matches
        head = [match.id for match in matches[:RERANKED]]
        rows = self.snapshot.stored(head, ("id", "folded"))
        folded = {row["id"]: row["folded"] for row in rows}
        wish = Wish(
            words=plan.words,
            idfs=tuple(self._idf(word.query) for word in plan.words),
            phrase=normalize(" ".join(request.q.split())).strip('"“”'),
            now=int(request.now.timestamp()),
        )
        return rerank(matches, folded, wish)

    def _idf(self, query: Query) -> float:
        total, found = self.snapshot.generation.articles, self._frequency(query)
        return math.log(1 + (total - found + 0.5) / (found + 0.5))

    def _frequency(self, query: Query) -> int:
        return self.snapshot.match(query, limit=0).total

    def _page(
        self, question: _Question, found: _Found, at: cursors.Cursor | None
    ) -> tuple[list[Told], str | None, int]:
        """(lines of the page, cursor of the next one, pages in the window)."""
        request = question.request
        if at is not None and at.after is not None:
            return self._beyond(question, found, at)
        lines = fold(found.ranked) if request.fold else [Told(match) for match in found.ranked]
        start = at.offset if at is not None else (request.page - 1) * request.per_page
        end = min(start + request.per_page, len(lines))
        shown = lines[start:end]
        if request.fold:
            shown = self._complete(shown, found.counted)
        following: cursors.Cursor | None = None
        if end < len(lines):
            following = cursors.Cursor(offset=end)
        elif found.total > len(found.ranked) and found.ranked:
            following = found.last
        pages = math.ceil(len(lines) / request.per_page)
        return shown, following.encode() if following else None, pages

    def _beyond(
        self, question: _Question, found: _Found, at: cursors.Cursor
    ) -> tuple[list[Told], str | None, int]:
        """Past the window: the engine's order, unfolded."""
        request = question.request
        query = found.rest if at.relaxed and found.rest is not None else question.query
        relevance = request.sort == "relevance"
        sort = "newest" if question.plan.filters_only and relevance else request.sort
        rows = self.snapshot.match(query, sort=sort, limit=request.per_page + 1, after=at.after)
        shown = rows.matches[: request.per_page]
        more = len(rows.matches) > request.per_page
        following = _last(shown, relaxed=at.relaxed).encode() if more else None
        pages = math.ceil(len(found.ranked) / request.per_page)
        return [Told(match) for match in shown], following, pages

    def _complete(self, lines: list[Told], counted: Query) -> list[Told]:
        """Count the stories of one page over all matching articles, in one call."""
        stories = [line.match.story for line in lines]
        many = [s for s in stories if self.snapshot.doc_freq("story", s) > 1]
        if not many:
            return lines
        query = And((counted, Or(tuple(Term("story", story) for story in many))))
        members: dict[str, list[Match]] = {}
        total = self.snapshot.match(query, limit=0).total
        for match in self.snapshot.match(query, sort="oldest", limit=total).matches:
            members.setdefault(match.story, []).append(match)
        return complete(lines, members)

    def _hits(self, lines: list[Told], marker: Marker) -> list[Hit]:
        by_id = {line.match.id: line for line in lines}
        rows = self.snapshot.stored(list(by_id), HIT_FIELDS)
        return [_hit(row, by_id[row["id"]], marker) for row in rows]

    def _facets(self, question: _Question, found: _Found) -> dict[str, list[tuple[str, int]]]:
        base = question.base
        if found.relaxation:
            limits = _dates(question.request)
            base = Or((base, And((found.relaxation.query, *limits))))
        wanted = question.request.facets
        return self.snapshot.facet_counts(base, question.filters, wanted, FACET_SIZE)

    def _timeline(
        self, question: _Question, found: _Found
    ) -> tuple[str, list[tuple[int, int]]] | None:
        unit = question.request.timeline
        return (unit, self.snapshot.histogram(found.counted, unit)) if unit else None

    def _field_values(self, name: str) -> list[tuple[str, int]]:
        if name not in self._values:
            self._values[name] = self.snapshot.terms(name, limit=VOCABULARY)
        return self._values[name]

    def _count_prefix(self, name: str, text: str, limit: int) -> int:
        return len(self.snapshot.terms(name, text, limit))


def _hit(row: dict[str, object], line: Told, marker: Marker) -> Hit:
    values: dict[str, object] = row
    title, text, folded = str(values["title"]), str(values["text"]), str(values["folded"])
    folded_title, _, folded_text = folded.partition("\n")
    marks = tuple((mark.start, mark.end) for mark in marker.marks(folded_title))
    return Hit(
        id=line.match.id,
        url=_text(values["url"]),
        title=Highlighted(title, marks),
        snippet=snippet(text, folded_text, marker),
        source=_text(values["source"]),
        author=_text(values["author"]),
        categories=tuple(values["categories"]),  # type: ignore[arg-type]
        topics=tuple(values["topics"]),  # type: ignore[arg-type]
        published=line.match.published,
        indexed_at=int(str(values["indexed_at"])),
        score=round(line.match.score, 4),
        story=Story(line.match.story, line.size),
    )


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _last(matches: tuple[Match, ...], *, relaxed: bool = False) -> cursors.Cursor:
    return cursors.Cursor(after=matches[-1].sort_key() if matches else None, relaxed=relaxed)


def _choice(name: str, choice: Choice) -> Query:
    wanted = [Or(tuple(Term(name, value) for value in choice.include))] if choice.include else []
    unwanted = [Not(Term(name, value)) for value in choice.exclude]
    return And((*wanted, *unwanted))


def _dates(request: SearchRequest) -> list[Query]:
    limits: list[Query] = []
    if request.from_day or request.to_day:
        limits.append(Range("day", as_day(request.from_day), as_day(request.to_day)))
    if request.within is not None:
        limits.append(Range("published", int(request.now.timestamp()) - request.within))
    return limits
