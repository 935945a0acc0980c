"""`yuansou index copy`: copies the index to another engine."""

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from index.settings import ENGINES, EngineName
from web.cli.index.commands import IGNORE, WAIT, builder_of
from web.cli.index.golden import golden_check
from web.cli.index.progress import Progress, duration
from web.cli.options import settings_of

if TYPE_CHECKING:
    from index.build.builder import Report
    from index.takedowns import TakedownList

ENGINE = click.Choice(ENGINES)


@click.command()
@click.option("--from", "origin", type=ENGINE, help="现在的引擎；省略则按设置 engine。")
@click.option("--to", "target", type=ENGINE, required=True, help="迁移到哪个引擎。")
@IGNORE
@WAIT
@click.pass_context
def copy(
    ctx: click.Context,
    origin: EngineName | None,
    target: EngineName,
    ignore_golden: bool,
    wait: float,
) -> None:
    """把当前索引里的文章迁移到另一个引擎，不需要原来的文件；旧版本保留，可以退回。"""
    from index.build.builder import BuildOptions
    from index.build.estimate import copy_seconds
    from index.engines.registry import open_engine, open_takedowns
    from index.lexicon.loading import load_lexicon

    settings = settings_of(ctx)
    origin = origin or settings.engine
    if origin == target:
        raise click.UsageError(f"--from 与 --to 都是 {target}：要迁移到另一个引擎。", ctx)
    settings = replace(settings, golden=None) if ignore_golden else settings
    builder, engine = builder_of(replace(settings, engine=target))
    source = open_engine(replace(settings, engine=origin)).open()
    _carry(
        open_takedowns(replace(settings, engine=origin)),
        open_takedowns(replace(settings, engine=target)),
    )
    try:
        seconds = copy_seconds(source, engine, load_lexicon())
        articles = source.generation.articles
        click.echo(f"要迁移 {articles:,} 篇文章，约需{duration(seconds)}。", err=True)
        with Progress(articles) as progress:
            build = BuildOptions(progress.advance, golden_check(settings), wait)
            report: Report = builder.copy(source, build)
    finally:
        source.close()
    generation = report.generation
    assert generation is not None
    click.echo(f"已迁移 {generation.articles:,} 篇文章到 {target}（版本 {generation.name}）。")
    click.echo(f"请把设置 engine 改为 {target}，再重启 serve；在那以前它用旧版本回答。")


def _carry(origin: "TakedownList", target: "TakedownList") -> None:
    """Copy the takedowns, so that later rebuilds with the target engine leave them out too."""
    known = target.read()
    missing = [taken for name, taken in origin.read().items() if name not in known]
    if missing:
        target.add(missing)
