"""The chart on a concept's page, and the form that limits the page to a range of dates."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from search.explore.peaks import Headline
from search.explore.timeline import Bucket
from search.explore.trends import Measure, trends
from search.request import DateStatus, SearchRequest
from search.response import SearchResponse
from search.searcher import Searcher
from web.charts.chart import Chart, ChartLinks, chart, measure_of, period_arguments
from web.charts.range_form import RangeForm
from web.http.site import Site
from web.pages.result_chart import result_peaks

PARAMETERS = ("from", "to", "measure", "now")


@dataclass(frozen=True, slots=True)
class TopicPage:
    """The page of a concept. `q`: the query for its articles; `args`: the arguments it has."""

    concept: str
    q: str
    args: Mapping[str, str]
    site: Site

    def address(self, changes: Mapping[str, str | None]) -> str:
        kept = {name: self.args[name] for name in PARAMETERS if self.args.get(name)}
        return self.site.path("explore.topic", concept=self.concept, **{**kept, **changes})

    def results(self, conditions: Mapping[str, str]) -> str:
        return self.site.address("pages.search", MultiDict({"q": self.q, **conditions}))


def context(
    searcher: Searcher, answer: SearchResponse, asked: SearchRequest, page: TopicPage
) -> dict[str, Any]:
    """`chart` and `range_form`. `answer`: the topic's articles; `asked`: the dates of the page."""
    measure = measure_of(page.args)
    found = trends(searcher, [(page.q, answer)], covered=measure == "share")
    chosen = (asked.from_day, asked.to_day)
    peaks = result_peaks(searcher, answer, found, measure)
    form = RangeForm(
        action=page.site.path("explore.topic", concept=page.concept),
        kept=tuple((name, page.args[name]) for name in ("measure", "now") if page.args.get(name)),
        chosen=chosen,
        any_time=page.address({"from": None, "to": None}),
    )
    return {
        "chart": chart(Chart(found, _links(page, measure), measure, chosen, peaks)),
        "range_form": form.html() if found.periods else "",
    }


def _links(page: TopicPage, measure: Measure) -> ChartLinks:
    def period(bucket: Bucket) -> str:
        return page.results(period_arguments(bucket))

    def status(_name: str, status: DateStatus) -> str:
        return page.results({"date": status})

    def other_measure(measure: Measure) -> str:
        return page.address({"measure": None if measure == "count" else measure})

    def story(headline: Headline) -> str:
        return page.site.path("explore.story", story=headline.story)

    shown = {name: page.args[name] for name in ("from", "to") if page.args.get(name)}
    args = MultiDict({"q": page.q, **shown} | ({"measure": measure} if measure == "share" else {}))
    svg, csv = (page.site.address(f"charts.{kind}", args) for kind in ("svg", "csv"))
    return ChartLinks(period, status, other_measure, story, svg, csv)
