"""`/stats`, the page of statistics. It exists for the owner only, on this machine."""

from flask import Blueprint, Response, abort, render_template, request

from index.errors import YuansouError
from search.budget import FOR_THE_REST
from web.http.budgets import budget
from web.http.owner import is_from_owner
from web.http.site import site
from web.serving.live_searcher import live
from web.statistics import page as stats_page
from web.statistics.collector import shanghai_today
from web.statistics.day_files import RETENTION_DAYS, DayFiles
from web.statistics.proposals import LexiconProposal, lexicon_proposals
from web.statistics.report import DEFAULT_DAYS, QueryReport, query_report

bp = Blueprint("statistics", __name__)


@bp.get("/stats")
def page() -> Response:
    """Others, and sites that count nothing, get the 404 of an address that does not exist."""
    if not (site().counts_queries and is_from_owner()):
        abort(404)
    days = _days(request.args.get("days", ""))
    report = query_report(DayFiles.beside(site().settings.index_dir), shanghai_today(), days)
    values = stats_page.context(report, _proposals(report), days, site())
    response = Response(render_template("stats.html", **values))
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _days(text: str) -> int:
    """As many as asked for, if that many are kept."""
    days = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else DEFAULT_DAYS
    return days if 1 <= days <= RETENTION_DAYS else DEFAULT_DAYS


def _proposals(report: QueryReport) -> list[LexiconProposal]:
    """None without an index."""
    try:
        searcher = live().get()
    except YuansouError:
        return []
    snapshot = searcher.snapshot
    hurried = budget().leaving(FOR_THE_REST)
    return lexicon_proposals(
        report.without_results, searcher.segmenter, snapshot.lexicon, snapshot, hurried
    )
