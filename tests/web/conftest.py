"""Indexes and clients that the tests of web/ share."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.articles import ARTICLES
from tests.support.tiny_search import article
from tests.support.visitors import MANY, Visitor, index_of, visitor_of


@pytest.fixture(scope="session")
def tiny_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the six tiny articles; tests only read it."""
    return index_of(tmp_path_factory.mktemp("tiny") / "index", ARTICLES)


@pytest.fixture(scope="session")
def visitor(tiny_root: Path) -> Visitor:
    return visitor_of(tiny_root).warmed()


@pytest.fixture(scope="session")
def many_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of `MANY` articles of one line, an hour apart; tests only read it."""
    first = datetime(2022, 1, 1, tzinfo=UTC)
    articles = [
        article(f"n{at:04}", f"快讯{at}", f"稳定币第{at}号", published=first + timedelta(hours=at))
        for at in range(MANY)
    ]
    return index_of(tmp_path_factory.mktemp("many") / "index", articles)


@pytest.fixture(scope="session")
def many(many_root: Path) -> Visitor:
    return visitor_of(many_root)


@pytest.fixture
def nothing(tmp_path: Path) -> Visitor:
    """A visitor of a site that has no index."""
    return visitor_of(tmp_path / "index")
