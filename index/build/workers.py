"""Cuts articles on all cores, in order, with bounded memory, in two stages: drafts, which tell a
story, and from drafts with their stories packed batches of documents."""

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
from index.document import Arrival, Document, DocumentMaker, Draft, drafts, epoch
from index.duplicates.grouping import Member
from index.errors import BuildInterrupted
from index.lexicon.model import Lexicon

Pack = Callable[[Sequence[Document]], Any]
In = TypeVar("In")
Out = TypeVar("Out")

BATCH_ARTICLES = 500
BATCH_CHARACTERS = 2_000_000
"""A batch ends at whichever comes first, so that twenty books do not travel as one."""
WORTH_WORKERS = 400
"""Below so many articles starting workers takes longer than they save."""


class AnalysisPool:
    """Workers, if there is enough for them to do, from the first call to the end of the block."""

    def __init__(self, lexicon: Lexicon, pack: Pack) -> None:
        self._lexicon = lexicon
        self._stages = Stages(lexicon, pack)
        self._pack = pack
        self._workers = cores()
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> "AnalysisPool":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._pool:
            self._pool.shutdown(cancel_futures=True)

    def drafted(self, arrivals: Iterable[Arrival]) -> Iterator[list[SpooledDraft]]:
        """Drafts of the arrivals, in their order."""
        source = iter(arrivals)
        first = list(islice(source, WORTH_WORKERS))
        everything = batches(chain(first, source))
        if len(first) < WORTH_WORKERS or self._workers == 1:
            yield from map(self._stages.draft, everything)
            return
        yield from self._in_workers(_draft, everything)

    def packed(self, placed: Iterable[list[AssignedDraft]]) -> Iterator[tuple[int, Any]]:
        """(articles, packed batch) for each batch of drafts that have their story."""
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
    """What a process does and keeps between batches."""

    def __init__(self, lexicon: Lexicon, pack: Pack) -> None:
        self._lexicon = lexicon
        self._pack = pack
        self._maker: DocumentMaker | None = None

    def draft(self, batch: list[Arrival]) -> list[SpooledDraft]:
        return [_drafted(draft) for draft in drafts(batch)]

    def pack(self, batch: list[AssignedDraft]) -> tuple[int, Any]:
        # A segmenter takes a third of a second to make.
        maker = self._maker = self._maker or DocumentMaker(self._lexicon)
        documents = [maker.finish(pickle.loads(p.data), p.story) for p in batch]  # noqa: S301
        return len(batch), self._pack(documents)


def _drafted(draft: Draft) -> SpooledDraft:
    article = draft.arrival.article
    member = Member(epoch(article.published), draft.sketch)
    return SpooledDraft(article.id, member, pickle.dumps(draft, pickle.HIGHEST_PROTOCOL))


def cores() -> int:
    """Those this process may use; in a container that can be fewer than the machine has."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


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
    """What a worker process keeps between batches."""

    stages: Stages


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Ctrl+C waits, for a pool that it interrupts while it starts a process waits for ever at its
    end; and the processes started within never hear it, for a terminal sends it to all of them, and
    one that ends with the lock of the queue in its hands leaves the others waiting."""
    if threading.current_thread() is not threading.main_thread():
        yield  # nothing interrupts it
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
    _Worker.stages = Stages(Lexicon.from_json(lexicon_json), pack)
    threading.Thread(target=_die_with_parent, daemon=True).start()


def _draft(batch: list[Arrival]) -> list[SpooledDraft]:
    return _Worker.stages.draft(batch)


def _pack(batch: list[AssignedDraft]) -> tuple[int, Any]:
    return _Worker.stages.pack(batch)


def _die_with_parent() -> None:
    """A killed parent cannot stop its workers, and they would wait for it for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
