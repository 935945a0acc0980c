"""Prints the result of a rebuild, update or addition as text or JSON."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from index.build.builder import Report
    from index.build.gaps import Gap, Gaps

SHOWN_REJECTIONS = 20
GAPS = {
    "undated": "没有给出日期",
    "without_source": "没有来源",
    "named_after_file": "标题取自文件名",
    "shortened": "太长而只读了开头",
}
"""What articles may lack, by its name in `Gaps`."""
COUNTS = ("added", "changed", "unchanged", "reanalysed", "removed", "taken_down")


def report_json(report: "Report") -> dict[str, Any]:
    generation = report.generation
    assert generation is not None
    return {
        "generation": generation.name,
        "articles": generation.articles,
        **{key: getattr(report, key) for key in COUNTS},
        "rejected": [{"path": r.path, "line": r.line, "reason": r.reason} for r in report.rejected],
        "gaps": _gaps_json(report.gaps),
        "warnings": report.warnings,
        "seconds": round(report.seconds, 2),
    }


def print_report(report: "Report", place: str) -> None:
    for rejection in report.rejected[:SHOWN_REJECTIONS]:
        click.echo(f"拒收 {rejection}", err=True)
    if len(report.rejected) > SHOWN_REJECTIONS:
        click.echo(f"……共拒收 {len(report.rejected)} 篇；--json 列出全部。", err=True)
    for warning in report.warnings:
        click.echo(f"注意：{warning}", err=True)
    for line in _gap_lines(report.gaps):
        click.echo(line, err=True)
    parts = [
        f"新增 {report.added:,}",
        f"改动 {report.changed:,}",
        f"未变 {report.unchanged:,}"
        + (f"（重新切词 {report.reanalysed:,}）" if report.reanalysed else ""),
        f"移除 {report.removed:,}",
        f"拒收 {len(report.rejected):,}",
    ]
    if report.taken_down:
        parts.append(f"已下架未收录 {report.taken_down:,}")
    generation = report.generation
    assert generation is not None
    click.echo(f"{'，'.join(parts)}；用时 {report.seconds:.1f} 秒。")
    click.echo(f"索引 {place} 现有 {generation.articles:,} 篇文章（版本 {generation.name}）。")


def _gaps_json(gaps: "Gaps") -> dict[str, Any]:
    return {
        **{name: asdict(getattr(gaps, name)) for name in GAPS},
        "unread": dict(gaps.unread.most_common()),
    }


def _gap_lines(gaps: "Gaps") -> Iterator[str]:
    for name, what in GAPS.items():
        gap: Gap = getattr(gaps, name)
        if gap.count:
            more = " ……" if gap.count > len(gap.first) else ""
            yield f"{what} {gap.count:,} 篇：{'、'.join(gap.first)}{more}"
    if gaps.unread:
        kinds = "、".join(f"{suffix} {count:,}" for suffix, count in gaps.unread.most_common())
        yield f"没有读的文件 {gaps.unread.total():,} 个（格式不同）：{kinds}"


def gone_with(left: Sequence[str], removed: int) -> str:
    return (
        f"来源变了：这次没有给出 {'、'.join(left)}，移除了 {removed:,} 篇文章。要退回请运行 "
        "yuansou index rollback；只想加入新的文章，请用 yuansou index add。"
    )
