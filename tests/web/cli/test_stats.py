"""`yuansou stats`: tables for people and programs."""

import tomllib
from datetime import timedelta

import pytest

from tests.support.terminal import Terminal, built, terminal
from web.statistics.collector import shanghai_today
from web.statistics.day_files import DayCounts, DayFiles
from web.statistics.held_back import AskCounts

__all__ = ["built", "terminal"]  # fixtures


@pytest.fixture
def counted(built: Terminal) -> Terminal:
    files, today = DayFiles.beside(built.root), shanghai_today()
    queries = {
        "元宇宙": AskCounts(15, 0, 150, 20),
        "元宇宙 白皮书发布会": AskCounts(5, 5, 50, 10),
        "白皮书说": AskCounts(5, 5, 50, 10),
        "比特必": AskCounts(5, 5, 50, 10),
        "老百姓的钱": AskCounts(5, 0, 5_000, 2_500),
    }
    files.add(today, DayCounts(1_234, 12, 3, queries))
    files.add(today - timedelta(days=30), DayCounts(9, 0, 0, {"元宇宙": AskCounts(5, 0, 50, 10)}))
    return built


def test_nothing_is_counted(terminal: Terminal) -> None:
    assert terminal.says("stats").splitlines() == [
        "还没有统计。",
        '按这里的设置不统计；要统计请设置 query_counts = "on" 再重启 serve。',
    ]
    said = terminal.run("stats", YUANSOU_QUERY_COUNTS="on").stdout
    assert "问过 5 次后" in said
    assert terminal.json("stats")["since"] is None


def test_the_tables(counted: Terminal) -> None:
    said = counted.run("stats", YUANSOU_QUERY_COUNTS="on").stdout
    lines = said.splitlines()

    assert "1,234 次查询" in lines[0]
    assert "      15  元宇宙" in lines
    assert "      15       0  元宇宙" in lines  # rising
    assert "       5       5  比特必" in lines
    assert "   1,000   2,500  老百姓的钱" in lines
    assert "没有可比的" in counted.says("stats", "--days", "30")


def test_json(counted: Terminal) -> None:
    report = counted.json("stats", "--days", "2")

    assert report["from"] < report["to"]
    assert report["top"][0]["query"] == "元宇宙"
    assert report["top"][0]["before"] == 0
    assert [row["query"] for row in report["slow"]] == ["老百姓的钱"]


@pytest.mark.parametrize("days", ["0", "91", "x"])
def test_days_that_are_not_kept(terminal: Terminal, days: str) -> None:
    assert "--days" in terminal.fails("stats", "--days", days, status=2)


@pytest.mark.slow
def test_proposals(counted: Terminal) -> None:
    """What would be touched, and TOML to paste; the lexicon stays as it is."""
    said = counted.says("stats", "proposals")
    found = {row["word"]: row for row in counted.json("stats", "proposals")["proposals"]}

    assert {table["name"] for table in tomllib.loads(said)["concept"]} == {"比特币", "白皮书说"}
    assert found["比特必"]["joins"] == "比特币"
    assert found["比特必"]["near"][0]["nearness"] == "sound"
    assert found["白皮书说"]["articles"] == 1
    assert found["白皮书发布会"]["toml"] is None
    assert "“比特币”的又一写法" in said


def test_proposals_need_an_index(terminal: Terminal) -> None:
    assert "yuansou index rebuild" in terminal.fails("stats", "proposals")
