"""Update and rebuild are two ways to one result."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.article import Article
from index.engines.base import All, Engine, Substring, Term
from index.lexicon import Lexicon
from index.sources.reading import read_articles
from tests.articles import ARTICLES, as_row, write_articles
from tests.conftest import whoosh_engine
from tests.naive_engine import NaiveEngine
from tests.site import Site, counts

VERSIONS = [
    [replace(article, title=f"{article.title}{mark}", source=source) for article in ARTICLES]
    for mark, source in (("", "链上观察"), ("：数字人民币", "财经日报"), ("银行", None))
]
HISTORIES = st.lists(
    st.dictionaries(st.integers(0, len(ARTICLES) - 1), st.integers(0, 2), min_size=1),
    min_size=2,
    max_size=3,
)


def results(engine: Engine) -> list[object]:
    """All that a reader could tell two indexes apart by."""
    queries = (All(), Term("text_words", "银行"), Substring("数字"), Term("source", "财经日报"))
    snapshot = engine.open()
    found = [
        [
            (match.id, pytest.approx(match.score, abs=1e-5))
            for match in snapshot.match(query, sort="newest", limit=99).matches
        ]
        for query in queries
    ]
    ids = [name for name, _ in found[0]]
    rest = [
        snapshot.stored(ids, ["title", "text", "source", "topics", "story", "content_hash"]),
        snapshot.facet_counts(All(), {}, ["source", "topic", "day"], 99),
        snapshot.terms("title_words", "", 99),
    ]
    snapshot.close()
    return [found, *rest]


@given(HISTORIES)
@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_update_is_rebuild(
    tmp_path_factory: pytest.TempPathFactory, history: Iterable[dict[int, int]]
) -> None:
    """Whatever came, changed and went: the same articles and the same answers."""
    lexicon = Lexicon()
    updated = Site(whoosh_engine(root := tmp_path_factory.mktemp("a")), root, lexicon)
    rebuilt = Site(NaiveEngine(), tmp_path_factory.mktemp("b"), lexicon)
    for step in history:
        articles = [VERSIONS[version][number] for number, version in step.items()]
        first = updated.builder.update(updated.write(*articles))
        second = rebuilt.builder.rebuild(rebuilt.write(*articles))
        assert counts(first) == counts(second)
        assert updated.states().keys() == rebuilt.states().keys()
        assert results(updated.engine) == results(rebuilt.engine)


def test_rows_come_back(tmp_path: Path) -> None:
    """The articles of these tests survive being written and read."""
    path = write_articles(tmp_path / "a.jsonl", ARTICLES)
    read = [item for item in read_articles([path]) if isinstance(item, Article)]
    assert [as_row(article) for article in read] == [as_row(article) for article in ARTICLES]
