"""Template context of the owner's page of statistics."""

from collections.abc import Callable, Sequence
from typing import Any

from index.lexicon_tools.entry_toml import as_toml
from web.http.site import Site
from web.i18n import gettext as _
from web.markup.formatting import thousands
from web.statistics.day_files import RETENTION_DAYS
from web.statistics.held_back import FLOOR
from web.statistics.proposals import LexiconProposal, Nearness
from web.statistics.report import DEFAULT_DAYS, SLOW_MS, QueryReport, QueryRow

PERIODS = (1, DEFAULT_DAYS, 30, RETENTION_DAYS)

Cells = Callable[[QueryRow], tuple[str, ...]]


def context(
    report: QueryReport, proposals: Sequence[LexiconProposal], days: int, site: Site
) -> dict[str, Any]:
    """The context of `stats.html`."""
    return {
        "q": "",
        "periods": [
            (_period_name(each), site.path("statistics.page", days=each), each == days)
            for each in PERIODS
        ],
        "report": report,
        "floor": FLOOR,
        "retention": RETENTION_DAYS,
        "tables": _tables(report, site),
        "proposals": [_proposal(each) for each in proposals],
    }


def _period_name(days: int) -> str:
    return _("今天") if days == 1 else _("近 %(number)s 天", number=days)


def _tables(report: QueryReport, site: Site) -> list[dict[str, Any]]:
    asks, before = _("次数"), _("此前")
    empty = _("没有结果")
    tables: list[tuple[str, tuple[str, ...], Sequence[QueryRow] | None, Cells, str]] = [
        (_("问得最多"), (asks,), report.top, _asks, ""),
        (
            _("上升"),
            (asks, before),
            report.rising,
            lambda row: (thousands(row.counts.asks), thousands(row.before)),
            _("与此前同样长的一段时间相比。"),
        ),
        (
            _("没有结果"),
            (empty, asks),
            report.without_results,
            lambda row: (thousands(row.counts.empty), thousands(row.counts.asks)),
            _("没有文章符合查询全部的词，也不是筛选所致。"),
        ),
        (
            _("慢"),
            (_("平均"), _("最慢")),
            report.slow,
            lambda row: (_seconds(row.counts.mean_ms), _seconds(row.counts.slowest_ms)),
            _("平均超过 %(number)s 秒的。", number=SLOW_MS / 1000),
        ),
    ]
    return [
        {
            "title": title,
            "columns": columns,
            "rows": [
                (row.query, site.path("pages.search", q=row.query), cells(row))
                for row in rows or ()
            ],
            "note": note,
            "is_due": rows is not None,
        }
        for title, columns, rows, cells, note in tables
    ]


def _asks(row: QueryRow) -> tuple[str, ...]:
    return (thousands(row.counts.asks),)


def _seconds(ms: int) -> str:
    return _("%(number)s 秒", number=f"{ms / 1000:.2f}")


def nearness_name(nearness: Nearness) -> str:
    """In the words of the page."""
    names: dict[Nearness, str] = {
        "sound": _("读音相近"),
        "letter": _("差一个字母"),
        "character": _("差一个字"),
        "initials": _("拼音首字母"),
        "part": _("有共同的部分"),
    }
    return names[nearness]


def _proposal(proposal: LexiconProposal) -> dict[str, Any]:
    return {
        "word": proposal.word,
        "asks": proposal.asks,
        "articles": proposal.articles,
        "cut": " / ".join(proposal.cut),
        "near": [
            (each.form, each.concept.name, nearness_name(each.nearness), each.articles)
            for each in proposal.near
        ],
        "joins": proposal.concept.name if proposal.concept and proposal.joins else None,
        "toml": as_toml(proposal.concept) if proposal.concept else None,
    }
