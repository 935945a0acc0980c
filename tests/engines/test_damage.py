"""Every kind of damage to every file of a generation is told, and the newest sound one answers."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from index.engines.embedded import generations
from index.engines.embedded.engine import EmbeddedEngine
from index.engines.embedded.generations import CURRENT, MANIFEST
from index.engines.queries import All
from index.errors import IndexDamaged, IndexProblem, NoSuchGeneration
from index.fallback import open_answering
from index.takedowns import Takedown, Takedowns
from tests.conftest import tantivy_engine, whoosh_engine
from tests.support.documents import build, ids_of, random_documents

pytestmark = [
    pytest.mark.slow,
    # Whoosh does not close a table of contents that it cannot read.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

ENGINES = pytest.mark.parametrize(
    "make",
    [
        pytest.param(whoosh_engine, id="whoosh"),
        pytest.param(tantivy_engine, id="tantivy", marks=pytest.mark.tantivy),
    ],
)
OLD, NEW = [f"a{at}" for at in range(9)], [f"b{at}" for at in range(9)]


def flipped(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


def flipped_at_the_end(content: bytes) -> bytes:
    return content[:-1] + bytes([content[-1] ^ 128])


DAMAGE: dict[str, Callable[[bytes], bytes | None]] = {
    "a flipped bit": flipped,
    "a flipped bit at the end": flipped_at_the_end,
    "cut by a byte": lambda content: content[:-1],
    "cut in half": lambda content: content[: len(content) // 2],
    "emptied": lambda content: b"",
    "zeros": lambda content: bytes(len(content)),
    "lost": lambda content: None,
}


def two_generations(root: Path, make: Callable[[Path], EmbeddedEngine]) -> EmbeddedEngine:
    """Nine articles; then a rebuild with nine others, which an update changed."""
    engine = make(root)
    build(engine, [random_documents(1, OLD)])
    rebuilt = build(engine, [random_documents(2, NEW)])
    build(engine, [random_documents(3, ["b0", "b9"])], base=rebuilt.name, removed=["b0"])
    engine.drop(rebuilt.name)
    return engine


def damage(path: Path, change: Callable[[bytes], bytes | None]) -> bytes:
    """Replaces a file (which other generations may link), and returns what it was."""
    content = path.read_bytes()
    changed = change(content)
    path.unlink()
    if changed is not None:
        path.write_bytes(changed)
    return content


def faults_of(engine: EmbeddedEngine, name: str) -> list[str]:
    try:
        return engine.verify(name)
    except IndexProblem as problem:
        return [problem.message]


@ENGINES
def test_damage_to_any_file(make: Callable[[Path], EmbeddedEngine], tmp_path: Path) -> None:
    """`verify` finds it, opening refuses it, and the older generation answers and says why."""
    engine = two_generations(tmp_path, make)
    name, old, takedowns = engine.current(), engine.generations()[0].name, Takedowns(tmp_path)
    files = [path for path in sorted(engine.store.path(name).iterdir()) if path.stat().st_size]
    assert len(files) > 8
    for path in files:
        for what, change in DAMAGE.items():
            content = damage(path, change)
            assert faults_of(engine, name), (path.name, what)
            with pytest.raises((IndexDamaged, NoSuchGeneration)):
                engine.open()
            answering = open_answering(engine, takedowns)
            assert answering.snapshot.generation.name == old, (path.name, what)
            assert sorted(ids_of(answering.snapshot, All())) == OLD
            assert old in answering.warning
            answering.snapshot.close()
            path.write_bytes(content)
    assert engine.verify(name) == []
    assert open_answering(engine, takedowns).warning == ""


@ENGINES
def test_any_byte_of_the_manifest(make: Callable[[Path], EmbeddedEngine], tmp_path: Path) -> None:
    """Each byte of the manifest counts, those of its own checksum too."""
    engine = two_generations(tmp_path, make)
    path = engine.store.path(engine.current()) / MANIFEST
    content = path.read_bytes()
    for at in range(len(content)):
        changed = content[at] ^ (1 << at % 8)
        path.write_bytes(content[:at] + bytes([changed]) + content[at + 1 :])
        with pytest.raises(IndexDamaged):
            engine.read(engine.current())
    path.write_bytes(content)
    assert engine.verify(engine.current()) == []


LOSSES: dict[str, Callable[[EmbeddedEngine], object]] = {
    "CURRENT is garbage": lambda engine: (engine.store.root / CURRENT).write_bytes(b"\xff\0?"),
    "CURRENT is empty": lambda engine: (engine.store.root / CURRENT).write_bytes(b""),
    "CURRENT names another": lambda engine: (engine.store.root / CURRENT).write_text("1999"),
    "CURRENT is lost": lambda engine: (engine.store.root / CURRENT).unlink(),
    "CURRENT is a folder": lambda engine: _as_folder(engine.store.root / CURRENT),
}


def _as_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@ENGINES
@pytest.mark.parametrize("lose", LOSSES.values(), ids=list(LOSSES))
def test_a_lost_current(
    make: Callable[[Path], EmbeddedEngine],
    lose: Callable[[EmbeddedEngine], object],
    tmp_path: Path,
) -> None:
    """The newest generation answers, and a rollback publishes it."""
    engine = two_generations(tmp_path, make)
    name = engine.current()
    lose(engine)
    answering = open_answering(engine, Takedowns(tmp_path))

    assert answering.snapshot.generation.name == name
    assert answering.warning
    assert engine.previous() == name


@ENGINES
def test_a_folder_that_is_gone(make: Callable[[Path], EmbeddedEngine], tmp_path: Path) -> None:
    """Where the published generation is deleted, the one before it answers."""
    engine = two_generations(tmp_path, make)
    shutil.rmtree(engine.store.path(engine.current()))
    answering = open_answering(engine, Takedowns(tmp_path))

    assert sorted(ids_of(answering.snapshot, All())) == OLD
    assert "不是现有的版本" in answering.warning


def test_a_generation_that_was_left_is_no_substitute(tmp_path: Path) -> None:
    """After a rollback the newer generation is passed over: its owner left it."""
    engine = two_generations(tmp_path, whoosh_engine)  # type: ignore[arg-type]
    engine.publish(engine.previous())
    damage(next(engine.store.path(engine.current()).glob("*.pack")), flipped)

    with pytest.raises(IndexDamaged, match="校验和"):
        open_answering(engine, Takedowns(tmp_path))


def test_taken_down_articles_do_not_come_back(tmp_path: Path) -> None:
    """A substitute that holds an article that was taken down since does not answer."""
    engine = two_generations(tmp_path, whoosh_engine)  # type: ignore[arg-type]
    damage(next(engine.store.path(engine.current()).glob("*.pack")), flipped)
    takedowns = Takedowns(tmp_path)
    assert open_answering(engine, takedowns).warning
    takedowns.add([Takedown("a3", "侵权", 1)])

    with pytest.raises(IndexDamaged):
        open_answering(engine, takedowns)


def test_damage_to_every_generation(tmp_path: Path) -> None:
    """If none is sound, opening and rolling back say so; nothing is answered."""
    engine = two_generations(tmp_path, whoosh_engine)  # type: ignore[arg-type]
    for generation in engine.generations():
        damage(next(engine.store.path(generation.name).glob("*.folded")), flipped)

    with pytest.raises(IndexDamaged):
        open_answering(engine, Takedowns(tmp_path))
    with pytest.raises(IndexDamaged, match="rebuild"):
        engine.previous()


def test_a_rollback_passes_over_damaged_generations(tmp_path: Path) -> None:
    """It goes to the newest sound one."""
    engine = two_generations(tmp_path, whoosh_engine)  # type: ignore[arg-type]
    oldest, damaged = (generation.name for generation in engine.generations())
    build(engine, [random_documents(4, ["c"])])
    damage(next(engine.store.path(damaged).glob("*.texts")), flipped)

    assert engine.previous() == oldest


def test_large_files_are_read_by_verify_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Opening compares their sizes; a full check reads each file once in a process."""
    monkeypatch.setattr(generations, "QUICK_BYTES", 0)
    engine = two_generations(tmp_path, whoosh_engine)  # type: ignore[arg-type]
    name = engine.current()
    path = next(engine.store.path(name).glob("*.texts"))
    content = damage(path, flipped)
    engine.open().close()
    assert engine.verify_unread(name) == engine.verify(name) != []

    path.write_bytes(content)
    assert engine.verify_unread(name) == engine.verify(name) == []
    read: list[Path] = []
    monkeypatch.setattr("index.engines.embedded.checksums.digest", read.append)
    assert engine.verify_unread(name) == []
    assert read == []


@ENGINES
def test_an_update_does_not_hide_damage(
    make: Callable[[Path], EmbeddedEngine], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A damaged file of the base is found by `verify` afterwards, or, where the update merged it
    into a new file, by the update: a new checksum would make the damage look sound."""
    monkeypatch.setattr(generations, "QUICK_BYTES", 0)
    engine = two_generations(tmp_path, make)
    base = engine.current()
    for path in sorted(engine.store.path(base).iterdir()):
        if path.suffix not in (".bin", ".folded", ".store", ".pos", ".pack"):
            continue
        content = damage(path, flipped)
        fresh = random_documents(5, [f"c{at}" for at in range(9)])
        try:
            engine.open().close()  # as every update does first
            made = build(engine, [fresh], base=base)
        except IndexDamaged:
            assert engine.current() == base
        else:
            assert path.name in "".join(engine.verify(made.name)), path.name
            engine.publish(base)
        path.unlink()
        path.write_bytes(content)
    assert engine.verify(base) == []
