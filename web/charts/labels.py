"""What a chart says in words: names of periods, its caption, and what it leaves out."""

from datetime import date

from search.explore.timeline import Bucket
from search.explore.trends import MIN_STEP_ARTICLES, Measure, Trend, Trends
from web.i18n import gettext as _
from web.markup.formatting import per_cent, thousands


def period_label(period: Bucket) -> str:
    """The label of a period: 2022年9月5日, 2022年9月, 2022年三季度, 2022年."""
    first = period.first
    match period.step:
        case "day":
            return _day(first)
        case "week":
            return _("%(day)s起一周", day=_day(first))
        case "month":
            return _("%(year)s年%(month)s月", year=first.year, month=first.month)
        case "quarter":
            quarter = (_("一季度"), _("二季度"), _("三季度"), _("四季度"))[first.month // 3]
            return _("%(year)s年%(quarter)s", year=first.year, quarter=quarter)
        case "year":
            return _("%(year)s年", year=first.year)


def short_label(period: Bucket, *, first: bool) -> str:
    """A label below the axis; those of days omit the year, except for the first."""
    if first or period.step not in ("day", "week"):
        return period_label(period) if period.step != "week" else _day(period.first)
    return _("%(month)s月%(day)s日", month=period.first.month, day=period.first.day)


def _day(day: date) -> str:
    return _("%(year)s年%(month)s月%(day)s日", year=day.year, month=day.month, day=day.day)


def caption(trends: Trends, measure: Measure, *, single: bool) -> str:
    """A text alternative to the chart."""
    first, last = period_label(trends.periods[0]), period_label(trends.periods[-1])
    every = _every(trends)
    if measure == "share":
        return _(
            "%(every)s占同期全部文章的比例，%(first)s至%(last)s",
            every=every,
            first=first,
            last=last,
        )
    span = _("%(every)s文章数，%(first)s至%(last)s", every=every, first=first, last=last)
    return _with_highest(span, trends) if single else span


def _every(trends: Trends) -> str:
    steps = {
        "day": _("每天"),
        "week": _("每周"),
        "month": _("每月"),
        "quarter": _("每季度"),
        "year": _("每年"),
    }
    return steps[trends.periods[0].step]


def _with_highest(span: str, trends: Trends) -> str:
    counts = trends.trends[0].counts
    highest = max(counts)
    most = period_label(trends.periods[counts.index(highest)])
    if (ties := counts.count(highest)) > 1:
        return _(
            "%(span)s；最多的有 %(ties)s 处，最早是%(most)s，各 %(count)s 篇",
            span=span,
            ties=ties,
            most=most,
            count=highest,
        )
    return _("%(span)s；最多的是%(most)s，%(count)s 篇", span=span, most=most, count=highest)


def charted(trend: Trend) -> str:
    """How many of the articles a chart has."""
    return _(
        "图中 %(charted)s / %(total)s 篇",
        charted=thousands(trend.total - trend.undated),
        total=thousands(trend.total),
    )


def undated(trend: Trend) -> str:
    return _("%(undated)s 篇日期不详", undated=thousands(trend.undated))


def estimated(trend: Trend) -> str:
    return _("%(number)s 篇日期推算", number=thousands(trend.estimated))


def why_blank(measure: Measure, *, lines: bool) -> str:
    """Why periods are grey."""
    if lines:
        return _("灰底处全部文章不足 %(number)s 篇，不画线", number=MIN_STEP_ARTICLES)
    if measure == "share":
        return _("灰底处全部文章不足 %(number)s 篇，不画占比", number=MIN_STEP_ARTICLES)
    return _("灰底处索引里没有文章")


def not_drawn(measure: Measure, *, lines: bool) -> str:
    """Why a search has no line or no share."""
    if lines:
        return _("绝大多数日期不详，不画线")
    return _("绝大多数日期不详，不画占比") if measure == "share" else ""


def reading(trends: Trends, trend: Trend, at: int, measure: Measure) -> str:
    """The figure of one period: 12 篇, or 4.8%（12 / 250 篇）."""
    count = thousands(trend.counts[at])
    if measure == "count":
        return _("%(count)s 篇", count=count)
    pair = {"count": count, "articles": thousands(trends.articles[at])}
    if not trends.is_drawn(trend, at):
        return _("%(count)s / %(articles)s 篇", **pair)
    share = per_cent(trends.value(trend, at, "share"))
    return _("%(share)s（%(count)s / %(articles)s 篇）", share=share, **pair)
