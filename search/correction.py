"""Decides whether a correction is searched instead of the query, only offered, or neither."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from search.request import MAX_QUERY, SearchRequest
from search.retrieval.engine_request import EngineRequest
from search.retrieval.retriever import Retrieval
from search.spelling.speller import Speller

FEW_ARTICLES = 10
"""With fewer articles that have all words, a correction that is not certain may be offered."""
MIN_TIMES_MORE = 5
"""An uncertain correction must match this many times the articles of what was typed."""


@dataclass(frozen=True, slots=True)
class InterpretedQuery:
    """A request as one generation understands it, and the articles it finds there."""

    asked: EngineRequest
    retrieval: Retrieval


def decide_correction(
    typed: InterpretedQuery,
    speller: Speller,
    interpret: Callable[[SearchRequest], InterpretedQuery],
) -> tuple[InterpretedQuery, str | None]:
    """(what is answered, the correction that is only offered).

    A correction is answered where no article has all words as typed, unless it is a guess. When
    results are good, only a certain correction is offered, and none while the speller is still
    loading. Raises BudgetSpent.
    """
    request, found = typed.asked.request, typed.retrieval
    if request.verbatim:
        return typed, None
    few = found.total < FEW_ARTICLES
    if not few and not speller.available:
        return typed, None
    correction = speller.correct(typed.asked.parsed, thorough=few, budget=request.budget)
    if correction is None or not (few or correction.sure) or len(correction.q) > MAX_QUERY:
        return typed, None
    corrected = interpret(replace(request, q=correction.q))
    other = corrected.retrieval
    if not found.total and (other.total or (other.finds and not found.finds)):
        answers = request.correct and not correction.guess
        return (corrected, None) if answers else (typed, correction.q)
    needed = max(FEW_ARTICLES, MIN_TIMES_MORE * found.total)
    if correction.sure:
        needed = found.total + 1 if few else 1
    return typed, correction.q if other.total >= needed else None
