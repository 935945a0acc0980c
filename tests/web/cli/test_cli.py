"""Every command: its effect, its output for people and programs, and its errors."""

import errno
import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace
from typing import Literal, NoReturn

import pytest
from click.testing import CliRunner

from index.engines.registry import open_engine
from index.errors import IndexMissing
from index.settings import Settings
from tests.install.older import OLD_FORMAT, rewrite_manifest
from tests.support.articles import ARTICLES, write_articles
from tests.support.servers import COMMAND, WAYS
from tests.support.terminal import Terminal, built, terminal
from tests.support.tiny_search import article
from web.cli.main import main
from web.cli.serve import _processes

pytestmark = pytest.mark.slow

__all__ = ["built", "terminal"]  # fixtures


def test_rebuild(terminal: Terminal) -> None:
    """A rebuild reports its counts and the folder of the index."""
    said = terminal.says("index", "rebuild", str(terminal.news))

    assert "新增 6，改动 0，未变 0，移除 0，拒收 0" in said
    assert f"索引 {terminal.root} 现有 6 篇文章" in said


def test_rebuild_for_programs(terminal: Terminal) -> None:
    """With --json, the report is the only output."""
    report = terminal.json("index", "rebuild", str(terminal.news))

    assert list(report) == [
        *("generation", "articles", "added", "changed", "unchanged", "reanalysed", "removed"),
        *("taken_down", "rejected", "gaps", "warnings", "seconds"),
    ]
    assert (report["articles"], report["added"], report["rejected"]) == (6, 6, [])


def test_update(built: Terminal) -> None:
    """Only new, changed and removed articles are counted; without paths, the last ones are read."""
    write_articles(built.news, ARTICLES[1:])
    report = built.json("index", "update")

    assert (report["articles"], report["unchanged"], report["removed"]) == (5, 5, 1)


def test_update_from_another_path_reports_removed_articles(built: Terminal) -> None:
    """Articles under none of the given paths are removed; the output says how many, and how to
    keep them."""
    other = write_articles(built.folder / "other.jsonl", ARTICLES[:2])
    report = built.json("index", "update", str(other))

    assert report["removed"] == 4
    (warning,) = report["warnings"]
    assert "来源变了" in warning
    assert f"{built.news}" in warning
    assert "移除了 4 篇" in warning
    assert "yuansou index rollback" in warning
    assert "yuansou index add" in warning


@pytest.mark.parametrize("paths", [["news.jsonl"], [], ["."]], ids=["same", "none", "above"])
def test_update_from_the_same_path_gives_no_warning(built: Terminal, paths: list[str]) -> None:
    """Articles removed from the file itself need no warning."""
    write_articles(built.news, ARTICLES[1:])
    report = built.json("index", "update", *paths)

    assert (report["removed"], report["warnings"]) == (1, [])


def test_rebuild_of_the_samples(terminal: Terminal) -> None:
    """Without paths and without an index, the sample articles are indexed."""
    assert terminal.json("index", "rebuild")["articles"] == 72


@pytest.mark.parametrize(
    ("options", "status"),
    [pytest.param([], 0, id="lenient"), pytest.param(["--strict"], 1, id="strict")],
)
def test_rejections(terminal: Terminal, options: list[str], status: int) -> None:
    """Each rejection names its place; other articles are indexed; --strict sets the exit status."""
    with terminal.news.open("a", encoding="utf-8") as file:
        file.write("{broken\n")
    result = terminal.run("index", "rebuild", str(terminal.news), *options, status=status)

    assert f"拒收 {terminal.news}:7" in result.stderr
    assert terminal.json("search", "元宇宙")["total"] == 1


def test_many_rejections_are_not_all_printed(terminal: Terminal) -> None:
    """Twenty rejections are printed, then how to see the others."""
    with terminal.news.open("a", encoding="utf-8") as file:
        file.write("{broken\n" * 50)
    result = terminal.run("index", "rebuild", str(terminal.news))

    assert sum(line.startswith("拒收 ") for line in result.stderr.splitlines()) == 20
    assert "共拒收 50 篇" in result.stderr
    assert len(terminal.json("index", "rebuild", str(terminal.news))["rejected"]) == 50


def test_what_articles_lack(terminal: Terminal) -> None:
    """A report counts articles without date or source, titles from file names and files in other
    formats, and names the first few."""
    folder = terminal.folder / "posts"
    folder.mkdir()
    for number in range(7):
        (folder / f"a{number}.md").write_text("正文。", "utf-8")
    (folder / "b.md").write_text("---\ntitle: 题\ndate: 2022-09-05\nsource: 甲报\n---\n文", "utf-8")
    for name in ("c.txt", "d.txt", "e.html", "f.png"):
        (folder / name).write_text("正文。", "utf-8")
    first = [f"{folder}/a{number}.md" for number in range(5)]

    gap = {"count": 7, "first": first}
    assert terminal.json("index", "rebuild", str(folder))["gaps"] == {
        "undated": gap,
        "without_source": gap,
        "named_after_file": gap,
        "shortened": {"count": 0, "first": []},
        "unread": {".txt": 2, ".html": 1},
    }
    told = terminal.run("index", "update", str(folder)).stderr.splitlines()
    assert told == [
        f"没有给出日期 7 篇：{'、'.join(first)} ……",
        f"没有来源 7 篇：{'、'.join(first)} ……",
        f"标题取自文件名 7 篇：{'、'.join(first)} ……",
        "没有读的文件 3 个（格式不同）：.txt 2、.html 1",
    ]


def test_status(built: Terminal) -> None:
    """Each generation is listed, the current one with its sources."""
    built.run("index", "rebuild", str(built.news))
    said = built.says("index", "status")

    assert [line[0] for line in said.splitlines() if "篇" in line] == [" ", "*"]
    assert f"来源 {built.news}" in said


def test_status_for_programs(built: Terminal) -> None:
    """The JSON has one object for each generation."""
    status = built.json("index", "status")

    assert list(status) == ["current", "answering", "warning", "generations", "condition"]
    assert (status["answering"], status["warning"]) == (status["current"], None)
    (row,) = status["generations"]
    assert list(row) == [
        *("name", "current", "engine", "program", "usable", "articles", "bytes", "segments"),
        *("created_at", "sources", "lexicon_is_current"),
    ]
    assert (row["name"], row["current"], row["articles"]) == (status["current"], True, 6)
    assert row["lexicon_is_current"] is True
    assert (row["program"], row["usable"]) == (version("yuansou"), True)


def test_status_of_an_older_index(built: Terminal) -> None:
    """For an outdated index, it says to rebuild and exits with status 1."""
    rewrite_manifest(built.generation(), **OLD_FORMAT)

    assert "旧格式" in built.run("index", "status", status=1).stdout
    (row,) = built.json("index", "status", status=1)["generations"]
    assert (row["program"], row["usable"]) == ("0.0.9", False)


def test_rebuild_from_what_is_stored(built: Terminal) -> None:
    """If the files are gone, the message names --stored, and that works."""
    built.news.unlink()
    told = built.fails("index", "rebuild")
    report = built.json("index", "rebuild", "--stored")

    assert f"上次的来源不在了：{built.news}" in told
    assert "--stored" in told
    assert (report["articles"], report["unchanged"], report["reanalysed"]) == (6, 6, 6)


def test_rebuild_from_what_is_stored_reads_no_path(built: Terminal) -> None:
    """--stored and paths exclude each other."""
    said = built.fails("index", "rebuild", "--stored", str(built.news), status=2)

    assert "--stored 不读来源" in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(("index", "rebuild", "seeds"), "同名的文件", id="rebuild"),
        pytest.param(("search", "元宇宙"), "不是目录", id="search"),
        pytest.param(("index", "status"), "不是目录", id="status"),
    ],
)
def test_an_index_folder_that_is_a_file(
    built: Terminal, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    """Is told as what it is, and not as damage."""
    (tmp_path / "file").write_text("", "utf-8")
    given = tuple(str(built.news) if word == "seeds" else word for word in words)
    line = built.fails("--index-dir", str(tmp_path / "file"), *given)

    assert said in line
    assert "rollback" not in line


def test_verify(built: Terminal) -> None:
    """A sound index is reported as sound."""
    assert "完好" in built.says("index", "verify")
    assert built.json("index", "verify")["faults"] == []


def test_verify_finds_a_damaged_file(built: Terminal) -> None:
    """A damaged file is named, with exit status 1."""
    largest = max(built.generation().iterdir(), key=lambda file: file.stat().st_size)
    largest.write_bytes(largest.read_bytes()[:-1])

    assert largest.name in built.run("index", "verify", status=1).stderr
    assert len(built.json("index", "verify", status=1)["faults"]) == 1


def test_rollback(built: Terminal) -> None:
    """The previous generation is current at once, for programs and people."""
    write_articles(built.news, ARTICLES[1:])
    built.run("index", "update")

    assert "6 篇文章" in built.says("index", "rollback")
    assert built.json("search", "元宇宙")["total"] == 1


def test_gc(built: Terminal) -> None:
    """It keeps as many generations as asked for, and always the current one."""
    for _ in range(2):
        built.run("index", "rebuild", str(built.news))

    assert "删除了 2 个版本" in built.says("index", "gc", "--keep", "1")
    assert len(built.json("index", "status")["generations"]) == 1
    assert "删除了 0 个版本" in built.says("index", "gc")


def test_remove(built: Terminal) -> None:
    """The article is gone at once, and stays away after a rebuild."""
    said = built.says("index", "remove", "yuan", "ecny", "yuan", "--reason", "侵权")

    assert "已移除 2 篇" in said
    assert built.json("search", "元宇宙")["total"] == 0
    assert built.json("index", "rebuild")["taken_down"] == 2


def test_a_removal_can_be_taken_back(built: Terminal) -> None:
    """An article comes back when its line in the list of takedowns is deleted, as the output says."""
    said = built.says("index", "remove", "yuan", "--reason", "误删")
    listed = built.root / "removed.jsonl"
    built.run("index", "rollback")
    gone = built.json("search", "元宇宙")["total"]
    listed.write_text("", "utf-8")
    built.run("index", "update")

    assert f"从 {listed} 删去那一行，再运行 yuansou index update" in said
    assert (gone, built.json("search", "元宇宙")["total"]) == (0, 1)


def test_search(built: Terminal) -> None:
    """The output has the count, the other names searched, and each hit with source and id."""
    said = built.says("search", "元宇宙")

    assert "找到 1 条结果" in said
    assert "已同时搜索：" in said
    assert "  1. 元宇宙白皮书发布" in said
    assert "链上观察 · 2022-09-05 12:00 · yuan" in said


def test_corrections(built: Terminal) -> None:
    """The output names the correction that was searched, or the one offered."""
    assert "没有“元宇舟”的结果，改为显示“元宇宙”的结果" in built.says("search", "元宇舟")
    assert "您是不是要找：元宇宙 OR V神" in built.says("search", "元宇舟 OR V神")
    assert "您是不是要找" not in built.says("search", "元宇宙")
    assert built.json("search", "元宇舟")["query"]["corrected_from"] == "元宇舟"


def test_search_pages(built: Terminal) -> None:
    """Hits are numbered on across pages; the last line names the command for the next page."""
    said = built.says("search", "", "--per-page", "2", "--page", "2", "--sort", "oldest")

    assert "\n  3. " in said
    assert "--page 3 看下一页" in said


def test_a_page_past_the_end(built: Terminal) -> None:
    """It says how many pages there are."""
    said = built.says("search", "元宇宙", "--page", "7")

    assert "第 7 页没有结果：一共只有 1 页。" in said
    assert "没有结果：" not in built.says("search", "没有的词语")


@pytest.mark.parametrize("query", ["", "没有的词语", "(((", '"', "\udcff", "元 -宇宙", "\0"])
def test_any_query(built: Terminal, query: str) -> None:
    """Any bytes are accepted as a query."""
    built.run("search", query)
    built.run("search", "--", f"-{query}")
    built.json("search", query)


def test_analyze(terminal: Terminal) -> None:
    """Each token is printed with its place and reason."""
    lines = terminal.says("analyze", "元宇宙与银行").splitlines()

    assert [line.split("\t")[:2] for line in lines] == [
        *(["元宇宙", "0-3"], ["与", "3-4"], ["银行", "4-6"]),
    ]
    assert "概念 元宇宙" in lines[0]
    assert list(terminal.json("analyze", "元宇宙")) == ["text", "normalized", "tokens", "lexicon"]
    assert terminal.says("analyze", "\udcff元").splitlines()[-1].startswith("元\t")


def test_a_misspelled_variable_is_reported(terminal: Terminal) -> None:
    """An unknown YUANSOU_ variable gives a warning."""
    assert "YUANSOU_PROT" in terminal.run("settings", YUANSOU_PROT="8001").stderr
    assert terminal.run("settings").stderr == ""


def test_settings(terminal: Terminal) -> None:
    """Each setting is printed with its value and origin."""
    (terminal.folder / "yuansou.toml").write_text("site_name = '甲'", "utf-8")
    result = terminal.run("settings", "--json", YUANSOU_PORT="8001")
    rows = json.loads(result.stdout)

    assert rows["index_dir"] == {"value": str(terminal.root), "origin": "命令行"}
    assert rows["port"] == {"value": 8001, "origin": "YUANSOU_PORT"}
    assert rows["site_name"] == {"value": "甲", "origin": "yuansou.toml"}
    assert rows["engine"] == {"value": "whoosh", "origin": "默认"}
    assert "port                 8000" in terminal.says("settings")


INDEX_COMMANDS = [
    pytest.param(["search", "元宇宙"], id="search"),
    pytest.param(["search", "元宇宙", "--json"], id="search --json"),
    pytest.param(["index", "status"], id="status"),
    pytest.param(["index", "verify"], id="verify"),
    pytest.param(["index", "rollback"], id="rollback"),
    pytest.param(["index", "gc"], id="gc"),
    pytest.param(["index", "remove", "yuan", "--reason", "侵权"], id="remove"),
]


@pytest.mark.parametrize("words", INDEX_COMMANDS)
def test_without_an_index(terminal: Terminal, words: list[str]) -> None:
    """The error is one line that names the command to build one."""
    assert "请先运行 yuansou index rebuild" in terminal.fails(*words)


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(["search", "元宇宙"], id="search"),
        pytest.param(["index", "status"], id="status"),
        pytest.param(["index", "verify"], id="verify"),
    ],
)
def test_with_a_broken_index(built: Terminal, words: list[str]) -> None:
    """The error is one line that names the command to run."""
    (built.generation() / "manifest.json").write_text("{", "utf-8")

    assert "yuansou index rollback 或 yuansou index rebuild" in built.fails(*words)


def test_the_generation_before_a_damaged_one_answers(built: Terminal) -> None:
    """`status` and `search` say which generation answers, and why."""
    old = built.generation().name
    built.run("index", "rebuild", str(built.news))
    (built.generation() / "lexicon.json").write_text("{", "utf-8")
    status = json.loads(built.run("index", "status", "--json", status=1).stdout)

    assert (status["current"], status["answering"]) == (built.generation().name, old)
    assert "lexicon.json" in status["warning"]
    assert f"改由版本 {old} 回答" in built.run("index", "status", status=1).stdout
    found = built.run("search", "元宇宙")
    assert f"改由版本 {old} 回答" in found.stderr
    assert "找到 1 条结果" in found.stdout


def test_backup_and_restore(built: Terminal) -> None:
    """What was backed up answers again, and the terminal says where everything is."""
    to = built.folder / "saved"
    told = built.says("backup", str(to))
    assert "6 篇文章" in told
    assert f"yuansou restore {to}" in told
    write_articles(built.news, ARTICLES[:1])
    built.run("index", "update")
    before = built.generation().name
    told = built.says("restore", str(to))

    assert "6 篇文章" in told
    assert "yuansou index rollback" in told
    assert f"{to / 'settings.json'}" in told
    assert built.json("index", "status")["generations"][-1]["articles"] == 6
    built.run("index", "rollback")
    assert built.generation().name == before


def test_backup_and_restore_for_programs(built: Terminal) -> None:
    """With --json, what was done is the only output. Secrets are not in a backup."""
    to = built.folder / "saved"
    secret = {"YUANSOU_OPENSEARCH_PASSWORD": "geheim", "YUANSOU_SITE_NAME": "链上"}
    made = json.loads(built.run("backup", str(to), "--json", **secret).stdout)
    restored = built.json("restore", str(to))

    assert list(made) == ["folder", "generation", "articles", "bytes", "engine"]
    assert (made["articles"], restored["articles"]) == (6, 6)
    assert json.loads((to / "settings.json").read_text("utf-8")) == {"site_name": "链上"}


@pytest.mark.parametrize("words", [["backup", "saved"], ["restore", "saved"]])
def test_a_cluster_has_backups_of_its_own(terminal: Terminal, words: list[str]) -> None:
    """One line names what to use instead; the cluster is not asked."""
    command = ["--engine", "opensearch", *words]
    assert "docs/run/opensearch.md" in terminal.fails(*command)


def damaged(built: Terminal, what: str) -> None:
    """An index with an older generation next to the current one, and one file damaged."""
    old = built.generation()
    built.run("index", "rebuild", str(built.news))
    if what == "CURRENT":
        (built.root / "CURRENT").unlink()
    elif what == "its text":
        (built.root / "CURRENT").write_text("garbage", "utf-8")
    else:
        ((old if what == "an old manifest" else built.generation()) / "manifest.json").write_text(
            ""
        )


@pytest.mark.parametrize("what", ["CURRENT", "its text", "the manifest"])
@pytest.mark.parametrize("command", ["rebuild", "update"])
def test_the_samples_never_replace_an_index(built: Terminal, what: str, command: str) -> None:
    """If the sources are no longer known, the command asks for them."""
    damaged(built, what)
    assert "不知道上次的来源" in built.fails("index", command)
    assert built.json("index", "rebuild", str(built.news))["articles"] == 6


@pytest.mark.parametrize("what", ["CURRENT", "its text", "the manifest"])
def test_rollback_repairs_a_damaged_index(built: Terminal, what: str) -> None:
    """The message names rollback, and rollback finds the newest sound generation."""
    damaged(built, what)
    assert "6 篇文章" in built.says("index", "rollback")
    assert built.json("search", "元宇宙")["total"] > 0


def test_an_old_generation_that_is_damaged(built: Terminal) -> None:
    """It does no harm: status reports it, updates work, gc deletes it."""
    damaged(built, "an old manifest")
    assert "清单无法读取" in built.says("index", "status")
    assert built.json("index", "update")["unchanged"] == 6
    assert built.says("index", "gc").startswith("删除了 1 个版本")
    assert "清单无法读取" not in built.says("index", "status")


def test_a_broken_index_can_be_rebuilt(built: Terminal) -> None:
    """The command that the message names works."""
    (built.generation() / "manifest.json").write_text("{", "utf-8")

    assert built.json("index", "rebuild", str(built.news))["articles"] == 6


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(["index", "rebuild", "nowhere"], "nowhere", id="rebuild from nowhere"),
        pytest.param(["index", "update", "nowhere"], "nowhere", id="update from nowhere"),
        pytest.param(["index", "verify", "x"], "yuansou index status", id="no such generation"),
        pytest.param(["index", "rollback"], "版本", id="nothing to go back to"),
        pytest.param(
            ["index", "remove", "nobody", "--reason", "x"], "nobody", id="no such article"
        ),
    ],
)
def test_failures(built: Terminal, words: list[str], said: str) -> None:
    """Each failure has status 1 and one line; the index is unchanged."""
    assert said in built.fails(*words)
    assert built.json("search", "")["total"] == 6


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(["index", "rebuild"], id="rebuild"),
        pytest.param(["index", "update"], id="update"),
        pytest.param(["index", "rollback"], id="rollback"),
        pytest.param(["index", "gc"], id="gc"),
        pytest.param(["index", "remove", "yuan", "--reason", "侵权"], id="remove"),
    ],
)
def test_one_writer_at_a_time(built: Terminal, words: list[str]) -> None:
    """The second writer is told who holds the lock and how to wait."""
    with open_engine(Settings(index_dir=built.root)).lock(0):
        line = built.fails(*words)

    assert str(os.getpid()) in line
    assert "--wait" in line


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(["search"], "缺少 QUERY。", id="no query"),
        pytest.param(["search", "元", "--page", "x"], "--page 的值无效", id="no number"),
        pytest.param(["search", "元", "--page", "0"], "page 从 1 开始", id="page 0"),
        pytest.param(["search", "元", "--per-page", "101"], "per_page", id="large page"),
        pytest.param(["search", "元", "--page", "101"], "翻页最多", id="beyond the window"),
        pytest.param(["search", "元" * 501], "最多 500 个", id="long query"),
        pytest.param(
            ["search", "元", "--sort", "best"],
            "要是 relevance、newest、oldest、reposts 之一",
            id="sort",
        ),
        pytest.param(["search", "元", "--nope"], "没有选项 --nope。", id="no such option"),
        pytest.param(["search", "元", "--pag", "2"], "您是不是要用 --page", id="nearly an option"),
        pytest.param(["nope"], "没有命令 nope。", id="no such command"),
        pytest.param(["serch", "元"], "您是不是要用 search", id="nearly a command"),
        pytest.param(["search", "元", "宙"], "多出了 宙", id="two words"),
        pytest.param(["lexicon", "suggest", "--limit", "0"], "要在 1 与 200 之间", id="range"),
        pytest.param(["index", "update", "--wait", "x"], "要是数字", id="no number of seconds"),
        pytest.param(["evaluate", "--queries", "no", "--qrels", "."], "没有文件 no", id="no file"),
        pytest.param(["index", "rebuild", ""], "不能是空的", id="rebuild of no path"),
        pytest.param(["index", "add", "", "a.md"], "不能是空的", id="no path to add"),
        pytest.param(["index", "gc", "--keep", "0"], "--keep 的值无效：至少是 1", id="keep none"),
        pytest.param(["index", "remove", "--reason", "x"], "缺少 ID…。", id="remove nothing"),
        pytest.param(["index", "remove", "yuan"], "缺少选项 --reason。", id="no reason"),
        pytest.param(["serve", "--port", "x"], "--port 的值无效：要是整数。", id="port"),
        pytest.param(["serve", "--port", "65536"], "--port 的值无效", id="no such port"),
        pytest.param(["--engine", "nope", "settings"], "--engine 的值无效", id="engine"),
    ],
)
def test_wrong_usage(built: Terminal, words: list[str], said: str) -> None:
    """Status 2, and the command that shows the usage."""
    line = built.fails(*words, status=2)

    assert said in line
    assert "用法见 main " in line  # the name under which the runner calls it


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(["search", "元", "--sort"], "选项 --sort 后面要写它的值。", id="no value"),
        pytest.param(["search", "元", "--json=1"], "选项 --json 不带值。", id="a value too many"),
    ],
)
def test_an_option_half_written(terminal: Terminal, words: list[str], said: str) -> None:
    """The error message is in Chinese."""
    assert said in terminal.fails(*words, status=2)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("ENGINE", "lucene", id="engine"),
        pytest.param("PORT", "http", id="port"),
        pytest.param("PUBLIC_URL", "example.com", id="address"),
        pytest.param("TRUSTED_PROXIES", "-1", id="proxies"),
        pytest.param("ARTICLE_PAGE", "half", id="article page"),
    ],
)
@pytest.mark.parametrize("words", [["settings"], ["search", "元"], ["serve"]], ids=lambda w: w[0])
def test_bad_environment(terminal: Terminal, words: list[str], name: str, value: str) -> None:
    """The line names the variable and the value."""
    line = terminal.fails(*words, **{f"YUANSOU_{name}": value})

    assert f"YUANSOU_{name}" in line
    assert value in line
    assert "默认" in line


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param("port = ", "yuansou.toml 无法读取", id="no TOML"),
        pytest.param("prot = 1", "未知的设置：prot。 要写的可能是 port。", id="misspelled name"),
        pytest.param("xyz = 1", "可用的设置：index_dir、engine、", id="unknown name"),
        pytest.param("port = 'x'", "yuansou.toml", id="bad value"),
    ],
)
def test_bad_file_of_settings(terminal: Terminal, content: str, said: str) -> None:
    """The line names the file and the fault."""
    (terminal.folder / "yuansou.toml").write_text(content, "utf-8")

    assert said in terminal.fails("settings")


def test_an_index_directory_that_is_a_file(terminal: Terminal) -> None:
    """An error of the operating system is one line with the path."""
    terminal.root.write_text("", "utf-8")

    assert str(terminal.root) in terminal.fails("index", "rebuild", str(terminal.news))


@pytest.mark.parametrize("words", [[], ["index"]], ids=["yuansou", "yuansou index"])
def test_a_group_alone_shows_its_help(words: list[str]) -> None:
    """A group without a command lists its commands with their help."""
    result = CliRunner().invoke(main, words)

    assert result.exit_code == 2
    assert "Commands:" in result.stderr
    assert "错误" not in result.stderr


class Shell:
    """Runs commands as real processes."""

    def __init__(self, terminal: Terminal) -> None:
        self.root = terminal.root

    def start(self, *words: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [*COMMAND, "--index-dir", str(self.root), *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,  # a terminal's Ctrl+C goes to all processes of its session
        )

    def run(self, *words: str) -> tuple[int, str, str]:
        process = self.start(*words)
        output, errors = process.communicate(timeout=30)
        return process.returncode, output, errors


@pytest.fixture
def shell(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> Shell:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[3]))
    return Shell(terminal)


def test_a_process_fails_in_one_line(shell: Shell) -> None:
    """A real process has the same exit status and streams."""
    status, output, errors = shell.run("search", "元宇宙")

    assert (status, output, errors.count("\n")) == (1, "", 1)
    assert "Traceback" not in errors


@pytest.mark.parametrize("wait", [0.0, 0.3, 1.0], ids=["at once", "workers start", "they cut"])
def test_ctrl_c_during_a_rebuild(built: Terminal, shell: Shell, wait: float) -> None:
    """Ctrl+C ends it soon with one line and status 130; the index is unchanged."""
    before = built.generation()
    many = write_articles(
        built.folder / "many.jsonl",
        [article(f"n{at}", f"快讯{at}", f"稳定币第{at}号。" * 30) for at in range(4_000)],
    )
    process = shell.start("index", "rebuild", str(many))
    while not list((built.root / "generations").glob("*.partial")):
        time.sleep(0.02)
    time.sleep(wait)
    os.killpg(process.pid, signal.SIGINT)
    output, errors = process.communicate(timeout=20)

    assert (process.returncode, output, errors.count("\n")) == (130, "", 1)
    assert errors.startswith("已停止。")
    assert built.generation() == before


@pytest.fixture
def taken_port() -> Iterator[int]:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken.getsockname()[1]


def test_a_taken_port(shell: Shell, taken_port: int) -> None:
    """The error comes before anything is built, and says how to choose another port."""
    status, output, errors = shell.run("serve", "--seeds", "--port", str(taken_port))

    assert (status, output) == (1, "")
    assert f"127.0.0.1:{taken_port} 已被占用" in errors
    assert "--port" in errors
    assert not shell.root.exists()


def test_a_host_that_is_not_ours(terminal: Terminal) -> None:
    """The error comes as early, and names the address, not the port."""
    said = terminal.fails("serve", "--host", "192.0.2.1", "--port", "0")
    assert "192.0.2.1" in said
    assert "--host" in said


@pytest.mark.parametrize("workers", WAYS)
def test_serve_without_an_index_says_so(shell: Shell, workers: str) -> None:
    """The server starts, and the terminal names the command to build an index."""
    process = shell.start("serve", "--port", "0", "--workers", workers)
    assert process.stderr is not None
    line = process.stderr.readline()
    process.send_signal(signal.SIGTERM)
    output, errors = process.communicate(timeout=60)

    assert line.startswith("注意：")
    assert "请先运行 yuansou index rebuild" in line
    assert f"{workers} 个进程，按 Ctrl+C 停止" in output
    assert (process.returncode, errors) == (0, "")


@pytest.mark.parametrize("workers", WAYS)
def test_serve_with_a_setting_that_cannot_be(shell: Shell, workers: str) -> None:
    """What is found when the application is made is one line, and no address is shown."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("YUANSOU_LANGUAGE", "xx")
        status, output, errors = shell.run("serve", "--port", "0", "--workers", workers)

    assert (status, output) == (1, "")
    assert errors.startswith("错误：没有 xx 的译文。")
    assert errors.count("\n") == 1


@pytest.mark.slow
@pytest.mark.parametrize("wait", [0.0, 0.5, 1.2])
def test_ctrl_c_while_a_server_starts(shell: Shell, wait: float) -> None:
    """Whenever it comes, all processes end without a word but ours."""
    process = shell.start("serve", "--port", "0", "--workers", "2")
    assert process.stdout is not None
    process.stdout.readline()
    time.sleep(wait)
    os.killpg(process.pid, signal.SIGINT)
    errors = process.communicate(timeout=60)[1]

    assert process.returncode == 130
    assert "Traceback" not in errors


@pytest.mark.parametrize(
    ("workers", "articles", "cores", "expected"),
    [
        pytest.param("auto", 6, 4, 1, id="small index"),
        pytest.param("auto", 1_000, 4, 4, id="large index"),
        pytest.param("auto", None, 4, 4, id="no index yet"),
        pytest.param("auto", 1_000, 1, 1, id="one core"),
        pytest.param("auto", 1_000, 64, 8, id="many cores"),
        pytest.param(3, 6, 1, 3, id="as asked for"),
    ],
)
def test_how_many_processes_answer(
    monkeypatch: pytest.MonkeyPatch,
    workers: int | Literal["auto"],
    articles: int | None,
    cores: int,
    expected: int,
) -> None:
    """One for each core, and one where a further one would be a waste."""

    class Held:
        def current(self) -> str:
            if articles is None:
                raise IndexMissing("")
            return "g1"

        def read(self, name: str) -> SimpleNamespace:
            return SimpleNamespace(articles=articles)

    monkeypatch.setattr("index.engines.registry.open_engine", lambda settings: Held())
    monkeypatch.setattr("index.cores.cores", lambda: cores)
    assert _processes(Settings(workers=workers)) == expected


def test_a_reader_that_goes_away(built: Terminal, shell: Shell) -> None:
    """`yuansou … | head -1` prints no traceback."""
    process = shell.start("analyze", "元宇宙" * 10_000)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()

    assert process.wait(30) == 1
    assert process.stderr.read() == ""
    process.stderr.close()


def test_help_is_quick(shell: Shell) -> None:
    """--help, and the processes that a build starts, load nothing that other commands need."""
    heavy = ("jieba", "flask", "whoosh", "numpy", "feedparser", "urllib3", "tomlkit", "search")
    code = f"import sys, web.cli.main; print([m for m in {heavy} if m in sys.modules])"
    found = subprocess.run(
        [COMMAND[0], "-c", code], capture_output=True, text=True, check=True, timeout=30
    )

    assert found.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("number", "advice"),
    [
        pytest.param(errno.ENOSPC, "请腾出空间", id="full disk"),
        pytest.param(errno.EROFS, "请换一个目录", id="read-only"),
        pytest.param(errno.EIO, "Input/output error", id="what we know no advice for"),
    ],
)
def test_what_the_system_refuses(
    built: Terminal, monkeypatch: pytest.MonkeyPatch, number: int, advice: str
) -> None:
    """The error is one line with the file and what to do next."""

    def refuse(*_: object) -> NoReturn:
        raise OSError(number, os.strerror(number), "/news/index")

    monkeypatch.setattr("index.engines.registry.open_engine", refuse)
    line = built.fails("index", "status")
    assert "/news/index：" in line
    assert advice in line
