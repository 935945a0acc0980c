"""`/chart.svg`, `/chart.csv`: the chart of a page as a file, with the page's parameters.

Several `q` are drawn as the comparison page draws them.
"""

from collections.abc import Callable
from dataclasses import replace

from flask import Blueprint, Response, render_template, request
from werkzeug.datastructures import MultiDict

from index.errors import InvalidRequest
from index.messages import msg
from search.explore.comparison import MAX_COMPARED, compare_queries, distinct_queries
from search.explore.trends import Trends, trends
from search.request import SearchRequest
from search.searcher import Searcher
from web.charts.chart import measure_of
from web.charts.picture import picture
from web.charts.table import chart_table
from web.feeds.links import subject
from web.feeds.table import file_name
from web.http import params
from web.http.caching import cached
from web.http.site import site
from web.i18n import gettext as _
from web.serving.live_searcher import live

bp = Blueprint("charts", __name__)


@bp.get("/chart.svg")
def svg() -> Response:
    def make(searcher: Searcher, title: str, found: Trends, asked: SearchRequest) -> Response:
        chosen = (asked.from_day, asked.to_day)
        values = picture(title, found, measure_of(request.args), chosen)
        made = {"site": site().name, "index": searcher.index}
        page = render_template("charts/chart.svg", **values, **made)
        return Response(page, content_type="image/svg+xml; charset=utf-8")

    return _file("svg", make)


@bp.get("/chart.csv")
def csv() -> Response:
    def make(_s: Searcher, _t: str, found: Trends, _a: SearchRequest) -> Response:
        return Response(chart_table(found), content_type="text/csv; charset=utf-8")

    return _file("csv", make)


def _file(
    suffix: str, make: Callable[[Searcher, str, Trends, SearchRequest], Response]
) -> Response:
    queries = distinct_queries(request.args.getlist("q"))
    if len(queries) > MAX_COMPARED:  # a file has no room to say that some are left out
        raise InvalidRequest(
            msg("一张图最多比较 %(number)s 个查询。", number=MAX_COMPARED),
            param="q",
            hint=msg("请分成几张图。"),
        )
    asked = _asked(queries)
    searcher = live().get()

    def answer() -> Response:
        title, found = _drawn(searcher, asked, queries)
        response = make(searcher, title, found, asked)
        response.headers["Content-Disposition"] = file_name(title, suffix)
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    return cached(searcher, answer, asked=asked)


def _asked(queries: list[str]) -> SearchRequest:
    """The parameters, without what pages list."""
    others = [(n, value) for n, value in request.args.items(multi=True) if n != "q"]
    asked = params.lenient(MultiDict([*others, ("q", queries[0] if queries else "")]))
    return replace(asked, page=1, per_page=1, cursor=None, facets=(), timeline="day")


def _drawn(searcher: Searcher, asked: SearchRequest, queries: list[str]) -> tuple[str, Trends]:
    """The title, and what the page with these parameters draws."""
    if len(queries) > 1:
        return _("、").join(queries), compare_queries(searcher, queries, asked).trends
    response = searcher.search(asked)
    shares = measure_of(request.args) == "share"
    named = replace(asked, q=response.query.q, filters=response.filters)
    return subject(named), trends(searcher, [(response.query.q, response)], covered=shares)
