"""Stores generations as folders, and publishes one by replacing a small file.

    <index_dir>/CURRENT                     the name of the published generation
    <index_dir>/LOCK                        held by the one process that writes
    <index_dir>/generations/<name>/         manifest.json, lexicon.json and the engine's files
    <index_dir>/generations/<name>.partial/ being built; deleted by the next writer if left over

A folder gets its final name only when every file in it is on disk, and `CURRENT` is replaced by
one `os.replace`. Readers see one whole generation, whatever happens to the writer. The manifest has
a checksum of every file, and of itself (checksums.py).
"""

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from index.durable import FRESH, make_folder, replace_text, sync
from index.engines.api import Generation
from index.engines.compatibility import generation_of
from index.engines.embedded.checksums import QUICK_BYTES, digest, faults, sealed, unsealed
from index.errors import IndexDamaged, IndexLocked, IndexMissing, NoSuchGeneration
from index.file_lock import try_lock

MANIFEST, LEXICON, CURRENT, LOCK = "manifest.json", "lexicon.json", "CURRENT", "LOCK"
NAME_FORMAT = "%Y%m%dT%H%M%S%fZ"
"""The name of a generation: when its build began."""
PARTIAL = ".partial"
KEPT_GENERATIONS = 3
"""The current generation and two to roll back to."""
_KNOWN = frozenset({"files", *(field.name for field in fields(Generation))})

Files = dict[str, list[Any]]
"""Size and checksum by name: every file of a generation but its manifest."""
ROLLBACK_HINT = "运行 yuansou index rollback，让最近一个完好的版本上线。"


class Generations:
    """The generations in one folder, of any engine."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._folder = root / "generations"
        self._read: set[tuple[int, ...]] = set()
        """Identities of the files that `verify` found sound in this process."""

    def path(self, name: str) -> Path:
        return self._folder / name

    def names(self) -> list[str]:
        """Complete generations, oldest first (names begin with the time)."""
        if not self._folder.is_dir():
            return []
        return sorted(p.parent.name for p in self._folder.glob(f"*/{MANIFEST}") if _complete(p))

    def current(self) -> str:
        """The published generation. Raises IndexMissing, or NoSuchGeneration if it is not there."""
        name = self._published()
        while not (self.path(name) / MANIFEST).is_file() or not name:
            again = self._published()
            if again == name:
                message = f"{self.root / CURRENT} 写的不是现有的版本（{name or '空'}）。"
                raise NoSuchGeneration(message, hint=ROLLBACK_HINT)
            name = again  # another was published, and the first one deleted
        return name

    def _published(self) -> str:
        try:
            return (self.root / CURRENT).read_text("utf-8").strip()
        except FileNotFoundError:
            held = self.names()
            raise IndexMissing(
                f"{self.root} 里的 CURRENT 不见了。" if held else f"{self.root} 里还没有索引。",
                hint=ROLLBACK_HINT if held else IndexMissing.first,
            ) from None
        except NotADirectoryError as error:
            message, hint = f"{self.root} 不是目录。", "请用设置 index_dir 指定一个目录。"
            raise IndexDamaged(message, hint=hint) from error
        except (OSError, ValueError) as error:
            raise IndexDamaged(f"{self.root / CURRENT} 无法读取。", hint=ROLLBACK_HINT) from error

    def read(self, name: str) -> Generation:
        """The manifest; raises NoSuchGeneration or IndexDamaged."""
        return read_manifest(self.path(name))[0]

    def files(self, name: str) -> Files:
        """Those that the manifest lists; raises as `read`."""
        return read_manifest(self.path(name))[1]

    def lexicon_json(self, name: str) -> str:
        return (self.path(name) / LEXICON).read_text("utf-8")

    def begin(self, base: str | None) -> Path:
        """A folder to build in: empty, or with hard links to the engine files of `base`."""
        self.collect_partial()
        folder = self.path(_new_name(self.names()) + PARTIAL)
        make_folder(self._folder)
        folder.mkdir()
        if base is not None:
            for source in self.path(base).iterdir():
                if source.name not in (MANIFEST, LEXICON):
                    _link_or_copy(source, folder / source.name)
        return folder

    def check_replaced(self, base: str, folder: Path) -> None:
        """Read the files of `base` that an update does not share: it may have merged them into new
        ones, whose checksums would make damage look sound. Raises IndexDamaged."""
        shared = {_inode(path) for path in folder.iterdir()}
        files, below = self.files(base), self.path(base)
        replaced = {name for name in files if _inode(below / name) not in shared}
        for fault in faults(below, files, replaced):
            raise IndexDamaged(f"索引版本 {base} 已损坏，没有更新：{fault}")

    def finish(self, folder: Path, generation: Generation, lexicon_json: str) -> None:
        """Make a built folder durable and complete, under its final name.

        Files shared with an older generation are on disk already. Their checksums are copied from
        its manifest, so that `verify` finds damage done since they were written.
        """
        (folder / LEXICON).write_text(lexicon_json, "utf-8")
        known = self._known_files()
        files = {p.name: known.get(_inode(p)) for p in sorted(folder.iterdir())}
        fresh = [folder / name for name, entry in files.items() if entry is None]
        files |= {p.name: [p.stat().st_size, digest(p)] for p in fresh}
        manifest = {**asdict(generation), "files": files}
        (folder / MANIFEST).write_text(sealed(manifest), "utf-8")
        for path in (*fresh, folder / MANIFEST):
            sync(path)
        sync(folder)
        folder.rename(self.path(generation.name))
        sync(self._folder)

    def _known_files(self) -> dict[int, list[Any]]:
        """Size and checksum by inode of the files of all generations; hard links share an inode."""
        found: dict[int, list[Any]] = {}
        for name in self.names():
            with suppress(IndexDamaged, KeyError, TypeError, AttributeError):
                for file, entry in self.files(name).items():
                    with suppress(FileNotFoundError):
                        found[_inode(self.path(name) / file)] = entry
        return found

    def publish(self, name: str) -> None:
        if name not in self.names():
            raise NoSuchGeneration(f"没有名为 {name} 的索引版本。")
        replace_text(self.root / CURRENT, name)

    def verify(self, name: str, *, again: bool = True) -> list[str]:
        """Compare sizes and checksums with the manifest; returns a sentence for each fault.

        Without `again`, files that this process found sound before are not read a second time.
        """
        folder, files = self.path(name), self.files(name)
        before = {file: _identity(folder / file) for file in files}
        read = {file for file in files if again or before[file] not in self._read}
        found = list(faults(folder, files, read))
        if not found:
            self._read.update(before.values())
        return found

    def check_quickly(self, name: str) -> None:
        """Compare all sizes, and the checksums of small files. Raises IndexDamaged, or
        NoSuchGeneration if it was deleted meanwhile."""
        files = self.files(name)
        small = {file for file, (size, _) in files.items() if size <= QUICK_BYTES}
        for fault in faults(self.path(name), files, small):
            self.files(name)
            raise IndexDamaged(f"索引版本 {name} 已损坏：{fault}")

    def drop(self, name: str) -> None:
        # The manifest goes first: a folder without one is not a generation.
        (self.path(name) / MANIFEST).unlink(missing_ok=True)
        shutil.rmtree(self.path(name), ignore_errors=True)

    def collect_partial(self) -> None:
        """Delete what interrupted writers left. Call with the lock held."""
        for leftover in self.root.glob(f"*{FRESH}"):
            leftover.unlink()
        for leftover in self._folder.glob("*") if self._folder.is_dir() else ():
            if leftover.suffix == PARTIAL or not (leftover / MANIFEST).exists():
                shutil.rmtree(leftover, ignore_errors=True)

    @contextmanager
    def lock(self, wait: float = 0.0) -> Iterator[None]:
        """Be the only writer. Waits up to `wait` seconds; IndexLocked then names the holder."""
        make_folder(self.root)
        with (self.root / LOCK).open("a+", encoding="utf-8") as file:
            deadline = time.monotonic() + wait
            while not try_lock(file.fileno()):
                if time.monotonic() >= deadline:
                    file.seek(0)
                    raise IndexLocked(
                        f"另一个进程正在写入索引（{file.read().strip() or '未知进程'}）。",
                        hint="请等它结束后再试，或加上 --wait 秒数。",
                    )
                time.sleep(0.1)
            file.truncate(0)
            file.write(f"进程 {os.getpid()}，自 {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC")
            file.flush()
            yield
            file.truncate(0)


def read_manifest(folder: Path) -> tuple[Generation, Files]:
    """What the manifest in a folder says. Raises NoSuchGeneration or IndexDamaged."""
    name = folder.name
    try:
        data = unsealed((folder / MANIFEST).read_text("utf-8"), _KNOWN)
    except FileNotFoundError:
        raise NoSuchGeneration(
            f"没有名为 {name} 的索引版本。", hint="yuansou index status 会列出现有版本。"
        ) from None
    except (OSError, ValueError) as error:
        raise IndexDamaged(f"索引版本 {name} 的清单无法读取。") from error
    try:
        files: Files = dict(data.pop("files"))
        if any(Path(file).name != file for file in files):
            raise ValueError("a name with a folder, which a copy would follow to elsewhere")
        return generation_of(data), files
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise IndexDamaged(f"索引版本 {name} 的清单不是本程序写的。") from error


def _complete(manifest: Path) -> bool:
    return manifest.parent.suffix != PARTIAL


def _new_name(taken: list[str]) -> str:
    """A name that sorts after all `taken`, even if the clock was set back."""
    name = datetime.now(UTC).strftime(NAME_FORMAT)
    last = taken[-1] if taken else ""
    if name > last:
        return name
    try:
        moment = datetime.strptime(last, NAME_FORMAT) + timedelta(microseconds=1)
    except ValueError:
        return f"{last}a"
    return moment.strftime(NAME_FORMAT)


def _link_or_copy(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def _inode(path: Path) -> int:
    return path.stat().st_ino


def _identity(path: Path) -> tuple[int, ...]:
    """Changes with every write to the file; empty if there is none."""
    try:
        found = path.stat()
    except OSError:
        return ()
    return (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
