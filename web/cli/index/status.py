"""`yuansou index status`: lists the generations and their problems."""

import time
from typing import TYPE_CHECKING, Any

import click

from web.cli.console import echo_json
from web.cli.index.commands import builder_of
from web.cli.options import JSON_OUTPUT, settings_of

if TYPE_CHECKING:
    from index.engines.api import Engine, Generation


@click.command()
@JSON_OUTPUT
@click.pass_context
def status(ctx: click.Context, as_json: bool) -> None:
    """列出索引的各个版本。"""
    _, engine, lexicon = builder_of(settings_of(ctx))
    current, generations = engine.current(), engine.generations()
    if not generations:
        engine.read(current)  # raises if it cannot be read
    if as_json:
        rows = [_generation_json(engine, g, current, lexicon.version) for g in generations]
        echo_json({"current": current, "generations": rows, "condition": engine.status_messages()})
    else:
        for generation in generations:
            _print_generation(generation, current=generation.name == current)
            if generation.name == current:
                _print_details(engine, generation, lexicon.version)
        for sentence in engine.status_messages():
            click.echo(sentence)
    if current not in {generation.name for generation in generations} or _refusal(engine, current):
        ctx.exit(1)


def _print_generation(generation: "Generation", *, current: bool) -> None:
    built = time.strftime("%Y-%m-%d %H:%M:%S %z", time.localtime(generation.created_at))
    click.echo(
        f"{'*' if current else ' '} {generation.name}  {generation.engine}  "
        f"{generation.articles:,} 篇  {generation.bytes / 1e6:,.1f} MB  "
        f"{generation.segments} 段  建于 {built}"
    )


def _print_details(engine: "Engine", generation: "Generation", lexicon: str) -> None:
    if problem := _refusal(engine, generation.name):
        click.echo(f"    {problem}")
    for source in generation.sources:
        click.echo(f"    来源 {source}")
    if generation.lexicon != lexicon:
        click.echo("    词库已经改动：运行 yuansou index update 使它生效。")


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
