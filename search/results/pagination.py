"""Cuts one page of result rows from the ranked window, or from the engine's order beyond it."""

import math
from collections import Counter
from dataclasses import dataclass, replace

from index.engines.api import Snapshot
from index.engines.queries import And, Boost, Not, Query
from search.request import MAX_WINDOW
from search.results.collapsing import ResultRow, collapse_reposts, over_all_matches, story_row
from search.results.cursor import Cursor
from search.retrieval.engine_request import EngineRequest
from search.retrieval.reposts import by_story, of_stories
from search.retrieval.retriever import Retrieval


@dataclass(frozen=True, slots=True)
class Page:
    """`rows` to show, how many `pages` can be asked for by number, where the next page begins."""

    rows: list[ResultRow]
    pages: int
    following: Cursor | None


def page_of(
    snapshot: Snapshot, asked: EngineRequest, found: Retrieval, after: Cursor | None
) -> Page:
    """The page that the request names by number, or the one after a cursor."""
    request = asked.request
    stories = (
        collapse_reposts(found.ranked) if request.fold else [[match] for match in found.ranked]
    )
    pages = min(math.ceil(len(stories) / request.per_page), MAX_WINDOW // request.per_page)
    if after is not None and after.after is not None:
        return _beyond_window(snapshot, asked, found, after, pages)
    start = after.offset if after is not None else (request.page - 1) * request.per_page
    end = start + request.per_page
    rows = [story_row(members) for members in stories[start:end]]
    if request.fold and len(found.ranked) < found.total:
        rows = _over_all_matches(snapshot, rows, asked.query)
    if request.fold and request.sort == "reposts":
        rows = _with_whole_stories(snapshot, rows)
    following: Cursor | None = None
    if end < len(stories):
        following = Cursor(offset=end)
    elif found.total > len(found.ranked) and found.last is not None:
        following = Cursor(after=found.last.sort_key())
    return Page(rows, pages, following)


def _beyond_window(
    snapshot: Snapshot, asked: EngineRequest, found: Retrieval, after: Cursor, pages: int
) -> Page:
    size = asked.request.per_page
    tail = _without_shown_stories(snapshot, found) if asked.request.fold else found.tail
    matches = snapshot.match(tail, sort=asked.sort, limit=size + 1, after=after.after).matches
    shown = matches[:size]
    following = Cursor(after=shown[-1].sort_key()) if len(matches) > size else None
    return Page([ResultRow(match) for match in shown], pages, following)


def _without_shown_stories(snapshot: Snapshot, found: Retrieval) -> Query:
    """The query after the ranked window, without stories that already have a row in the window."""
    shown = Counter(match.story for match in found.ranked)
    articles = snapshot.doc_freqs("story", list(shown))
    reaching = [story for story, size in shown.items() if articles[story] > size]
    if not reaching:
        return found.tail
    return And((found.tail, Not(of_stories(reaching))))


def _with_whole_stories(snapshot: Snapshot, rows: list[ResultRow]) -> list[ResultRow]:
    """The rows with the sizes that sorted them: all articles of a story, matching or not."""
    articles = snapshot.doc_freqs("story", [row.match.story for row in rows])
    return [replace(row, size=articles[row.match.story]) for row in rows]


def _over_all_matches(snapshot: Snapshot, rows: list[ResultRow], counted: Query) -> list[ResultRow]:
    """Heads and sizes of one page's stories over all matching articles, asked for in one call."""
    articles = snapshot.doc_freqs("story", [row.match.story for row in rows])
    reposted = {story: size for story, size in articles.items() if size > 1}
    if not reposted:
        return rows
    query = And((Boost(counted, 0.0), of_stories(list(reposted))))
    members = snapshot.match(query, sort="oldest", limit=sum(reposted.values())).matches
    return over_all_matches(rows, by_story(members))
