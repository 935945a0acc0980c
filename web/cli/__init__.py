"""`yuansou`: the command line. Heavy imports happen inside the commands: --help is quick."""

import sys
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click

from index.errors import YuansouError
from index.settings import Settings, load


class Commands(click.Group):
    """Turns our exceptions into one line and exit status 1."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except YuansouError as error:
            raise click.ClickException(str(error)) from error
        except (BrokenPipeError, KeyboardInterrupt):
            sys.exit(1)
        except OSError as error:
            where = f"{error.filename}：" if error.filename else ""
            raise click.ClickException(f"{where}{error.strerror or error}。") from error


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version("yuansou"), prog_name="yuansou")
@click.option("--index-dir", type=click.Path(path_type=Path), help="索引所在的目录。")
@click.option("--engine", help="引擎。")
@click.pass_context
def main(ctx: click.Context, index_dir: Path | None, engine: str | None) -> None:
    """元搜：元宇宙、区块链与金融科技中文资讯搜索。"""
    ctx.obj = {"index_dir": index_dir, "engine": engine}


def settings_of(ctx: click.Context, extra: Mapping[str, Any] | None = None) -> Settings:
    """The settings in force for a command, with the options that were given to it."""
    return load({**ctx.obj, **(extra or {})})


def _register() -> None:
    from web.cli import index, inspect, search, serve  # noqa: PLC0415 - they import this module

    for command in (index.index, search.search, serve.serve, inspect.analyze, inspect.settings):
        main.add_command(command)


_register()
