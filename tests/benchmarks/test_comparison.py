"""The comparison with other systems: it runs, and its figures are right."""

import json
import os
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.comparison import measure, run
from benchmarks.comparison.chart import picture
from benchmarks.comparison.measure import NAMES, Figures, Spread, percentile, ratios
from benchmarks.comparison.systems import OURS, Side, all_sides
from benchmarks.comparison.table import HEADINGS, Result, table
from benchmarks.harness.corpus import Text
from benchmarks.peers import fts5
from benchmarks.peers.base import COUNT, Hit
from benchmarks.peers.registry import PEERS
from index.article import Article
from tests.support.articles import write_articles

PLACES = "北京 上海 广州 深圳 成都 杭州 武汉 西安 南京 重庆".split()
THINGS = "区块链 数字人民币 元宇宙 智能合约 以太坊 比特币 银行 支付 监管 基金".split()
TEXTS = [
    Text(f"t{number}", f"{PLACES[number % 10]}的{thing}", f"第{number}篇，说的是{thing}。")
    for number, thing in enumerate(THINGS * 2)
]
FIGURES = Figures(*(float(number) for number in range(1, 12)))


def articles(count: int) -> list[Article]:
    """Invented: every pair of a place and a thing twice."""
    return [
        Article(
            id=f"a{number}",
            title=f"{PLACES[number % 10]}谈{THINGS[number // 10 % 10]}",
            body=f"{PLACES[number % 10]}的第{number}次会议谈到{THINGS[number // 10 % 10]}。",
            body_format="text",
        )
        for number in range(count)
    ]


def side(name: str) -> Side:
    return Side(name, name.upper(), OURS, lambda *_: None, lambda _: [], "/s", {"fold": "0"})


def result(figures: dict[str, list[Figures]]) -> Result:
    """The result of a run with two sides."""
    return Result(
        articles=2,
        characters=9,
        queries=1,
        cleaning_s=0.5,
        sides=(side("ours"), side("theirs")),
        figures=figures,
        quality={"ours": 0.75},
        empty={"ours": 0, "theirs": 1},
        lacking={"Xapian": "apt install it"},
        machine={"cores": "2 of 2"},
    )


@pytest.fixture
def slow_then_slower() -> Result:
    """The other side takes twice as long in one round, four times in the next."""
    return result(
        {
            "ours": [FIGURES, FIGURES],
            "theirs": [replace(FIGURES, build_s=2.0), replace(FIGURES, build_s=4.0)],
        }
    )


@pytest.mark.slow
def test_a_tiny_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Builds, servers, load and grades of three sides over 200 articles give every figure."""
    monkeypatch.setattr(measure, "SETTLE", 0)
    corpus = write_articles(tmp_path / "articles.jsonl", articles(200))
    queries, qrels = tmp_path / "queries.jsonl", tmp_path / "qrels.tsv"
    queries.write_text('{"qid": "q1", "query": "上海 区块链"}\n', "utf-8")
    qrels.write_text("q1\t0\ta1\t3\nq1\t0\ta101\t3\n", "utf-8")
    files = ["--json", str(tmp_path / "out.json"), "--picture", str(tmp_path / "out.svg")]
    asked = ["--queries", str(queries), "--qrels", str(qrels), "--only", "stock,fts5"]

    run.main([str(corpus), *asked, *files, "--rounds", "1", "--seconds", "0.1"])

    found = json.loads((tmp_path / "out.json").read_text("utf-8"))
    assert found["articles"] == 200
    assert list(found["sides"]) == ["yuansou-whoosh", "stock", "fts5"]
    for name, one in found["sides"].items():
        assert one["ndcg"] == pytest.approx(1), name
        figures = one["rounds"][0]
        # On a busy machine a tenth of a second is too short for an answer here and there.
        assert min(figures[figure] for figure in NAMES if not figure.startswith("rate_")) > 0, name
    assert any(one["rounds"][0]["rate_8"] for one in found["sides"].values())
    assert ET.parse(tmp_path / "out.svg").getroot().tag.endswith("svg")
    assert "SQLite FTS5" in capsys.readouterr().out


def found_by_fts5(query: str, folder: Path) -> list[Hit]:
    fts5.build(iter(TEXTS), folder)
    return fts5.open_index(folder)(query)


def test_a_peer_finds(tmp_path: Path) -> None:
    """Articles with all words; titles as published, snippets marked and without added spaces."""
    found = found_by_fts5("深圳 智能合约", tmp_path)

    assert [hit.id for hit in found] == ["t3", "t13"]
    assert found[0].title == "深圳的智能合约"
    assert "<b>智能</b>" in found[0].snippet
    assert " " not in found[0].snippet


def test_a_peer_answers_with_ten(tmp_path: Path) -> None:
    """A page of a peer has as many hits as ours."""
    assert len(found_by_fts5("的", tmp_path)) == COUNT


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("", id="empty"),
        pytest.param("？！", id="punctuation"),
        pytest.param("南极 企鹅", id="absent"),
    ],
)
def test_a_peer_finds_nothing(query: str, tmp_path: Path) -> None:
    """A query without matches gives no hit and no exception."""
    assert found_by_fts5(query, tmp_path) == []


def test_quotes_in_a_query_do_not_break_sqlite(tmp_path: Path) -> None:
    """Quotation marks, which are syntax in FTS5, are removed."""
    assert [hit.id for hit in found_by_fts5('"区块链" 北京"', tmp_path)] == ["t0", "t10"]


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        pytest.param(0.5, 51, id="median"),
        pytest.param(0.95, 96, id="95"),
        pytest.param(1, 100, id="all"),
    ],
)
def test_percentile(share: float, expected: float) -> None:
    """Over 1 to 100 in any order."""
    assert percentile(list(reversed(range(1, 101))), share) == expected


def test_ratios_are_of_the_same_round() -> None:
    """Minimum, median and maximum of the ratios; our own is 1."""
    slower = [replace(FIGURES, p50_ms=10.0), replace(FIGURES, p50_ms=30.0)]
    base = [replace(FIGURES, p50_ms=5.0), replace(FIGURES, p50_ms=10.0)]

    found = ratios({"ours": base, "theirs": slower}, "ours")

    assert found["theirs"]["p50_ms"] == Spread(2, 2.5, 3)
    assert found["ours"]["p50_ms"] == Spread(1, 1, 1)


def test_the_table_has_every_figure_and_who_is_left_out(slow_then_slower: Result) -> None:
    """A row for each side; figures with ratio and spread; missing sides with how to get them."""
    text = table(slow_then_slower)

    assert all(heading in text for heading in HEADINGS.values())
    assert "| THEIRS |  | 1 | 3.0 · ×3.0 (2.0–4.0) |" in text
    assert "| OURS | 0.750 | 0 | 1.0 |" in text
    assert "Left out: Xapian (get it: apt install it)" in text


def test_every_figure_has_a_heading() -> None:
    """Every figure has a column."""
    assert tuple(HEADINGS) == NAMES


def test_the_picture_has_a_dot_a_side_and_panel(slow_then_slower: Result) -> None:
    """Two sides in six panels, each with a line from minimum to maximum."""
    drawn = ET.fromstring(picture(slow_then_slower))
    svg = "{http://www.w3.org/2000/svg}"

    assert len(drawn.findall(f"{svg}circle")) == 2 * 6
    spans = [line for line in drawn.findall(f"{svg}line") if line.get("class") == "r"]
    assert float(spans[1].attrib["x1"]) < float(spans[1].attrib["x2"])


def test_sides_that_are_not_there_are_named() -> None:
    """The error is one line that lists the sides there are."""
    with pytest.raises(SystemExit, match="not here: solr"):
        run.main(["--only", "fts5,solr"])


def test_where_a_node_can_be_started_our_third_engine_has_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Our OpenSearch side starts a node of its own; without a server's folder it is left out."""
    for program in ("opensearch", "java"):
        (tmp_path / "bin").mkdir(exist_ok=True)
        (tmp_path / "bin" / program).touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=os.pathsep)
    monkeypatch.setenv("OPENSEARCH_HOME", str(tmp_path))
    (ours,) = (side for side in all_sides()[0] if side.name == "yuansou-opensearch")
    assert ours.serve(tmp_path)[1:] == [
        "-m",
        "benchmarks.comparison.yuansou_cluster",
        str(tmp_path),
    ]

    monkeypatch.delenv("OPENSEARCH_HOME")
    assert "yuansou-opensearch" not in [side.name for side in all_sides()[0]]


def test_a_peer_that_cannot_run_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """OpenSearch without OPENSEARCH_HOME is listed with what to download."""
    monkeypatch.delenv("OPENSEARCH_HOME", raising=False)

    sides, lacking = all_sides()

    assert "opensearch" not in [side.name for side in sides]
    assert "Maven Central" in lacking["OpenSearch, one node + jieba"]
    assert {row.title for row in PEERS} <= {side.title for side in sides} | set(lacking)
