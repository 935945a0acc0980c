"""The command line: each command does its job, and each error is one line."""

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.web_seeds import SEEDS, seeds_index
from web.cli import main


def _run(index_dir: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "web.cli", "--index-dir", str(index_dir), *arguments]
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[1],
        env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", **environment},
    )


def test_a_life_of_an_index(tmp_path: Path) -> None:
    """Rebuild, update, status, search, remove, rollback, verify, gc: one after the other."""
    news = tmp_path / "news"
    news.mkdir()
    for source in sorted(SEEDS.glob("*.md"))[:6]:
        (news / source.name).write_bytes(source.read_bytes())
    index = tmp_path / "index"

    built = json.loads(_run(index, "index", "rebuild", str(news), "--json").stdout)
    assert (built["added"], built["rejected"]) == (6, [])
    next(iter(news.glob("001*"))).unlink()
    updated = json.loads(_run(index, "index", "update", "--json").stdout)
    assert (updated["removed"], updated["unchanged"]) == (1, 5)
    status = json.loads(_run(index, "index", "status", "--json").stdout)
    assert [row["articles"] for row in status["generations"]] == [6, 5]
    found = json.loads(_run(index, "search", "元宇宙", "--json").stdout)
    assert found["total"] > 0
    identity = found["hits"][0]["id"]
    assert "已移除 1 篇" in _run(index, "index", "remove", identity, "--reason", "撤稿").stdout
    assert "版本" in _run(index, "index", "rollback").stdout
    again = json.loads(_run(index, "search", "元宇宙", "--json").stdout)
    assert identity not in [hit["id"] for hit in again["hits"]]
    assert "完好" in _run(index, "index", "verify").stdout
    assert "删除了" in _run(index, "index", "gc", "--keep", "1").stdout


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        pytest.param(["search", "x"], 1, "yuansou index rebuild", id="no index"),
        pytest.param(["index", "status"], 1, "yuansou index rebuild", id="no index to look at"),
        pytest.param(["index", "rollback"], 1, "yuansou index rebuild", id="nothing to go back to"),
        pytest.param(["index", "rebuild", "/no/such/path"], 1, "/no/such/path", id="no path"),
        pytest.param(["index", "remove", "x"], 2, "--reason", id="no reason given"),
        pytest.param(["index", "frobnicate"], 2, "frobnicate", id="no such command"),
        pytest.param(["--engine", "magic", "index", "status"], 2, "whoosh", id="no such engine"),
        pytest.param(["serve", "--port", "99999"], 2, "65535", id="no such port"),
        pytest.param(["search"], 2, "QUERY", id="no query"),
        pytest.param(["search", "x", "--page", "0"], 2, "page", id="bad page"),
    ],
)
def test_errors_are_one_line(tmp_path: Path, arguments: list[str], status: int, said: str) -> None:
    """What to do next, the right status, and never a traceback."""
    done = _run(tmp_path / "index", *arguments)

    assert done.returncode == status
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert len([line for line in done.stderr.splitlines() if line.startswith("错误")]) == 1


def test_a_bad_setting_is_named(tmp_path: Path) -> None:
    """So is the place it came from."""
    done = _run(tmp_path, "settings", YUANSOU_PORT="abc")

    assert done.returncode == 1
    assert "YUANSOU_PORT" in done.stderr


def test_strict_turns_a_rejection_into_a_failure(tmp_path: Path) -> None:
    """The rest is indexed all the same, and the rejection says where and why."""
    (tmp_path / "good.md").write_text("# 元宇宙\n\n正文", "utf-8")
    (tmp_path / "empty.md").write_text("", "utf-8")

    done = _run(tmp_path / "index", "index", "rebuild", str(tmp_path), "--strict")

    assert done.returncode == 1
    assert "empty.md" in done.stderr
    assert "新增 1" in done.stdout


def test_the_json_is_that_of_the_endpoint() -> None:
    """`search --json` prints the shape of /api/v1/search."""
    body = json.loads(_run(seeds_index().index_dir, "search", "NFT", "--json").stdout)

    assert {"query", "total", "hits", "facets", "index"} <= set(body)


def test_words_are_explained() -> None:
    """`analyze` says how a text is cut, and why."""
    done = _run(seeds_index().index_dir, "analyze", "V神谈数字人民币")

    assert "数字人民币" in done.stdout
    assert "DC/EP" in done.stdout


def test_a_taken_port_is_said(tmp_path: Path) -> None:
    """With the way out."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = _run(tmp_path, "serve", "--port", str(taken.getsockname()[1]))

    assert done.returncode == 1
    assert "已被占用" in done.stderr


def test_help_is_quick_to_import() -> None:
    """Nothing heavy is imported before a command runs."""
    code = "import web.cli, sys; print(sorted({'numpy', 'whoosh', 'flask'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
    assert main.name == "main"
