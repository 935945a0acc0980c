"""Growth with the corpus: synthetic articles are no copies, updates have the sizes stated."""

import json
import xml.etree.ElementTree as ET
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from benchmarks.speed import engines, growth_report
from benchmarks.speed.classes import CLASSES, drawn
from benchmarks.speed.synthetic_corpus import MIN_PIECES, grown, sized
from index.article import Article
from index.lexicon.model import Concept, Lexicon

REAL = [
    Article(
        id=f"a{number}",
        title=f"第{number}号消息说区块链",
        body="\n".join(f"第{number}篇的第{line}段说了一件别处没有的事情。" for line in range(9)),
        body_format="text",
    )
    for number in range(40)
]


def corpus_of(folder: Path, count: int) -> Path:
    path = folder / "corpus.jsonl"
    rows = [{"id": a.id, "title": a.title, "body": a.body} for a in REAL[:count]]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def read(path: Path) -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in map(json.loads, path.read_text("utf-8").splitlines())}


def test_made_articles() -> None:
    """They are the same in every run, and each takes pieces from several articles."""
    made = list(islice(grown(REAL), 30))

    assert made == list(islice(grown(REAL), 30))
    assert len({article["body"] for article in made}) == 30
    assert all(article["body"].count("\n\n") >= MIN_PIECES - 1 for article in made)


@pytest.mark.parametrize(
    ("count", "made"), [pytest.param(5, 0, id="fewer"), pytest.param(25, 15, id="more")]
)
def test_any_size(tmp_path: Path, count: int, made: int) -> None:
    """The corpus comes first; only missing articles are synthetic."""
    rows = read(sized(corpus_of(tmp_path, 10), count, tmp_path / "sized.jsonl"))

    assert len(rows) == count
    assert sum(name.startswith("made_") for name in rows) == made


def test_an_update(tmp_path: Path) -> None:
    """It removes, changes and adds the stated numbers; one new article has the mark."""
    path = sized(corpus_of(tmp_path, 40), 100, tmp_path / "sized.jsonl")
    before = read(path)
    engines.renew(path, REAL)
    after = read(path)

    changed = [name for name in before.keys() & after.keys() if before[name] != after[name]]
    assert len(before.keys() - after.keys()) == engines.REMOVED
    assert len(after.keys() - before.keys()) == engines.NEW
    assert len(changed) == engines.CHANGED
    assert sum(engines.MARK in row["body"] for row in after.values()) == 1


def test_queries_of_each_class() -> None:
    """As many as asked for, with quotations of each length."""
    names = ("区块链", "消息", "第1号", "号消息")
    found = drawn(REAL, Lexicon(tuple(Concept(name) for name in names)), 3)

    assert tuple(found) == CLASSES
    assert {len(queries) for queries in found.values()} == {3}
    assert [len(query) - 2 for query in found["quoted"]] == [1, 2, 8]


def row(engine: str, articles: int, seconds: float) -> dict[str, Any]:
    figures = ("build_s", "peak_mb", "bytes_an_article", "cold_s", "server_mb", "update_s")
    latency = {name: {"p50": 1.0, "p95": 2.0, "p99": seconds} for name in CLASSES}
    return {
        "engine": engine,
        "articles": articles,
        "reading_s": 0.5,
        "latency_ms": latency,
        **dict.fromkeys(figures, seconds),
    }


def test_the_report(tmp_path: Path) -> None:
    """The latest row of a size counts; the picture is XML with a line for each engine and panel."""
    path = tmp_path / "rows.jsonl"
    rows = [row("whoosh", 1_000, 9.0), row("tantivy", 1_000, 3.0), row("whoosh", 1_000, 4.0)]
    path.write_text("".join(json.dumps(each) + "\n" for each in rows), "utf-8")

    found = growth_report.read(path)
    said = growth_report.table(found)
    lines = ET.fromstring(growth_report.picture(found)).iter("{http://www.w3.org/2000/svg}polyline")

    assert "| whoosh | 1,000 | 4.0 |" in said
    assert "| whoosh | 1,000 | 9.0 |" not in said
    assert len(list(lines)) == 2 * len(growth_report.PANELS)
