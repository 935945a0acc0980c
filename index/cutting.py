"""Cuts arrivals into packed batches, on all cores, in order, with bounded memory."""

import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import chain, islice
from multiprocessing.connection import wait
from typing import Any

from index.document import Arrival, Document, DocumentMaker
from index.lexicon import Lexicon

Pack = Callable[[Sequence[Document]], Any]

BATCH_ARTICLES = 500
BATCH_CHARACTERS = 2_000_000
"""A batch ends at whichever comes first, so that twenty books do not travel as one."""
WORTH_WORKERS = 400
"""Below so many articles starting workers takes longer than they save."""


def packed(arrivals: Iterable[Arrival], lexicon: Lexicon, pack: Pack) -> Iterator[tuple[int, Any]]:
    """(articles, packed batch) in the order of the arrivals."""
    source = iter(arrivals)
    first = list(islice(source, WORTH_WORKERS))
    if not first:
        return  # a segmenter takes a third of a second to make
    everything = batches(chain(first, source))
    workers = _cores()
    if len(first) < WORTH_WORKERS or workers == 1:
        maker = DocumentMaker(lexicon)
        for batch in everything:
            yield len(batch), pack(maker.make_all(batch))
        return
    yield from _in_workers(everything, workers, (lexicon.to_json(), pack))


def _cores() -> int:
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


def _in_workers(
    everything: Iterator[list[Arrival]], workers: int, start: tuple[str, Pack]
) -> Iterator[tuple[int, Any]]:
    context = multiprocessing.get_context("spawn")  # fork is unsafe once threads run
    pending: deque[tuple[int, Future[Any]]] = deque()
    with ProcessPoolExecutor(workers, context, _start_worker, start) as pool:
        try:
            for batch in everything:
                pending.append((len(batch), pool.submit(_work, batch)))
                if len(pending) > workers + 1:
                    count, future = pending.popleft()
                    yield count, future.result()
            while pending:
                count, future = pending.popleft()
                yield count, future.result()
        finally:
            pool.shutdown(cancel_futures=True)


class _Worker:
    """What a worker process keeps between batches."""

    maker: DocumentMaker
    pack: Pack


def _start_worker(lexicon_json: str, pack: Pack) -> None:
    _Worker.maker = DocumentMaker(Lexicon.from_json(lexicon_json))
    _Worker.pack = staticmethod(pack)
    threading.Thread(target=_die_with_parent, daemon=True).start()


def _work(batch: list[Arrival]) -> Any:
    return _Worker.pack(_Worker.maker.make_all(batch))


def _die_with_parent() -> None:
    """A killed parent cannot stop its workers, and they would wait for it for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
