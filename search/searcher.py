"""parse → plan → retrieve → rank → fold → snippet. Orchestration only."""

import time
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache

from index.analysis.segmenter import Segmenter
from index.engines.api import Snapshot
from index.engines.queries import Query, Term
from index.engines.scoring import idf
from index.text.dates import SHANGHAI
from index.text.normalize import normalize
from search.correction import InterpretedQuery, decide_correction
from search.highlighting.highlighter import Marker
from search.lazy import Lazy
from search.query import parser
from search.query.expansion import WordReader
from search.query.pasted_headline import LOOSENED, without_marks
from search.query.planner import VOCABULARY, Plan, Planner, Vocabulary
from search.query.tree import understood
from search.related.cooccurrence import CoOccurrence
from search.related.related_searches import FirstPage, RelatedSearchFinder
from search.request import MAX_QUERY, SearchRequest
from search.response import Hit, IndexInfo, SearchResponse, Timeline, Understood
from search.results.cursor import bound_cursor, unbound_cursor
from search.results.explanation import explainer
from search.results.hits import hits_of
from search.results.pagination import page_of
from search.retrieval.engine_request import EngineRequest, as_written, engine_request
from search.retrieval.retriever import FACET_SIZE, Retrieval, Retriever
from search.spelling.speller import Speller
from search.suggestions.suggester import Suggester, Suggestion
from search.vocabulary import concept_names

ANSWERS = 128
"""Answers that are kept, some 25 KB each for a page of ten: a widget asks the same all day."""


class Searcher:
    """Answers requests over one generation. Threads may share it."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.segmenter = Segmenter(snapshot.lexicon)
        # An answer that was given without corrections is another than the one with them.
        self._answers = lru_cache(ANSWERS)(lambda request, corrects: self._answered(request))
        self._values: dict[str, list[tuple[str, int]]] = {}
        reader = WordReader(snapshot.lexicon, self.segmenter, self._idf)
        vocabulary = Vocabulary(self._field_values, self._count_prefix)
        self._planner = Planner(snapshot.lexicon, reader, vocabulary)
        self._retriever = Retriever(snapshot)
        self._relater = RelatedSearchFinder(snapshot, self.segmenter)
        self._beside = Lazy(lambda: CoOccurrence(snapshot))
        names = Lazy(lambda: concept_names(snapshot))
        self._speller = Speller(snapshot, self.segmenter, names.get)
        self._suggester = Lazy(
            lambda: Suggester(snapshot, self.segmenter, names.get(), self._query)
        )

    @property
    def index(self) -> IndexInfo:
        generation = self.snapshot.generation
        return IndexInfo(generation.name, generation.articles, generation.created_at)

    @property
    def corrects(self) -> bool:
        """Whether answers that found much are given with corrections: not before `warm` has read
        what these need, where `warm_soon` promised it."""
        return self._speller.ready

    def search(self, request: SearchRequest) -> SearchResponse:
        """One page of the answer; raises InvalidRequest for a cursor we did not give.

        The clock goes by the minute: who asks the same within one is given the same answer.
        """
        started = time.perf_counter()
        minute = request.now.replace(second=0, microsecond=0)
        response = self._answers(replace(request, now=minute), self.corrects)
        return replace(response, took_ms=round((time.perf_counter() - started) * 1000, 2))

    def _answered(self, request: SearchRequest) -> SearchResponse:
        at = unbound_cursor(request.cursor, request.subject) if request.cursor else None
        typed = self._read(request)
        answer, suggestion = decide_correction(typed, self._speller, self._read)
        question, found, plan = answer.question, answer.found, answer.plan
        page = page_of(self.snapshot, question, found, at)
        explain = explainer(self.snapshot, question, found, page.lines)
        hits = hits_of(self.snapshot, page.lines, Marker(self.segmenter, plan), explain)
        facets = self._facets(question, found)
        return SearchResponse(
            query=Understood(
                q=answer.request.q,
                understood=understood(answer.parsed.tree),
                also_searched=plan.also_searched,
                corrected_from=None if answer is typed else request.q,
                suggestion=suggestion,
                relaxed=found.may_miss,
                warnings=plan.warnings,
            ),
            total=found.total,
            all_words=found.all_words,
            folded=sum(line.size - 1 for line in page.lines),
            page=request.page,
            per_page=request.per_page,
            pages=page.pages,
            hits=hits,
            facets=facets,
            timeline=self._timeline(question, found),
            index=self.index,
            cursor=bound_cursor(page.following, request.subject) if page.following else None,
            related_searches=self._related(answer, hits, facets) if at is None else (),
        )

    def as_written(self, request: SearchRequest) -> SearchRequest:
        """The request with its filters as the articles write them."""
        return as_written(request, self._field_values)

    def _related(
        self,
        answer: InterpretedQuery,
        hits: tuple[Hit, ...],
        facets: dict[str, list[tuple[str, int]]],
    ) -> tuple[str, ...]:
        if answer.request.page > 1:
            return ()
        return self._relater.related_searches(
            FirstPage(
                q=answer.request.q,
                plan=answer.plan,
                plain=answer.parsed.plain,
                complete=not answer.found.may_miss,
                total=answer.found.total,
                hits=hits,
                facets=facets,
            )
        )

    def suggest(self, typed: str) -> list[Suggestion]:
        """What it may become; where that is nothing, what it may have been meant to be."""
        return self._suggester.get().suggest(typed) or self._meant(typed)

    def _meant(self, typed: str) -> list[Suggestion]:
        correction = self._speller.correct(typed[:MAX_QUERY], thorough=True)
        articles = self._retriever.frequency(self._query(correction.q)) if correction else 0
        return [Suggestion(correction.q, "concept", articles)] if correction and articles else []

    def warm_soon(self) -> None:
        """Tell that `warm` will be called: the first answers do not wait for what it reads."""
        self._speller.soon()

    def warm(self) -> None:
        """Read what suggestions, corrections and topics need, which else the first waits for."""
        self._speller.warm()  # the only one that an answer may wait for
        self._suggester.get().warm()
        self._beside.get()

    def _read(self, request: SearchRequest) -> InterpretedQuery:
        """As typed; or a headline by its words, where nothing has its quotations."""
        reading = self._retrieved(request, request.q)
        if reading.found.total or request.verbatim or not request.widen:
            return reading
        loose = without_marks(request.q, reading.parsed.tree)
        if loose is None:
            return reading
        words = self._retrieved(request, loose, LOOSENED)
        return words if words.found.total else reading

    def _retrieved(self, request: SearchRequest, text: str, *warnings: str) -> InterpretedQuery:
        self._prefetch_words(text)
        parsed = parser.parse(text, request.now.astimezone(SHANGHAI).date())
        plan = self._planner.plan(parsed, request.scope, verbatim=request.verbatim)
        plan = replace(plan, warnings=(*plan.warnings, *warnings))
        question = engine_request(self.as_written(request), plan)
        return InterpretedQuery(request, parsed, plan, question, self._retriever.retrieve(question))

    def _prefetch_words(self, text: str) -> None:
        """A plan weighs words one by one; an engine that is far away is asked for all together."""
        words = {token.text for token in self.segmenter.tokens(normalize(text))}
        layers = ("text_words", "text_fine")
        self.snapshot.prefetch_totals([Term(layer, word) for word in words for layer in layers])

    def ranked(self, request: SearchRequest) -> list[str]:
        """Ids of the window of matches in order, without what a page shows of them."""
        answer, _ = decide_correction(self._read(request), self._speller, self._read)
        return [match.id for match in answer.found.ranked]

    def matching(self, request: SearchRequest) -> list[str]:
        """Ids of all that `total` counts, the newest first."""
        answer, _ = decide_correction(self._read(request), self._speller, self._read)
        found = answer.found
        matches = self.snapshot.match(found.counted, sort="newest", limit=found.total).matches
        return [match.id for match in matches]

    def marker(self, q: str) -> Marker:
        """What a query would mark in a text."""
        return Marker(self.segmenter, self._plan(q[:MAX_QUERY], datetime.now(SHANGHAI).date()))

    def beside(self) -> CoOccurrence:
        """What stands beside a concept."""
        return self._beside.get()

    def count(self, q: str, today: date) -> int:
        """Articles that match all of a query: `all_words` of its answer."""
        return self.snapshot.match(self._plan(q, today).query, limit=0).total

    def _plan(self, q: str, today: date) -> Plan:
        return self._planner.plan(parser.parse(q, today), None, verbatim=False)

    def _query(self, q: str) -> Query:
        return self._plan(q, datetime.now(SHANGHAI).date()).query

    def _facets(
        self, question: EngineRequest, found: Retrieval
    ) -> dict[str, list[tuple[str, int]]]:
        base = found.facet_base or question.base
        wanted = question.request.facets
        return self.snapshot.facet_counts(base, question.filters, wanted, FACET_SIZE)

    def _timeline(self, question: EngineRequest, found: Retrieval) -> Timeline | None:
        unit = question.request.timeline
        return (unit, self.snapshot.histogram(found.counted, unit)) if unit else None

    def _idf(self, layer: str, token: str) -> float:
        """How rare a token is in texts; 0 for one that stands in none."""
        found = self.snapshot.doc_freq(f"text_{layer}", token)
        return idf(self.snapshot.generation.articles, found) if found else 0.0

    def _field_values(self, name: str) -> list[tuple[str, int]]:
        if name not in self._values:
            self._values[name] = self.snapshot.terms(name, limit=VOCABULARY)
        return self._values[name]

    def _count_prefix(self, name: str, text: str, limit: int) -> int:
        return len(self.snapshot.terms(name, text, limit))
