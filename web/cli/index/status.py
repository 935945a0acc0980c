"""`yuansou index status`: lists the generations and their problems."""

import time
from typing import TYPE_CHECKING, Any

import click

from web.cli.console import echo_json
from web.cli.index.commands import JSON, builder_of
from web.cli.options import settings_of

if TYPE_CHECKING:
    from index.engines.api import Engine, Generation


@click.command()
@JSON
@click.pass_context
def status(ctx: click.Context, as_json: bool) -> None:
    """列出索引的各个版本。"""
    _, engine, lexicon = builder_of(settings_of(ctx))
    current, generations = engine.current(), engine.generations()
    if not generations:
        engine.read(current)  # raises if it cannot be read
    if as_json:
        rows = [_generation_json(engine, g, current, lexicon.version) for g in generations]
        found = {"current": current, "generations": rows, "condition": engine.status_messages()}
        echo_json(found)
        return
    for generation in generations:
        sign = "*" if generation.name == current else " "
        built = time.strftime("%Y-%m-%d %H:%M:%S %z", time.localtime(generation.created_at))
        size = generation.bytes / 1e6
        click.echo(
            f"{sign} {generation.name}  {generation.engine}  {generation.articles:,} 篇  "
            f"{size:,.1f} MB  {generation.segments} 段  建于 {built}"
        )
        if generation.name == current:
            if problem := _refusal(engine, current):
                click.echo(f"    {problem}")
            for source in generation.sources:
                click.echo(f"    来源 {source}")
            if generation.lexicon != lexicon.version:
                click.echo("    词库已经改动：运行 yuansou index update 使它生效。")
    for sentence in engine.status_messages():
        click.echo(sentence)
    if current not in {generation.name for generation in generations}:
        ctx.exit(1)


def _refusal(engine: "Engine", name: str) -> str:
    """Why this version of the program cannot search a generation; empty if it can."""
    from index.errors import IndexProblem

    try:
        engine.check(name)
    except IndexProblem as problem:
        return str(problem)
    return ""


def _generation_json(
    engine: "Engine", generation: "Generation", current: str, lexicon: str
) -> dict[str, Any]:
    return {
        "name": generation.name,
        "current": generation.name == current,
        "engine": generation.engine,
        "program": generation.program,
        "usable": not _refusal(engine, generation.name),
        "articles": generation.articles,
        "bytes": generation.bytes,
        "segments": generation.segments,
        "created_at": generation.created_at,
        "sources": list(generation.sources),
        "lexicon_is_current": generation.lexicon == lexicon,
    }
