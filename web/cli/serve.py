"""`yuansou serve`: the page and the JSON endpoint."""

import errno
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING

import click

from index.errors import SettingsError
from index.settings import Settings
from web.cli.options import as_setting, settings_of

if TYPE_CHECKING:
    from flask import Flask

    from index.engines.api import Engine


@click.command()
@click.option("--host", callback=as_setting, help="监听的地址。")
@click.option("--port", callback=as_setting, help="监听的端口。")
@click.option("--workers", callback=as_setting, help="用几个进程回答；一个进程只用一个核。")
@click.option("--seeds", is_flag=True, help="先用示例文章建好索引（若还没有，或示例有改动）。")
@click.option("--rebuild", is_flag=True, help="若索引由旧版本建成，先重建它。")
@click.pass_context
def serve(
    ctx: click.Context,
    host: str | None,
    port: int | None,
    workers: int | None,
    seeds: bool,
    rebuild: bool,
) -> None:
    """启动网页与 JSON 接口。没有索引也会启动，并说明怎样建立。"""
    from web.app import create_app
    from web.cli.index.outdated import rebuild_outdated
    from web.serving.processes import serve_in
    from web.serving.waitress_server import serve as run

    settings = settings_of(ctx, {"host": host, "port": port, "workers": workers})
    listener = _listen(settings)
    if seeds:
        _try_seeds(settings)
    rebuild_outdated(settings, asked=rebuild)
    app = create_app(settings, owns_process=True)
    address = f"http://{settings.host}:{listener.getsockname()[1]}"
    listener.listen()  # before the address is told: who reads it may ask at once
    with _until_told():
        click.echo(f"元搜已启动：{address} ，按 Ctrl+C 停止。")
        if settings.workers > 1:
            serve_in(settings.workers, partial(_answer, settings), listener)
        else:
            _tell_if_unready(app)
            run(app, listener)


def _answer(settings: Settings, listener: socket.socket) -> None:
    """What one of several processes does."""
    from web.app import create_app
    from web.serving.waitress_server import serve as run

    app = create_app(settings, owns_process=True)
    _tell_if_unready(app)
    run(app, listener)


@contextmanager
def _until_told() -> Iterator[None]:
    """What runs until a signal: SIGTERM ends it well, Ctrl+C as whatever it interrupts."""
    told = []

    def end(number: int, frame: object) -> None:
        told.append(number)
        raise KeyboardInterrupt

    # A process that is the first of a container is not ended by SIGTERM unless it says so.
    signal.signal(signal.SIGTERM, end)
    with suppress(KeyboardInterrupt):
        yield
    if not told:
        raise KeyboardInterrupt


def _tell_if_unready(app: "Flask") -> None:
    """Open what will answer, so that the first who asks need not wait for it."""
    from index.errors import YuansouError
    from web.serving.live_searcher import live

    try:
        with app.app_context():
            live().get()
    except YuansouError as error:
        click.echo(f"注意：{error}", err=True)


def _listen(settings: Settings) -> socket.socket:
    """Take the port before anything slow is done."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
    except OSError as error:
        listener.close()
        taken = error.errno == errno.EADDRINUSE
        why = "已被占用" if taken else f"不能使用（{error.strerror}）"
        raise SettingsError(
            f"地址 {settings.host}:{settings.port} {why}。",
            hint="请用 --port 换一个端口（make run PORT=8001）。",
        ) from error
    return listener


def _try_seeds(settings: Settings) -> None:
    """An index in disorder is told, and served as well as it can be."""
    from index.errors import IndexProblem, SourceError

    try:
        _build_seeds(settings)
    except (IndexProblem, SourceError) as problem:
        click.echo(f"没有更新示例索引：{problem}", err=True)


def _build_seeds(settings: Settings) -> None:
    """Build what `make run` needs; says what it does, and does nothing the second time."""
    from index.build.builder import Builder, BuildOptions, Report
    from index.engines.registry import open_engine, open_takedowns
    from index.errors import IndexOutdated
    from index.lexicon.loading import load_lexicon
    from web.cli.index.golden import seeds_check
    from web.cli.index.sources import remembered_sources, seed_articles

    engine = open_engine(settings)
    sources = remembered_sources(engine)
    if [source.resolve() for source in sources] != [seed_articles().resolve()]:
        return  # somebody's own index: not ours to touch
    lexicon = load_lexicon()
    builder = Builder(engine, lexicon, open_takedowns(settings))
    options = BuildOptions(check=seeds_check())
    report: Report
    try:
        same = _current_lexicon(engine) == lexicon.version
        report = (builder.update if same else builder.rebuild)(sources, options)
    except IndexOutdated:
        report = builder.rebuild(sources, options)
    if report.generation and (report.added or report.changed or report.removed):
        click.echo(f"已用示例文章建好索引：{report.generation.articles} 篇。")


def _current_lexicon(engine: "Engine") -> str | None:
    """The lexicon that the published generation was cut with; None without one."""
    from index.errors import IndexMissing

    try:
        current = engine.current()
    except IndexMissing:
        return None
    return engine.read(current).lexicon
