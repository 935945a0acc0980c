"""`yuansou doctor`: each line of it where something is wrong, and what it says to do."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from index.engines.registry import open_engine
from index.settings import Settings
from tests.support.articles import ARTICLES, write_articles
from tests.support.terminal import Terminal, built, terminal
from web.cli.doctor import machine
from web.cli.doctor.findings import HealthCheck

pytestmark = pytest.mark.slow

__all__ = ["built", "terminal"]  # fixtures

EVERY = {
    *("Python", "程序库", "时区", "描述符", "内存映射", "时钟", "磁盘空间", "落盘", "预读", "权限"),
    *("写锁", "移除名单", "版本", "回答"),
}


def rows(terminal: Terminal, status: int = 0) -> dict[str, dict[str, str]]:
    """The last line of each name."""
    return {row["name"]: row for row in terminal.json("doctor", status=status)}


def test_a_sound_index(built: Terminal) -> None:
    """Every check has a line; nothing fails, nothing is changed."""
    before = sorted(path for path in built.root.rglob("*"))
    found = rows(built)

    assert set(found) == EVERY
    assert all(row["level"] in ("ok", "warn") for row in found.values())
    assert all(bool(row["todo"]) == (row["level"] != "ok") for row in found.values())
    assert found["回答"]["level"] == found["版本"]["level"] == "ok"
    assert sorted(path for path in built.root.rglob("*")) == before


def test_for_people(built: Terminal) -> None:
    """A line each, the level first."""
    lines = built.says("doctor").splitlines()

    assert {line.split()[0] for line in lines} <= {"ok", "warn"}
    assert any("完好" in line for line in lines)


def test_without_an_index(terminal: Terminal) -> None:
    """It says how to build one, and makes no folder."""
    assert "yuansou index rebuild" in rows(terminal)["回答"]["todo"]
    assert not terminal.root.exists()


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.unlink()
    path.write_bytes(content)


def _older_is_damaged(built: Terminal) -> None:
    old = built.generation()
    write_articles(built.news, ARTICLES[:2])
    built.run("index", "rebuild", str(built.news))
    _flip(old / "lexicon.json")


INDEX_FAULTS: dict[str, tuple[Callable[[Terminal], object], str, str, str]] = {
    "a damaged generation": (
        lambda built: _flip(built.generation() / "lexicon.json"),
        *("版本", "fail", "rollback"),
    ),
    "nothing answers": (
        lambda built: _flip(built.generation() / "lexicon.json"),
        *("回答", "fail", "rebuild"),
    ),
    "an older one is damaged": (_older_is_damaged, "回答", "ok", ""),
    "CURRENT is lost": (
        lambda built: (built.root / "CURRENT").unlink(),
        *("回答", "fail", "rollback"),
    ),
    "takedowns do not parse": (
        lambda built: (built.root / "removed.jsonl").write_text("{", "utf-8"),
        *("移除名单", "fail", "修正"),
    ),
    "a file in the place of the folder": (
        lambda built: (shutil.rmtree(built.root), built.root.write_text("", "utf-8")),
        *("权限", "fail", "移走"),
    ),
    "a folder in the place of a file": (
        lambda built: ((built.root / "CURRENT").unlink(), (built.root / "CURRENT").mkdir()),
        *("回答", "fail", ""),
    ),
    "an interrupted writer": (
        lambda built: (built.root / "generations" / "2026.partial").mkdir(),
        *("写锁", "warn", "不用管"),
    ),
}


@pytest.mark.parametrize(
    ("change", "name", "level", "todo"), INDEX_FAULTS.values(), ids=list(INDEX_FAULTS)
)
def test_faults_of_the_index(
    built: Terminal, change: Callable[[Terminal], object], name: str, level: str, todo: str
) -> None:
    """Each is named, with what to do; status 1 if anything fails."""
    change(built)
    result = built.run("doctor", "--json", status=int(level == "fail"))
    row = next(row for row in reversed(json.loads(result.stdout)) if row["name"] == name)

    assert (row["level"], todo in row["todo"]) == (level, True)


def test_a_writer_at_work(built: Terminal) -> None:
    """It is named, and is no fault."""
    with open_engine(Settings(index_dir=built.root)).lock(0):
        row = rows(built)["写锁"]

    assert row["level"] == "ok"
    assert f"进程 {os.getpid()}" in row["message"]


def _usage(free: int) -> Callable[[Path], Any]:
    return lambda path: type("Usage", (), {"free": free})()


def _raising(number: int) -> Callable[..., Any]:
    def fail(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    return fail


MACHINE_FAULTS: dict[str, tuple[str, Any, Callable[[Path], HealthCheck], str]] = {
    "a full disk": ("shutil.disk_usage", _usage(10), lambda p: machine.room(p, 1), "fail"),
    "little room": (
        "shutil.disk_usage",
        _usage(10**9),
        lambda p: machine.room(p, 6 * 10**8),
        "warn",
    ),
    "room": ("shutil.disk_usage", _usage(10**12), lambda p: machine.room(p, 10**9), "ok"),
    "syncing fails": ("web.cli.doctor.machine.sync", _raising(5), machine.durability, "fail"),
    "in memory": (
        "web.cli.doctor.machine.file_system",
        *(lambda p: "tmpfs", machine.durability, "warn"),
    ),
    "over a network": (
        "web.cli.doctor.machine.file_system",
        *(lambda p: "nfs4", machine.durability, "warn"),
    ),
    "a clock set back": (
        "time.time",
        *(lambda: 1_000_000.0, lambda p: machine.clock(2_000_000), "warn"),
    ),
    "few descriptors": (
        "resource.getrlimit",
        *(lambda which: (256, 256), lambda p: machine.limits()[0], "warn"),
    ),
    "no time zones": (
        "web.cli.doctor.machine.ZoneInfo",
        *(_raising(2), lambda p: machine.time_zone(), "fail"),
    ),
    "a large read-ahead": (
        "web.cli.doctor.machine._read",
        *(lambda path: "8192\n", machine.read_ahead, "warn"),
    ),
    "few maps": (
        "web.cli.doctor.machine._read",
        *(lambda path: "1024\n", lambda p: machine.limits()[1], "warn"),
    ),
    "no library of the engine": (
        "web.cli.doctor.machine._version",
        *(lambda name: "", lambda p: machine.libraries("tantivy")[0], "fail"),
    ),
}


@pytest.mark.parametrize("fault", MACHINE_FAULTS)
def test_faults_of_the_machine(fault: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Each has its level, and something to do unless it is fine."""
    place, fake, check, level = MACHINE_FAULTS[fault]
    monkeypatch.setattr(place, fake)
    found = check(tmp_path / "not" / "there")

    assert found.level == level
    assert bool(found.todo) == (level != "ok")
    assert not (tmp_path / "not").exists()


def test_a_cluster_that_is_away(terminal: Terminal) -> None:
    """One line fails, the others are printed."""
    command = ("--engine", "opensearch", "doctor", "--json")
    address = {"YUANSOU_OPENSEARCH_HOSTS": "http://127.0.0.1:9"}
    found = json.loads(terminal.run(*command, status=1, **address).stdout)

    assert [row["level"] for row in found][-1] == "fail"
    assert {"Python", "时区"} <= {row["name"] for row in found}
