"""A cache that drops what was used longest ago. Generations never change, so nothing expires."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sized
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class LRUCache(Generic[K, V]):
    """Keeps the values used last, up to `max_weight` in all. Threads may share it.

    Unlike `functools.lru_cache` it weighs values, and can be asked for a key without computing it.
    """

    def __init__(self, max_weight: int, weigh: Callable[[V], int] = lambda value: 1) -> None:
        self._max_weight = max_weight
        self._weigh = weigh
        self._weight = 0
        self._values: OrderedDict[K, V] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: K) -> V | None:
        with self._lock:
            value = self._values.get(key)
            if value is not None:  # comparing keys may take long: trees of queries
                self._values.move_to_end(key)
            return value

    def put(self, key: K, value: V) -> None:
        with self._lock:
            if key in self._values:
                self._weight -= self._weigh(self._values.pop(key))
            self._values[key] = value
            self._weight += self._weigh(value)
            while self._weight > self._max_weight and self._values:
                self._weight -= self._weigh(self._values.popitem(last=False)[1])


def by_length(values: Sized) -> int:
    """The weight of a list: its items, and one, because an empty list takes room too."""
    return 1 + len(values)
