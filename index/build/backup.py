"""Backups of an index on this machine: one generation with what it needs, in a folder.

    <backup>/backup.json       what it is, with the checksum of every other file and of itself
    <backup>/generation/       the files of the generation, with its lexicon and manifest
    <backup>/removed.jsonl     the takedowns, if there are any
    <backup>/settings.json     settings that were not the defaults, for whoever restores it

A backup needs no lock: a generation never changes, and its files are opened before any is copied,
so that they can be read even if it is deleted meanwhile.
"""

import hashlib
import shutil
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, BinaryIO

from index.build.builder import Builder
from index.durable import make_folder, sync
from index.engines.api import Engine, Generation
from index.engines.compatibility import PROGRAM_VERSION
from index.engines.embedded.checksums import digest, faults, sealed, unsealed
from index.engines.embedded.engine import EmbeddedEngine
from index.engines.embedded.generations import MANIFEST, read_manifest
from index.errors import BackupError, IndexForeign, IndexOutdated
from index.takedowns import TAKEDOWNS_FILE, TakedownList, Takedowns

FORMAT = 1
"""Raise it when older programs could not read a backup."""
DESCRIPTION, GENERATION, SETTINGS = "backup.json", "generation", "settings.json"
PARTIAL = ".partial"
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup as its description says. `made_at`: epoch seconds, UTC. `files`: by path in the
    backup, size and checksum."""

    format: int
    program: str
    engine: str
    generation: str
    articles: int
    made_at: int
    files: dict[str, list[Any]]


def back_up(
    engine: Engine, takedowns: TakedownList, to: Path, settings: Mapping[str, bytes]
) -> Backup:
    """Copy the published generation to the new folder `to`, and compare all of it with its
    checksums. `settings`: further files by name. Durable when it returns."""
    embedded = _embedded(engine)
    taken = to.is_symlink() and not to.exists()  # a link to nothing, which no folder can replace
    if taken or (to.exists() and not (to.is_dir() and not any(to.iterdir()))):
        raise BackupError(f"{to} 已经存在。", hint="请换一个名字；备份不覆盖任何东西。")
    if to.resolve().is_relative_to(embedded.store.root.resolve()):
        raise BackupError(f"{to} 在索引目录里。", hint="请备份到别处，最好是另一块磁盘。")
    partial = to.with_name(to.name + PARTIAL)
    shutil.rmtree(partial, ignore_errors=True)
    try:
        backup = _copy(embedded, takedowns, partial, settings)
        partial.rename(to)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    sync(to.parent)
    return backup


def _embedded(engine: Engine) -> EmbeddedEngine:
    if not isinstance(engine, EmbeddedEngine):
        raise BackupError(
            "集群上的索引由集群自己的快照备份和恢复。", hint="做法见 docs/run/opensearch.md。"
        )
    return engine


def _copy(
    engine: EmbeddedEngine, takedowns: TakedownList, folder: Path, settings: Mapping[str, bytes]
) -> Backup:
    with ExitStack() as stack:
        name, opened = _opened(engine, stack)
        generation, expected = engine.read(name), engine.store.files(name)
        make_folder(folder / GENERATION)
        for file, source in opened.items():
            found = _copied(source, folder / GENERATION / file)
            if file in expected and found != expected[file]:
                raise BackupError(
                    f"版本 {name} 已损坏（文件 {file}），没有备份。",
                    hint="请先运行 yuansou index rollback 或 yuansou index rebuild。",
                )
    Takedowns(folder).add(takedowns.read().values())
    for file, content in settings.items():
        (folder / file).write_bytes(content)
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    files = {str(path.relative_to(folder)): _measured(path) for path in paths}
    backup = Backup(
        format=FORMAT,
        program=PROGRAM_VERSION,
        engine=engine.name,
        generation=name,
        articles=generation.articles,
        made_at=int(time.time()),
        files=files,
    )
    (folder / DESCRIPTION).write_text(sealed(asdict(backup)), "utf-8")
    for path in (*paths, folder / DESCRIPTION, folder / GENERATION, folder):
        sync(path)
    return backup


def _opened(engine: EmbeddedEngine, stack: ExitStack) -> tuple[str, dict[str, BinaryIO]]:
    """The published generation and its files, open. Another may be published meanwhile, and this
    one deleted: then that one."""
    while True:
        name = engine.current()
        try:
            names = [*engine.store.files(name), MANIFEST]
            folder = engine.store.path(name)
            return name, {file: stack.enter_context((folder / file).open("rb")) for file in names}
        except FileNotFoundError as error:
            if engine.current() == name:
                raise BackupError(
                    f"版本 {name} 已损坏：缺少文件 {Path(error.filename).name}。",
                    hint="请先运行 yuansou index rollback 或 yuansou index rebuild。",
                ) from error


def _copied(source: BinaryIO, target: Path) -> list[Any]:
    """Size and checksum of what was copied."""
    total, checksum = 0, hashlib.blake2b(digest_size=16)
    with target.open("wb") as file:
        while chunk := source.read(_CHUNK):
            file.write(chunk)
            checksum.update(chunk)
            total += len(chunk)
    return [total, checksum.hexdigest()]


def _measured(path: Path) -> list[Any]:
    return [path.stat().st_size, digest(path)]


def read_backup(folder: Path) -> Backup:
    """The description of a backup, after comparing every file with it. Raises BackupError."""
    try:
        text = (folder / DESCRIPTION).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BackupError(
            f"{folder} 不是备份：没有可读的 {DESCRIPTION}。",
            hint="请写明 yuansou backup 建的目录。",
        ) from error
    try:
        known = {field.name for field in fields(Backup)}
        data = unsealed(text, known)
        if data["format"] > FORMAT:
            raise BackupError(
                f"{folder} 由较新的元搜 {data['program']} 备份，本程序是 {PROGRAM_VERSION}。",
                hint="请升级本程序再恢复。",
            )
        backup = Backup(**{name: data[name] for name in known})
        if not all(_below(file) for file in backup.files):
            raise ValueError("a file outside of the backup")
    except (ValueError, TypeError, KeyError) as error:
        raise _damaged(folder, f"{DESCRIPTION} 无法读取。") from error
    for fault in faults(folder, backup.files, backup.files):
        raise _damaged(folder, fault)
    return backup


def _below(file: str) -> bool:
    return not Path(file).is_absolute() and ".." not in Path(file).parts


def _damaged(folder: Path, fault: str) -> BackupError:
    return BackupError(
        f"备份 {folder} 已损坏：{fault}", hint="没有改动现有的索引；请用另一个备份。"
    )


def restore(
    engine: Engine, builder: Builder, takedowns: TakedownList, folder: Path, wait: float = 0.0
) -> Generation:
    """Publish the generation of a backup, after reading all of it. What is there stays, and a
    rollback returns to it. Takedowns are added to those that are known."""
    embedded = _embedded(engine)
    backup = read_backup(folder)
    _check_readable(embedded, folder, backup)
    known = takedowns.read()
    # A list that the description does not name was put there later, and nobody compared it.
    listed = Takedowns(folder).read() if TAKEDOWNS_FILE in backup.files else {}
    missing = [taken for name, taken in listed.items() if name not in known]

    def adopt() -> Generation:
        takedowns.add(missing)
        return embedded.adopt(folder / GENERATION)

    return builder.restore(adopt, wait)


def _check_readable(engine: EmbeddedEngine, folder: Path, backup: Backup) -> None:
    if backup.engine != engine.name:
        raise BackupError(
            f"{folder} 是 {backup.engine} 的索引，而设置 engine 是 {engine.name}。",
            hint=f"请运行 yuansou --engine {backup.engine} restore，或改这个设置。",
        )
    described, _ = read_manifest(folder / GENERATION)
    built_by = f"{folder} 里的索引由元搜 {described.program or backup.program} 建成"
    try:
        engine.readable.check_articles(described)
    except IndexForeign as error:
        raise BackupError(
            f"{built_by}，本程序是 {PROGRAM_VERSION}，不能读它。", hint="请升级本程序再恢复。"
        ) from error
    except IndexOutdated as error:
        raise BackupError(
            f"{built_by}，格式较旧，本程序不能读它。",
            hint="请用那个版本恢复，再按 docs/run/upgrade.md 升级。",
        ) from error
