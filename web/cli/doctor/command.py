"""`yuansou doctor`: one line a check, ok, warn or fail, with what to do."""

from collections.abc import Iterator
from dataclasses import asdict

import click

from index.settings import Settings
from web.cli.console import echo_json
from web.cli.doctor.findings import HealthCheck
from web.cli.options import JSON_OUTPUT, settings_of

COLOURS = {"ok": "green", "warn": "yellow", "fail": "red"}


@click.command()
@JSON_OUTPUT
@click.pass_context
def doctor(ctx: click.Context, as_json: bool) -> None:
    """检查这台机器和索引，每项一行：好、留意，还是有问题，以及怎么办。"""
    checks = []
    for check in _checks(settings_of(ctx)):
        checks.append(check)
        if not as_json:
            _print(check)
    if as_json:
        echo_json([asdict(check) for check in checks])
    if any(check.level == "fail" for check in checks):
        ctx.exit(1)


def _print(check: HealthCheck) -> None:
    level = click.style(f"{check.level:<4}", fg=COLOURS[check.level])
    click.echo(f"{level}  {check.name}：{check.message}{check.todo}")


def _checks(settings: Settings) -> Iterator[HealthCheck]:
    from index.errors import YuansouError
    from web.cli.doctor import machine

    yield machine.python_build()
    yield from machine.libraries(settings.engine)
    yield machine.time_zone()
    yield from machine.limits()
    try:
        yield from _of_the_index(settings)
    except YuansouError as error:
        yield HealthCheck("索引", "fail", error.message, error.hint)
    except OSError as error:
        message = f"{error.filename}：{error.strerror}。"
        yield HealthCheck("索引", "fail", message, "其余各项没有检查。")


def _of_the_index(settings: Settings) -> Iterator[HealthCheck]:
    from index.engines.registry import open_engine, open_takedowns
    from web.cli.doctor import index_state, machine

    engine, takedowns = open_engine(settings), open_takedowns(settings)
    folder = settings.index_dir
    held = engine.generations()
    yield machine.clock(held[-1].created_at if held else 0)
    if settings.engine != "opensearch":
        yield machine.room(folder, held[-1].bytes if held else 0)
        yield machine.durability(folder)
        yield machine.read_ahead(folder)
        yield index_state.permissions(folder)
        yield index_state.lock(engine, folder)
    yield index_state.taken_down(takedowns)
    yield from index_state.generations(engine)
    yield index_state.answering(engine, takedowns)
