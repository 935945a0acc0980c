"""`yuansou index status`: lists the generations and their problems."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from web.cli.console import echo_json
from web.cli.options import JSON_OUTPUT, settings_of

if TYPE_CHECKING:
    from index.engines.api import Engine, Generation
    from index.takedowns import TakedownList


@click.command()
@JSON_OUTPUT
@click.pass_context
def status(ctx: click.Context, as_json: bool) -> None:
    """列出索引的各个版本，和现在由哪个版本回答。"""
    from index.engines.registry import open_engine, open_takedowns
    from index.lexicon.loading import load_lexicon

    settings = settings_of(ctx)
    engine, lexicon = open_engine(settings), load_lexicon()
    generations = engine.generations()
    published = _published(engine, generations)
    answering = _answering(engine, open_takedowns(settings))
    if as_json:
        rows = [_generation_json(engine, g, published, lexicon.version) for g in generations]
        told = {"answering": answering.generation, "warning": answering.warning or None}
        condition = engine.status_messages()
        echo_json({"current": published, **told, "generations": rows, "condition": condition})
    else:
        for generation in generations:
            _print_generation(generation, current=generation.name == published)
            if generation.name == published:
                _print_details(engine, generation, lexicon.version)
        for sentence in filter(None, (answering.warning, *engine.status_messages())):
            click.echo(sentence)
    if answering.warning:
        ctx.exit(1)


@dataclass(frozen=True, slots=True)
class _Told:
    """The generation that a server would answer from, None if there is none, and what is wrong."""

    generation: str | None
    warning: str


def _published(engine: "Engine", generations: "Sequence[Generation]") -> str | None:
    """None if it cannot be read. Raises what is wrong if no generation can be read either."""
    from index.errors import IndexProblem

    if not generations:
        engine.read(engine.current())
    try:
        return engine.current()
    except IndexProblem:
        return None


def _answering(engine: "Engine", takedowns: "TakedownList") -> _Told:
    from index.errors import IndexProblem
    from index.fallback import open_answering

    try:
        answering = open_answering(engine, takedowns)
    except IndexProblem as problem:
        return _Told(None, str(problem))
    name = answering.snapshot.generation.name
    answering.snapshot.close()
    return _Told(name, answering.warning)


def _print_generation(generation: "Generation", *, current: bool) -> None:
    built = time.strftime("%Y-%m-%d %H:%M:%S %z", time.localtime(generation.created_at))
    click.echo(
        f"{'*' if current else ' '} {generation.name}  {generation.engine}  "
        f"{generation.articles:,} 篇  {generation.bytes / 1e6:,.1f} MB  "
        f"{generation.segments} 段  建于 {built}"
    )


def _print_details(engine: "Engine", generation: "Generation", lexicon: str) -> None:
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
    engine: "Engine", generation: "Generation", current: str | None, lexicon: str
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
