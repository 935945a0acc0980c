"""Processor time of functions on growing texts: whether it grows with the length or faster."""

import gc
import math
import time
from collections.abc import Callable

GROWTH = 10
MOST = 16.0
"""Times the cost for ten times the text: proportional cost is ten, under twelve on a machine that
does nothing else, and up to fourteen where the longer text falls out of a cache that is shared with
other work. A cost of n·√n gives 32, a quadratic one a hundred."""
CERTAIN = 32.0
"""What no machine makes of proportional cost. Between MOST and this, the longer text may only be the
first that needs fresh pages of memory from the system: then the next ten times decide."""
TRIES = 12
"""Other work on the machine makes single measurements too large, never too small: the least of all
tries is compared."""
FREE = 0.004
"""Seconds below which nothing is compared: the clock is too coarse."""


def cost(action: Callable[[], object]) -> float:
    """Seconds of this thread's processor time, without collections of garbage."""
    collected = gc.isenabled()
    gc.disable()
    begun = time.thread_time()
    try:
        action()
    finally:
        took = time.thread_time() - begun
        if collected:
            gc.enable()
    return took


def least_cost(action: Callable[[], object], times: int = 3) -> float:
    return min(cost(action) for _ in range(times))


def repeated(unit: str, length: int) -> str:
    """A unit again and again, up to `length` characters."""
    return unit * (length // len(unit))


def assert_linear(action: Callable[[str], object], unit: str, length: int = 4_000) -> None:
    """Ten times as much of a unit costs less than MOST times as much.

    `length`: characters of the shorter text. Raises AssertionError where the least of all tries shows more.
    """
    growth = _growth(action, unit, length)
    if MOST <= growth < CERTAIN:
        growth = _growth(action, unit, GROWTH * length)
    assert growth < MOST, f"{unit!r}: {GROWTH} times the text costs {growth:.1f} times as much"


def _growth(action: Callable[[str], object], unit: str, length: int) -> float:
    """How much dearer GROWTH times the text is; 0 where nothing is dear enough to be compared."""
    short, long = repeated(unit, length), repeated(unit, GROWTH * length)
    action(short)
    small = large = math.inf
    for _ in range(TRIES):
        large = min(large, cost(lambda: action(long)))
        if large < FREE:
            return 0.0
        small = min(small, *(cost(lambda: action(short)) for _ in range(GROWTH)))
        if large < MOST * small:
            break
    return large / small
