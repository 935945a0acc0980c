"""Everything that a command of `yuansou feeds` works with, opened together."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from index.errors import FeedsError
from index.fetching.archive import Archive
from index.fetching.connecting.http_client import HttpClient, user_agent
from index.fetching.fetcher import Clock, Fetched, Fetcher
from index.fetching.pages.extraction import require_extra
from index.fetching.state import FetchState, state_path
from index.fetching.subscriptions import Subscription, read_subscriptions
from index.file_lock import try_lock
from index.settings import Settings

if TYPE_CHECKING:
    from index.build.builder import Report

LOCK_WAIT = 120.0
"""Seconds to wait while another process writes to the index."""


def now() -> int:
    """Seconds since 1970."""
    return int(time.time())


@dataclass(frozen=True, slots=True)
class Session:
    """The list of feeds with the archive they are fetched into."""

    settings: Settings
    state: FetchState
    archive: Archive
    fetcher: Fetcher

    def subscriptions(self) -> list[Subscription]:
        """The feeds that are listed. Raises FeedsError if one needs what is not installed."""
        found = read_subscriptions(self.settings.feeds)
        if any(each.full_text for each in found):
            require_extra()
        return found

    def fetch(self, chosen: Sequence[Subscription]) -> Iterator[Fetched]:
        yield from self.fetcher.fetch(chosen)

    def index(self) -> "Report | None":
        """Index the files that were written since the last time; None if there are none. What
        fails stays to be indexed."""
        paths = self.state.unindexed()
        if not paths:
            return None
        report = _indexed(self.settings, self.archive.root, paths)
        self.state.mark_indexed(paths)
        return report


@contextmanager
def session(settings: Settings, clock: Clock = now, stop: Event | None = None) -> Iterator[Session]:
    """One process fetches at a time. Raises FeedsError if another does. `stop`: of `Fetcher`."""
    path = state_path(settings.index_dir)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_suffix(".lock").open("w") as lock:
        if not try_lock(lock.fileno()):
            hint = "请等它结束，或先停止 yuansou feeds watch（或 serve --fetch）。"
            raise FeedsError("另一个进程正在抓取。", hint=hint)
        state = FetchState(path)
        try:
            archive = Archive(settings.articles, state)
            client = HttpClient(agent=user_agent(settings.public_url))
            fetcher = Fetcher(client, archive, state, clock, stop=stop or Event())
            yield Session(settings, state, archive, fetcher)
        finally:
            state.close()


def _indexed(settings: Settings, root: Path, paths: Sequence[str]) -> "Report":
    """Adds files to the index; the whole folder to one that does not read it yet."""
    from index.build.builder import BuildOptions
    from index.errors import IndexMissing
    from web.cli.index.commands import builder_of
    from web.cli.index.golden import golden_check

    builder, engine = builder_of(settings)
    options = BuildOptions(check=golden_check(settings), wait=LOCK_WAIT)
    try:
        sources = engine.read(engine.current()).sources
    except IndexMissing:
        return builder.update([root], options)
    if not any(root.resolve().is_relative_to(source) for source in sources):
        return builder.add([root], options)
    return builder.add([root / path for path in paths if (root / path).exists()], options)
