"""`yuansou lexicon`: its output for people and programs, and its errors."""

import tomllib

import pytest

from index.lexicon.model import Concept, Lexicon
from index.lexicon_tools.entry_toml import as_toml
from tests.support.terminal import Terminal, built, terminal

pytestmark = pytest.mark.slow

__all__ = ["built", "terminal"]  # fixtures


def test_check_without_an_index(terminal: Terminal) -> None:
    """The lexicon alone is checked; the output says what needs an index."""
    said = terminal.says("lexicon", "check")
    assert "没有索引" in said
    assert "错误 0" in said
    assert "没有写明来源" in said


def test_check(built: Terminal) -> None:
    """With an index, a few warnings of each kind are printed, or all if asked for."""
    short, long = built.says("lexicon", "check"), built.says("lexicon", "check", "--all")
    assert "索引里没有出现" in long
    assert "--all 列出全部" in short
    assert len(long.splitlines()) > len(short.splitlines())
    report = built.json("lexicon", "check", "--all")
    assert report["concepts"] > 1_800
    assert {row["kind"] for row in report["findings"]} >= {"unused", "unattested"}


def test_check_over_few_articles(built: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    """Words that no article uses are reported only if the index is large enough to tell."""
    few = built.says("lexicon", "check")
    monkeypatch.setattr("web.cli.lexicon.MIN_ARTICLES_FOR_UNUSED", 6)
    enough = built.says("lexicon", "check")

    assert "索引里没有出现" not in few
    assert "索引只有 6 篇文章" in few
    assert "索引里没有出现" in enough


def test_check_fails(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault is printed as an error and sets the exit status."""
    broken = Lexicon((Concept("数字人民币", related=("没有的词",)),))
    monkeypatch.setattr("index.lexicon.loading.load_lexicon", lambda: broken)
    result = terminal.run("lexicon", "check", status=1)
    assert "错误：数字人民币的相关概念“没有的词”不存在。" in result.stderr
    assert terminal.json("lexicon", "check", status=1)["findings"][0]["kind"] == "nothing"


def test_suggest(built: Terminal) -> None:
    """Over six articles there is no suggestion; the output is still valid TOML."""
    said = built.says("lexicon", "suggest", "--limit", "5")
    assert tomllib.loads(said) == {}
    assert "0 条建议" in said
    assert built.json("lexicon", "suggest") == {"suggestions": []}


def test_suggest_prints_toml(terminal: Terminal) -> None:
    """Suggestions can be pasted into a lexicon file."""
    signs = "春夏秋冬东南西北金木水火土日月星"
    rows = [
        f'{{"id": "{n}", "title": "数字人民币与区块链", '
        f'"body": "{sign}说，密钥分割（MPCX）用于区块链。"}}\n'
        for n, sign in enumerate(signs)
    ]
    others = [
        f'{{"id": "x{n}", "title": "稳定币与支付", "body": "今天{sign}季稳定币。"}}\n'
        for n, sign in enumerate(signs * 4)
    ]
    terminal.news.write_text("".join([*rows, *others]), "utf-8")
    terminal.run("index", "rebuild", str(terminal.news))
    said = terminal.says("lexicon", "suggest")
    (table,) = tomllib.loads(said)["concept"]
    assert (table["name"], table["aliases"], table["sources"]) == ("密钥分割", ["MPCX"], ["corpus"])
    assert "新概念，括号注明；涉及 16 篇" in said
    (row,) = terminal.json("lexicon", "suggest")["suggestions"]
    assert (row["form"], row["articles"], row["joins"]) == ("密钥分割", 16, None)
    assert tomllib.loads(row["toml"])["concept"] == [table]


def test_suggest_needs_an_index(terminal: Terminal) -> None:
    """The error is one line that says what to do."""
    assert "yuansou index rebuild" in terminal.fails("lexicon", "suggest")


def test_show(built: Terminal) -> None:
    """A concept is found by any of its names; the output counts the articles of each name."""
    said = built.says("lexicon", "show", "ｅ-CNY")
    assert said.startswith("数字人民币（数字人民币，product）")
    assert "  e-CNY  1 篇" in said
    assert "来源 中国人民银行" in said
    shown = built.json("lexicon", "show", "數字人民幣")
    assert shown["forms"]["数字人民币"] == 1
    assert shown["labels"] == "always"


def test_show_what_is_not_there(terminal: Terminal) -> None:
    """It works without an index; an unknown word is an error."""
    assert "篇" not in terminal.says("lexicon", "show", "姨太").split("来源")[0]
    assert "yuansou analyze" in terminal.fails("lexicon", "show", "没有的词")


def test_toml() -> None:
    """A concept is printed as a table without loss and without default values."""
    concept = Concept(
        '"引号"', ("a\\b",), ("比特币",), "支付", "asset", labels="title", sources=("pbc",)
    )
    (table,) = tomllib.loads(as_toml(concept))["concept"]
    assert table == {
        "name": '"引号"',
        "aliases": ["a\\b"],
        "related": ["比特币"],
        "topic": "支付",
        "kind": "asset",
        "labels": "title",
        "sources": ["pbc"],
    }
    assert as_toml(Concept("词")).count("\n") == 4
