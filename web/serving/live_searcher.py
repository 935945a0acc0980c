"""The searcher over the published generation, renewed when another is published."""

import gc
import logging
import sys
import threading
import time
from functools import partial

from flask import current_app

from index.engines.api import Engine
from index.errors import EngineUnavailable, IndexProblem
from search.searcher import Searcher
from web.serving.single_thread import Lane

FIRST_ANSWER = 0.5
"""Seconds that a new generation only answers: who waited for it asks at once."""
USUAL_SWITCH, QUICK_SWITCH = sys.getswitchinterval(), 0.0005
"""Seconds after which a thread that reads ahead gives way; Python's own 5 ms, twenty times, made
answers 100 ms slower."""

log = logging.getLogger(__name__)


class LiveSearcher:
    """Gives every request the newest complete generation, without a restart.

    A request that began with the old generation ends with it: a snapshot is closed by whoever
    holds it last. Where the newest cannot be opened (another engine or format, a damaged file),
    the one that is open goes on answering, and the log says so.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._opening, self._warming = Lane("open"), Lane("warm")
        self._searcher: Searcher | None = None
        self._refused = ""
        """The generation that could not be opened: it is tried once, not at every request."""

    def get(self) -> Searcher:
        """Raises IndexMissing, IndexOutdated or IndexDamaged where nothing can be served."""
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
            if not isinstance(problem, EngineUnavailable):  # that passes: the next request tries
                self._refused = name
            return searcher

    def _open_newest(self, name: str) -> Searcher:
        """Open a generation; or the one that took its place while it was being opened, for the
        files of an old generation go when others have followed it."""
        while True:
            try:
                return self._open(name)
            except IndexProblem:
                newest = self._engine.current()
                if newest == name:
                    raise
                name = newest

    def _open(self, name: str) -> Searcher:
        searcher = self._opening.do(lambda: _opened(self._engine, name)).result()
        self._warming.do(partial(_warm, searcher))
        return searcher


def _opened(engine: Engine, name: str) -> Searcher:
    searcher = Searcher(engine.open(name), aids_loaded_in_background=True)
    _keep()
    return searcher


def _warm(searcher: Searcher) -> None:
    """What suggestions and corrections need: seconds that no request should wait for. Python runs
    one thread at a time, and a request gives its turn away some twenty times. Nothing of what is
    made is garbage, and each look for some would stop every thread."""
    time.sleep(FIRST_ANSWER)
    sys.setswitchinterval(QUICK_SWITCH)
    gc.disable()
    try:
        searcher.aids.load()
    finally:
        gc.enable()
        sys.setswitchinterval(USUAL_SWITCH)
    _keep()


def _keep() -> None:
    """Keep the collector from walking through what was opened again and again: a full collection
    stops an answer for 40 ms, 1 ms without it."""
    gc.unfreeze()  # or what was kept before, and is nobody's any more, would stay for ever
    gc.collect()
    gc.freeze()


def live() -> LiveSearcher:
    """The one of the application that answers this request."""
    found: LiveSearcher = current_app.extensions["yuansou.live"]
    return found
