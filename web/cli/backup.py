"""`yuansou backup` and `yuansou restore`: the index in a folder of its own, and back."""

import json
from pathlib import Path

import click

from index.settings import Settings
from web.cli.console import echo_json
from web.cli.index.commands import WAIT, builder_of
from web.cli.options import JSON_OUTPUT, settings_of

NOT_SAVED = ("index_dir", "host", "port")
"""Settings that belong to a machine rather than to the index."""


@click.command()
@click.argument("to", type=click.Path(path_type=Path))
@JSON_OUTPUT
@click.pass_context
def backup(ctx: click.Context, to: Path, as_json: bool) -> None:
    """把现用版本、移除名单和设置备份到新目录 TO；可以一边回答搜索一边备份。"""
    from index.build.backup import back_up
    from index.engines.registry import open_engine, open_takedowns

    settings = settings_of(ctx)
    engine, takedowns = open_engine(settings), open_takedowns(settings)
    made = back_up(engine, takedowns, to, _saved_settings(ctx, settings))
    size = sum(size for size, _ in made.files.values())
    if as_json:
        facts = {"generation": made.generation, "articles": made.articles, "bytes": size}
        echo_json({"folder": str(to), **facts, "engine": made.engine})
        return
    click.echo(
        f"已备份版本 {made.generation}：{made.articles:,} 篇文章，{size / 1e6:,.1f} MB，"
        f"在 {to}。恢复用 yuansou restore {to}。"
    )


@click.command()
@click.argument("folder", metavar="FROM", type=click.Path(path_type=Path))
@WAIT
@JSON_OUTPUT
@click.pass_context
def restore(ctx: click.Context, folder: Path, wait: float, as_json: bool) -> None:
    """核对备份 FROM，再把它作为新版本上线；原来的版本还在，可以退回。"""
    from index.build.backup import SETTINGS
    from index.build.backup import restore as restore_backup
    from index.engines.registry import open_takedowns

    settings = settings_of(ctx)
    builder, engine = builder_of(settings)
    generation = restore_backup(engine, builder, open_takedowns(settings), folder, wait)
    if as_json:
        echo_json({"generation": generation.name, "articles": generation.articles})
        return
    click.echo(f"已恢复并上线版本 {generation.name}，{generation.articles:,} 篇文章。")
    if len(engine.generations()) > 1:
        click.echo("原来的版本还在：yuansou index rollback 退回。")
    click.echo(f"没有改动设置；备份时的设置在 {folder / SETTINGS}。")


def _saved_settings(ctx: click.Context, settings: Settings) -> dict[str, bytes]:
    """Files for the backup: the settings that are not the defaults, without secrets; and the
    golden queries, if there are any."""
    from index.build.backup import SETTINGS
    from index.settings import explain

    rows = {row.setting.name: row for row in explain(ctx.obj)}
    kept = {
        name: str(row.value)
        for name, row in rows.items()
        if row.value != row.setting.default and not row.setting.secret and name not in NOT_SAVED
    }
    text = json.dumps(kept, ensure_ascii=False, indent=2)
    golden = settings.golden
    queries = {"golden.toml": golden.read_bytes()} if golden and golden.is_file() else {}
    return {SETTINGS: f"{text}\n".encode(), **queries}
