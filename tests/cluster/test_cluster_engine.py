"""What only an engine on a cluster must ensure, tested on real nodes."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from index.analysis.segmenter import Layers
from index.document import Document
from index.engines.opensearch import lock
from index.engines.opensearch.engine import OpenSearchEngine
from index.engines.opensearch.lock import Lease
from index.engines.opensearch.reading import aggregations
from index.engines.opensearch.reading.snapshot import OpenSearchSnapshot
from index.engines.opensearch.schema import MAX_KEYWORD_CHARACTERS
from index.engines.opensearch.takedowns import ClusterTakedowns
from index.engines.queries import All, Or, Query, Substring, Term
from index.errors import ClusterFault, IndexDamaged, IndexLocked, IndexMissing, IndexOutdated
from index.lexicon.model import Lexicon
from index.takedowns import Takedown
from search.request import SearchRequest
from search.searcher import Searcher
from tests.cluster import clusters
from tests.cluster.clusters import Sharded, settings_of
from tests.cluster.nodes import Cluster
from tests.support.documents import build, ids_of, plain
from tests.support.tiny_search import NOW, article, fill

pytestmark = pytest.mark.cluster


@pytest.fixture
def engine(three_nodes: Cluster, tmp_path: Path) -> Iterator[OpenSearchEngine]:
    """An empty engine whose indexes have three shards."""
    made = Sharded(3).on(three_nodes.hosts, tmp_path)
    assert isinstance(made, OpenSearchEngine)
    yield made
    clusters.forget(made)


def another(engine: OpenSearchEngine, root: Path) -> OpenSearchEngine:
    """The same engine as another process would open it."""
    from index.engines.registry import open_engine  # noqa: PLC0415

    catalog = engine.catalog
    made = open_engine(settings_of(root, catalog.cluster, catalog.alias))
    assert isinstance(made, OpenSearchEngine)
    return made


def seen(name: str, at: int, source: str) -> Document:
    return plain(name, indexed_at=at, source=source)


def sources(engine: OpenSearchEngine, *names: str) -> list[str]:
    return [row["source"] for row in engine.open().stored(names, ["source"])]


# Several writers


def test_two_updates_at_once(engine: OpenSearchEngine, tmp_path: Path) -> None:
    """Two updates of the same base keep the changes of both."""
    base = build(engine, [[seen("a", 10, "旧"), seen("b", 10, "旧"), seen("c", 10, "旧")]])
    other = another(engine, tmp_path)
    writers = [each.build(Lexicon(), base=base.name, sources=()) for each in (engine, other)]
    writers[0].add(engine.pack([seen("a", 20, "甲"), seen("x", 20, "甲")]))
    writers[1].add(other.pack([seen("b", 20, "乙"), seen("y", 20, "乙")]))
    writers[1].remove(["c"])
    for writer in writers:
        engine.publish(writer.commit().name)
    snapshot = engine.open()
    assert sorted(ids_of(snapshot, All())) == ["a", "b", "x", "y"]
    assert sources(engine, "a", "b") == ["甲", "乙"]
    assert snapshot.generation.articles == 4


@pytest.mark.parametrize("order", [(0, 1), (1, 0), (0, 1, 0), (1, 0, 1)])
def test_replays_and_reordering_change_nothing(
    engine: OpenSearchEngine, order: tuple[int, ...]
) -> None:
    """G8: the latest version stays, in whatever order and however often versions are written."""
    base = build(engine, [[seen("a", 10, "旧")]]).name
    versions = [seen("a", 20, "早"), seen("a", 30, "晚")]
    for at in order:
        base = build(engine, [[versions[at]]], base=base).name
    assert sources(engine, "a") == ["晚"]


def test_a_removal_beats_older_writes(
    engine: OpenSearchEngine,
) -> None:
    """A removed article is not written again by an update that read it before."""
    base = build(engine, [[seen("a", 10, "旧"), seen("b", 10, "旧")]])
    late = engine.build(Lexicon(), base=base.name, sources=())
    late.add(engine.pack([seen("a", 20, "晚")]))
    removing = build(engine, [], base=base.name, removed=["a"])
    late_generation = late.commit()
    assert ids_of(engine.open(), All()) == ["b"]
    assert late_generation.articles == removing.articles == 1


# The lock


def test_updates_share_the_lock(engine: OpenSearchEngine, tmp_path: Path) -> None:
    """Updates share the lock; a rebuild does not."""
    other = another(engine, tmp_path)
    shared = engine.lock(0, shared=True), other.lock(0, shared=True)
    with shared[0], shared[1], pytest.raises(IndexLocked, match="上的进程"), engine.lock(0.3):
        pass
    with engine.lock(0), pytest.raises(IndexLocked), other.lock(0, shared=True):
        pass


def test_a_waiting_process_gets_the_lock(engine: OpenSearchEngine, tmp_path: Path) -> None:
    """A waiting process gets the lock as soon as it is released."""
    with engine.lock(0):
        got: list[bool] = []

        def wait() -> None:
            with another(engine, tmp_path).lock(10):
                got.append(True)

        waiting = Thread(target=wait)
        waiting.start()
        time.sleep(0.5)
        assert got == []
    waiting.join()
    assert got == [True]


def test_a_lease_is_renewed(
    engine: OpenSearchEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A lease is renewed as long as it is held."""
    monkeypatch.setattr(lock, "LEASE_SECONDS", 1.0)
    monkeypatch.setattr(lock, "RENEWAL_SECONDS", 0.2)
    with engine.lock(0):
        time.sleep(2)
        with pytest.raises(IndexLocked), another(engine, tmp_path).lock(0):
            pass


def test_the_lease_of_a_killed_process(
    engine: OpenSearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A killed process's lease ends with its term; a process that comes back later cannot publish."""
    monkeypatch.setattr(lock, "LEASE_SECONDS", 0.5)
    first = build(engine, [[plain("a")]]).name
    monkeypatch.setattr(Lease, "_renew", lambda self: None)
    monkeypatch.setattr(Lease, "_give_back", lambda self: None)
    with engine.lock(0):
        time.sleep(0.6)
        with pytest.raises(IndexLocked, match="锁已失效"):
            engine.publish(first)
    with engine.lock(0):
        engine.publish(first)


# Indexes that are no generations


def test_an_unfinished_index(engine: OpenSearchEngine, tmp_path: Path) -> None:
    """It is not a generation; the next rebuild deletes it once its builder is gone."""
    build(engine, [[plain("a")]])
    with engine.lock(0, shared=True):
        engine.build(Lexicon(), base=None, sources=())
        assert len(engine.generations()) == 1
        another(engine, tmp_path).build(Lexicon(), base=None, sources=()).abort()
        assert len(engine.catalog.metas()) == 2
    engine.build(Lexicon(), base=None, sources=()).abort()
    assert len(engine.catalog.metas()) == 1


def test_another_analyzer(engine: OpenSearchEngine) -> None:
    """G10: an index of another analyser is refused."""
    generation = build(engine, [[plain("a")]])
    index = engine.catalog.index_of(generation.name)
    engine.catalog.describe(index, replace(generation, analyzer="another"))
    with pytest.raises(IndexOutdated, match="在一台机器上运行 yuansou index rebuild"):
        engine.open()
    assert [*engine.open_articles().states()] == ["a"]


def test_another_format(engine: OpenSearchEngine) -> None:
    """An older format is refused, and a rollback skips it."""
    first, middle, last = (build(engine, [[plain(name)]]) for name in "abc")
    for generation in (middle, last):
        index = engine.catalog.index_of(generation.name)
        engine.catalog.describe(index, replace(generation, format=1))
    with pytest.raises(IndexOutdated, match="旧格式"):
        engine.open_articles()
    assert engine.previous() == first.name


def test_an_alias_of_two_indexes(engine: OpenSearchEngine) -> None:
    """An alias of two indexes is an error; results never come from both."""
    names = [build(engine, [[plain(name)]]).name for name in "ab"]
    add = {"index": engine.catalog.index_of(names[0]), "alias": engine.catalog.alias}
    engine.catalog.cluster.call("POST", "/_aliases", {"actions": [{"add": add}]})
    for call in (engine.current, engine.open):
        with pytest.raises(IndexDamaged, match="opensearch_alias"):
            call()


def test_an_index_of_somebody_else(engine: OpenSearchEngine) -> None:
    """An index that we did not make is refused, even under our alias."""
    cluster, alias = engine.catalog.cluster, engine.catalog.alias
    with pytest.raises(IndexMissing):
        engine.open()
    cluster.call("PUT", f"/{alias}", {})
    try:
        with pytest.raises(IndexDamaged):
            engine.open()
    finally:
        cluster.call("DELETE", f"/{alias}")


# Readers


def test_pages_are_consistent(engine: OpenSearchEngine) -> None:
    """G11: during updates and a swap no article is repeated or missing."""
    words = Layers("银行", "", "")
    made = [plain(f"a{at:03}", text_layers=words, published=at % 7) for at in range(60)]
    build(engine, [made])
    snapshot = engine.open()
    paged: list[str] = []
    after = None
    while page := snapshot.match(Term("text_words", "银行"), limit=7, after=after).matches:
        paged += [match.id for match in page]
        after = page[-1].sort_key()
        if len(paged) < 30:
            fresh = [replace(made[3], id=f"b{len(paged)}", indexed_at=3_000_000)]
            build(engine, [fresh], base=engine.current(), removed=[made[-1].id])
        elif len(paged) < 40:
            build(engine, [fresh])
    assert sorted(paged) == [document.id for document in made]


def test_a_lost_point_in_time_is_opened_again(engine: OpenSearchEngine) -> None:
    """A point in time may be lost with its node or expire; the search continues."""
    build(engine, [[plain("a")]])
    snapshot = engine.open()
    engine.catalog.cluster.call("DELETE", "/_search/point_in_time/_all")
    assert ids_of(snapshot, All()) == ["a"]


def test_an_answer_takes_three_requests(
    engine: OpenSearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once its words are counted: matches with facets and totals, partial matches, and texts with
    what the hits lack."""
    texts = ["元宇宙与区块链", "元宇宙", "区块链", "元宇宙与央行", "银行"] * 5
    fill(engine, [article(f"a{at}", f"新闻{at}", text) for at, text in enumerate(texts)])
    snapshot = engine.open()
    assert isinstance(snapshot, OpenSearchSnapshot)
    searcher = Searcher(snapshot)
    searcher.aids.load()
    for word in ("元宇宙", "区块链"):
        searcher.search(SearchRequest(now=NOW, q=word))
    sent: list[int] = []
    send = snapshot.point.search_all

    def counted(bodies: Sequence[dict[str, Any]]) -> list[Any]:
        sent.append(len(bodies))
        return send(bodies)

    monkeypatch.setattr(snapshot.point, "search_all", counted)
    answer = searcher.search(SearchRequest(now=NOW, q="元宇宙 区块链"))

    assert answer.total == 5
    assert answer.partial
    assert len(sent) <= 3
    assert sent[0] > 1


@pytest.mark.parametrize("few", [0, 2, 500], ids=["many terms", "few and many", "few terms"])
def test_terms_are_counted_in_either_way(
    engine: OpenSearchEngine, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    """Over several shards and after articles are gone, of which the dictionary keeps the terms."""
    monkeypatch.setattr(aggregations, "FEW_TERMS", few)
    texts = ["数字 数据", "数字 数码", "数据 数字 银行", "数学 𠀀字", "数列"]
    made = [plain(f"a{at}", text_layers=Layers(text)) for at, text in enumerate(texts)]
    build(engine, [made])
    build(engine, [[plain("b", text_layers=Layers("数据"))]], base=engine.current(), removed=["a4"])
    snapshot = engine.open()

    counted = [("数字", 3), ("数据", 3), ("数学", 1), ("数码", 1)]
    for limit in (1, 3, 10):
        assert snapshot.terms("text_words", "数", limit) == counted[:limit]
    assert snapshot.terms("text_words", "数字", 10) == [("数字", 3)]
    assert snapshot.terms("text_words", "𠀀", 10) == [("𠀀字", 1)]
    assert snapshot.terms("text_words", "没", 10) == []


# Odd articles, odd queries


def test_odd_articles(engine: OpenSearchEngine) -> None:
    """Long ids, long values and invalid characters are stored unchanged."""
    odd = plain(
        "汉" * 512, author="\ud800作者", text="\ud800\0字", story="\udfff", source="甲" * 5_000
    )
    longer = replace(odd, id="b", source="乙" * (MAX_KEYWORD_CHARACTERS + 1))
    build(engine, [[odd, longer]])
    snapshot = engine.open()
    fields = ["id", "author", "text", "story", "source"]
    for document in (odd, longer):
        (row,) = snapshot.stored([document.id], fields)
        assert row == {name: getattr(document, name) for name in fields}
    assert snapshot.match(Term("author", "\ud800作者"), limit=0).total == 2
    assert snapshot.states()[odd.id].story == "\udfff"
    assert snapshot.terms("source", "甲" * 600, 3) == [("甲" * 5_000, 1)]


@pytest.mark.parametrize(
    "query",
    [
        pytest.param(Or(tuple(Term("story", f"s{at}") for at in range(3_000))), id="many stories"),
        pytest.param(Substring("字" * 500), id="a long quote"),
        pytest.param(Or(tuple(Substring(f"第{at}号") for at in range(100))), id="many quotes"),
    ],
)
def test_large_queries(engine: OpenSearchEngine, query: Query) -> None:
    """The largest queries that search/ can make are accepted."""
    build(engine, [[plain("a", story="s7", normalized="字" * 500 + "第9号\n")]])
    assert ids_of(engine.open(), query) == ["a"]


def test_an_article_that_is_refused(engine: OpenSearchEngine) -> None:
    """The error names the article, and nothing is published."""
    build(engine, [[plain("a")]])
    writer = engine.build(Lexicon(), base=engine.current(), sources=())
    writer.add(engine.pack([plain("b", published=2**63)]))
    with pytest.raises(ClusterFault, match="1 篇文章：b"):
        writer.commit()
    writer.abort()
    assert ids_of(engine.open(), All()) == ["a"]


# What is told


def test_status_messages(engine: OpenSearchEngine) -> None:
    """The messages name the cluster, the alias and the shards of each index."""
    build(engine, [[plain("a")]])
    said = "\n".join(engine.status_messages())
    index = engine.catalog.index_of(engine.current())
    assert "3 个数据节点" in said
    assert f"别名 {engine.catalog.alias} → {index}" in said
    assert f"索引 {index}：3 个分片 × 1 份，3 份可用，正常（green）" in said


def test_a_count_that_is_wrong(engine: OpenSearchEngine) -> None:
    """`verify` notices articles written by other programs."""
    generation = build(engine, [[plain("a"), plain("b")]])
    assert engine.verify(generation.name) == []
    index = engine.catalog.index_of(generation.name)
    engine.catalog.cluster.call("DELETE", f"/{index}/_doc/a", refresh=True)
    assert engine.verify(generation.name) == ["应有 2 篇文章，实有 1 篇。"]


def test_takedowns_are_on_the_cluster(engine: OpenSearchEngine, tmp_path: Path) -> None:
    """Every process that rebuilds reads the takedowns, and several may add some."""
    lists = [ClusterTakedowns(each.catalog) for each in (engine, another(engine, tmp_path))]
    taken = [Takedown(f"文章/{at}", "投诉", at) for at in range(8)]
    threads = [Thread(target=lists[at % 2].add, args=([taken[at]],)) for at in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert lists[0].read() == {each.id: each for each in taken}
