"""The first articles of stories are the same on every engine."""

import pytest

from index.engines.api import Engine
from index.engines.queries import And, Range
from search.retrieval.first_articles import first_articles
from tests.support.documents import build, plain

STORIES = {"a": "a", "b": "a", "c": "c", "d": "d", "e": "d", "f": "d"}


@pytest.mark.parametrize(
    ("stories", "first"),
    [
        pytest.param(STORIES, {"a", "c", "d"}, id="some reposted"),
        pytest.param({"a": "a", "b": "b"}, {"a", "b"}, id="none reposted"),
        pytest.param({"a": "b", "b": "b"}, {"b"}, id="all of one story"),
        pytest.param({}, set(), id="empty"),
    ],
)
def test_first_articles(engine: Engine, stories: dict[str, str], first: set[str]) -> None:
    build(engine, [[plain(name, story=story) for name, story in stories.items()]])
    snapshot = engine.open()
    query = first_articles(snapshot)
    found = snapshot.match(query, sort="newest", limit=10)

    assert {match.id for match in found.matches} == first
    assert found.total == len(first)
    assert snapshot.match(And((query, Range("year", 1))), limit=0).total <= len(first)
