"""The command line on consoles that are not UTF-8, and arguments that look like options."""

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.support.articles import ARTICLES
from tests.support.servers import COMMAND
from tests.support.tiny_search import article
from tests.support.visitors import index_of
from web.cli.main import main

pytestmark = pytest.mark.slow

ROCKET = "稳定币🚀 上线 𠮷"
"""A title with characters that GBK lacks."""
TITLE = article("-标题", ROCKET, "稳定币 以太坊")
ENCODINGS = ["gbk", "latin-1", "big5"]
"""Consoles that lack some characters; ASCII lacks all of ours."""
COMMANDS = (
    ["--help"],
    ["search", "--help"],
    ["search", "稳定币"],
    ["search", "没有这样的词语🚀"],
    ["search", "--json", "稳定币"],
    ["analyze", "𠮷野家🚀稳定币"],
    ["analyze", "--json", "𠮷野家🚀"],
    ["settings"],
    ["settings", "--json"],
    ["lexicon", "show", "比特币"],
    ["lexicon", "show", "--json", "比特币"],
    ["lexicon", "show", "🚀"],
    ["index", "status"],
    ["index", "status", "--json"],
    ["index", "verify", "🚀"],
    ["index", "remove", "🚀", "--reason", "试"],
    ["evaluate", "--queries", "🚀"],
    ["🚀"],
    ["search", "--🚀"],
)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return index_of(tmp_path_factory.mktemp("console") / "index", [*ARTICLES, TITLE])


@cache
def plain(root: Path, *words: str) -> Result:
    return run(root, *words)


def run(root: Path, *words: str, encoding: str = "utf-8") -> Result:
    command = ["--index-dir", str(root), *words]
    return CliRunner(charset=encoding).invoke(main, command)


@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        *(pytest.param("ascii", words, id=" ".join(words)) for words in COMMANDS),
        *(pytest.param(name, ["search", "稳定币"], id=name) for name in ENCODINGS),
    ],
)
def test_any_encoding(root: Path, encoding: str, words: list[str]) -> None:
    """No command ends in a traceback, whatever the encoding; JSON loses nothing."""
    result = run(root, *words, encoding=encoding)
    usual = plain(root, *words)

    assert isinstance(result.exception, SystemExit | None), result.exception
    assert result.exit_code == usual.exit_code
    assert result.stdout_bytes or result.stderr_bytes
    if "--json" in words:
        shown, meant = json.loads(result.stdout_bytes), json.loads(usual.stdout_bytes)
        assert _timeless(shown) == _timeless(meant)


def _timeless(answer: Any) -> Any:
    return {name: value for name, value in answer.items() if name != "took_ms"}


def test_what_gbk_has_is_shown(root: Path) -> None:
    """Only characters that the console lacks become question marks."""
    said = run(root, "search", "稳定币", encoding="gbk").stdout_bytes.decode("gbk")

    assert "稳定币? 上线 ?" in said


GBK = {"PYTHONIOENCODING": "gbk"}
C_LOCALE = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("environment", "words", "status"),
    [
        pytest.param(GBK, ["search", "--json", ""], 0, id="gbk, to stdout"),
        pytest.param(C_LOCALE, ["lexicon", "show", "🚀"], 1, id="C, to stderr"),
        pytest.param(C_LOCALE, ["search", "--json", "稳定币"], 0, id="C, a query"),
    ],
)
def test_a_real_process(
    root: Path, environment: dict[str, str], words: list[str], status: int
) -> None:
    """Standard output and standard error, through a pipe."""
    command = [*COMMAND, "--index-dir", str(root), *words]
    env = {**os.environ, **environment}
    ended = subprocess.run(command, capture_output=True, env=env, check=False)

    assert b"Traceback" not in ended.stderr
    assert ended.returncode == status
    assert status or json.loads(ended.stdout)["hits"]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="has no such pipes")
@pytest.mark.parametrize("words", [["settings"], ["--help"]])
def test_a_reader_that_has_enough(root: Path, words: list[str]) -> None:
    """`yuansou … | head` prints nothing to standard error."""
    reads, writes = os.pipe()
    os.close(reads)
    command = [*COMMAND, "--index-dir", str(root), *words]
    ended = subprocess.run(command, stdout=writes, stderr=subprocess.PIPE, check=False)
    os.close(writes)

    assert (ended.stderr, ended.returncode) == (b"", 1)


@pytest.mark.parametrize(
    "query",
    [
        "-以太坊 比特币",
        "-以太坊",
        "－以太坊 比特币",
        "--以太坊",
        "-NFT 元宇宙",
        "-NFT",
        "-hype",
        "-来源：财新",
        "-source:财新 稳定币",
        '-"以太坊"',
        "-(以太坊 OR 比特币)",
        "---",
        "-",
        "-- 以太坊",
        "-=",
        "--json 怎么用",
        "-5% 稳定币",
        "-1.5",
        "-🚀",
    ],
)
def test_a_query_that_begins_with_a_dash(root: Path, query: str) -> None:
    """It is read as a query, before and after options with values."""
    words = ["--sort", "newest", query, "--per-page=5"]
    answer = json.loads(run(root, "search", "--json", *words).stdout)
    assert query in (answer["query"]["q"], answer["query"]["corrected_from"])
    assert answer["per_page"] == 5


@pytest.mark.parametrize(
    "words", [["-NFT", "--sort", "newest"], ["--per-page=5", "-NFT"]], ids=["first", "last"]
)
def test_a_query_with_a_dash_at_either_end(root: Path, words: list[str]) -> None:
    """A dash in the first or last word makes no option of it."""
    answer = json.loads(run(root, "search", "--json", *words).stdout)
    assert answer["query"]["q"] == "-NFT"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["search", "--sortt", "x"], "没有选项 --sortt。您是不是要用 --sort"),
        (["search", "--eth", "x"], "以减号开头的文字请写在 -- 之后。"),
        (["search", "x", "--index-dir", "y"], "它要写在 main 之后、子命令之前。"),
        (["index", "status", "--engine=y"], "它要写在 main 之后、子命令之前。"),
        (["search", "-x"], "以减号开头的文字请写在 -- 之后。"),
        (["search", "-以太坊", "比特币"], "有空格的请放进引号"),
        (["search", "-以太坊", "--sort"], "选项 --sort 后面要写它的值。"),
        (["search", "-以太坊", "--sort", "-最新"], "--sort 的值无效"),
        (["search"], "缺少 QUERY。"),
        (["analyze", "--jsn"], "以减号开头的文字请写在 -- 之后。"),
        (["lexicon", "show", "-h比"], "词库里没有“-h比”"),
        (["index", "remove", "--force", "x", "--reason", "y"], "没有选项 --force。"),
        (["index", "remove", "-无此文", "--reason", "-因为"], "-无此文"),
    ],
)
def test_errors_of_options_are_one_line(root: Path, words: list[str], said: str) -> None:
    """An unknown option is an error of one line that says what to do."""
    result = run(root, *words)

    (line,) = result.stderr.splitlines()
    assert said in line
    assert result.exit_code in (1, 2)


def test_an_id_that_begins_with_a_dash(tmp_path: Path) -> None:
    """Such an article can be removed; the reason may begin with a dash too."""
    root = index_of(tmp_path / "index", [*ARTICLES, TITLE])
    result = run(root, "index", "remove", "--reason", "-版权", "-标题")

    assert "已移除 1 篇" in result.stdout, result.output


@pytest.mark.parametrize(
    "words", [["analyze", "-以太坊 比特币"], ["analyze", "--json", "--以太坊"]], ids=" ".join
)
def test_texts_that_begin_with_a_dash(root: Path, words: list[str]) -> None:
    """Other commands with a text accept it as well."""
    assert "以太坊" in run(root, *words).stdout
