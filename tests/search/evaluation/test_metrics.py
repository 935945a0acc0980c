"""The command `evaluate`: its figures against rankings made by hand, and its errors."""

import gzip
import json
import re
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from index.article import Article
from index.errors import EvaluationError
from search.evaluation.golden import read_golden
from search.evaluation.metrics import (
    Figures,
    by_intent,
    figures_by_query,
    mean,
    mean_difference,
    moved,
)
from search.evaluation.trec import (
    JudgedQuery,
    NamedLines,
    read_qrels,
    read_queries,
    read_run,
    run_lines,
)
from tests.support.articles import NOON, write_articles
from tests.support.terminal import Terminal, built, terminal

__all__ = ["built", "terminal"]

QUERIES = [JudgedQuery("q1", "元宇宙", "topical"), JudgedQuery("q2", "比特币", "alias")]
QRELS = {"q1": {"a": 3, "b": 1, "c": 0}, "q2": {"d": 2}}
LONG_AGO = NOON - timedelta(days=3_650)
DISCOUNT = 1 / 1.5849625007211562
"""1 / log2(3): what a second place is worth."""


def measured(**ranked: str) -> dict[str, Figures]:
    """Figures of queries, each with the articles found as a string of letters."""
    return figures_by_query(
        QUERIES, QRELS, {name: list(letters) for name, letters in ranked.items()}
    )


@pytest.mark.parametrize(
    ("letters", "ndcg", "cond"),
    [
        pytest.param("abc", 1.0, 1.0, id="the best order"),
        pytest.param("bac", (1 + 7 * DISCOUNT) / (7 + DISCOUNT), None, id="the second best first"),
        pytest.param("xa", 7 * DISCOUNT / (7 + DISCOUNT), 7 / (7 + DISCOUNT), id="one unjudged"),
        pytest.param("c", 0.0, 0.0, id="judged useless"),
        pytest.param("", 0.0, 0.0, id="nothing found"),
    ],
)
def test_ndcg(letters: str, ndcg: float, cond: float | None) -> None:
    """Gains are 2^grade - 1; ungraded articles have grade 0, or are removed for the `cond` figure."""
    figures = measured(q1=letters, q2="d")["q1"]

    assert figures.ndcg == pytest.approx(ndcg)
    assert figures.cond == pytest.approx(ndcg if cond is None else cond)


def test_relevant_is_grade_two() -> None:
    """Grade 1 does not count as relevant, unless judgements are binary."""
    assert measured(q1="ba", q2="d")["q1"].mrr == pytest.approx(0.5)
    binary = figures_by_query(QUERIES[:1], {"q1": {"a": 1}}, {"q1": ["a"]})
    assert binary["q1"].mrr == binary["q1"].recall == 1.0


def test_judged_and_empty() -> None:
    """The share of the first ten that is judged, and the queries that found nothing."""
    figures = measured(q1="axyz")

    assert figures["q1"].judged == pytest.approx(0.25)
    assert (figures["q1"].empty, figures["q2"].empty) == (0.0, 1.0)
    assert mean(figures.values()).empty == 0.5


def test_nothing_found_at_all() -> None:
    """An empty index gives figures, not an error."""
    assert mean(measured().values()).ndcg == 0.0


def test_classes() -> None:
    """Each intent has its own means; queries without judgements are left out."""
    queries = [*QUERIES, JudgedQuery("q3", "黄金", "alias")]
    figures = figures_by_query(queries, QRELS, {"q1": ["a"], "q2": ["d"], "q3": ["e"]})

    assert {name: each.queries for name, each in by_intent(queries, figures).items()} == {
        "alias": 1,
        "topical": 1,
    }


def test_comparison() -> None:
    """The mean difference lies in its interval; equal runs differ by exactly 0."""
    worse, better = measured(q1="ba", q2="d"), measured(q1="ab", q2="d")
    gain = mean_difference(worse, better)

    assert gain.low <= gain.mean <= gain.high
    assert gain.mean == pytest.approx((better["q1"].ndcg - worse["q1"].ndcg) / 2)
    assert mean_difference(better, better).high == 0.0
    assert [name for name, _ in moved(worse, better)] == ["q1"]
    assert moved(better, better) == []


def test_runs_read_back() -> None:
    """A saved run equals itself when read; the order in the file is that of the ranks."""
    run = {"q1": ["b", "a"], "q2": ["d"]}

    assert read_run(NamedLines("run", list(run_lines(run, "yuansou")))) == run
    assert read_run(NamedLines("run", ["q1 Q0 b 2 1 x", "q1 Q0 a 1 2 x"])) == {"q1": ["a", "b"]}


@pytest.mark.parametrize(
    ("read", "line"),
    [
        pytest.param(read_queries, "区块链", id="a query that is no JSON"),
        pytest.param(read_queries, '["q1"]', id="a query that is no object"),
        pytest.param(read_qrels, "q1 a 3", id="three columns of qrels"),
        pytest.param(read_qrels, "q1 0 a good", id="a grade that is no number"),
        pytest.param(read_run, "q1 Q0 a first 1 x", id="a rank that is no number"),
    ],
)
def test_unreadable_files(read: object, line: str) -> None:
    """The message names the file and the line."""
    assert callable(read)
    with pytest.raises(EvaluationError, match=r"judged\.txt 第 2 行"):
        read(NamedLines("judged.txt", ["", line]))


def test_nothing_judged() -> None:
    """It is an error if none of the queries has judgements."""
    with pytest.raises(EvaluationError, match="没有一个查询"):
        figures_by_query(QUERIES, {"other": {"a": 1}}, {})


def test_without_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says what to install."""
    monkeypatch.setitem(sys.modules, "ir_measures", None)
    with pytest.raises(EvaluationError, match=r"yuansou\[evaluate\]"):
        measured(q1="a")


class Files:
    """Judged queries over the tiny articles, as files."""

    def __init__(self, folder: Path) -> None:
        self.queries, self.qrels = folder / "queries.jsonl", folder / "qrels.tsv"
        self.run = folder / "run.trec"
        rows = [{"qid": "q1", "query": "元宇宙", "intent": "topical"}]
        self.queries.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
        self.qrels.write_text("q1 0 yuan 3\nq1 0 ecny 0\n", "utf-8")

    def words(self, *more: str) -> list[str]:
        return ["evaluate", "--queries", str(self.queries), "--qrels", str(self.qrels), *more]


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


def test_command(built: Terminal, files: Files) -> None:
    """It prints a table; a saved run can be compared with, compressed or not."""
    assert "nDCG@10" in built.says(*files.words("--save", str(files.run)))
    packed = files.run.with_suffix(".trec.gz")
    packed.write_bytes(gzip.compress(files.run.read_bytes()))

    for earlier in (files.run, packed):
        said = built.says(*files.words("--compare", str(earlier)))
        assert "+0.000  [+0.000, +0.000]" in said


def test_the_day_that_freshness_is_counted_from(terminal: Terminal, files: Files) -> None:
    """Without --now, it is the day of the newest article. Far later, age makes no difference, and
    the shorter article comes first."""
    old = Article("old", "快讯", "元宇宙。" + "平台上线。" * 20, "text", published=LONG_AGO)
    new = Article("new", "快讯", "元宇宙。" + "平台上线。" * 21, "text", published=NOON)
    terminal.run("index", "rebuild", str(write_articles(terminal.news, [old, new])))

    def first(*options: str) -> str:
        terminal.run(*files.words("--save", str(files.run), *options))
        return files.run.read_text("utf-8").split()[2]

    assert first() == first("--now", f"{NOON:%Y-%m-%d}") == "new"
    assert first("--now", "2042-01-01") == "old"


def test_a_day_that_is_none(built: Terminal, files: Files) -> None:
    """The error is one line that names the option."""
    assert "--now" in built.fails(*files.words("--now", "soon"), status=2)


@pytest.mark.tantivy
def test_the_engine_before_the_command(built: Terminal, files: Files) -> None:
    """The global option --engine applies to this command too."""
    assert "engine 是 tantivy" in built.fails("--engine", "tantivy", *files.words())


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(b"\xff\xfe\x00", "不是 UTF-8 文本", id="binary"),
        pytest.param(b"q1\n", "第 1 行", id="one column"),
    ],
)
def test_command_with_bad_files(
    built: Terminal, files: Files, content: bytes, expected: str
) -> None:
    """The error is one line that names the file."""
    files.qrels.write_bytes(content)
    said = built.fails(*files.words())

    assert expected in said
    assert "qrels.tsv" in said


def test_the_files_in_the_docs_read() -> None:
    """The examples in docs/how/relevance.md are valid files."""
    page = (Path(__file__).parents[3] / "docs" / "how" / "relevance.md").read_text("utf-8")
    section = page.partition("## Judging on queries of your own")[2].partition("\n## ")[0]
    queries, qrels, run, golden = re.findall(r"```\w+\n(.*?)```", section, re.DOTALL)
    asked = read_queries(NamedLines("queries", queries.splitlines()))

    assert [query.id for query in asked] == list(
        read_qrels(NamedLines("qrels", qrels.splitlines()))
    )
    assert read_run(NamedLines("run", run.splitlines())) == {"q001": ["043_da3e7102c3b57f80.md"]}
    assert [entry.q for entry in read_golden("golden", golden)] == ["数字人民币 试点"]
