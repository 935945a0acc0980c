"""Folders of generations: one writer, one atomic step, and every fault is found."""

import threading
import time
from pathlib import Path

import pytest

from index.engines.api import Generation
from index.engines.embedded.generations import CURRENT, LEXICON, MANIFEST, Generations
from index.errors import IndexDamaged, IndexLocked, IndexMissing, NoSuchGeneration
from tests.support.processes import Process

HOLDER = """
import sys
from pathlib import Path
from index.engines.embedded.generations import Generations

with Generations(Path(sys.argv[1])).lock():
    print("held", flush=True)
    sys.stdin.read()
"""

MANY = "20991231T000000000000Z"


def described(name: str) -> Generation:
    return Generation(name, "whoosh", 1, "a-b", "c", 3, 1_662_350_400, 2, 10, ("/新闻",))


def finished(store: Generations, base: str | None = None, **files: str) -> str:
    """A complete generation of these files."""
    folder = store.begin(base)
    for name, text in files.items():
        (folder / name).unlink(missing_ok=True)
        (folder / name).write_text(text, "utf-8")
    name = folder.name.removesuffix(".partial")
    store.finish(folder, described(name), "{}")
    return name


@pytest.fixture
def store(tmp_path: Path) -> Generations:
    return Generations(tmp_path / "index")


def test_nothing_yet(store: Generations) -> None:
    """An empty folder has no generation; the error says how to make one."""
    assert store.names() == []
    with pytest.raises(IndexMissing, match="yuansou index rebuild"):
        store.current()
    with pytest.raises(NoSuchGeneration):
        store.publish(MANY)
    with pytest.raises(NoSuchGeneration, match=MANY):
        store.read(MANY)


def test_a_generation_comes_back_as_described(store: Generations) -> None:
    """The manifest and the lexicon are read as they were written."""
    name = finished(store, data="一")
    assert store.names() == [name]
    assert store.read(name) == described(name)
    assert store.lexicon_json(name) == "{}"
    assert store.verify(name) == []


def test_an_unfinished_generation(store: Generations) -> None:
    """A folder that is being built is not a generation."""
    folder = store.begin(None)
    (folder / MANIFEST).write_text("{}", "utf-8")
    assert store.names() == []


def test_names_ascend(store: Generations) -> None:
    """A new name sorts after all others, even if the clock was set back."""
    (store.path(MANY)).mkdir(parents=True)
    (store.path(MANY) / MANIFEST).write_text("{}", "utf-8")
    names = [finished(store, data="一") for _ in range(3)]
    assert store.names() == [MANY, *names]
    assert {len(name) for name in names} == {len(MANY)}


def test_a_base_is_linked(store: Generations) -> None:
    """An update begins with hard links to the engine files of its base, without its manifest."""
    base = finished(store, kept="一", changed="二")
    folder = store.begin(base)
    assert sorted(path.name for path in folder.iterdir()) == ["changed", "kept"]
    assert (folder / "kept").samefile(store.path(base) / "kept")
    update = finished(store, base, changed="三", added="四")
    assert sorted(p.name for p in store.path(update).iterdir()) == sorted(
        ["kept", "changed", "added", MANIFEST, LEXICON]
    )
    assert store.verify(base) == store.verify(update) == []


def test_damage_to_a_shared_file_is_found(store: Generations) -> None:
    """An update copies the checksums of shared files from its base without reading the files."""
    base = finished(store, data="一", more="二")
    with (store.path(base) / "data").open("r+b") as file:
        file.write(b"\xff")
    name = finished(store, base, more="三")

    assert store.verify(name) == ["文件 data 的校验和不符。"]


def test_leftovers_are_collected(store: Generations) -> None:
    """The next writer deletes only what an interrupted one left."""
    name = finished(store, data="一")
    interrupted = store.begin(None)
    (interrupted / MANIFEST).write_text("{}", "utf-8")
    half_dropped = store.path("20000101T000000000000Z")
    half_dropped.mkdir()
    (half_dropped / "data").write_text("一", "utf-8")
    half_replaced = store.root / "removed.jsonl.new"
    half_replaced.write_text("{", "utf-8")
    store.collect_partial()
    assert not half_replaced.exists()
    assert not interrupted.exists()
    assert not half_dropped.exists()
    assert store.names() == [name]


def test_drop(store: Generations) -> None:
    """A dropped generation is deleted; dropping it again is no error."""
    name = finished(store, data="一")
    store.drop(name)
    store.drop(name)
    assert store.names() == []
    assert not store.path(name).exists()


def test_publishing_is_atomic(store: Generations) -> None:
    """Reading during a publish returns the old name or the new one."""
    names = [finished(store, data=text) for text in "一二"]
    store.publish(names[0])
    seen: set[str] = set()
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            seen.add(store.current())

    thread = threading.Thread(target=read)
    thread.start()
    for turn in range(200):
        store.publish(names[turn % 2])
    stop.set()
    thread.join()
    assert seen == set(names)
    assert store.current() == names[1]
    assert sorted(p.name for p in store.root.iterdir()) == [CURRENT, "generations"]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        pytest.param(None, "缺少文件 data", id="missing"),
        pytest.param(b"12345678", "应有 9 字节，实有 8", id="truncated"),
        pytest.param(b"123456788", "data 的校验和不符", id="a flipped byte"),
    ],
)
def test_faults_are_found(store: Generations, content: bytes | None, fault: str) -> None:
    """`verify` names the file and what is wrong with it."""
    name = finished(store, data="123456789", other="一")
    path = store.path(name) / "data"
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    (found,) = store.verify(name)
    assert fault in found


@pytest.mark.parametrize("manifest", ["", "{", "[]", "{}", '{"files": {}, "sources": [], "x": 1}'])
def test_unreadable_manifests(store: Generations, manifest: str) -> None:
    """A manifest that is not ours is damage, and the message says what to do."""
    name = finished(store, data="一")
    (store.path(name) / MANIFEST).write_text(manifest, "utf-8")
    with pytest.raises(IndexDamaged, match="rollback"):
        store.read(name)


def test_a_second_process_is_refused(store: Generations) -> None:
    """The error names the process that holds the lock, and what to do."""
    holder = Process.start(HOLDER, store.root)
    assert holder.says() == "held"
    with pytest.raises(IndexLocked, match=f"进程 {holder.popen.pid}.*--wait"), store.lock():
        pass
    holder.end()
    with store.lock():
        pass


def test_a_second_process_waits(store: Generations) -> None:
    """A process that waits gets the lock as soon as it is free."""
    holder = Process.start(HOLDER, store.root)
    assert holder.says() == "held"
    threading.Timer(0.3, holder.end).start()
    before = time.monotonic()
    with store.lock(wait=20):
        assert time.monotonic() - before > 0.2


def test_a_killed_writer_releases_the_lock(store: Generations) -> None:
    """No lock file has to be removed by hand."""
    holder = Process.start(HOLDER, store.root)
    assert holder.says() == "held"
    holder.kill()
    with store.lock():
        pass
