"""Backups: whole and checked, restored as one more generation, refused in one line."""

import json
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from index.build.backup import DESCRIPTION, GENERATION, back_up, restore
from index.build.builder import Builder
from index.engines.embedded.checksums import digest, sealed
from index.engines.embedded.engine import EmbeddedEngine
from index.engines.embedded.generations import MANIFEST
from index.engines.queries import All
from index.errors import BackupError, IndexDamaged, IndexMissing, YuansouError
from index.lexicon.model import Lexicon
from index.takedowns import TAKEDOWNS_FILE, Takedown, Takedowns
from tests.conftest import tantivy_engine, whoosh_engine
from tests.install.older import NEW_FORMAT, OLD_ANALYZER, OLD_FORMAT, rewrite_manifest
from tests.support.documents import build, ids_of, random_documents
from tests.support.naive_engine import NaiveEngine

pytestmark = pytest.mark.slow

SAVED = {"settings.json": b"{}\n"}
IDS = [f"a{at}" for at in range(9)]


class Place:
    """An index of nine articles, of which an update replaced one, and its backup."""

    def __init__(self, folder: Path, make: Callable[[Path], EmbeddedEngine]) -> None:
        self.root, self.to = folder / "index", folder / "backup"
        self.engine, self.takedowns = make(self.root), Takedowns(self.root)
        build(self.engine, [random_documents(1, IDS)])
        fresh = [random_documents(2, ["a0"])]
        build(self.engine, fresh, base=self.engine.current(), removed=["a0"])

    def back_up(self) -> Path:
        back_up(self.engine, self.takedowns, self.to, SAVED)
        return self.to

    def restore(self, folder: Path | None = None) -> list[str]:
        """The ids of the articles that answer afterwards."""
        builder = Builder(self.engine, Lexicon(), self.takedowns)
        restore(self.engine, builder, self.takedowns, folder or self.to)
        return self.ids()

    def ids(self) -> list[str]:
        snapshot = self.engine.open()
        found = sorted(ids_of(snapshot, All()))
        snapshot.close()
        return found


@pytest.fixture(
    params=[
        pytest.param(whoosh_engine, id="whoosh"),
        pytest.param(tantivy_engine, id="tantivy", marks=pytest.mark.tantivy),
    ]
)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    return Place(tmp_path, request.param)


@pytest.fixture
def whoosh(tmp_path: Path) -> Place:
    return Place(tmp_path, whoosh_engine)  # type: ignore[arg-type]


def test_restored_over_another_index(place: Place) -> None:
    """The backup answers again, and a rollback returns to what was there."""
    place.back_up()
    build(place.engine, [random_documents(3, ["x"])])
    before = place.engine.generations()

    assert place.restore() == IDS
    assert place.engine.generations()[:-1] == before
    assert place.engine.verify(place.engine.current()) == []
    Builder(place.engine, Lexicon(), place.takedowns).rollback()
    assert place.ids() == ["x"]


def test_restored_where_nothing_is_left(place: Place) -> None:
    """After the loss of the whole folder."""
    place.back_up()
    shutil.rmtree(place.root)

    assert place.restore() == IDS


def test_an_update_of_a_restored_index(place: Place) -> None:
    """A restored generation is a base like any other."""
    place.back_up()
    place.restore()
    base = place.engine.current()
    build(place.engine, [random_documents(5, ["new"])], base=base, removed=["a1"])

    assert place.ids() == sorted({*IDS, "new"} - {"a1"})
    assert place.engine.verify(place.engine.current()) == []


def test_made_while_others_write(whoosh: Place) -> None:
    """No lock is taken, and generations that are deleted meanwhile do no harm."""
    stop = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            build(whoosh.engine, [random_documents(number, IDS)])
            whoosh.engine.collect(1)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(5):
            back_up(whoosh.engine, whoosh.takedowns, whoosh.to / str(number), SAVED)
    finally:
        stop.set()
        writer.join()
    for number in range(5):
        assert whoosh.restore(whoosh.to / str(number)) == IDS


def test_takedowns_go_with_it(place: Place) -> None:
    """Those of the backup and those made since: none of these articles comes back."""
    place.takedowns.add([Takedown("a8", "侵权", 1)])
    place.back_up()
    shutil.rmtree(place.root)
    place.root.mkdir()
    place.takedowns.add([Takedown("a7", "投诉", 2)])

    assert place.restore() == IDS[:-2]
    assert sorted(place.takedowns.read()) == ["a7", "a8"]
    assert len(place.engine.generations()) == 1


def test_of_another_segmenter(whoosh: Place) -> None:
    """Its articles are analysed anew: a backup outlives an upgrade of the dictionary."""
    rewrite_manifest(whoosh.engine.store.path(whoosh.engine.current()), **OLD_ANALYZER)
    whoosh.back_up()

    assert whoosh.restore() == IDS


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def _described(place: Place, **changes: object) -> None:
    path = place.to / DESCRIPTION
    data = json.loads(path.read_text("utf-8"))
    data.pop("checksum")
    path.write_text(sealed({**data, **changes}), "utf-8")


def _built_by(changes: dict[str, object]) -> Callable[[Place], object]:
    def change(place: Place) -> None:
        rewrite_manifest(place.engine.store.path(place.engine.current()), **changes)
        shutil.rmtree(place.to)
        place.back_up()

    return change


def _lists_a_file_elsewhere(place: Place) -> None:
    """Every checksum is right: whoever wrote it wanted a restore to write outside."""
    (place.to / "outside").write_text("x", "utf-8")
    manifest = place.to / GENERATION / MANIFEST
    data = json.loads(manifest.read_text("utf-8"))
    data.pop("checksum")
    data["files"]["../outside"] = [1, digest(place.to / "outside")]
    manifest.write_text(sealed(data), "utf-8")
    listed = json.loads((place.to / DESCRIPTION).read_text("utf-8"))["files"]
    listed[f"{GENERATION}/{MANIFEST}"] = [manifest.stat().st_size, digest(manifest)]
    _described(place, files=listed)


REFUSED: dict[str, tuple[Callable[[Place], object], str]] = {
    "no backup": (lambda place: shutil.rmtree(place.to), "yuansou backup"),
    "another folder": (lambda place: (place.to / DESCRIPTION).unlink(), "yuansou backup"),
    "a damaged description": (lambda place: _flip(place.to / DESCRIPTION), "已损坏"),
    "a description that is no text": (
        lambda place: (place.to / DESCRIPTION).write_bytes(b"\xff\xfe\x80"),
        "yuansou backup",
    ),
    "a damaged list": (lambda place: _flip(place.to / "settings.json"), "另一个备份"),
    "a lost file": (lambda place: (place.to / GENERATION / "manifest.json").unlink(), "缺少文件"),
    "a description of files elsewhere": (
        lambda place: _described(place, files={"../../outside": [0, ""]}),
        "无法读取",
    ),
    "a manifest of files elsewhere": (_lists_a_file_elsewhere, "清单"),
    "another engine": (lambda place: _described(place, engine="tantivy"), "--engine tantivy"),
    "a newer kind of backup": (lambda place: _described(place, format=99), "升级"),
    "a newer format": (_built_by(NEW_FORMAT), "升级"),
    "an older format": (_built_by(OLD_FORMAT), "0.0.9.*upgrade.md"),
}


@pytest.mark.parametrize(("change", "said"), REFUSED.values(), ids=list(REFUSED))
def test_refused(whoosh: Place, change: Callable[[Place], object], said: str) -> None:
    """One sentence says what is wrong and what to do; the index is as it was."""
    whoosh.back_up()
    change(whoosh)
    before = sorted(path for path in whoosh.root.rglob("*") if path.name != "LOCK")
    with pytest.raises((BackupError, IndexDamaged), match=said):
        whoosh.restore()

    assert sorted(path for path in whoosh.root.rglob("*") if path.name != "LOCK") == before


def test_a_list_of_takedowns_that_was_put_there_later(whoosh: Place) -> None:
    """Is not looked at: no checksum vouches for it."""
    whoosh.back_up()
    (whoosh.to / TAKEDOWNS_FILE).write_text("no list", "utf-8")

    assert whoosh.restore() == IDS


def test_any_damaged_file(place: Place) -> None:
    """Flipped bits and cuts in every file of a backup."""
    place.back_up()
    current = place.engine.current()
    for path in sorted(place.to.rglob("*")):
        if not path.is_file() or not path.stat().st_size:
            continue
        content = path.read_bytes()
        for broken in (content[:-1], bytes([content[0] ^ 4]) + content[1:]):
            path.write_bytes(broken)
            with pytest.raises(BackupError):
                place.restore()
        path.write_bytes(content)
    assert place.engine.current() == current
    assert place.restore() == IDS


def test_what_is_damaged_is_not_backed_up(place: Place) -> None:
    """The backup before stays the newest, and nothing half-made is left."""
    path = max(place.engine.store.path(place.engine.current()).iterdir(), key=_size)
    content = path.read_bytes()
    path.unlink()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(BackupError, match=path.name):
        place.back_up()

    assert sorted(path.name for path in place.to.parent.iterdir()) == ["index"]


def _size(path: Path) -> int:
    return path.stat().st_size


def test_nothing_is_overwritten(whoosh: Place) -> None:
    """A folder that holds something is refused, and so is a link to nothing; an empty one is
    taken."""
    whoosh.to.symlink_to("nowhere")
    with pytest.raises(BackupError, match="已经存在"):
        whoosh.back_up()
    whoosh.to.unlink()
    whoosh.to.mkdir()
    whoosh.back_up()
    with pytest.raises(BackupError, match="已经存在"):
        whoosh.back_up()
    with pytest.raises(BackupError, match="索引目录里"):
        back_up(whoosh.engine, whoosh.takedowns, whoosh.root / "backup", SAVED)


def test_without_an_index(tmp_path: Path) -> None:
    """As any command that needs one."""
    with pytest.raises(IndexMissing):
        back_up(whoosh_engine(tmp_path / "index"), Takedowns(tmp_path), tmp_path / "x", SAVED)


def test_a_disk_without_room(
    whoosh: Place, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A restore that fails half-way leaves no trace."""
    whoosh.back_up()
    before = whoosh.engine.generations()
    monkeypatch.setattr(shutil, "copyfile", _full)
    with pytest.raises(OSError, match="No space"):
        whoosh.restore()

    assert whoosh.engine.generations() == before
    assert [*whoosh.root.glob("generations/*.partial")] == []


def _full(source: Path, target: Path) -> None:
    raise OSError(28, "No space left on device")


def test_a_cluster_is_told_what_to_use(tmp_path: Path) -> None:
    """Snapshots of the cluster, not this command."""
    engine, takedowns = NaiveEngine(), Takedowns(tmp_path)
    for call in (
        lambda: back_up(engine, takedowns, tmp_path / "x", SAVED),
        lambda: restore(engine, Builder(engine, Lexicon(), takedowns), takedowns, tmp_path),
    ):
        with pytest.raises(YuansouError, match=r"快照.*opensearch\.md"):
            call()


def test_damage_while_it_is_copied_in(whoosh: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """What arrives is compared with the backup before it is published."""
    whoosh.back_up()
    before = whoosh.engine.generations()

    def badly(source: Path, target: Path) -> None:
        target.write_bytes(source.read_bytes()[:-1])

    monkeypatch.setattr(shutil, "copyfile", badly)
    with pytest.raises(IndexDamaged, match="复制"):
        whoosh.restore()
    assert whoosh.engine.generations() == before
