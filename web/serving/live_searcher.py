"""The searcher over the published generation, replaced when another is published."""

import logging
import threading
import time
from collections.abc import Mapping
from concurrent.futures import Future
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from flask import Flask, current_app

from index.engines.api import Engine
from index.errors import ClusterAway, EngineUnavailable, IndexMissing, IndexProblem
from index.fallback import open_answering
from index.messages import msg
from index.takedowns import TakedownList
from search.explore.overview import Overview, overview
from search.ranking.meaning import Meaning
from search.searcher import Searcher
from web.serving.inherited import Inherited
from web.serving.process_tuning import freeze_opened_index, tuned_for_warming
from web.serving.single_thread import SingleThread

WARMING_DELAY_SECONDS = 0.5
"""Before warming a new generation, so that requests that waited for it are answered first."""
SECOND_READING_SECONDS = 0.5
"""Before damage is believed: a folder that is being deleted looks damaged until it has gone."""
_EXTENSION = "yuansou.live"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Served:
    """What answers. `published`: the name in force when it was opened; empty if there was none that
    could be read. `warning`: why another generation than that answers, else empty."""

    published: str
    searcher: Searcher
    warning: str


class LiveSearcher:
    """Gives every request the newest complete generation, without a restart.

    A request that began with the old generation ends with it: a snapshot is closed when nothing
    refers to it any more. A generation that is damaged is passed over for the newest sound one
    (index/fallback.py). Opening finds most damage; what only a full reading finds is found in the
    background, soon after. If no other generation can be opened (another engine or format, a
    deleted folder), the one that is open goes on answering. A warning is logged each time.
    """

    def __init__(
        self,
        engine: Engine,
        takedowns: TakedownList,
        *,
        owns_process: bool = False,
        meaning: Meaning | None = None,
    ) -> None:
        """`owns_process`: no other application runs in this process, so that its settings may be
        changed (process_tuning)."""
        self._engine = engine
        self._takedowns = takedowns
        self._owns_process = owns_process
        self._meaning = meaning
        self._lock = threading.Lock()
        self._opening, self._warming = SingleThread("open"), SingleThread("warm")
        self._verifying = SingleThread("verify")
        self._served: Served | None = None
        self._damaged: Mapping[str, str] = {}
        """What a full reading found, by generation."""
        self._sound: frozenset[str] = frozenset()
        self._inherited: Inherited | None = None
        """None in a process that opens everything for itself."""
        self._was_in_force = False
        """Whether what answers was in force at any request. What was opened before the fork may
        have been overtaken by then, and other processes answered from the newer one: if it
        answered even for a moment, an article that had been taken down would come back."""
        self._overviews: WeakKeyDictionary[Searcher, Overview] = WeakKeyDictionary()

    def get(self) -> Searcher:
        """Raises IndexMissing, IndexOutdated or IndexDamaged if no generation can be served."""
        return self.served().searcher

    def served(self) -> Served:
        """As `get`, with what there is to say about it."""
        self._heed_verdict()
        published = self._published()
        served = self._served
        if served is not None:
            if served.published == published:
                self._was_in_force = True
                return served
            if self._was_in_force and self._lock.locked():
                return served  # another thread is opening the new one
        with self._lock:
            served = self._served
            if served is None or served.published != published:
                served = self._renewed_in_turn(served, published)
        return served

    def known(self) -> Served:
        """As `served`, without asking a cluster: who wants to know whether this process is alive is
        not to wait for others."""
        if not self._engine.is_remote:
            return self.served()
        served = self._served
        if served is None:
            raise ClusterAway(msg("还没有连上搜索集群。"))
        return served

    def preload(self) -> None:
        """Open in this thread what the processes forked from this one will share. Raises as `get`.

        When another generation is published, each opens it with its next request, one at a time,
        and leaves the rest to those that whoever forked them has replace them.
        """
        inherited = self._inherited = Inherited()
        self._served = self._opened()
        inherited.published = self._served.published
        inherited.generation = self._served.searcher.index.generation

    def warm_preloaded(self) -> bool:
        """Load in this thread what `preload` leaves to be loaded, before others are forked. False
        if it could not open anything."""
        if self._served is None:
            return False
        self.load(self._served.searcher)
        if self._owns_process:
            freeze_opened_index()
        return True

    def verify_preloaded(self) -> None:
        """Read all files, for all the processes that share the index."""
        inherited = self._inherited
        if inherited is None or not inherited.generation:
            return
        with suppress(IndexProblem):  # deleted meanwhile: it will be replaced
            faults = self._faults_of(inherited.generation)
            inherited.verdict.find(faults[0] if faults else "")

    def _heed_verdict(self) -> None:
        """Leave what was opened for this process if it was found to be damaged."""
        inherited = self._inherited
        if inherited is None or inherited.generation in self._damaged:
            return
        damage = inherited.verdict.damage
        if damage:
            self._condemn(inherited.generation, damage)

    def opened(self) -> Searcher | None:
        """What is open already, without looking whether there is something newer."""
        served = self._served
        return served.searcher if served is not None else None

    def is_verified(self, generation: str) -> bool:
        """Whether every byte of this generation has been compared with its checksums."""
        inherited = self._inherited
        if inherited is not None and inherited.generation == generation:
            return inherited.verdict.sound
        return generation in self._sound

    def _published(self) -> str:
        try:
            return self._engine.current()
        except EngineUnavailable:
            raise
        except IndexProblem:
            return ""

    def overview(self) -> Overview:
        """What the generation holds; an empty one until it has been computed."""
        return self._overviews.get(self.get(), Overview())

    def load(self, searcher: Searcher) -> None:
        """Compute ahead of requests what takes seconds."""
        searcher.aids.load()
        self._overviews[searcher] = overview(searcher)

    def _renewed_in_turn(self, held: Served | None, published: str) -> Served:
        """Of processes that share an index one at a time reads another; those that hold one that
        was in force answer from it meanwhile. Call with the lock held."""
        if self._inherited is None:
            return self._renewed(held, published)
        may_answer = held is not None and self._was_in_force
        with self._inherited.turn(waiting=not may_answer) as is_ours:
            if held is not None and not is_ours:
                return held
            return self._renewed(held, published)

    def _renewed(self, held: Served | None, published: str) -> Served:
        """Call with the lock held."""
        try:
            served = self._open(published)
        except IndexProblem as problem:
            if held is None or not self._outlives(held, problem):
                self._served = None
                raise
            warning = f"仍用版本 {held.searcher.index.generation} 回答：{problem}"
            log.warning(warning)
            if isinstance(problem, EngineUnavailable):
                return held  # temporary: try again
            served = Served(published, held.searcher, warning)
        self._served = served
        return served

    def _outlives(self, held: Served, problem: IndexProblem) -> bool:
        """Whether what is open may go on answering. A deleted folder stays readable while it is
        open; a deleted index of a cluster does not."""
        gone = isinstance(problem, IndexMissing) and self._engine.updates_in_place
        return not gone and held.searcher.index.generation not in self._damaged

    def _open(self, published: str) -> Served:
        served = self._opening.submit(self._opened).result()
        if served.warning:
            log.warning(served.warning)
        if self._inherited is not None and self._inherited.is_replaced_soon(published):
            return served  # by a process that has the rest loaded, once for all
        searcher = served.searcher
        self._warming.submit(lambda: self._warm(searcher)).add_done_callback(_log_failure)
        # At once: warming takes ten times as long, and Python runs others while a file is read.
        name = searcher.index.generation
        self._verifying.submit(lambda: self._verify(name)).add_done_callback(_log_unverified)
        return served

    def _opened(self) -> Served:
        answering = open_answering(self._engine, self._takedowns, self._damaged)
        searcher = Searcher(
            answering.snapshot, aids_loaded_in_background=True, meaning=self._meaning
        )
        if self._owns_process:
            freeze_opened_index(shares_frozen=self._inherited is not None)
        published = self._published() if answering.warning else searcher.index.generation
        return Served(published, searcher, answering.warning)

    def _warm(self, searcher: Searcher) -> None:
        """Load what suggestions, corrections and the home page need. It takes seconds, which no
        request should wait for."""
        time.sleep(WARMING_DELAY_SECONDS)
        with tuned_for_warming() if self._owns_process else nullcontext():
            self.load(searcher)
        if self._owns_process:
            freeze_opened_index(shares_frozen=self._inherited is not None)

    def _verify(self, generation: str) -> None:
        """Read the files of a generation that was opened. If they are damaged, another answers."""
        try:
            faults = self._faults_of(generation)
        except IndexProblem:
            return  # deleted meanwhile, or lost: `served` deals with it
        if not faults:
            self._sound = frozenset({generation})
            return
        self._condemn(generation, faults[0])

    def _faults_of(self, generation: str) -> list[str]:
        """Raises IndexProblem where it was deleted: what is open of it stays readable."""
        faults = self._engine.verify_unread(generation)
        if faults:
            time.sleep(SECOND_READING_SECONDS)
            faults = self._engine.verify_unread(generation)
        return faults

    def _condemn(self, generation: str, fault: str) -> None:
        damage = f"索引版本 {generation} 已损坏：{fault}"
        log.error(damage)
        with self._lock:
            self._damaged = {**self._damaged, generation: damage}
            served = self._served
            if served is not None and served.searcher.index.generation == generation:
                with suppress(IndexProblem):  # then requests say so
                    self._renewed(served, self._published())


def _log_failure(warming: Future[None]) -> None:
    error = warming.exception()
    if error is not None:
        log.error("提示与纠错没有准备好", exc_info=error)


def _log_unverified(verifying: Future[None]) -> None:
    error = verifying.exception()
    if error is not None:
        log.error("没有核对完索引的文件", exc_info=error)


def init_app(app: Flask, searcher: LiveSearcher) -> None:
    app.extensions[_EXTENSION] = searcher


def live() -> LiveSearcher:
    """The live searcher of the current application."""
    searcher: LiveSearcher = current_app.extensions[_EXTENSION]
    return searcher
