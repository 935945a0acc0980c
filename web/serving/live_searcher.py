"""The searcher over the published generation, replaced when another is published."""

import logging
import threading
import time
from concurrent.futures import Future
from contextlib import nullcontext

from flask import Flask, current_app

from index.engines.api import Engine
from index.errors import EngineUnavailable, IndexProblem
from search.searcher import Searcher
from web.serving.process_tuning import freeze_opened_index, tuned_for_warming
from web.serving.single_thread import SingleThread

WARMING_DELAY_SECONDS = 0.5
"""Before warming a new generation, so that requests that waited for it are answered first."""
_EXTENSION = "yuansou.live"

log = logging.getLogger(__name__)


class LiveSearcher:
    """Gives every request the newest complete generation, without a restart.

    A request that began with the old generation ends with it: a snapshot is closed when nothing
    refers to it any more. If the newest generation cannot be opened (another engine or format, a
    damaged file), the old one goes on answering, and a warning is logged.
    """

    def __init__(self, engine: Engine, *, owns_process: bool = False) -> None:
        """`owns_process`: no other application runs in this process, so that its settings may be
        changed (process_tuning)."""
        self._engine = engine
        self._owns_process = owns_process
        self._lock = threading.Lock()
        self._opening, self._warming = SingleThread("open"), SingleThread("warm")
        self._searcher: Searcher | None = None
        self._refused = ""
        """A generation that could not be opened. It is tried once, not at every request."""

    def get(self) -> Searcher:
        """Raises IndexMissing, IndexOutdated or IndexDamaged if no generation can be served."""
        name = self._engine.current()
        searcher = self._searcher
        if searcher is not None and name in (searcher.index.generation, self._refused):
            return searcher
        if searcher is not None and self._lock.locked():
            return searcher  # another thread is opening the new one
        with self._lock:
            searcher = self._searcher
            if searcher is None:
                searcher = self._searcher = self._open_newest(name)
            elif name not in (searcher.index.generation, self._refused):
                searcher = self._searcher = self._renewed(searcher, name)
        return searcher

    def _renewed(self, searcher: Searcher, name: str) -> Searcher:
        try:
            return self._open_newest(name)
        except IndexProblem as problem:
            log.warning("仍用版本 %s 回答：%s", searcher.index.generation, problem)
            if not isinstance(problem, EngineUnavailable):  # temporary: try again
                self._refused = name
            return searcher

    def _open_newest(self, name: str) -> Searcher:
        """Open this generation. If it is deleted meanwhile because newer ones were published, open
        the newest."""
        while True:
            try:
                return self._open(name)
            except IndexProblem:
                newest = self._engine.current()
                if newest == name:
                    raise
                name = newest

    def _open(self, name: str) -> Searcher:
        searcher = self._opening.submit(lambda: self._opened(name)).result()
        self._warming.submit(lambda: self._warm(searcher)).add_done_callback(_log_failure)
        return searcher

    def _opened(self, name: str) -> Searcher:
        searcher = Searcher(self._engine.open(name), aids_loaded_in_background=True)
        if self._owns_process:
            freeze_opened_index()
        return searcher

    def _warm(self, searcher: Searcher) -> None:
        """Load what suggestions and corrections need. It takes seconds, which no request should
        wait for."""
        time.sleep(WARMING_DELAY_SECONDS)
        with tuned_for_warming() if self._owns_process else nullcontext():
            searcher.aids.load()
        if self._owns_process:
            freeze_opened_index()


def _log_failure(warming: Future[None]) -> None:
    error = warming.exception()
    if error is not None:
        log.error("提示与纠错没有准备好", exc_info=error)


def init_app(app: Flask, searcher: LiveSearcher) -> None:
    app.extensions[_EXTENSION] = searcher


def live() -> LiveSearcher:
    """The live searcher of the current application."""
    searcher: LiveSearcher = current_app.extensions[_EXTENSION]
    return searcher
