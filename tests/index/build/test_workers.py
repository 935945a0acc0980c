"""Analysis on all cores: the order is kept, the result equals that of one process, no process
stays."""

import gc
import multiprocessing
import os
import signal
from collections.abc import Iterable, Iterator, Sequence
from itertools import count, islice

import pytest

from index.article import Article
from index.build.spool import AssignedDraft
from index.build.workers import (
    BATCH_ARTICLES,
    BATCH_CHARACTERS,
    COLLECT_AFTER,
    WORTH_WORKERS,
    AnalysisPool,
    batches,
)
from index.document import Arrival, Document, DocumentMaker
from index.errors import BuildInterrupted
from index.lexicon.model import Lexicon
from tests.support.processes import Process

pytestmark = pytest.mark.slow

ENDLESS = """
from index.build.workers import AnalysisPool
from index.lexicon.model import Lexicon
from tests.index.build.test_workers import as_they_are, endless

with AnalysisPool(Lexicon(), as_they_are) as cutting:
    for batch in cutting.drafted(endless()):
        print(len(batch), flush=True)
"""


def as_they_are(documents: Sequence[Document]) -> list[Document]:
    return list(documents)


def arrival(number: int, body: str = "") -> Arrival:
    text = body or f"第{number}篇谈数字人民币和区块链。"
    return Arrival(Article(str(number), f"题{number}", text, "text"), f"{number:x}", number, number)


def endless() -> Iterator[Arrival]:
    return map(arrival, count())


def packed(arrivals: Iterable[Arrival], lexicon: Lexicon) -> list[tuple[int, list[Document]]]:
    """Both stages in this process; each article is its own story."""
    with AnalysisPool(lexicon, as_they_are) as cutting:
        drafted = list(cutting.drafted(arrivals))
        placed = [[AssignedDraft(draft.data, draft.id) for draft in batch] for batch in drafted]
        return list(cutting.packed(placed))


@pytest.mark.parametrize("size", [0, 1, WORTH_WORKERS - 1, 2 * BATCH_ARTICLES + 1])
def test_workers_change_nothing(size: int, tiny_lexicon: Lexicon) -> None:
    """Each article comes once, in order, as from one process."""
    arrivals = list(islice(endless(), size))
    results = packed(arrivals, tiny_lexicon)
    assert [document for _, batch in results for document in batch] == DocumentMaker(
        tiny_lexicon
    ).make_all(arrivals)
    assert [count for count, _ in results] == [len(batch) for _, batch in results]
    assert multiprocessing.active_children() == []


def test_batches() -> None:
    """A batch ends at a number of articles or of characters, whichever comes first."""
    books = [arrival(number, "书" * (BATCH_CHARACTERS // 2)) for number in range(5)]
    assert [len(batch) for batch in batches(iter(books))] == [2, 2, 1]
    many = list(islice(endless(), BATCH_ARTICLES + 1))
    assert [len(batch) for batch in batches(iter(many))] == [BATCH_ARTICLES, 1]
    assert list(batches(iter(()))) == []


def test_memory_is_bounded(tiny_lexicon: Lexicon) -> None:
    """The source is read only a little ahead; stopping early ends the workers."""
    taken = count()
    with AnalysisPool(tiny_lexicon, as_they_are) as cutting:
        drafted = cutting.drafted(arrival(next(taken)) for _ in count())
        assert len(next(drafted)) == BATCH_ARTICLES
        assert next(taken) <= BATCH_ARTICLES * (multiprocessing.cpu_count() + 3)
    assert multiprocessing.active_children() == []


def failing() -> Iterator[Arrival]:
    yield from islice(endless(), WORTH_WORKERS + 1)
    raise OSError("the disk is gone")


def test_a_failing_source(tiny_lexicon: Lexicon) -> None:
    """Its error reaches the caller, and no worker stays."""
    with pytest.raises(OSError, match="the disk is gone"):
        packed(failing(), tiny_lexicon)
    assert multiprocessing.active_children() == []


def test_a_killed_parent() -> None:
    """Workers end with the process that started them."""
    process = Process.start(ENDLESS)
    assert process.says() == str(BATCH_ARTICLES)
    assert len(process.family()) > 1
    process.kill()


def killed(documents: Sequence[Document]) -> None:
    """Kills the worker as the system does when memory runs out."""
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_killed_worker(tiny_lexicon: Lexicon) -> None:
    """The build fails with one sentence."""
    arrivals = list(islice(endless(), WORTH_WORKERS))
    with AnalysisPool(tiny_lexicon, killed) as cutting:
        drafted = list(cutting.drafted(arrivals))
        placed = [[AssignedDraft(draft.data, draft.id) for draft in batch] for batch in drafted]
        with pytest.raises(BuildInterrupted, match="内存"):
            list(cutting.packed(placed))


def test_the_collector_of_the_caller() -> None:
    """It looks for garbage seldom during analysis, and as before afterwards."""
    before = gc.get_threshold()

    with AnalysisPool(Lexicon(), as_they_are):
        assert gc.get_threshold() == (COLLECT_AFTER, *before[1:])

    assert gc.get_threshold() == before
