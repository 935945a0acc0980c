"""Lets searches wait for the next one of their thread, so that all travel in one request."""

import threading
from collections.abc import Generator, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from index.engines.snapshots import Prefetcher

Body = dict[str, Any]
T = TypeVar("T")
Steps = Generator[Body, Any, T]
"""Yields the body of a search and is sent its answer, until it returns what it made of them."""


class Searches(Protocol):
    """Where searches are sent to."""

    def search_all(self, bodies: Sequence[Body]) -> Sequence[Any]:
        """The answers of some searches, in one request."""
        ...


@dataclass(eq=False, slots=True)
class _Waiting:
    """Steps that have yielded `body`."""

    steps: Steps[None]
    body: Body


class SearchBatch(Prefetcher):
    """Sends searches, and with them those that wait. Threads may share it; each waits for itself.

    What a thread has left waiting when its work ends is sent with the first search of its next.
    """

    def __init__(self, searches: Searches, threads: int) -> None:
        super().__init__(threads)
        self._searches = searches
        self._local = threading.local()

    @property
    def _waiting(self) -> dict[Hashable, _Waiting]:
        waiting: dict[Hashable, _Waiting] | None = getattr(self._local, "waiting", None)
        if waiting is None:
            waiting = self._local.waiting = {}
        return waiting

    def add(self, keys: Sequence[Hashable], steps: Steps[None]) -> None:
        """Let a search wait that stores the values of all `keys` itself."""
        self._waiting.update(dict.fromkeys(keys, _Waiting(steps, next(steps))))

    def is_fetching(self, key: Hashable) -> bool:
        return key in self._waiting or super().is_fetching(key)

    def wait(self, key: Hashable) -> None:
        """Return when the value of `key` is stored: what waits is sent, if this is part of it."""
        if key in self._waiting:
            waiting = self._taken()
            self._go_on(waiting, self._searches.search_all([each.body for each in waiting]))
        super().wait(key)

    def search(self, body: Body) -> Any:
        """The answer of a search; what waits is sent with it."""
        return self.search_all([body])[0]

    def search_all(self, bodies: Sequence[Body]) -> Sequence[Any]:
        """The answers of some searches in one request; what waits is sent with them."""
        waiting = self._taken()
        sent = [*bodies, *(each.body for each in waiting)]
        answers = self._searches.search_all(sent)
        self._go_on(waiting, answers[len(bodies) :])
        return answers[: len(bodies)]

    def run(self, steps: Steps[T]) -> T:
        """What `steps` return, after all their searches, one after the other."""
        answer = None
        while True:
            try:
                body = steps.send(answer)
            except StopIteration as end:
                found: T = end.value
                return found
            answer = self.search(body)

    def _taken(self) -> list[_Waiting]:
        waiting = list(dict.fromkeys(self._waiting.values()))
        self._waiting.clear()
        return waiting

    def _go_on(self, waiting: Sequence[_Waiting], answers: Sequence[Any]) -> None:
        """Give these answers to those that waited for them; their further searches go together."""
        while waiting:
            going_on: list[_Waiting] = []
            for each, answer in zip(waiting, answers, strict=True):
                try:
                    going_on.append(_Waiting(each.steps, each.steps.send(answer)))
                except StopIteration:
                    continue
            waiting = going_on
            answers = self._searches.search_all([each.body for each in waiting]) if waiting else ()
