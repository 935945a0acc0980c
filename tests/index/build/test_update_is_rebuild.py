"""An update gives the same index as a rebuild."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from index.article import Article
from index.engines.api import TOKEN_FIELDS, Engine
from index.engines.queries import All, Substring, Term
from index.lexicon.model import Concept, Lexicon
from index.sources.reader import read_articles
from tests.conftest import whoosh_engine
from tests.support.articles import ARTICLES, CONCEPTS, as_row, write_articles
from tests.support.naive_engine import NaiveEngine
from tests.support.site import Site, counts

pytestmark = pytest.mark.slow

VERSIONS = [
    [replace(article, title=f"{article.title}{mark}", source=source) for article in ARTICLES]
    for mark, source in (("", "链上观察"), ("：数字人民币", "财经日报"), ("银行", None))
]
HISTORIES = st.lists(
    st.dictionaries(st.integers(0, len(ARTICLES) - 1), st.integers(0, 2), min_size=1),
    min_size=2,
    max_size=3,
)


CONCEPT_SETS = st.sets(st.sampled_from(CONCEPTS), max_size=len(CONCEPTS))
VARIANTS = st.sampled_from(
    [
        Lexicon(),
        Lexicon((Concept("数字", topic="支付"), Concept("试点扩大"), Concept("银行卡"))),
        Lexicon((Concept("宇宙", ("uniswap",)), Concept("币安", kind="company")), ("人民币安",)),
        Lexicon((Concept("Uniswap V3 上线", topic="区块链"), Concept("V3")), ("元宇宙白皮书",)),
    ]
)
FILLERS = [Article(f"filler{n}", f"第{n}号短讯", "今天没有消息。", "text") for n in range(12)]
"""Articles that no lexicon here touches: with them, most articles are never touched."""
WRITTEN_ODDLY = replace(ARTICLES[2], id="odd", title="uniswap_v3", body="人民币安全与v3_上线。")


def results(engine: Engine) -> list[object]:
    """Everything by which a reader could tell two indexes apart."""
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
        snapshot.facet_counts(All(), {}, ["source", "topic", "organisation", "day"], 99),
        [snapshot.terms(field, "", 99) for field in TOKEN_FIELDS],
    ]
    snapshot.close()
    return [found, *rest]


@given(HISTORIES)
@example([{0: 0, 4: 2}, {0: 0, 3: 0, 1: 0, 4: 2}])  # what moves is spooled after something was read
@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_update_is_rebuild(
    tmp_path_factory: pytest.TempPathFactory, history: Iterable[dict[int, int]]
) -> None:
    """After any additions, changes and removals, articles and answers are equal."""
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


@given(st.lists(st.tuples(CONCEPT_SETS, VARIANTS), min_size=2, max_size=3))
@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_changed_lexicon(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[set[Concept], Lexicon]]
) -> None:
    """After any changes of the lexicon, the index is as if built with the last one."""
    updated = Site(whoosh_engine(root := tmp_path_factory.mktemp("a")), root, Lexicon())
    rebuilt = Site(NaiveEngine(), tmp_path_factory.mktemp("b"), Lexicon())
    articles = [*ARTICLES, WRITTEN_ODDLY, *FILLERS]
    for concepts, variant in steps:
        ordered = tuple(concept for concept in CONCEPTS if concept in concepts)
        lexicon = Lexicon((*ordered, *variant.concepts), variant.masks)
        updated.lexicon = rebuilt.lexicon = lexicon
        report = updated.builder.update(updated.write(*articles))
        rebuilt.builder.rebuild(rebuilt.write(*articles))
        assert report.warnings == []
        assert results(updated.engine) == results(rebuilt.engine)


def test_rows_come_back(tmp_path: Path) -> None:
    """The articles of these tests are read back as written."""
    path = write_articles(tmp_path / "a.jsonl", ARTICLES)
    read = [item for item in read_articles([path]) if isinstance(item, Article)]
    assert [as_row(article) for article in read] == [as_row(article) for article in ARTICLES]
