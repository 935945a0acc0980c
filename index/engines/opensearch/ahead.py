"""Questions that are on their way while who asks them does something else."""

from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

ASKING = 8
"""Questions on their way at once: a request has two or three of them."""


class Ahead:
    """Threads may share it."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(ASKING, thread_name_prefix="ahead")
        self._coming: dict[Hashable, Future[object]] = {}

    def start(self, keys: Sequence[Hashable], learn: Callable[[], object]) -> None:
        """Begin `learn`, which asks and puts away the answers to all `keys`."""
        coming = self._pool.submit(learn)
        for key in keys:
            self._coming[key] = coming
        coming.add_done_callback(lambda _: self._forget(keys))

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
