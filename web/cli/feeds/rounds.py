"""One round of fetching and indexing, and how it is told."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import click

from web.cli.index.report import print_report, report_json

if TYPE_CHECKING:
    from index.build.builder import Report
    from index.fetching.fetcher import Fetched
    from index.fetching.full_texts import FullTexts
    from index.fetching.subscriptions import Subscription
    from web.cli.feeds.session import Session


@dataclass(frozen=True, slots=True)
class Round:
    """What came of the feeds, and of indexing what they brought; None if nothing was new."""

    fetched: "tuple[Fetched, ...]"
    report: "Report | None"
    place: str


def fetch_round(
    opened: "Session", chosen: "Sequence[Subscription]", *, quiet: bool = False
) -> Round:
    """Fetch these feeds, then index what is new. `quiet`: without a line for each feed."""
    found = []
    for each in opened.fetch(chosen):
        found.append(each)
        if not quiet:
            click.echo(f"[{len(found)}/{len(chosen)}] {line_of(each)}", err=True)
    return Round(tuple(found), opened.index(), str(opened.settings.index_dir))


def line_of(each: "Fetched") -> str:
    """What came of a feed, in a line."""
    texts = _texts(each.texts)
    if not (each.stored.new or each.stored.changed):
        return f"{each.name}：{each.error or '没有新文章'}{texts}"
    changed = f"，改动 {each.stored.changed} 篇" if each.stored.changed else ""
    left = f"，{each.stored.left} 篇留到明天" if each.stored.left else ""
    error = f"；{each.error}" if each.error else ""
    return f"{each.name}：新文章 {each.stored.new} 篇{changed}{left}{texts}{error}"


def _texts(found: "FullTexts") -> str:
    """What came of pages, to go on with; "" if none was wanted."""
    parts = [f"全文 {found.found} 篇"] if found.found else []
    parts += [f"{found.none} 篇没有全文"] if found.none else []
    parts += [f"{found.waiting} 篇的全文以后再取"] if found.waiting else []
    why = f"（{found.why}）" if found.why else ""
    return f"，{'，'.join(parts)}{why}" if parts else ""


def print_round(done: Round) -> None:
    new = sum(each.stored.new for each in done.fetched)
    changed = sum(each.stored.changed for each in done.fetched)
    cut = sum(not each.whole for each in done.fetched)
    failed = sum(each.whole and bool(each.error) for each in done.fetched)
    if not done.fetched:
        click.echo("没有到时候的订阅源；yuansou feeds status 说明下次是什么时候。")
    else:
        click.echo(
            f"抓取 {len(done.fetched)} 个订阅源："
            f"新文章 {new} 篇，改动 {changed} 篇，"
            f"{f'不完整 {cut} 个，' if cut else ''}失败 {failed} 个。"
        )
    if done.report:
        print_report(done.report, done.place)


def round_json(done: Round) -> dict[str, Any]:
    return {
        "feeds": [asdict(each) for each in done.fetched],
        "index": report_json(done.report) if done.report else None,
    }
