"""One suite for every engine (conftest.py lists them): generations."""

import pickle
from concurrent.futures import ThreadPoolExecutor

import pytest

from index.engines.api import Engine, Snapshot
from index.engines.queries import All, AnyTerm, Near, Substring, Term
from index.errors import IndexLocked, IndexMissing, NoSuchGeneration
from index.lexicon.model import Lexicon
from tests.support.documents import (
    COUNTED,
    SORTS,
    STORED,
    build,
    ids_of,
    one_segment,
    plain,
    random_documents,
)


def test_nothing_built(engine: Engine) -> None:
    """Without an index, calls that need one raise an error that says so."""
    assert engine.generations() == []
    with pytest.raises(IndexMissing):
        engine.current()
    with pytest.raises(IndexMissing):
        engine.open()


def test_a_generation_is_seen_once_published(engine: Engine) -> None:
    """A committed generation opens by name; without a name, only after `publish`."""
    first = build(engine, [[plain("a")]])
    writer = engine.build(Lexicon(), base=None, sources=())
    writer.add(engine.pack([plain("b")]))
    second = writer.commit()
    assert ids_of(engine.open(), All()) == ["a"]
    assert ids_of(engine.open(second.name), All()) == ["b"]
    engine.publish(second.name)
    assert engine.current() == second.name
    assert ids_of(engine.open(), All()) == ["b"]
    assert engine.previous() == first.name


def test_the_description_of_a_generation(engine: Engine) -> None:
    """The manifest has counts, lexicon version and inputs."""
    generation = build(engine, [[plain("a"), plain("b")], [plain("c")]])
    assert engine.generations() == [generation]
    snapshot = engine.open()
    assert snapshot.generation == generation
    assert snapshot.lexicon == Lexicon(topics=("DeFi",))
    assert generation.articles == 3
    assert generation.segments >= 1
    assert generation.sources == ("/news",)
    assert generation.engine == engine.name


def test_unknown_generations(engine: Engine) -> None:
    """An unknown name is refused by every call."""
    build(engine, [[plain("a")]])
    for call in (engine.open, engine.publish, engine.verify):
        with pytest.raises(NoSuchGeneration):
            call("20000101T000000000000Z")
    with pytest.raises(NoSuchGeneration):
        engine.previous()


def test_abort_leaves_no_trace(engine: Engine) -> None:
    """An aborted writer leaves what was published, and the next one works."""
    build(engine, [[plain("a")]])
    before = engine.generations()
    writer = engine.build(Lexicon(), base=engine.current(), sources=())
    writer.add(engine.pack([plain("b")]))
    writer.remove(["a"])
    writer.abort()
    assert engine.generations() == before
    assert ids_of(engine.open(), All()) == ["a"]
    build(engine, [[plain("c")]], base=engine.current())
    assert sorted(ids_of(engine.open(), All())) == ["a", "c"]


def test_abort_after_commit(engine: Engine) -> None:
    """`abort` may be called after `commit`, to refuse a finished generation."""
    writer = engine.build(Lexicon(), base=None, sources=())
    writer.add(engine.pack([plain("a")]))
    engine.drop(writer.commit().name)
    writer.abort()
    assert engine.generations() == []


def test_an_update_leaves_its_base_alone(engine: Engine) -> None:
    """Changes are in the new generation only; a held snapshot of the base does not see them. The
    base can be opened by name again, unless the engine updates in place."""
    first = build(engine, [[plain("a"), plain("b"), plain("c", source="旧")]])
    held = engine.open()
    second = build(
        engine,
        [[plain("c", source="新"), plain("d")]],
        base=first.name,
        removed=["a", "c", "not there"],
    )
    assert sorted(ids_of(engine.open(), All())) == ["b", "c", "d"]
    assert engine.open().stored(["c"], ["source"]) == [{"source": "新"}]
    assert second.articles == 3
    assert second.name != first.name
    if engine.updates_in_place:
        assert engine.generations() == [second]
        with pytest.raises(NoSuchGeneration):
            engine.open(first.name)
    else:
        assert engine.generations() == [first, second]
        held = engine.open(first.name)
    assert sorted(ids_of(held, All())) == ["a", "b", "c"]
    assert held.stored(["c"], ["source"]) == [{"source": "旧"}]


def test_collect_keeps_the_newest_and_the_current(engine: Engine) -> None:
    """Old generations are deleted, but never the published one."""
    names = [build(engine, [[plain(str(number))]]).name for number in range(4)]
    engine.publish(names[0])
    assert engine.collect(2) == [names[1]]
    assert [generation.name for generation in engine.generations()] == [names[0], *names[2:]]
    assert ids_of(engine.open(), All()) == ["0"]
    assert all(engine.verify(generation.name) == [] for generation in engine.generations())


def test_one_writer(engine: Engine) -> None:
    """One process at a time holds the lock; it is released after an error too."""
    with engine.lock(0), pytest.raises(IndexLocked), engine.lock(0):
        pass
    with pytest.raises(KeyError), engine.lock(0):
        raise KeyError
    with engine.lock(0):
        pass


def test_pack_is_picklable(engine: Engine) -> None:
    """`pack` and its results can be sent to and from a worker process."""
    pack = pickle.loads(pickle.dumps(engine.pack))
    writer = engine.build(Lexicon(), base=None, sources=())
    writer.add(pickle.loads(pickle.dumps(pack([plain("a")]))))
    assert writer.commit().articles == 1


def answers(snapshot: Snapshot) -> list[object]:
    """The result of every method of a snapshot."""
    queries = (
        All(),
        Term("text_words", "银行"),
        Substring("银行"),
        AnyTerm("title_words", ("数字", "数据")),
        Near(("数字",), ("人民", "银行"), 5),
    )
    ids = ids_of(snapshot, All())
    return [
        [snapshot.match(query, sort=sort, limit=9) for query in queries for sort in SORTS],
        snapshot.stored(ids, STORED),
        snapshot.facet_counts(queries[1], {"source": queries[2]}, COUNTED, 9),
        snapshot.histogram(All(), "day"),
        snapshot.terms("text_words", "", 20),
        snapshot.story_members("s1"),
        snapshot.states(),
        snapshot.generation,
        snapshot.lexicon,
    ]


def test_a_held_snapshot_never_changes(engine: Engine) -> None:
    """Law 8: updates, a rebuild and a rollback do not change its answers."""
    one_segment(engine)
    first = engine.current()
    # Asked of another snapshot, so that the held one has read nothing when its files go.
    expected = answers(engine.open())
    held = engine.open()
    fresh = random_documents(7, ["x", "y"])
    build(engine, [fresh], base=first, removed=["a00", "a01"])
    build(engine, [random_documents(8, ["z"])])
    engine.publish(engine.previous())
    assert answers(held) == expected
    held.close()


def test_a_held_snapshot_outlives_its_generation(engine: Engine) -> None:
    """A snapshot of a dropped generation still works, or raises that it is gone."""
    one_segment(engine)
    first = engine.current()
    expected = answers(engine.open())
    held = engine.open()
    build(engine, [])
    engine.drop(first)
    engine.collect(1)
    assert [g.name for g in engine.generations()] == [engine.current()]
    if engine.updates_in_place:  # nothing of it is on this machine
        with pytest.raises(NoSuchGeneration):
            held.match(All(), limit=1)
    else:
        assert answers(held) == expected
    held.close()


def test_threads_share_a_snapshot(engine: Engine) -> None:
    """Many threads may use one snapshot at once."""
    held = one_segment(engine)
    snapshot = engine.open()

    def read(name: str) -> bool:
        (row,) = snapshot.stored([name], ["id", "title", "text", "body"])
        return row["id"] == name and row["title"] == held[name].title

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(read, [*held] * 25))
