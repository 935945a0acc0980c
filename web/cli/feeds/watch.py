"""`yuansou feeds watch`: fetches what is due, again and again until it is stopped."""

import signal
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from typing import TYPE_CHECKING

import click

from index.errors import YuansouError
from index.settings import Settings
from web.cli.feeds.rounds import fetch_round, print_round
from web.cli.options import settings_of

if TYPE_CHECKING:
    from web.cli.feeds.session import Session

LONGEST_PAUSE = 30.0
"""Seconds after which feeds.toml is read again."""


@click.command()
@click.pass_context
def watch(ctx: click.Context) -> None:
    """一直守着：到时候就抓取，把新文章收入索引，直到停止。"""
    settings = settings_of(ctx)
    click.echo(f"正在守候 {settings.feeds} 里的订阅源，新加的也会抓取；按 Ctrl+C 停止。", err=True)
    with _stopped_by_signals() as stop:
        watching(settings, stop)


def watching(settings: Settings, stop: Event) -> None:
    """Fetch and index until `stop`. What fails is told, and tried again later: also where another
    process fetches, the disk is full, or a file is not what it was."""
    from index.fetching.schedule import FIRST_RETRY
    from web.cli.feeds.session import session

    while not stop.is_set():
        try:
            with session(settings, stop=stop) as opened:
                while not stop.is_set():
                    _round(opened)
                    stop.wait(_pause(opened))
        except YuansouError as problem:
            _tell(problem, stop, LONGEST_PAUSE)
        except (OSError, sqlite3.Error, UnicodeDecodeError) as problem:
            _tell(problem, stop, FIRST_RETRY)


def _tell(problem: Exception, stop: Event, pause: float) -> None:
    click.echo(f"注意：{problem}", err=True)
    stop.wait(pause)


def _round(opened: "Session") -> None:
    chosen = opened.fetcher.due(opened.subscriptions())
    if chosen or opened.state.unindexed():
        print_round(fetch_round(opened, chosen))


def _pause(opened: "Session") -> float:
    """Seconds until the next feed is due; a part of them, so that new feeds are noticed."""
    from web.cli.feeds.session import now

    next_at = opened.fetcher.next_due(opened.subscriptions())
    left = LONGEST_PAUSE if next_at is None else next_at - now()
    return min(LONGEST_PAUSE, max(1.0, left))


@contextmanager
def _stopped_by_signals() -> Iterator[Event]:
    """An event that SIGTERM and Ctrl+C set, so that a round that has begun is finished."""
    stop = Event()
    before = {
        number: signal.signal(number, lambda *_: stop.set())
        for number in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
