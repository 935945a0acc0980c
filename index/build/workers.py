"""Analyses articles on all cores, in order and with bounded memory.

Two stages: articles to drafts, and drafts with their stories to packed batches of documents.
"""

import gc
import multiprocessing
import os
import pickle
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import chain, islice
from multiprocessing.connection import wait
from types import TracebackType
from typing import Any, TypeVar

from index.build.spool import AssignedDraft, SpooledDraft
from index.cores import cores
from index.document import Arrival, Document, DocumentMaker, Draft, drafts, given_date
from index.duplicates.members import Member
from index.errors import BuildInterrupted
from index.lexicon.model import Lexicon

Pack = Callable[[Sequence[Document]], Any]
In = TypeVar("In")
Out = TypeVar("Out")

BATCH_ARTICLES = 500
BATCH_CHARACTERS = 2_000_000
"""A batch ends at whichever limit comes first."""
WORTH_WORKERS = 400
"""With fewer articles, starting workers takes longer than they save."""

COLLECT_AFTER = 100_000
"""Containers that are made between two looks for cyclic garbage. Analysis leaves none, and with
Python's default of 700 a twentieth of its time goes into looking."""


class AnalysisPool:
    """Worker processes, started when there is enough work, ended with the `with` block."""

    def __init__(self, lexicon: Lexicon, pack: Pack) -> None:
        self._lexicon = lexicon
        self._stages = Stages(lexicon, pack)
        self._pack = pack
        self._workers = cores()
        self._pool: ProcessPoolExecutor | None = None
        self._thresholds = gc.get_threshold()

    def __enter__(self) -> "AnalysisPool":
        gc.set_threshold(COLLECT_AFTER, *self._thresholds[1:])
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        gc.set_threshold(*self._thresholds)
        if self._pool:
            self._pool.shutdown(cancel_futures=True)

    def drafted(self, arrivals: Iterable[Arrival]) -> Iterator[list[SpooledDraft]]:
        """Drafts of the articles, in order."""
        source = iter(arrivals)
        first = list(islice(source, WORTH_WORKERS))
        everything = batches(chain(first, source))
        if len(first) < WORTH_WORKERS or self._workers == 1:
            yield from map(self._stages.draft, everything)
            return
        yield from self._in_workers(_draft, everything)

    def packed(self, placed: Iterable[list[AssignedDraft]]) -> Iterator[tuple[int, Any]]:
        """(number of articles, packed batch) for each batch of drafts."""
        if self._pool:
            yield from self._in_workers(_pack, placed)
        else:
            yield from map(self._stages.pack, placed)

    def _in_workers(self, task: Callable[[In], Out], items: Iterable[In]) -> Iterator[Out]:
        pool = self._pool = self._pool or self._start()
        pending: deque[Future[Out]] = deque()
        try:
            for item in items:
                with _undisturbed():
                    pending.append(pool.submit(task, item))
                if len(pending) > self._workers + 1:
                    yield pending.popleft().result()
            while pending:
                yield pending.popleft().result()
        except BrokenProcessPool as error:
            raise BuildInterrupted(
                "一个切词进程被系统终止了，多半是内存不足；当前索引保持原样。",
                hint="请腾出内存，或限制可用的核（如 taskset -c 0），再运行一次。",
            ) from error

    def _start(self) -> ProcessPoolExecutor:
        context = multiprocessing.get_context("spawn")  # fork is unsafe once threads run
        start = (self._lexicon.to_json(), self._pack)
        return ProcessPoolExecutor(self._workers, context, _start_worker, start)


class Stages:
    """Both stages, with the document maker that a process keeps between batches."""

    def __init__(self, lexicon: Lexicon, pack: Pack) -> None:
        self._lexicon = lexicon
        self._pack = pack
        self._maker: DocumentMaker | None = None

    def draft(self, batch: list[Arrival]) -> list[SpooledDraft]:
        return [_drafted(draft) for draft in drafts(batch)]

    def pack(self, batch: list[AssignedDraft]) -> tuple[int, Any]:
        # Making a segmenter takes a third of a second.
        maker = self._maker = self._maker or DocumentMaker(self._lexicon)
        documents = [maker.finish(pickle.loads(p.data), p.story) for p in batch]  # noqa: S301
        return len(batch), self._pack(documents)


def _drafted(draft: Draft) -> SpooledDraft:
    article = draft.arrival.article
    member = Member(given_date(article), draft.sketch)
    return SpooledDraft(article.id, member, pickle.dumps(draft, pickle.HIGHEST_PROTOCOL))


def batches(arrivals: Iterable[Arrival]) -> Iterator[list[Arrival]]:
    batch: list[Arrival] = []
    characters = 0
    for arrival in arrivals:
        batch.append(arrival)
        characters += len(arrival.article.body)
        if len(batch) >= BATCH_ARTICLES or characters >= BATCH_CHARACTERS:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch


class _Worker:
    """State of a worker process."""

    stages: Stages


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Delay Ctrl+C until the end of the block, and block it in processes started inside.

    A pool that is interrupted while it starts a process hangs at shutdown. A terminal sends Ctrl+C
    to the workers as well, and a worker that dies holding the lock of the queue blocks the others.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # signals are handled in the main thread only
        return
    held: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: held.append(number))
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        signal.signal(signal.SIGINT, before)
    for number in held:
        signal.raise_signal(number)


def _start_worker(lexicon_json: str, pack: Pack) -> None:
    gc.set_threshold(COLLECT_AFTER, *gc.get_threshold()[1:])
    _Worker.stages = Stages(Lexicon.from_json(lexicon_json), pack)
    threading.Thread(target=_die_with_parent, daemon=True).start()


def _draft(batch: list[Arrival]) -> list[SpooledDraft]:
    return _Worker.stages.draft(batch)


def _pack(batch: list[AssignedDraft]) -> tuple[int, Any]:
    return _Worker.stages.pack(batch)


def _die_with_parent() -> None:
    """End this worker when its parent dies: a killed parent cannot stop it."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
