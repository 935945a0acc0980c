"""A chart as CSV: a row for each search and period, then one for what has no date."""

from collections.abc import Iterator

from search.explore.trends import Trend, Trends
from web.feeds.table import BYTE_ORDER_MARK, csv_lines
from web.i18n import gettext as _


def chart_table(trends: Trends) -> bytes:
    """The counts of a search add up to its articles, those of all articles to the index. A share is
    in per cent, and empty where the index has no article."""
    header = [_("查询"), _("从"), _("到"), _("篇数"), _("同期全部文章"), _("占比（%）")]
    rows = (row for trend in trends.trends for row in _rows(trends, trend))
    return BYTE_ORDER_MARK.encode() + csv_lines([header, *rows])


def _rows(trends: Trends, trend: Trend) -> Iterator[list[str]]:
    counted = zip(trends.periods, trend.counts, trends.articles, strict=True)
    for period, count, articles in counted:
        days = [period.first.isoformat(), period.last.isoformat()]
        yield [trend.name, *days, str(count), str(articles), _per_cent(count, articles)]
    undated, all_undated = trend.undated, trends.undated
    unknown = [_("日期不详"), _("日期不详")]
    share = _per_cent(undated, all_undated)
    yield [trend.name, *unknown, str(undated), str(all_undated), share]


def _per_cent(count: int, articles: int) -> str:
    return f"{count / articles * 100:.4g}" if articles else ""
