"""Questions on their way while who asks does something else, and what came of them."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, NamedTuple, TypeVar

from index.engines.lru_cache import Memory
from index.engines.queries import Query

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Ahead:
    """Threads may share it."""

    def __init__(self, threads: int) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="ahead")
        self._coming: dict[Hashable, Future[object]] = {}

    def start(self, keys: Sequence[Hashable], learn: Callable[[], object]) -> None:
        """Begin `learn`, which asks and puts away the answers to all `keys`."""
        coming = self._pool.submit(learn)
        for key in keys:
            self._coming[key] = coming
        coming.add_done_callback(lambda _: self._forget(keys))

    def knows(self, key: Hashable) -> bool:
        """Whether its answer is on its way."""
        return key in self._coming

    def wait(self, key: Hashable) -> None:
        """Returns when the answer is put away, or at once if it is not on its way; raises what went
        wrong with it."""
        coming = self._coming.get(key)
        if coming is not None:
            coming.result()

    def close(self) -> None:
        self._pool.shutdown(wait=False)

    def _forget(self, keys: Sequence[Hashable]) -> None:
        for key in keys:
            self._coming.pop(key, None)


class Answers(Generic[K, V]):
    """Answers of one kind, kept: the `most` that were used last."""

    def __init__(self, ahead: Ahead, most: int, answer: Callable[[K], V]) -> None:
        self._ahead = ahead
        self._answer = answer
        self._memory: Memory[K, V] = Memory(most)

    def known(self, question: K) -> V | None:
        return self._memory.get(question)

    def lacks(self, question: K) -> bool:
        """Whether nobody has asked it yet."""
        return self.known(question) is None and not self._ahead.knows(question)

    def put(self, question: K, answer: V) -> None:
        self._memory.put(question, answer)

    def expect(self, question: K) -> None:
        """Begin to answer it, unless the answer is there or on its way."""
        if self.lacks(question):
            self._ahead.start([question], lambda: self._learn(question))

    def get(self, question: K) -> V:
        """The answer: kept, on its way, or made now."""
        self._ahead.wait(question)
        known = self.known(question)
        return self._learn(question) if known is None else known

    def _learn(self, question: K) -> V:
        answer = self._answer(question)
        self._memory.put(question, answer)
        return answer


class FacetsAsked(NamedTuple):
    """What `facet_counts` was asked."""

    query: Query
    filters: tuple[tuple[str, Query], ...]
    fields: tuple[str, ...]
    size: int


def facets_asked(
    query: Query, filters: Mapping[str, Query], fields: Sequence[str], size: int
) -> FacetsAsked:
    return FacetsAsked(query, tuple(filters.items()), tuple(fields), size)
