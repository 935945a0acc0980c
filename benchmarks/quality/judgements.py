"""What benchmarks of relevance are given: an index, judged queries and their grades."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from index.engines.api import Snapshot
from index.engines.registry import open_engine
from index.settings import ENGINES, EngineName, Settings
from search.evaluation.trec import JudgedQuery, NamedLines, Qrels, read_qrels, read_queries

NOW = datetime(2026, 9, 1, tzinfo=UTC)
"""Freshness is counted from this day."""


@dataclass(frozen=True, slots=True)
class JudgedIndex:
    """One index, and queries that were judged over its articles."""

    snapshot: Snapshot
    queries: Sequence[JudgedQuery]
    qrels: Qrels


def add_arguments(parser: argparse.ArgumentParser, engine: EngineName = "whoosh") -> None:
    """Those that `opened` reads. `engine`: without --engine."""
    parser.add_argument("index", type=Path)
    parser.add_argument("--engine", choices=ENGINES, default=engine)
    parser.add_argument("--queries", type=Path, required=True, action="append")
    parser.add_argument("--qrels", type=Path, required=True, action="append")


def opened(options: argparse.Namespace) -> JudgedIndex:
    """Of several files all queries and all grades: one may grade further articles for queries of
    another."""
    settings = Settings(index_dir=options.index, engine=options.engine)
    queries = [query for path in options.queries for query in read_queries(lines_of(path))]
    merged: dict[str, dict[str, int]] = {}
    for path in options.qrels:
        for query, grades in read_qrels(lines_of(path)).items():
            merged.setdefault(query, {}).update(grades)
    return JudgedIndex(open_engine(settings).open(), queries, merged)


def lines_of(path: Path) -> NamedLines:
    return NamedLines(str(path), path.read_text("utf-8").splitlines())
