"""Answers a request over one generation: interpret, retrieve, rank, collapse, highlight.

The rooms of search/ do the work; this module calls them in order.
"""

import time
from collections.abc import Iterator
from dataclasses import replace

from index.analysis.segmenter import segmenter_of
from index.engines.api import Snapshot
from index.engines.lru_cache import LRUCache
from index.engines.queries import All, And
from index.errors import BudgetSpent
from search.budget import FOR_THE_REST, NO_CORRECTION, NO_RELATED, Budget, no_snippets
from search.correction import InterpretedQuery, decide_correction
from search.highlighting.highlighter import Marker
from search.interpreter import QueryInterpreter
from search.lazy import Lazy
from search.query.date_conditions import with_date_status
from search.query.parsing.in_words import in_words, tells_more
from search.query.parsing.parser import ParsedQuery
from search.query.parsing.tree import has_date, understood
from search.query.pasted_headline import LOOSENED, without_marks
from search.ranking.meaning import Meaning
from search.related.related_searches import LABEL_FACETS, RelatedSearchFinder, Words
from search.request import MAX_PER_PAGE, UNKNOWN_DATE, SearchRequest
from search.response import AnyTime, Hit, IndexInfo, Partial, SearchResponse, Timeline, Understood
from search.results.cursor import bound_cursor, unbound_cursor
from search.results.explanation import explainer
from search.results.hits import hit_cache, hits_of
from search.results.pagination import Page, page_of
from search.retrieval.engine_request import EngineRequest, engine_request
from search.retrieval.retriever import FACET_VALUES, Retrieval, Retriever
from search.search_aids import SearchAids

MAX_CACHED_ANSWERS = 128
"""Answers kept, some 25 KB each for a page of ten hits. A widget asks the same query all day."""


class Searcher:
    """Answers requests over one generation. Threads may share it.

    `aids_loaded_in_background`: the owner calls `aids.load()` in a thread of its own (SearchAids).
    `meaning`: what compares articles with the query, where that is wanted.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        *,
        aids_loaded_in_background: bool = False,
        meaning: Meaning | None = None,
    ) -> None:
        self.snapshot = snapshot
        self._meaning = meaning
        self.segmenter = segmenter_of(snapshot.lexicon)
        self.interpreter = QueryInterpreter(snapshot, self.segmenter)
        self.aids = SearchAids(
            snapshot, self.interpreter, loaded_in_background=aids_loaded_in_background
        )
        self._cache: LRUCache[tuple[SearchRequest, str], SearchResponse] = LRUCache(
            MAX_CACHED_ANSWERS
        )
        self._shown = hit_cache()
        self._retriever = Retriever(snapshot, meaning)
        self._days = Lazy(lambda: snapshot.histogram(All(), "day"))
        self._related_searches = RelatedSearchFinder(
            snapshot, self.segmenter, self.interpreter.plan_text
        )

    @property
    def index(self) -> IndexInfo:
        generation = self.snapshot.generation
        return IndexInfo(generation.name, generation.articles, generation.created_at)

    @property
    def state(self) -> str:
        """What changes answers while the generation stays: whether corrections were loaded, and
        the vectors there are."""
        corrects = "corrects" if self.aids.corrects else "does not correct yet"
        return f"{corrects} {self._meaning.stamp}" if self._meaning else corrects

    @property
    def days(self) -> Timeline:
        """All articles with a date, by day."""
        return "day", self._days.get()

    def search(self, request: SearchRequest) -> SearchResponse:
        """One page of the answer; raises InvalidRequest for a cursor of another request, and
        BudgetSpent where even a shortened answer takes more than the request's budget.

        `request.now` counts to the minute, so equal requests of one minute share an answer.
        """
        started = time.perf_counter()
        minute = request.now.replace(second=0, microsecond=0)
        key = (replace(request, now=minute), self.state)
        response = self._cache.get(key)
        if response is None:
            response = self._answer(key[0])
            if not response.shortened:
                self._cache.put(key, response)
        return replace(response, took_ms=round((time.perf_counter() - started) * 1000, 2))

    def pages_of_hits(self, request: SearchRequest) -> Iterator[tuple[Hit, ...]]:
        """The hits of all pages that can be asked for by number, for a file: the articles are
        found once, and one page of hits is held at a time. Raises BudgetSpent before the first;
        later hits are plain where the budget does not reach."""
        minute = request.now.replace(second=0, microsecond=0)
        answered, _ = self._understand(replace(request, now=minute))
        number, pages = 1, 1
        while number <= pages:
            paged = replace(answered.asked.request, page=number, per_page=MAX_PER_PAGE)
            asked = replace(answered.asked, request=paged)
            page = page_of(self.snapshot, asked, answered.retrieval, None)
            yield self._hits(replace(answered, asked=asked), page, request.budget)
            number, pages = number + 1, page.pages

    def ranked(self, request: SearchRequest) -> list[str]:
        """Ids of the first MAX_WINDOW matches in order, without what a page shows of them."""
        answered, _ = self._understand(request)
        return [match.id for match in answered.retrieval.ranked]

    def matching(self, request: SearchRequest) -> list[str]:
        """Ids of all articles that `total` counts, the newest first."""
        answered, _ = self._understand(request)
        query, total = answered.asked.query, answered.retrieval.total
        matches = self.snapshot.match(query, sort="newest", limit=total).matches
        return [match.id for match in matches]

    def _answer(self, request: SearchRequest) -> SearchResponse:
        after = unbound_cursor(request.cursor, request.subject) if request.cursor else None
        answered, suggestion = self._understand(request)
        asked, found = answered.asked, answered.retrieval
        page = page_of(self.snapshot, asked, found, after)
        request.budget.check()
        hits = self._hits(answered, page, request.budget)
        facets = self._facets(asked, found.total)
        request.budget.check()
        timeline = self._timeline(asked)
        related = self._related(answered)
        notes = _left_out(asked, hits, related)
        searched = asked.parsed.text
        return SearchResponse(
            query=Understood(
                q=searched,
                understood=understood(asked.parsed.tree),
                also_searched=asked.plan.also_searched,
                concepts=asked.plan.concepts,
                corrected_from=None if searched == request.q else request.q,
                suggestion=suggestion,
                warnings=(*asked.plan.warnings, *notes),
                dated=has_date(asked.parsed.tree),
                words=in_words(asked.parsed.tree) if tells_more(asked.parsed.tree) else "",
                offers=asked.parsed.offers,
            ),
            total=found.total,
            partial=_partial(found),
            compared=found.compared,
            folded=sum(row.size - 1 for row in page.rows),
            page=request.page,
            per_page=request.per_page,
            pages=page.pages,
            hits=hits,
            facets=facets,
            timeline=timeline,
            any_time=self._any_time(asked),
            index=self.index,
            filters=asked.request.filters,
            cursor=bound_cursor(page.following, request.subject) if page.following else None,
            related_searches=related or (),
            shortened=bool(notes) or NO_CORRECTION in asked.plan.warnings,
        )

    def _hits(self, answered: InterpretedQuery, page: Page, budget: Budget) -> tuple[Hit, ...]:
        asked = answered.asked
        explain = explainer(self.snapshot, asked, answered.retrieval, page.rows)
        marker = Marker(self.segmenter, asked.plan, budget.leaving(FOR_THE_REST))
        return hits_of(self.snapshot, page.rows, marker, explain, self._shown)

    def _understand(self, request: SearchRequest) -> tuple[InterpretedQuery, str | None]:
        """What is answered, and the correction that is only offered."""
        request = self.interpreter.with_indexed_values(request)
        typed = self._interpret(request)
        hurried = replace(request, budget=request.budget.leaving(FOR_THE_REST))
        try:
            hurried.budget.check()
            checked = replace(typed, asked=replace(typed.asked, request=hurried))
            return decide_correction(checked, self.aids.speller, self._interpret)
        except BudgetSpent:
            plan = typed.asked.plan
            noted = replace(plan, warnings=(*plan.warnings, NO_CORRECTION))
            return replace(typed, asked=replace(typed.asked, plan=noted)), None

    def _interpret(self, request: SearchRequest) -> InterpretedQuery:
        """As typed; or a headline by its words, where no article has its quotations."""
        parsed = self.interpreter.parse(request)
        typed = self._retrieve(request, parsed)
        if typed.retrieval.finds or request.verbatim or not request.correct:
            return typed
        words = without_marks(parsed.text, parsed.tree)
        if words is None:
            return typed
        loose = self.interpreter.loosened(request, parsed, words)
        loosened = self._retrieve(request, loose, LOOSENED)
        return loosened if loosened.retrieval.finds else typed

    def _retrieve(
        self, request: SearchRequest, parsed: ParsedQuery, *warnings: str
    ) -> InterpretedQuery:
        plan = self.interpreter.plan(request, parsed)
        plan = replace(plan, warnings=(*plan.warnings, *warnings))
        asked = engine_request(request, parsed, plan)
        request.budget.check()
        if request.facets:  # a page is made of it
            self._related_searches.prefetch(_words(asked), matched=asked.only_words and asked.ranks)
        return InterpretedQuery(asked, self._retriever.retrieve(asked))

    def _related(self, answered: InterpretedQuery) -> tuple[str, ...] | None:
        """None where the budget does not reach for them."""
        if answered.asked.request.budget.is_spent:
            return None
        found = answered.retrieval
        words = replace(_words(answered.asked), best=found.best, texts=found.texts)
        return self._related_searches.related_searches(words)

    def _facets(self, asked: EngineRequest, total: int) -> dict[str, list[tuple[str, int]]]:
        """`total`: articles that are found."""
        wanted = asked.request.facets
        counted = self.snapshot.facet_counts(asked.base, asked.filters, wanted, FACET_VALUES)
        if "year" in wanted:
            years = counted["year"]
            undated = self._undated(years, asked, total)
            values = [*years, *([(UNKNOWN_DATE, undated)] if undated else [])]
            counted["year"] = sorted(values, key=lambda value: (-value[1], value[0]))
        return counted

    def _undated(self, years: list[tuple[str, int]], asked: EngineRequest, total: int) -> int:
        """Articles without a date, of those that are counted by year: those that are left, where
        all years are counted, of the articles that are found."""
        if asked.filters_dates or len(years) == FACET_VALUES:
            return self.snapshot.match(asked.undated, limit=0).total
        return total - sum(count for _, count in years)

    def _timeline(self, asked: EngineRequest) -> Timeline | None:
        unit = asked.request.timeline
        return (unit, self.snapshot.histogram(asked.query, unit)) if unit else None

    def _any_time(self, asked: EngineRequest) -> AnyTime | None:
        unit, query = asked.request.timeline, asked.any_time
        if unit is None:
            return None
        estimates = And((query, with_date_status("estimated")))
        total, estimated = (self.snapshot.match(each, limit=0).total for each in (query, estimates))
        return AnyTime(total, estimated, (unit, self.snapshot.histogram(query, unit)), query)


def _words(asked: EngineRequest) -> Words:
    counted = asked.request.facets
    shared = asked.only_words and set(counted) >= set(LABEL_FACETS)
    facets = counted if shared else LABEL_FACETS
    return Words(asked.parsed.text, asked.plan, asked.parsed.plain, facets)


def _partial(found: Retrieval) -> Partial | None:
    partial = found.partial
    return Partial(partial.total, partial.words, partial.near) if partial else None


def _left_out(
    asked: EngineRequest, hits: tuple[Hit, ...], related: tuple[str, ...] | None
) -> list[str]:
    """What an answer lacks because its budget was spent, a note each."""
    plain = sum(hit.plain for hit in hits)
    notes: list[str] = [no_snippets(plain)] if plain else []
    return notes if related is not None else [*notes, NO_RELATED]
