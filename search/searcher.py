"""parse → plan → retrieve → rank → fold → snippet. Orchestration only."""

import time
from datetime import date, datetime

from index.dates import SHANGHAI
from index.engines.base import Snapshot
from index.segment import Segmenter
from search import syntax
from search.cursor import decode
from search.highlight import Marker
from search.hits import hits_of
from search.paging import page_of
from search.plan import VOCABULARY, Plan, Planner, Vocabulary
from search.question import Question, ask
from search.rarity import idf
from search.request import MAX_QUERY, SearchRequest
from search.results import IndexInfo, SearchResponse, Timeline, Understood
from search.retrieve import Found, Retriever
from search.words import WordReader

FACET_SIZE = 20
"""Values a facet."""


class Searcher:
    """Answers requests over one generation. Threads may share it."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.segmenter = Segmenter(snapshot.lexicon)
        self._values: dict[str, list[tuple[str, int]]] = {}
        reader = WordReader(snapshot.lexicon, self.segmenter, self._idf)
        vocabulary = Vocabulary(self._field_values, self._count_prefix)
        self._planner = Planner(snapshot.lexicon, reader, vocabulary)
        self._retriever = Retriever(snapshot)

    @property
    def index(self) -> IndexInfo:
        generation = self.snapshot.generation
        return IndexInfo(generation.name, generation.articles, generation.created_at)

    def search(self, request: SearchRequest) -> SearchResponse:
        """One page of the answer; raises InvalidRequest for a cursor we did not give."""
        started = time.perf_counter()
        at = decode(request.cursor) if request.cursor else None
        parsed = syntax.parse(request.q, request.now.astimezone(SHANGHAI).date())
        plan = self._planner.plan(parsed, request.scope, verbatim=request.verbatim)
        question = ask(request, plan)
        found = self._retriever.retrieve(question)
        page = page_of(self.snapshot, question, found, at)
        return SearchResponse(
            query=Understood(
                q=request.q,
                understood=syntax.understood(parsed.tree),
                also_searched=plan.also_searched,
                relaxed=found.may_miss,
                warnings=plan.warnings,
            ),
            total=found.total,
            all_words=found.all_words,
            folded=sum(line.size - 1 for line in page.lines),
            page=request.page,
            per_page=request.per_page,
            pages=page.pages,
            hits=hits_of(self.snapshot, page.lines, Marker(self.segmenter, plan)),
            facets=self._facets(question, found),
            timeline=self._timeline(question, found),
            index=self.index,
            cursor=page.following.encode() if page.following else None,
            took_ms=round((time.perf_counter() - started) * 1000, 2),
        )

    def ranked(self, request: SearchRequest) -> list[str]:
        """Ids of the window of matches in order, without what a page shows of them."""
        parsed = syntax.parse(request.q, request.now.astimezone(SHANGHAI).date())
        plan = self._planner.plan(parsed, request.scope, verbatim=request.verbatim)
        found = self._retriever.retrieve(ask(request, plan))
        return [match.id for match in found.ranked]

    def marker(self, q: str) -> Marker:
        """What a query would mark in a text."""
        return Marker(self.segmenter, self._plan(q[:MAX_QUERY], datetime.now(SHANGHAI).date()))

    def _plan(self, q: str, today: date) -> Plan:
        return self._planner.plan(syntax.parse(q, today), None, verbatim=False)

    def _facets(self, question: Question, found: Found) -> dict[str, list[tuple[str, int]]]:
        base = found.facet_base or question.base
        wanted = question.request.facets
        return self.snapshot.facet_counts(base, question.filters, wanted, FACET_SIZE)

    def _timeline(self, question: Question, found: Found) -> Timeline | None:
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
