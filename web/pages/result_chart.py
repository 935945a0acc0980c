"""Results over time, on their page: the chart and the form that limits them to a range of dates."""

from typing import Any

from werkzeug.datastructures import MultiDict

from index.text.dates import SHANGHAI
from search.explore.peaks import Headline, Peak, peaks
from search.explore.timeline import Bucket, newest_day
from search.explore.trends import Measure, Trends, trends
from search.request import DateStatus, SearchRequest
from search.response import SearchResponse
from search.searcher import Searcher
from web.charts.chart import FEW_TICKS, MAX_PEAKS, Chart, ChartLinks, chart, measure_of
from web.charts.range_form import RangeForm, kept
from web.http import params
from web.pages import filters
from web.pages.filters import PageLink

_NOT_OF_THE_CHART = frozenset(("page", "cursor", "per_page", "facets", "timeline", "fold", "sort"))
_DATES = ("from", "to", "within", "date")


def context(
    searcher: Searcher, asked: SearchRequest, response: SearchResponse, link: PageLink
) -> dict[str, Any]:
    """`chart` and `range_form`, both empty where no result has a date, and the rows of `options`,
    of which the times are counted too."""
    measure = measure_of(link.args)
    found = trends(searcher, [(response.query.q, response)], covered=measure == "share")
    drawn = Chart(
        found,
        _links(link),
        measure,
        (asked.from_day, asked.to_day),
        () if asked.budget.is_spent else result_peaks(searcher, response, found, measure),
        FEW_TICKS,
    )
    newest = newest_day(searcher.days, asked.now.astimezone(SHANGHAI).date())
    return {
        "chart": chart(drawn),
        "range_form": _form(asked, link).html() if found.periods else "",
        "options": filters.options(asked, response, newest, link),
    }


def result_peaks(
    searcher: Searcher, response: SearchResponse, found: Trends, measure: Measure
) -> tuple[Peak, ...]:
    """The peaks of the only search of a chart."""
    any_time = response.any_time
    return peaks(searcher.snapshot, any_time, found, measure, MAX_PEAKS) if any_time else ()


def _links(link: PageLink) -> ChartLinks:
    def period(bucket: Bucket) -> str:
        return link.any_time(from_=bucket.first.isoformat(), to=bucket.last.isoformat())

    def status(_name: str, status: DateStatus) -> str:
        return link.any_time(date=status)

    def measure(measure: Measure) -> str:
        return link(measure=None if measure == "count" else measure)

    def story(headline: Headline) -> str:
        return link.site.path("explore.story", story=headline.story)

    args = MultiDict(kept(link.args.items(multi=True), _NOT_OF_THE_CHART))
    files = {name: link.site.address(f"charts.{name}", args) for name in ("svg", "csv")}
    return ChartLinks(period, status, measure, story, files["svg"], files["csv"])


def _form(asked: SearchRequest, link: PageLink) -> RangeForm:
    own = ((n, value) for n, value in link.args.items(multi=True) if n in params.PAGE_NAMES)
    return RangeForm(
        action=link.site.path("pages.search"),
        kept=kept(own, (*_DATES, "page", "cursor")),
        chosen=(asked.from_day, asked.to_day),
        any_time=link.any_time(),
    )
