"""The command `yuansou`: its group of commands, and errors as one line with an exit status.

Commands import what they need when they run, so that --help is quick.
"""

import errno
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click

from index.errors import InvalidRequest, YuansouError
from web.cli import backup, evaluate, inspect, lexicon, search, serve, stats
from web.cli.console import INTERRUPTED, show_what_it_can
from web.cli.doctor import command as doctor
from web.cli.feeds import adding, watch
from web.cli.feeds import commands as feeds
from web.cli.feeds import status as feeds_status
from web.cli.index import commands, copy, status, vectors
from web.cli.options import as_setting
from web.cli.usage import error_line

SYSTEM_ERRORS = {
    errno.ENOSPC: "磁盘满了，什么也没有改动；请腾出空间后再试。",
    errno.EDQUOT: "磁盘配额用完了，什么也没有改动；请腾出空间后再试。",
    errno.EROFS: "这个目录只能读，请换一个目录（--index-dir）。",
    errno.EACCES: "没有权限，请检查目录属于谁。",
    errno.EPERM: "没有权限，请检查目录属于谁。",
    errno.EEXIST: "已经有一个同名的文件，不能建目录；请换一个目录（--index-dir）。",
    errno.ENOTDIR: "路径的上一级不是目录，请检查 --index-dir。",
}
"""Errors of the operating system: the message in Chinese, and what to do."""


class Commands(click.Group):
    """Turns exceptions into one line. Exit status: 2 for wrong usage, 1 for failure, 130 after
    Ctrl+C."""

    def main(self, *args: Any, **options: Any) -> Any:
        show_what_it_can()
        try:
            status = super().main(*args, **{**options, "standalone_mode": False})
        except click.ClickException as error:
            click.echo(error_line(error), err=True)
            status = error.exit_code
        except click.Abort:
            status = 1
        sys.exit(status)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except InvalidRequest as error:
            raise click.UsageError(str(error), ctx) from error
        except YuansouError as error:
            raise click.ClickException(str(error)) from error
        except BrokenPipeError:
            sys.exit(1)
        except KeyboardInterrupt:
            _tell_stopped(ctx.invoked_subcommand)
            sys.exit(INTERRUPTED)
        except OSError as error:
            where = f"{error.filename}：" if error.filename else ""
            what = SYSTEM_ERRORS.get(error.errno or 0, f"{error.strerror or error}。")
            raise click.ClickException(f"{where}{what}") from error


def _tell_stopped(command: str | None) -> None:
    whole = "没有做完的版本不会上线，现用的版本见 yuansou index status。"
    click.echo(f"已停止。{whole if command == 'index' else ''}", err=True)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version("yuansou"), prog_name="yuansou")
@click.option("--index-dir", callback=as_setting, help="索引所在的目录。")
@click.option("--engine", callback=as_setting, help="引擎。")
@click.pass_context
def main(ctx: click.Context, index_dir: Path | None, engine: str | None) -> None:
    """元搜：元宇宙、区块链与金融科技中文资讯搜索。"""
    ctx.obj = {"index_dir": index_dir, "engine": engine}


commands.index.add_command(copy.copy)
commands.index.add_command(status.status)
commands.index.add_command(vectors.vectors)
for command in (adding.add, adding.import_opml, adding.export, feeds_status.status, watch.watch):
    feeds.feeds.add_command(command)
for command in (
    commands.index,
    backup.backup,
    backup.restore,
    doctor.doctor,
    feeds.feeds,
    lexicon.lexicon,
    search.search,
    serve.serve,
    stats.stats,
    inspect.analyze,
    inspect.settings,
    evaluate.evaluate,
):
    main.add_command(command)
