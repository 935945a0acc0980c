"""`yuansou serve`: starts the web server."""

import errno
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from functools import partial
from typing import TYPE_CHECKING

import click

from index.errors import SettingsError
from index.settings import Settings
from web.cli.options import as_setting, settings_of

if TYPE_CHECKING:
    from flask import Flask

    from index.engines.api import Engine
    from web.shared_state import SharedState
    from web.statistics.collector import QueryChannel


MOST_BY_ITSELF = 8
"""Processes that answer on a machine with more cores, unless more are asked for."""
SMALL_ARTICLES = 1_000
"""Over fewer articles one process answers, unless more are asked for."""


@click.command()
@click.option("--host", callback=as_setting, help="监听的地址。")
@click.option("--port", callback=as_setting, help="监听的端口。")
@click.option(
    "--workers",
    callback=as_setting,
    help="用几个进程回答；auto（默认）为每个核一个，最多 8 个（文章少于一千篇时一个）。",
)
@click.option("--seeds", is_flag=True, help="先用示例文章建好索引（若还没有，或示例有改动）。")
@click.option("--fetch", is_flag=True, help="同时守着订阅源，把新文章收入索引。")
@click.option("--rebuild", is_flag=True, help="若索引由旧版本建成，先重建它。")
@click.pass_context
def serve(
    ctx: click.Context,
    host: str | None,
    port: int | None,
    workers: int | str | None,
    seeds: bool,
    fetch: bool,
    rebuild: bool,
) -> None:
    """启动网页与 JSON 接口。没有索引也会启动，并说明怎样建立。"""
    from web.cli.index.outdated import rebuild_outdated
    from web.serving.process_tuning import share_one_heap
    from web.shared_state import shared_by

    share_one_heap()
    settings = settings_of(ctx, {"host": host, "port": port, "workers": workers})
    listener = _listen(settings)
    if seeds:
        _try_seeds(settings)
    rebuild_outdated(settings, asked=rebuild)
    with _until_signalled():
        count, channel = _processes(settings), _query_channel(settings)
        shared = shared_by(settings, count, channel.sender if channel else None)
        beside = _beside(settings, listener, count, channel, fetch=fetch)
        if count > 1:
            _serve_in_several(settings, count, listener, shared, beside)
        else:
            _serve_in_one(settings, listener, shared, beside)


def _serve_in_one(
    settings: Settings,
    listener: socket.socket,
    shared: "SharedState",
    beside: AbstractContextManager[None],
) -> None:
    from web.app import create_app
    from web.serving.waitress_server import serve as run

    app = create_app(settings, owns_process=True, shared=shared)
    with beside:
        _open_index(app)
        run(app, listener)


def _serve_in_several(
    settings: Settings,
    count: int,
    listener: socket.socket,
    shared: "SharedState",
    beside: AbstractContextManager[None],
) -> None:
    from web.serving.processes import serve_in

    load = partial(_Preloaded, settings, shared)
    serve_in(load, count, listener, _publication(settings), beside)


@contextmanager
def _beside(
    settings: Settings,
    listener: socket.socket,
    count: int,
    channel: "QueryChannel | None",
    *,
    fetch: bool,
) -> Iterator[None]:
    """What the first process does while the application answers, which has been made by then, so
    that nothing is wrong with the settings."""
    from web.statistics.collector import collecting
    from web.statistics.day_files import DayFiles

    files = DayFiles.beside(settings.index_dir)
    with (
        _fetching(settings) if fetch else nullcontext(),
        collecting(files, channel) if channel else nullcontext(),
    ):
        listener.listen()  # before printing the address, which must work as soon as it is shown
        address = f"http://{_shown(settings.host)}:{listener.getsockname()[1]}"
        click.echo(f"元搜已启动：{address} ，{count} 个进程，按 Ctrl+C 停止。")
        yield


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host


@contextmanager
def _fetching(settings: Settings) -> Iterator[None]:
    """Fetch feeds in a thread beside the server. It may end at any step: files are whole, and the
    rest is done after the next start."""
    from web.cli.feeds.watch import watching

    stop = threading.Event()
    threading.Thread(target=watching, args=(settings, stop), name="feeds", daemon=True).start()
    try:
        yield
    finally:
        stop.set()


def _processes(settings: Settings) -> int:
    """How many answer. By itself one for each core, but one over an index so small that another
    process would take more memory than the index."""
    from index.cores import cores

    if settings.workers != "auto":
        return settings.workers
    count = min(cores(), MOST_BY_ITSELF)
    return 1 if count > 1 and _is_small(settings) else count


def _is_small(settings: Settings) -> bool:
    """False where there is no index yet: nobody knows how large it will be."""
    from index.engines.registry import open_engine
    from index.errors import IndexProblem

    if _is_cluster(settings):
        return False
    with suppress(IndexProblem):
        engine = open_engine(settings)
        return engine.read(engine.current()).articles < SMALL_ARTICLES
    return False


class _Preloaded:
    """The application in several processes. What a cluster holds is opened by each for itself:
    connections cannot be shared, and there is little to share."""

    def __init__(self, settings: Settings, shared: "SharedState") -> None:
        self._settings = settings
        self._shared = shared
        app = self._create()  # for a cluster too, which shows what is wrong with the settings
        self._app = None if _is_cluster(settings) else app

    def _create(self) -> "Flask":
        from web.app import create_app

        return create_app(self._settings, owns_process=True, shared=self._shared)

    def open(self) -> str:
        from index.errors import IndexProblem
        from web.serving.live_searcher import live

        if self._app is None:
            return ""
        try:
            with self._app.app_context():
                live().preload()
        except IndexProblem as problem:
            return str(problem)
        return ""

    def warm(self) -> bool:
        from web.serving.live_searcher import live

        if self._app is None:
            return False
        with self._app.app_context():
            return live().warm_preloaded()

    def verify(self) -> None:
        from web.serving.live_searcher import live

        if self._app is not None:
            with self._app.app_context():
                live().verify_preloaded()

    def serve(self, listener: socket.socket, ending: Callable[[], bool]) -> None:
        from web.serving.waitress_server import serve as run

        app = self._app or self._create()
        if self._app is None:
            _open_index(app)
        run(app, listener, ending)


def _is_cluster(settings: Settings) -> bool:
    return settings.engine == "opensearch"


def _publication(settings: Settings) -> Callable[[], str]:
    """Looks for the generation in force, for processes that share what they open; else empty."""
    from index.engines.registry import open_engine
    from index.errors import IndexProblem

    engine = None if _is_cluster(settings) else open_engine(settings)

    def published() -> str:
        with suppress(IndexProblem):
            return engine.current() if engine else ""
        return ""

    return published


def _query_channel(settings: Settings) -> "QueryChannel | None":
    """None unless the settings say that queries are counted."""
    from web.statistics.collector import QueryChannel

    return None if settings.query_counts == "off" else QueryChannel.open()


@contextmanager
def _until_signalled() -> Iterator[None]:
    """Run the body until a signal. SIGTERM ends it normally, Ctrl+C raises KeyboardInterrupt."""
    received = []

    def end(number: int, frame: object) -> None:
        received.append(number)
        raise KeyboardInterrupt

    # Without a handler, process 1 of a container ignores SIGTERM.
    signal.signal(signal.SIGTERM, end)
    with suppress(KeyboardInterrupt):
        yield
    if not received:
        raise KeyboardInterrupt


def _open_index(app: "Flask") -> None:
    """Open the index before the first request, and print a warning if that fails."""
    from index.errors import YuansouError
    from web.serving.live_searcher import live

    try:
        with app.app_context():
            live().get()
    except YuansouError as error:
        click.echo(f"注意：{error}", err=True)


def _listen(settings: Settings) -> socket.socket:
    """Bind the port first, so that a port in use is reported before anything slow."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
    except OSError as error:
        listener.close()
        taken = error.errno == errno.EADDRINUSE
        why = "已被占用" if taken else f"不能使用（{error.strerror}）"
        hint = "请用 --port 换一个端口（make run PORT=8001）。"
        if error.errno == errno.EADDRNOTAVAIL:
            hint = "这台机器没有这个地址，请用 --host 换一个（如 127.0.0.1 或 0.0.0.0）。"
        raise SettingsError(f"地址 {settings.host}:{settings.port} {why}。", hint=hint) from error
    return listener


def _try_seeds(settings: Settings) -> None:
    """Build the sample index. Print problems of an existing index and go on serving."""
    from index.errors import IndexProblem, SourceError

    try:
        _build_seeds(settings)
    except (IndexProblem, SourceError) as problem:
        click.echo(f"没有更新示例索引：{problem}", err=True)


def _build_seeds(settings: Settings) -> None:
    """Build or update the sample index for `make run`. Does nothing if it is up to date."""
    from index.build.builder import Builder, BuildOptions, Report
    from index.engines.registry import open_engine, open_takedowns
    from index.errors import IndexOutdated
    from index.lexicon.loading import load_lexicon
    from web.cli.index.golden import seeds_check
    from web.cli.index.sources import remembered_sources, seed_articles

    engine = open_engine(settings)
    sources = remembered_sources(engine)
    if [source.resolve() for source in sources] != [seed_articles().resolve()]:
        return  # the user's own index: leave it alone
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
    """The lexicon version of the published generation; None if there is no generation."""
    from index.errors import IndexMissing

    try:
        current = engine.current()
    except IndexMissing:
        return None
    return engine.read(current).lexicon
