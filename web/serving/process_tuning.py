"""Settings of the whole Python process: garbage collector, thread switching and the C heap.

Only `yuansou serve` makes them. An application that embeds Yuansou keeps its own.
"""

import ctypes
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

QUICK_SWITCH_SECONDS = 0.0005
"""How long the warming thread may keep the interpreter while a request waits. A request waits about
twenty times: with Python's default of 5 ms, warming made it 100 ms slower."""


SERVING_SWITCH_SECONDS = 0.001
"""The same between requests. With the default, a short one waits 5 ms for a long one whenever it
has read or sent something."""


_M_ARENA_MAX = -8
"""Of mallopt(3)."""


def share_one_heap() -> None:
    """Let all threads allocate from one heap. Call this before threads are started.

    glibc gives each thread a heap of its own and keeps there what the thread frees, though Python's
    threads compute one at a time: eight of them took 130 MB more for the same answers. Other C
    libraries have no such setting.
    """
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 1)


def switch_quickly() -> None:
    sys.setswitchinterval(SERVING_SWITCH_SECONDS)


@contextmanager
def tuned_for_warming() -> Iterator[None]:
    """Lets requests interrupt the warming thread quickly, and keeps the collector from stopping all
    threads: nothing that warming makes is garbage."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(QUICK_SWITCH_SECONDS)
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        sys.setswitchinterval(usual)


def freeze_opened_index(*, shares_frozen: bool = False) -> None:
    """Take all living objects out of the garbage collector's view: a full collection over an open
    index stops answers for 40 ms, and for 1 ms without it.

    `shares_frozen`: what was frozen before is memory of other processes too. To look through it
    would copy it.
    """
    if not shares_frozen:
        gc.unfreeze()  # else what an older generation left would never be collected
    gc.collect()
    gc.freeze()
