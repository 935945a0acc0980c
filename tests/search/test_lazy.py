"""Values that are made once, at first use."""

import threading

from search.lazy import Lazy


def test_threads_share_it() -> None:
    """Concurrent callers make it once."""
    made: list[int] = []
    begun = threading.Event()

    def make() -> int:
        begun.wait(5)
        made.append(1)
        return 7

    once = Lazy(make)
    found: list[int] = []
    threads = [threading.Thread(target=lambda: found.append(once.get())) for _ in range(4)]
    for thread in threads:
        thread.start()
    begun.set()
    for thread in threads:
        thread.join()
    assert (made, found) == ([1], [7] * 4)


def test_patience_ends() -> None:
    """A caller with a time limit goes without; the first caller makes it."""
    release, begun = threading.Event(), threading.Event()

    def make() -> int:
        begun.set()
        release.wait(5)
        return 7

    once = Lazy(make)
    thread = threading.Thread(target=once.get)
    thread.start()
    begun.wait(5)
    assert once.get_within(0.01) is None
    release.set()
    thread.join()
    assert once.get_within(0.01) == 7
    assert Lazy(lambda: 8).get_within(0.01) == 8
