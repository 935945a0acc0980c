"""Processor time of functions on growing texts: whether it grows with the length or faster."""

import gc
import time
from collections.abc import Callable

GROWTH = 10
MOST = 12.0
"""Times the cost for ten times the text; proportional cost is ten, quadratic a hundred."""
TRIES = 6
"""Other work on the machine makes single measurements wrong, and never makes a cost look smaller
than it is."""
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
    """Ten times as much of a unit costs less than twelve times as much.

    `length`: characters of the shorter text. Raises AssertionError where each try shows more.
    """
    short, long = repeated(unit, length), repeated(unit, GROWTH * length)
    action(short)
    seen = []
    for _ in range(TRIES):
        large = cost(lambda: action(long))
        if large < FREE:
            return
        small = min(cost(lambda: action(short)) for _ in range(GROWTH))
        seen.append(large / small)
        if seen[-1] < MOST:
            return
    raise AssertionError(f"{unit!r}: {GROWTH} times the text costs {min(seen):.1f} times as much")
