"""`yuansou stats`: what is asked, from the counts that `yuansou serve` keeps."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click

from web.cli.console import echo_json
from web.cli.options import JSON_OUTPUT, settings_of

if TYPE_CHECKING:
    from index.settings import Settings
    from web.statistics.proposals import LexiconProposal
    from web.statistics.report import QueryReport, QueryRow

DAYS = click.option(
    "--days",
    default=7,
    show_default=True,
    type=click.IntRange(1, 90),
    help="最近几天，今天在内。",
)


@click.group(invoke_without_command=True)
@DAYS
@JSON_OUTPUT
@click.pass_context
def stats(ctx: click.Context, days: int, as_json: bool) -> None:
    """查询统计：问得最多、上升、没有结果和慢的查询（要设置 query_counts）。"""
    if ctx.invoked_subcommand is not None:
        return
    from web.statistics.report import query_report_json

    settings = settings_of(ctx)
    report = _report(settings, days)
    if as_json:
        echo_json(query_report_json(report))
        return
    _print_totals(report, settings)
    if report.since is not None:
        _print_tables(report)


def _report(settings: "Settings", days: int) -> "QueryReport":
    from web.statistics.collector import shanghai_today
    from web.statistics.day_files import DayFiles
    from web.statistics.report import query_report

    return query_report(DayFiles.beside(settings.index_dir), shanghai_today(), days)


def _print_totals(report: "QueryReport", settings: "Settings") -> None:
    from web.statistics.held_back import FLOOR

    if report.since is None:
        click.echo("还没有统计。")
    else:
        click.echo(
            f"{report.first} 至 {report.last}："
            f"{report.asked:,} 次查询，{report.empty:,} 次没有结果；"
            f"列得出的（问过 {FLOOR} 次以上，每满 {FLOOR} 次记一笔）合计 {report.listed:,} 次，"
            f"太长或像个人信息的 {report.private:,} 次。"
        )
    if settings.query_counts == "off":
        click.echo('按这里的设置不统计；要统计请设置 query_counts = "on" 再重启 serve。')
    elif report.since is None:
        click.echo(f"同一个查询问过 {FLOOR} 次后，十秒左右出现在这里。")


def _print_tables(report: "QueryReport") -> None:
    _print_table("问得最多", ("次数",), report.top, lambda row: (f"{row.counts.asks:,}",))
    if report.rising is None:
        click.echo("\n上升\n  统计的日子还不够，没有可比的。")
    else:
        _print_table(
            "上升",
            ("次数", "此前"),
            report.rising,
            lambda row: (f"{row.counts.asks:,}", f"{row.before:,}"),
        )
    _print_table(
        "没有结果",
        ("没有结果", "次数"),
        report.without_results,
        lambda row: (f"{row.counts.empty:,}", f"{row.counts.asks:,}"),
    )
    _print_table(
        "慢",
        ("平均毫秒", "最慢"),
        report.slow,
        lambda row: (f"{row.counts.mean_ms:,}", f"{row.counts.slowest_ms:,}"),
    )


def _print_table(
    title: str,
    columns: Sequence[str],
    rows: "Sequence[QueryRow]",
    cells: "Callable[[QueryRow], Sequence[str]]",
) -> None:
    """Figures first: how wide Chinese is shown depends on the terminal."""
    click.echo(f"\n{title}（{'、'.join(columns)}）" if rows else f"\n{title}\n  没有。")
    for row in rows:
        click.echo("".join(f"{cell:>8}" for cell in cells(row)) + f"  {row.query}")


@stats.command()
@DAYS
@JSON_OUTPUT
@click.pass_context
def proposals(ctx: click.Context, days: int, as_json: bool) -> None:
    """从没有结果的查询里找词库也许缺少的词，附影响和可以粘贴的 TOML；不改词库。"""
    from index.analysis.segmenter import Segmenter
    from index.engines.registry import open_engine
    from index.lexicon.loading import load_lexicon
    from index.lexicon_tools.usage import article_counter
    from web.statistics.proposals import lexicon_proposals, words_cut

    settings = settings_of(ctx)
    report = _report(settings, days)
    words, snapshot = load_lexicon(), open_engine(settings).open()
    found = lexicon_proposals(report.without_results, Segmenter(words), words, snapshot)
    cut = words_cut(found, words, article_counter(snapshot))
    if as_json:
        rows = [_proposal_json(each, cut.get(each.word)) for each in found]
        echo_json({"proposals": rows})
        return
    for number, each in enumerate(found, 1):
        _print_proposal(number, each, cut.get(each.word))
    click.echo(f"# {len(found)} 个词；挑好后粘贴进词库，再运行 yuansou lexicon check。")


def _proposal_json(proposal: "LexiconProposal", cut: str | None) -> dict[str, Any]:
    from index.lexicon_tools.entry_toml import as_toml

    near = [
        {
            "form": each.form,
            "concept": each.concept.name,
            "nearness": each.nearness,
            "articles": each.articles,
        }
        for each in proposal.near
    ]
    return {
        "word": proposal.word,
        "asks": proposal.asks,
        "articles": proposal.articles,
        "cut": list(proposal.cut),
        "near": near,
        "joins": proposal.concept.name if proposal.concept and proposal.joins else None,
        "warning": cut,
        "toml": as_toml(proposal.concept) if proposal.concept else None,
    }


def _print_proposal(number: int, proposal: "LexiconProposal", cut: str | None) -> None:
    """Comments and a table, so that the whole output is valid TOML."""
    from index.lexicon_tools.entry_toml import as_toml
    from web.statistics.page import nearness_name

    written = f"{proposal.articles:,} 篇文章写到它，现在切作 {'/'.join(proposal.cut)}"
    touched = written if proposal.articles else "没有文章写到它"
    click.echo(f"# {number}. {proposal.word}：没有结果 {proposal.asks:,} 次；{touched}")
    for each in proposal.near:
        why = nearness_name(each.nearness)
        click.echo(
            f"#    相近：{each.form}（{each.concept.name}，{why}，{each.articles:,} 篇提到）"
        )
    if cut:
        click.echo(f"#    注意：{cut}")
    if proposal.concept is None:
        click.echo("#    不知道该加到哪里。\n")
        return
    what = f"“{proposal.concept.name}”的又一写法" if proposal.joins else "新概念"
    click.echo(f"#    建议：{what}")
    click.echo(as_toml(proposal.concept))
