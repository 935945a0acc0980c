"""First articles of stories, and which stories are reposted, are the same on every engine."""

import pytest

from index.engines.api import Engine
from index.engines.queries import And, Range
from search.retrieval.reposts import first_articles, of_stories, reposted_stories
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


def test_reposted_stories(engine: Engine) -> None:
    build(engine, [[plain(name, story=story) for name, story in STORIES.items()]])
    snapshot = engine.open()
    reposted = reposted_stories(snapshot)
    found = snapshot.match(of_stories(reposted), sort="newest", limit=10)

    assert reposted == {"a": 2, "d": 3}
    assert {match.id for match in found.matches} == {"a", "b", "d", "e", "f"}
