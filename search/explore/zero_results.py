"""Explains a search that found nothing: which part of it leaves no article, and what is found
without that part."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from index.errors import BudgetSpent
from search.budget import FOR_THE_REST, Budget
from search.query.expansion import QueryWord
from search.query.parsing.in_words import in_words
from search.query.parsing.parser import ParsedQuery
from search.query.parsing.tree import AndNode, Dated, Node, OrNode, Period, Word, understood
from search.request import UNKNOWN_DATE, SearchRequest
from search.retrieval.engine_request import engine_request
from search.searcher import Searcher

Part = Literal[
    "words", "only", "filter", "dates", "within", "date_status", "first", "scope", "filters"
]
Smaller = tuple[Part, str, SearchRequest]
"""A request without one of its parts: (kind of part, what is dropped, what is left)."""
MAX_WAYS_OUT = 6
"""Longer lists are no help; those that find most are kept."""


@dataclass(frozen=True, slots=True)
class WayOut:
    """What a search finds without one part of it.

    `dropped`: the part: words as typed, a condition in words, or the name of a filter; of the part
    "only", the words that are kept. `q`: the query that is left. `total`: articles then. `newest`:
    when the newest of them was published, in epoch seconds; None for undated ones, and where it
    does not matter.
    """

    part: Part
    dropped: str
    q: str
    total: int
    newest: int | None = None


@dataclass(frozen=True, slots=True)
class ZeroResults:
    """Why a search found nothing. `unknown`: words, as typed, that no article has under any name.
    `contradictory`: no day meets all its conditions on dates. `ways_out`: most articles first.
    `complete`: all parts were tried; else the budget of the request was spent before."""

    unknown: tuple[str, ...] = ()
    contradictory: bool = False
    ways_out: tuple[WayOut, ...] = ()
    complete: bool = True


def explain_zero(searcher: Searcher, request: SearchRequest) -> ZeroResults:
    """The explanation for a request that found nothing. It counts one query for each part, so it
    takes as long as a few searches."""
    request = searcher.interpreter.with_indexed_values(request)
    parsed = searcher.interpreter.parse(request)
    words = searcher.interpreter.plan(request, parsed).words
    budget = request.budget.leaving(FOR_THE_REST)
    unknown: tuple[str, ...] = ()
    ways: list[WayOut] = []
    complete = True
    try:
        unknown = _unknown(searcher, words, budget)
        for option in _smaller(request, parsed, words):
            budget.check()
            ways.append(_way_out(searcher, *option))
        if parsed.plain and not any(way.total for way in ways):
            ways += _words_that_meet(searcher, replace(request, budget=budget), words)
    except BudgetSpent:
        complete = False
    found = sorted((way for way in ways if way.total), key=lambda way: -way.total)
    return ZeroResults(
        unknown=unknown,
        contradictory=_contradictory(request, parsed.tree),
        ways_out=tuple(found[:MAX_WAYS_OUT]),
        complete=complete,
    )


def _smaller(
    request: SearchRequest, parsed: ParsedQuery, words: Sequence[QueryWord]
) -> Iterator[Smaller]:
    for dropped, q in _smaller_queries(parsed, words):
        yield "words", dropped, replace(request, q=q)
    conditions = list(_without_one_condition(request))
    yield from conditions
    if len(conditions) > 1:
        yield "filters", "", replace(request.any_time, filters={}, first=False, scope=None)


def _without_one_condition(request: SearchRequest) -> Iterator[Smaller]:
    for name in request.filters:
        others = {other: choice for other, choice in request.filters.items() if other != name}
        yield "filter", name, replace(request, filters=others)
    if request.from_day or request.to_day:
        yield "dates", "", replace(request, from_day=None, to_day=None)
    if request.within:
        yield "within", "", replace(request, within=None)
    if request.date_status:
        yield "date_status", request.date_status, replace(request, date_status=None)
    if request.first:
        yield "first", "", replace(request, first=False)
    if request.scope:
        yield "scope", request.scope, replace(request, scope=None)


def _smaller_queries(parsed: ParsedQuery, words: Sequence[QueryWord]) -> Iterator[tuple[str, str]]:
    """(the part in words, the query without it) for each word and condition of a query."""
    tree = parsed.tree
    operands = tree.children if isinstance(tree, AndNode) else (tree,)
    parts: dict[str, str] = {}
    if parsed.plain:
        # One operand may hold several words: 数字人民币试点.
        parts = {word.typed: word.typed for word in words}
        operands = tuple(each for each in operands if not isinstance(each, Word))
    parts |= {_typed(operand): in_words(operand) for operand in operands}
    for typed, shown in parts.items() if len(parts) > 1 else ():
        yield shown, " ".join(other for other in parts if other != typed)


def _words_that_meet(
    searcher: Searcher, request: SearchRequest, words: Sequence[QueryWord]
) -> list[WayOut]:
    """Words that some article has together, of a query in which leaving out one does not help:
    those that name a concept, and as many others as go with them."""
    order = sorted(range(len(words)), key=lambda at: words[at].concept is None)
    named = sum(word.concept is not None for word in words)
    kept: list[int] = []
    ways: dict[str, WayOut] = {}
    for tried, at in enumerate(order, 1):
        request.budget.check()
        q = " ".join(words[each].typed for each in sorted([*kept, at]))
        way = _way_out(searcher, "only", q, replace(request, q=q))
        if way.total:
            kept.append(at)
            last = way
        if kept and tried in (named, len(order)):
            ways[last.q] = last
    return list(ways.values())


def _typed(node: Node) -> str:
    text = understood(node)
    return f"({text})" if isinstance(node, OrNode) else text


def _way_out(searcher: Searcher, part: Part, dropped: str, request: SearchRequest) -> WayOut:
    parsed = searcher.interpreter.parse(request)
    query = engine_request(request, parsed, searcher.interpreter.plan(request, parsed)).query
    timed = part in ("dates", "within")
    found = searcher.snapshot.match(query, sort="newest", limit=int(timed))
    newest = found.matches[0].published if found.matches else None
    return WayOut(part, dropped, request.q, found.total, newest)


def _unknown(searcher: Searcher, words: Sequence[QueryWord], budget: Budget) -> tuple[str, ...]:
    missing: dict[str, None] = {}
    for word in words:
        budget.check()
        if not searcher.snapshot.match(word.query, limit=0).total:
            missing[word.typed] = None
    return tuple(missing)


def _contradictory(request: SearchRequest, tree: Node) -> bool:
    """Whether no day is in all periods that hold at once, or no date is known as is asked."""
    children = tree.children if isinstance(tree, AndNode) else (tree,)
    periods = [(child.low, child.high) for child in children if isinstance(child, Period)]
    periods.append((request.from_day, request.to_day))
    known = {child.status for child in children if isinstance(child, Dated)}
    known |= {request.date_status} if request.date_status else set()
    limited = request.within is not None or any(low or high for low, high in periods)
    if len(known) > 1 or (UNKNOWN_DATE in known and limited):
        return True
    first = max((low for low, _ in periods if low), default=date.min)
    last = min((high for _, high in periods if high), default=date.max)
    return first > last
