"""Vectors change the order of the first results, and nothing else."""

from dataclasses import replace
from pathlib import Path

import pytest

from index.errors import VectorsUnavailable
from index.settings import Settings
from index.vectors.making import VectorMaker
from index.vectors.vector_file import VectorFile
from search.ranking import meaning
from search.ranking.meaning import MAX_CACHED_QUERIES, QUERY_CHARS, Meaning, open_meaning
from search.searcher import Searcher
from tests.support.fake_embedder import FakeEmbedder
from tests.support.naive_engine import NaiveEngine
from tests.support.tiny_search import DAY, NOW, article, ask, fill, ids, request

OVER = (
    article("words", "支付支付", "支付支付，讲游戏，银行。", published=NOW - DAY),
    article("subject", "一则消息", "讲银行的支付。", published=NOW - 2 * DAY),
    article("other", "另一则消息", "讲黄金的支付，银行。", published=NOW),
)
Q = "支付 银行"


@pytest.fixture
def embedder() -> FakeEmbedder:
    return FakeEmbedder()


def compared(folder: Path, embedder: FakeEmbedder, *having: str) -> Searcher:
    """A searcher that compares, where the articles `having` have a vector."""
    snapshot, file = fill(NaiveEngine(), OVER).open(), VectorFile(folder, embedder)
    VectorMaker(snapshot, file, embedder).make(having, lambda count: None)
    return Searcher(snapshot, meaning=Meaning(file, embedder))


def plain() -> Searcher:
    return Searcher(fill(NaiveEngine(), OVER).open())


def test_nearer_articles_come_first(tmp_path: Path, embedder: FakeEmbedder) -> None:
    """The answer says how many were compared; its figures and hits are the same."""
    before = ask(plain(), "支付")
    after = ask(compared(tmp_path, embedder, "words", "other"), "支付")

    assert (before.compared, after.compared) == (0, 2)
    assert after.total == before.total == 3
    assert after.facets == before.facets
    assert sorted(ids(after)) == sorted(ids(before))


def test_the_order(tmp_path: Path, embedder: FakeEmbedder) -> None:
    """Of articles with the same words, the one on the subject of the query comes first."""
    answer = ask(compared(tmp_path, embedder, "words", "subject", "other"), Q)
    scores = [hit.score for hit in answer.hits]

    assert ids(ask(plain(), Q))[0] == "words"
    assert ids(answer)[0] == "subject"
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("having", [(), ("words",)], ids=["no vectors", "nothing to compare with"])
def test_without_vectors(tmp_path: Path, embedder: FakeEmbedder, having: tuple[str, ...]) -> None:
    """The order and the scores are as before."""
    over = compared(tmp_path, embedder, *having)
    assert ask(over, "支付").hits == ask(plain(), "支付").hits
    assert len(embedder.asked) == len(having)


@pytest.mark.parametrize(
    ("q", "options"),
    [
        pytest.param("支付", {"sort": "newest"}, id="by date"),
        pytest.param("", {}, id="nothing asked"),
        pytest.param("来源:银行", {}, id="only a filter"),
    ],
)
def test_not_compared(
    tmp_path: Path, embedder: FakeEmbedder, q: str, options: dict[str, str]
) -> None:
    """Where nothing is ordered by relevance, nothing is embedded."""
    over = compared(tmp_path, embedder, "words", "subject", "other")
    assert ask(over, q, **options).compared == 0
    assert embedder.asked == []


def test_a_query_is_embedded_once(tmp_path: Path, embedder: FakeEmbedder) -> None:
    """Pages of one query share its vector, and of a very long one only the beginning is read."""
    over = compared(tmp_path, embedder, "words", "subject", "other")
    for page in (1, 2):
        ask(over, "支付", page=page, per_page=1)
    ask(over, "支付" + "啊" * 300)

    assert embedder.asked[0] == "支付"
    assert embedder.asked.count("支付") == 1
    assert max(map(len, embedder.asked)) <= QUERY_CHARS


def test_few_queries_are_kept(
    tmp_path: Path, embedder: FakeEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cache of queries has a bound."""
    monkeypatch.setattr(meaning, "MAX_CACHED_QUERIES", 1)
    over = compared(tmp_path, embedder, "words", "subject")
    for q in ("支付", "消息", "支付"):
        over.ranked(request(q))

    assert embedder.asked == ["支付", "消息", "支付"]
    assert MAX_CACHED_QUERIES < 10_000


def test_more_vectors_change_the_answer(tmp_path: Path, embedder: FakeEmbedder) -> None:
    """A cached answer is not given again once there are vectors, and the state of the searcher,
    which an ETag depends on, is another."""
    over = compared(tmp_path, embedder)
    before, state = ask(over, Q), over.state
    VectorMaker(over.snapshot, VectorFile(tmp_path, embedder), embedder).make(
        ["words", "subject", "other"], lambda count: None
    )
    after = ask(over, Q)

    assert (before.compared, after.compared) == (0, 3)
    assert over.state != state


def test_the_setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Off by default; on, it needs the library."""

    def missing() -> None:
        raise VectorsUnavailable("没有安装。")

    monkeypatch.setattr(meaning, "open_embedder", missing)
    off = Settings(index_dir=tmp_path)
    assert open_meaning(off) is None
    with pytest.raises(VectorsUnavailable):
        open_meaning(replace(off, vectors="on"))
