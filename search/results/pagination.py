"""One page of the window of matches, folded into stories; beyond the window, the engine's order."""

import math
from collections import Counter
from dataclasses import dataclass

from index.engines.api import Match, Snapshot
from index.engines.queries import And, Boost, Not, Or, Query, Term
from search.request import MAX_WINDOW
from search.results.collapsing import ResultRow, collapse, over_all_matches, story_row
from search.results.cursor import Cursor
from search.retrieval.engine_request import EngineRequest
from search.retrieval.retriever import Retrieval


@dataclass(frozen=True, slots=True)
class Page:
    """`lines` to show, how many `pages` can be asked for by number, where the next page begins."""

    lines: list[ResultRow]
    pages: int
    following: Cursor | None


def page_of(
    snapshot: Snapshot, question: EngineRequest, found: Retrieval, at: Cursor | None
) -> Page:
    """The page that the request names by number, or the one after a cursor."""
    request = question.request
    lines = collapse(found.ranked) if request.fold else [[match] for match in found.ranked]
    pages = min(math.ceil(len(lines) / request.per_page), MAX_WINDOW // request.per_page)
    if at is not None and at.after is not None:
        return _beyond(snapshot, question, found, at, pages)
    start = at.offset if at is not None else (request.page - 1) * request.per_page
    end = start + request.per_page
    shown = [story_row(members) for members in lines[start:end]]
    if request.fold and len(found.ranked) < found.total:
        shown = _complete(snapshot, shown, found.counted)
    following: Cursor | None = None
    if end < len(lines):
        following = Cursor(offset=end)
    elif found.total > len(found.ranked) and found.last is not None:
        following = Cursor(after=found.last.sort_key())
    return Page(shown, pages, following)


def _beyond(
    snapshot: Snapshot, question: EngineRequest, found: Retrieval, at: Cursor, pages: int
) -> Page:
    size = question.request.per_page
    tail = _untold(snapshot, found) if question.request.fold else found.tail
    rows = snapshot.match(tail, sort=question.sort, limit=size + 1, after=at.after).matches
    shown = rows[:size]
    following = Cursor(after=shown[-1].sort_key()) if len(rows) > size else None
    return Page([ResultRow(match) for match in shown], pages, following)


def _untold(snapshot: Snapshot, found: Retrieval) -> Query:
    """The tail without stories of the window: their lines there stand for all their articles."""
    shown = Counter(match.story for match in found.ranked)
    articles = snapshot.doc_freqs("story", list(shown))
    reaching = [story for story, size in shown.items() if articles[story] > size]
    if not reaching:
        return found.tail
    return And((found.tail, Not(Or(tuple(Term("story", story) for story in reaching)))))


def _complete(snapshot: Snapshot, lines: list[ResultRow], counted: Query) -> list[ResultRow]:
    """Heads and sizes of one page's stories over all matching articles, in one call."""
    stories = [line.match.story for line in lines]
    many = [story for story, size in snapshot.doc_freqs("story", stories).items() if size > 1]
    if not many:
        return lines
    query = And((Boost(counted, 0.0), Or(tuple(Term("story", story) for story in many))))
    total = snapshot.match(query, limit=0).total
    members: dict[str, list[Match]] = {}
    for match in snapshot.match(query, sort="oldest", limit=total).matches:
        members.setdefault(match.story, []).append(match)
    return over_all_matches(lines, members)
