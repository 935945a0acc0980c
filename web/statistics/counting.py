"""Which requests are counted as queries, and what of them.

Counted is the first page of an answer, on the page or as JSON; not what is asked again and
unchanged (304), what a browser loads in advance, feeds and tables, nor an error other than
`too_costly`.
"""

import time

from flask import Flask, Response, current_app, g, request

from index.errors import BudgetSpent
from search.request import SearchRequest
from search.response import SearchResponse
from web.http.errors import failure
from web.statistics.collector import QuerySender

_EXTENSION = "yuansou.query_sender"


def init_app(app: Flask, sender: QuerySender | None) -> None:
    """`sender`: None where nothing is counted."""
    app.extensions[_EXTENSION] = sender
    if sender is not None:
        app.after_request(_send)


def note_query(asked: SearchRequest, response: SearchResponse | None = None) -> None:
    """Note what the current request asks; once more with the answer when there is one."""
    if current_app.extensions[_EXTENSION] is None:
        return
    if asked.page == 1 and not asked.cursor and asked.q.strip():
        g.noted_query = asked.q, response is not None and _is_empty(asked, response)


def _is_empty(asked: SearchRequest, response: SearchResponse) -> bool:
    """Whether no article matches, for no other reason than the words."""
    narrowed = asked.filters or asked.is_dated or asked.scope or asked.first
    return not (response.total or narrowed or response.query.dated)


def _send(response: Response) -> Response:
    noted: tuple[str, bool] | None = g.get("noted_query")
    if noted is None or request.headers.get("Sec-Purpose", "").startswith("prefetch"):
        return response
    problem = failure()
    if response.status_code == 200 or (problem and problem.code == BudgetSpent.code):
        q, is_empty = noted
        sender: QuerySender = current_app.extensions[_EXTENSION]
        sender.send(q, is_empty=is_empty, ms=round((time.perf_counter() - g.began[0]) * 1000))
    return response
