"""Typed queries as one generation understands them: parsed, expanded with its lexicon, planned."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cached_property, lru_cache, partial

from index.analysis.segmenter import Segmenter
from index.engines.api import Snapshot
from index.engines.queries import And, Query, Term
from index.engines.scoring import idf
from index.text.dates import SHANGHAI
from search.budget import UNLIMITED, Budget
from search.highlighting.highlighter import Marker
from search.query.expansion import WordReader
from search.query.parsing import parser
from search.query.parsing.parser import ParsedQuery
from search.query.planner import MAX_FIELD_VALUES, Plan, Planner, Vocabulary
from search.request import FILTERS, SearchRequest
from search.retrieval.engine_request import with_indexed_values
from search.retrieval.reposts import first_articles

CACHED_RARITIES = 8_192
"""A plan asks for that of a word several times, and other queries have the same words."""


class QueryInterpreter:
    """Plans queries for one generation. Threads may share it."""

    def __init__(self, snapshot: Snapshot, segmenter: Segmenter) -> None:
        self._snapshot = snapshot
        self.segmenter = segmenter
        # By field; a generation does not change, so its values are read once.
        self._field_values = lru_cache(len(FILTERS))(
            lambda name: snapshot.terms(name, limit=MAX_FIELD_VALUES)
        )
        rarity = lru_cache(CACHED_RARITIES)(partial(_idf, snapshot))
        reader = WordReader(snapshot.lexicon, segmenter, rarity)
        vocabulary = Vocabulary(
            values=self._field_values,
            words=lambda name, text, limit: [w for w, _ in snapshot.terms(name, text, limit)],
            prefetch=partial(_prefetch, snapshot),
        )
        self._planner = Planner(snapshot.lexicon, reader, vocabulary)

    def parse(self, request: SearchRequest) -> ParsedQuery:
        """Relative dates are counted from the request's clock."""
        return parser.parse(request.q, _today(request))

    def loosened(self, request: SearchRequest, typed: ParsedQuery, words: str) -> ParsedQuery:
        """What was typed, with the tree of `words`, which are searched instead."""
        return parser.loosened(typed, words, _today(request))

    def plan(self, request: SearchRequest, parsed: ParsedQuery) -> Plan:
        """`parsed`: the request's own query, or the one that is searched instead."""
        now = int(request.now.timestamp())
        plan = self._planner.plan(parsed, request.scope, verbatim=request.verbatim, now=now)
        if not request.first:
            return plan
        first = self._first_articles
        return replace(plan, query=And((plan.query, first)), fixed=(*plan.fixed, first))

    @cached_property
    def _first_articles(self) -> Query:
        return first_articles(self._snapshot)

    def plan_text(self, q: str, today: date | None = None) -> Plan:
        """The plan of a query without a request: in title and text, under all names."""
        now = datetime.now(SHANGHAI)
        parsed = parser.parse(q, today or now.date())
        return self._planner.plan(parsed, None, verbatim=False, now=int(now.timestamp()))

    def marker(self, q: str, budget: Budget = UNLIMITED) -> Marker:
        """What a query of at most MAX_QUERY characters marks in a text."""
        return Marker(self.segmenter, self.plan_text(q), budget)

    def count(self, q: str, today: date) -> int:
        """Articles that match all of a query: `total` of its answer."""
        return self._snapshot.match(self.plan_text(q, today).query, limit=0).total

    def with_indexed_values(self, request: SearchRequest) -> SearchRequest:
        """The request with its filters spelled as articles spell them."""
        return with_indexed_values(request, self._field_values)


def _today(request: SearchRequest) -> date:
    return request.now.astimezone(SHANGHAI).date()


def _idf(snapshot: Snapshot, layer: str, token: str) -> float:
    """How rare a token is in texts or, if none has it, in titles; 0 for one that is in neither."""
    articles = snapshot.doc_freq(f"text_{layer}", token)
    articles = articles or snapshot.doc_freq(f"title_{layer}", token)
    return idf(snapshot.generation.articles, articles) if articles else 0.0


def _prefetch(snapshot: Snapshot, tokens: Sequence[str]) -> None:
    """A plan asks for the frequency of one token after another; over a network they are asked for
    together."""
    layers = ("text_words", "text_fine", "title_words", "title_fine")
    snapshot.prefetch_totals([Term(layer, token) for token in tokens for layer in layers])
