"""`yuansou index …`: build and maintain the index."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from index.settings import Settings
from web.cli.console import TextCommand, echo_json
from web.cli.index.golden import golden_check
from web.cli.index.progress import Progress, count_articles
from web.cli.index.report import gone_with, print_report, report_json
from web.cli.index.sources import check_present, left_out, remembered_sources
from web.cli.options import JSON_OUTPUT, settings_of

if TYPE_CHECKING:
    from index.build.builder import Builder, BuildOptions, Report
    from index.engines.api import Engine


class _Source(click.Path):
    """A path of articles. An empty one, mostly a variable that is not set, would be the working
    directory, which then takes the place of what was indexed."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if value == "":
            self.fail("不能是空的（当前目录写作 .）。", param, ctx)
        return super().convert(value, param, ctx)


SOURCE = _Source(path_type=Path)
PATHS = click.argument("paths", nargs=-1, type=SOURCE)
WAIT = click.option("--wait", default=0.0, metavar="秒", help="另一个进程在写时，最多等多久。")
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
@JSON_OUTPUT
@click.pass_context
def rebuild(
    ctx: click.Context,
    paths: tuple[Path, ...],
    stored: bool,
    strict: bool,
    ignore_golden: bool,
    wait: float,
    as_json: bool,
) -> None:
    """从 PATHS（目录、.md、.jsonl、.jsonl.gz）重建索引；省略则用上次的来源，首次用示例文章。"""
    run = _Run(ctx, strict, ignore_golden, wait, as_json)
    if stored:
        if paths:
            raise click.UsageError("--stored 不读来源，不能同时写明路径。", ctx)
        run.build([], lambda builder, options: builder.rebuild_stored(options))
        return
    sources = list(paths) or remembered_sources(run.engine)
    if not paths:
        check_present(sources, "请在命令后写明路径；--stored 用索引里存的文章重建。")
    run.build(sources, lambda builder, options: builder.rebuild(sources, options))


@index.command()
@PATHS
@STRICT
@IGNORE
@WAIT
@JSON_OUTPUT
@click.pass_context
def update(
    ctx: click.Context,
    paths: tuple[Path, ...],
    strict: bool,
    ignore_golden: bool,
    wait: float,
    as_json: bool,
) -> None:
    """让索引与 PATHS 和词库一致，只处理有变动的和词库改动牵涉的文章；省略则用上次的来源。"""
    run = _Run(ctx, strict, ignore_golden, wait, as_json)
    sources = list(paths) or remembered_sources(run.engine)
    left = left_out(run.engine, sources)

    def updated(builder: "Builder", options: "BuildOptions") -> "Report":
        report = builder.update(sources, options)
        if left and report.removed:
            report.warnings.append(gone_with(left, report.removed))
        return report

    run.build(sources, updated)


@index.command()
@click.argument("paths", nargs=-1, required=True, type=SOURCE)
@STRICT
@IGNORE
@WAIT
@JSON_OUTPUT
@click.pass_context
def add(
    ctx: click.Context,
    paths: tuple[Path, ...],
    strict: bool,
    ignore_golden: bool,
    wait: float,
    as_json: bool,
) -> None:
    """收入 PATHS 里新的和改动的文章，不动其余的；新文章陆续到来时用它。"""
    run = _Run(ctx, strict, ignore_golden, wait, as_json)
    run.build(paths, lambda builder, options: builder.add(paths, options))


class _Run:
    """One rebuild, update or addition, with its options and output."""

    def __init__(
        self, ctx: click.Context, strict: bool, ignore_golden: bool, wait: float, as_json: bool
    ) -> None:
        settings = settings_of(ctx)
        self._ctx, self._strict, self._wait, self._as_json = ctx, strict, wait, as_json
        self._check = golden_check(replace(settings, golden=None) if ignore_golden else settings)
        self._builder, self.engine = builder_of(settings)

    def build(
        self, sources: Sequence[Path], action: "Callable[[Builder, BuildOptions], Report]"
    ) -> None:
        """Run `action` and print its report. `sources` are only counted, for the progress bar."""
        from index.build.builder import BuildOptions

        with Progress(0 if self._as_json else count_articles(sources)) as progress:
            options = BuildOptions(progress=progress.advance, check=self._check, wait=self._wait)
            report = action(self._builder, options)
        if self._as_json:
            echo_json(report_json(report))
        else:
            print_report(report, self.engine.location)
        if self._strict and report.rejected:
            self._ctx.exit(1)


def builder_of(settings: Settings) -> "tuple[Builder, Engine]":
    from index.build.builder import Builder
    from index.engines.registry import open_engine, open_takedowns
    from index.lexicon.loading import load_lexicon

    engine = open_engine(settings)
    return Builder(engine, load_lexicon, open_takedowns(settings)), engine


@index.command()
@click.argument("generation", required=False)
@JSON_OUTPUT
@click.pass_context
def verify(ctx: click.Context, generation: str | None, as_json: bool) -> None:
    """核对一个版本（默认当前版本）的文件大小与校验和，并试着打开它。"""
    from index.engines.registry import open_engine

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
    builder, _ = builder_of(settings_of(ctx))
    generation = builder.rollback(wait)
    click.echo(f"已退回到版本 {generation.name}，{generation.articles:,} 篇文章。")


@index.command()
@click.option("--keep", default=3, type=click.IntRange(min=1), help="保留最近的几个版本。")
@WAIT
@click.pass_context
def gc(ctx: click.Context, keep: int, wait: float) -> None:
    """删除旧版本。"""
    from index.engines.registry import open_engine

    engine = open_engine(settings_of(ctx))
    engine.current()  # raises IndexMissing, so that a missing index is reported
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
    from index.takedowns import TAKEDOWNS_FILE

    settings = settings_of(ctx)
    builder, _ = builder_of(settings)
    generation = builder.remove(list(dict.fromkeys(ids)), reason, wait)
    click.echo(f"已移除 {len(set(ids))} 篇，现有 {generation.articles:,} 篇文章。")
    if settings.engine != "opensearch":  # its list is not a file: docs/run/articles.md
        listed = settings.index_dir / TAKEDOWNS_FILE
        click.echo(
            f"回退不会带回它们；要收回，从 {listed} 删去那一行，再运行 yuansou index update。"
        )
