"""Searches that wait, and travel with the next one of their thread."""

import threading
from collections.abc import Sequence
from typing import Any

import pytest

pytest.importorskip("opensearchpy")

from index.engines.opensearch.reading.search_batch import Body, SearchBatch, Steps


class Echo:
    """Answers each body with itself. `sent`: the bodies of each request."""

    def __init__(self) -> None:
        self.sent: list[list[Body]] = []

    def search_all(self, bodies: Sequence[Body]) -> Sequence[Any]:
        self.sent.append(list(bodies))
        if any("wrong" in body for body in bodies):
            raise ValueError("wrong")
        return bodies


class Kept:
    """Steps of some bodies, whose answers are kept."""

    def __init__(self, *bodies: Body) -> None:
        self.bodies = bodies
        self.answers: list[Any] = []

    def steps(self) -> Steps[None]:
        for body in self.bodies:
            self.answers.append((yield body))


ONE, TWO, THREE, FOUR = ({"size": number} for number in range(1, 5))


@pytest.fixture
def echo() -> Echo:
    return Echo()


@pytest.fixture
def batch(echo: Echo) -> SearchBatch:
    return SearchBatch(echo, 1)


def test_what_waits_goes_with_the_next_search(echo: Echo, batch: SearchBatch) -> None:
    """In one request, and each gets its own answer."""
    first, second = Kept(ONE), Kept(TWO)
    batch.add(["a", "b"], first.steps())
    batch.add(["c"], second.steps())
    assert [batch.is_fetching(key) for key in "abcd"] == [True, True, True, False]
    assert echo.sent == []

    assert batch.search(THREE) == THREE
    assert echo.sent == [[THREE, ONE, TWO]]
    assert (first.answers, second.answers) == ([ONE], [TWO])
    assert not batch.is_fetching("a")
    batch.search(FOUR)
    assert echo.sent[1:] == [[FOUR]]


def test_what_is_needed_is_sent_with_all_that_waits(echo: Echo, batch: SearchBatch) -> None:
    """And what does not wait is there already."""
    kept = Kept(ONE)
    batch.add(["a"], kept.steps())
    batch.add(["b"], Kept(TWO).steps())
    batch.wait("c")
    assert echo.sent == []
    batch.wait("b")
    batch.wait("a")
    assert (echo.sent, kept.answers) == ([[ONE, TWO]], [ONE])


def test_further_steps_go_together(echo: Echo, batch: SearchBatch) -> None:
    """As many requests as the longest has steps."""
    long, short = Kept(ONE, TWO, THREE), Kept(ONE, FOUR)
    batch.add(["a"], long.steps())
    batch.add(["b"], short.steps())
    batch.wait("a")
    assert echo.sent == [[ONE, ONE], [TWO, FOUR], [THREE]]
    assert (long.answers, short.answers) == ([ONE, TWO, THREE], [ONE, FOUR])


def test_steps_that_are_needed_now(echo: Echo, batch: SearchBatch) -> None:
    """One search after the other; their result is returned."""

    def steps() -> Steps[list[Any]]:
        return [(yield ONE), (yield TWO)]

    batch.add(["a"], Kept(THREE).steps())
    assert batch.run(steps()) == [ONE, TWO]
    assert echo.sent == [[ONE, THREE], [TWO]]


def test_threads_wait_for_themselves(echo: Echo, batch: SearchBatch) -> None:
    """What one has waiting does not go with another's search."""
    batch.add(["a"], Kept(ONE).steps())
    other = threading.Thread(target=batch.search, args=(TWO,))
    other.start()
    other.join()
    assert echo.sent == [[TWO]]
    assert batch.is_fetching("a")


def test_an_error_is_raised_where_it_is_needed(echo: Echo, batch: SearchBatch) -> None:
    """What waited is forgotten, and asked again when it is needed again."""
    batch.add(["a"], Kept({"wrong": 1}).steps())
    with pytest.raises(ValueError, match="wrong"):
        batch.search(ONE)
    assert not batch.is_fetching("a")
    assert batch.search(TWO) == TWO
