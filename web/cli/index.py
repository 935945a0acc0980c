"""`yuansou index …`: build and look after the index."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from index.settings import Settings
from web.cli import settings_of
from web.cli.console import TextCommand, echo_json
from web.cli.golden import golden_check
from web.cli.progress import Progress, count_articles
from web.cli.report import gone_with, print_report, report_json
from web.cli.sources import check_present, left_out, remembered_sources

if TYPE_CHECKING:
    from index.build.builder import Builder
    from index.engines.api import Engine
    from index.lexicon.model import Lexicon

PATHS = click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
WAIT = click.option("--wait", default=0.0, metavar="秒", help="另一个进程在写时，最多等多久。")
JSON = click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
STRICT = click.option("--strict", is_flag=True, help="有文章被拒收时以状态 1 结束。")
STORED = click.option(
    "--stored", is_flag=True, help="不读来源，用现用版本里存的文章；来源不在了时用它。"
)
IGNORE = click.option("--ignore-golden", is_flag=True, help="不检查 golden 里的查询，照样上线。")


@click.group()
def index() -> None:
    """建立、更新、查看和回退索引。"""


@index.command()
@PATHS
@STORED
@STRICT
@IGNORE
@WAIT
@JSON
@click.pass_context
def rebuild(ctx: click.Context, /, paths: tuple[Path, ...], **options: Any) -> None:
    """从 PATHS（目录、.md、.jsonl、.jsonl.gz）重建索引；省略则用上次的来源，首次用示例文章。"""
    _run(ctx, paths, _Run(action="rebuild", **options))


@index.command()
@PATHS
@STRICT
@IGNORE
@WAIT
@JSON
@click.pass_context
def update(ctx: click.Context, /, paths: tuple[Path, ...], **options: Any) -> None:
    """让索引与 PATHS 和词库一致，只处理有变动的和词库改动牵涉的文章；省略则用上次的来源。"""
    _run(ctx, paths, _Run(action="update", **options))


@index.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@STRICT
@IGNORE
@WAIT
@JSON
@click.pass_context
def add(ctx: click.Context, /, paths: tuple[Path, ...], **options: Any) -> None:
    """收入 PATHS 里新的和改动的文章，不动其余的；新文章陆续到来时用它。"""
    _run(ctx, paths, _Run(action="add", **options))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """The options of a rebuild or an update."""

    action: str
    strict: bool
    ignore_golden: bool
    wait: float
    as_json: bool
    stored: bool = False


def _run(ctx: click.Context, paths: Sequence[Path], run: _Run) -> None:
    from index.build.builder import BuildOptions, Report  # noqa: PLC0415

    settings = settings_of(ctx)
    check = golden_check(replace(settings, golden=None) if run.ignore_golden else settings)
    builder, engine, _ = builder_of(settings)
    chosen = _chosen(ctx, paths, engine, run)
    left = left_out(engine, chosen) if run.action == "update" else []
    with Progress(0 if run.as_json else count_articles(chosen)) as progress:
        options = BuildOptions(progress=progress.advance, check=check, wait=run.wait)
        report: Report
        if run.stored:
            report = builder.rebuild_stored(options)
        else:
            report = getattr(builder, run.action)(chosen, options)
    if left and report.removed:
        report.warnings.append(gone_with(left, report.removed))
    if run.as_json:
        echo_json(report_json(report))
    else:
        print_report(report, engine.place)
    if run.strict and report.rejected:
        ctx.exit(1)


def _chosen(
    ctx: click.Context, paths: Sequence[Path], engine: "Engine", run: _Run
) -> Sequence[Path]:
    """What is to be read: what was given, else the sources of last time."""
    if run.stored:
        if paths:
            raise click.UsageError("--stored 不读来源，不能同时写明路径。", ctx)
        return []
    if paths:
        return paths
    sources = remembered_sources(engine)
    if run.action == "rebuild":
        check_present(sources, "请在命令后写明路径；--stored 用索引里存的文章重建。")
    return sources


def builder_of(settings: Settings) -> "tuple[Builder, Engine, Lexicon]":
    from index.build.builder import Builder  # noqa: PLC0415
    from index.engines.registry import open_engine, open_takedowns  # noqa: PLC0415
    from index.lexicon.loading import load_lexicon  # noqa: PLC0415

    engine, lexicon = open_engine(settings), load_lexicon()
    return Builder(engine, lexicon, open_takedowns(settings)), engine, lexicon


@index.command()
@click.argument("generation", required=False)
@JSON
@click.pass_context
def verify(ctx: click.Context, generation: str | None, as_json: bool) -> None:
    """核对一个版本（默认当前版本）的文件大小与校验和，并试着打开它。"""
    from index.engines.registry import open_engine  # noqa: PLC0415

    engine = open_engine(settings_of(ctx))
    name = generation or engine.current()
    faults = engine.verify(name)
    if not faults:
        engine.open(name).close()
    if as_json:
        echo_json({"generation": name, "faults": faults})
    else:
        for fault in faults:
            click.echo(fault, err=True)
        click.echo(f"版本 {name} {'有问题：请回退或重建。' if faults else '完好。'}")
    if faults:
        ctx.exit(1)


@index.command()
@WAIT
@click.pass_context
def rollback(ctx: click.Context, wait: float) -> None:
    """退回上一个版本；被移除的文章不会回来。"""
    builder, _, _ = builder_of(settings_of(ctx))
    generation = builder.rollback(wait)
    click.echo(f"已退回到版本 {generation.name}，{generation.articles:,} 篇文章。")


@index.command()
@click.option("--keep", default=3, type=click.IntRange(min=1), help="保留最近的几个版本。")
@WAIT
@click.pass_context
def gc(ctx: click.Context, keep: int, wait: float) -> None:
    """删除旧版本。"""
    from index.engines.registry import open_engine  # noqa: PLC0415

    engine = open_engine(settings_of(ctx))
    engine.current()
    with engine.lock(wait):
        dropped = engine.collect(keep)
    click.echo(f"删除了 {len(dropped)} 个版本。" + "".join(f"\n  {name}" for name in dropped))


@index.command(cls=TextCommand)
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@click.option("--reason", required=True, help="为什么移除；会记录下来。")
@WAIT
@click.pass_context
def remove(ctx: click.Context, ids: tuple[str, ...], reason: str, wait: float) -> None:
    """移除文章，并在以后每次重建时都不再收入。"""
    from index.takedowns import FILE  # noqa: PLC0415

    settings = settings_of(ctx)
    builder, _, _ = builder_of(settings)
    generation = builder.remove(list(dict.fromkeys(ids)), reason, wait)
    click.echo(f"已移除 {len(set(ids))} 篇，现有 {generation.articles:,} 篇文章。")
    if settings.engine != "opensearch":  # there the list is no file: docs/run/articles.md
        listed = settings.index_dir / FILE
        click.echo(
            f"回退不会带回它们；要收回，从 {listed} 删去那一行，再运行 yuansou index update。"
        )
