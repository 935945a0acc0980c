"""A request and its plan, as the queries that one generation is asked."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from index.analysis.kinds import kind_named
from index.engines.api import Sort
from index.engines.queries import And, Not, Or, Query, Range, Term
from index.text.normalize import normalize
from search.query.date_conditions import as_day, with_date_status
from search.query.parsing.parser import ParsedQuery
from search.query.planner import Plan
from search.ranking.questions import questions
from search.request import FILTERS, UNKNOWN_DATE, Choice, Order, SearchRequest

CLOCK_SECONDS = 60
"""The clock of a request counts minutes: an article of the current minute is published."""


@dataclass(frozen=True, slots=True)
class EngineRequest:
    """What an engine is asked for a request.

    `query`: the words and all conditions. `base`: the same without filters on facets, which are in
    `filters`, by field. `limits`: conditions on time. `sort`: newest where nothing can be ranked
    and among stories of equally many articles.
    """

    request: SearchRequest
    parsed: ParsedQuery
    plan: Plan
    query: Query
    base: Query
    filters: Mapping[str, Query]
    limits: tuple[Query, ...]
    sort: Sort

    @property
    def undated(self) -> Query:
        """Articles without a date: what the facet `year` counts beside its years."""
        return And((self.base, *self._undated_filters, with_date_status(UNKNOWN_DATE)))

    @property
    def filters_dates(self) -> bool:
        """Whether fewer articles are found than years are counted of."""
        return "year" in self.filters

    @property
    def any_time(self) -> Query:
        """The words and all conditions but those on dates."""
        return _all(self.plan.query, *self._undated_filters)

    @property
    def _undated_filters(self) -> tuple[Query, ...]:
        return tuple(query for name, query in self.filters.items() if name != "year")

    @property
    def narrowing(self) -> tuple[Query, ...]:
        """All conditions that are not words."""
        return (*self.limits, *self.filters.values())

    @property
    def only_words(self) -> bool:
        """Whether the words are found under no other condition."""
        return not (self.limits or self.filters)

    @property
    def may_relax(self) -> bool:
        """Whether articles that lack a word may be shown where few have all."""
        return self.plan.may_relax and self.request.partial

    @property
    def asked_kinds(self) -> frozenset[str]:
        """Kinds of articles that a filter or a word of the query names (类型：推广, 机翻)."""
        named = (kind_named(lexeme.text) for lexeme in self.parsed.lexemes)
        chosen = self.request.filters.get("kind", Choice()).include
        return frozenset((*chosen, *filter(None, named)))

    @property
    def questions(self) -> tuple[str, ...]:
        """The whole query as titles may ask it, where it says more than its words (是什么, 吗);
        else empty."""
        phrase = self.parsed.phrase
        words = "".join(word.text for word in self.plan.words)
        asks_more = len(words) < len(phrase.replace(" ", ""))
        return questions(phrase) if asks_more and self.ranks and self.parsed.plain else ()

    @property
    def ranks(self) -> bool:
        return self.sort == "relevance"


def with_indexed_values(
    request: SearchRequest, values: Callable[[str], Sequence[tuple[str, int]]]
) -> SearchRequest:
    """The request with its filters spelled as articles spell them: a value that no article has
    is replaced by those that differ from it only in width, case or script. `values`: field →
    (value, articles)."""
    if not request.filters:
        return request

    def indexed(name: str, given: Sequence[str]) -> tuple[str, ...]:
        existing = dict(values(name))
        found = [(v,) if v in existing else _same_normalized(v, existing) for v in given]
        return tuple(dict.fromkeys(value for each in found for value in each))

    filters = {
        name: Choice(indexed(name, choice.include), indexed(name, choice.exclude))
        for name, choice in request.filters.items()
    }
    return replace(request, filters=filters)


def _same_normalized(value: str, existing: Mapping[str, int]) -> tuple[str, ...]:
    wanted = normalize(value)
    return tuple(other for other in existing if normalize(other) == wanted) or (value,)


def engine_request(request: SearchRequest, parsed: ParsedQuery, plan: Plan) -> EngineRequest:
    chosen = {name: request.filters.get(name) for name in FILTERS}
    filters = {name: _filter(name, choice) for name, choice in chosen.items() if choice}
    dates = date_conditions(request)
    if dates:
        # Dates are chosen by their year, so other years are counted without them.
        filters["year"] = _all(*dates)
    limits = _limits(request)
    return EngineRequest(
        request=request,
        parsed=parsed,
        plan=plan,
        query=_all(plan.query, *limits, *filters.values()),
        base=_all(plan.query, *limits),
        filters=filters,
        limits=limits,
        sort=_sort(request.sort, plan),
    )


def _sort(order: Order, plan: Plan) -> Sort:
    if order == "reposts" or (order == "relevance" and plan.filters_only):
        return "newest"
    return order


def _all(query: Query, *conditions: Query) -> Query:
    return And((query, *conditions)) if conditions else query


def _filter(name: str, choice: Choice) -> Query:
    wanted = [Or(tuple(Term(name, value) for value in choice.include))] if choice.include else []
    unwanted = [Not(Term(name, value)) for value in choice.exclude]
    return And((*wanted, *unwanted))


def date_conditions(request: SearchRequest) -> tuple[Query, ...]:
    """Conditions on days and on what is known of dates, but not `within`."""
    status = request.date_status
    days = Range("day", as_day(request.from_day), as_day(request.to_day))
    chosen = [days] if request.from_day or request.to_day else []
    return (*chosen, *([with_date_status(status)] if status else []))


def _limits(request: SearchRequest) -> tuple[Query, ...]:
    if request.within is None:
        return ()
    now = int(request.now.timestamp())
    return (Range("published", now - request.within, now + CLOCK_SECONDS - 1),)
