"""Checks of the index: permissions, generations, what answers, the lock, takedowns."""

import os
from collections.abc import Iterator
from pathlib import Path

from index.engines.api import Engine
from index.errors import IndexLocked, IndexMissing, IndexProblem, YuansouError
from index.fallback import open_answering
from index.takedowns import TakedownList
from web.cli.doctor.findings import HealthCheck, graded


def permissions(folder: Path) -> HealthCheck:
    """Whether this user can read and write the folder of the index and what is in it."""
    if not folder.exists():
        return graded("权限", f"{folder} 还没有。", warn="yuansou index rebuild 会建立它。")
    if not folder.is_dir():
        return graded("权限", f"{folder} 不是目录。", fail="请移走它，或改设置 index_dir。")
    paths = [folder, *folder.rglob("*")]
    closed = [path for path in paths if not os.access(path, _needed(path, os.R_OK))]
    if closed:
        todo = f"请把它交给运行元搜的用户（chown -R {os.geteuid()} {folder}）。"
        return graded("权限", f"不能读 {closed[0]}（共 {len(closed)} 处）。", fail=todo)
    fixed = [path for path in paths if path.is_dir() and not os.access(path, os.W_OK)]
    if fixed:
        todo = "可以搜索，不能更新；要更新请换用户，或改它的权限。"
        return graded("权限", f"不能写 {fixed[0]}（共 {len(fixed)} 处）。", warn=todo)
    return graded("权限", f"{folder} 可读可写。")


def _needed(path: Path, mode: int) -> int:
    return mode | os.X_OK if path.is_dir() else mode


def generations(engine: Engine) -> Iterator[HealthCheck]:
    """Reads every file of every generation."""
    current = _current(engine)
    held = engine.generations()
    for generation in held:
        faults = _faults(engine, generation.name)
        which = "现用版本" if generation.name == current else "版本"
        size = f"{generation.articles:,} 篇，{generation.bytes / 1e6:,.1f} MB"
        message = f"{which} {generation.name}，{size}"
        if not faults:
            yield graded("版本", f"{message}，完好。")
        elif generation.name == current:
            todo = "请运行 yuansou index rollback 或 yuansou index rebuild。"
            yield graded("版本", f"{message}：{faults[0]}", fail=todo)
        else:
            todo = "不能退回到它；yuansou index gc 会删旧版本。"
            yield graded("版本", f"{message}：{faults[0]}", warn=todo)
    yield from (graded("索引", sentence) for sentence in engine.status_messages())


def _current(engine: Engine) -> str | None:
    try:
        return engine.current()
    except IndexProblem:
        return None


def _faults(engine: Engine, name: str) -> list[str]:
    try:
        return engine.verify(name)
    except IndexProblem as problem:
        return [problem.message]


def answering(engine: Engine, takedowns: TakedownList) -> HealthCheck:
    """What a server that starts now would answer from."""
    try:
        found = open_answering(engine, takedowns)
    except IndexMissing as problem:
        return graded("回答", problem.message, warn=problem.hint)
    except YuansouError as problem:
        return graded("回答", problem.message, fail=problem.hint or "见 docs/run/faults.md。")
    name = found.snapshot.generation.name
    found.snapshot.close()
    if found.warning:
        return graded("回答", f"由版本 {name} 回答。", fail=found.warning)
    return graded("回答", f"由版本 {name} 回答。")


def lock(engine: Engine, folder: Path) -> HealthCheck:
    """Whether another process writes, and what an interrupted one left."""
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        return graded("写锁", "不能写，没有检查。")
    try:
        with engine.lock(0):
            left = [*folder.glob("generations/*.partial")]
    except IndexLocked as problem:
        return graded("写锁", problem.message)
    message = f"没有进程在写{f'；中断的写入留下 {len(left)} 个目录' if left else ''}。"
    return graded("写锁", message, warn="下一次写入会删去它们，不用管。" if left else "")


def taken_down(takedowns: TakedownList) -> HealthCheck:
    try:
        count = len(takedowns.read())
    except YuansouError as problem:
        return graded("移除名单", problem.message, fail=problem.hint)
    return graded("移除名单", f"{count} 篇。")
