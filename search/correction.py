"""Whether a correction is answered, offered, or left unsaid."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from search.query.planner import Plan
from search.query.tree import Parsed
from search.request import MAX_QUERY, SearchRequest
from search.retrieval.engine_request import EngineRequest
from search.retrieval.retriever import Retrieval
from search.spelling.speller import Speller

FEW = 10
"""Articles with all words: with fewer, a correction may be offered that is not certain."""
MUCH_MORE = 5
"""Where little is found, a correction that is not certain must find so many times that."""


@dataclass(frozen=True, slots=True)
class InterpretedQuery:
    """A request as one generation understands it, and what it finds there."""

    request: SearchRequest
    parsed: Parsed
    plan: Plan
    question: EngineRequest
    found: Retrieval


def decide_correction(
    typed: InterpretedQuery, speller: Speller, read: Callable[[SearchRequest], InterpretedQuery]
) -> tuple[InterpretedQuery, str | None]:
    """(what is answered, the correction that is only offered). A correction is answered where
    nothing has all words as they were typed; beside good results only a certain one is offered, and
    none in the second after a start."""
    if typed.request.verbatim:
        return typed, None
    found = typed.found
    few = found.all_words < FEW
    if not few and not speller.ready:
        return typed, None
    correction = speller.correct(typed.request.q, thorough=few)
    if correction is None or not (few or correction.sure) or len(correction.q) > MAX_QUERY:
        return typed, None
    other = read(replace(typed.request, q=correction.q))
    if not found.all_words and (other.found.all_words or (other.found.total and not found.total)):
        return (other, None) if typed.request.widen else (typed, correction.q)
    least = max(FEW, MUCH_MORE * found.all_words)
    if correction.sure:
        least = found.all_words + 1 if few else 1
    return typed, correction.q if other.found.all_words >= least else None
