"""Judged queries and runs as files: JSON Lines of queries, TREC's qrels and runs.

Pure: lines in, values out. Invalid lines raise EvaluationError with file and line.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from index.errors import EvaluationError

Qrels = Mapping[str, Mapping[str, int]]
"""Query → article → grade, from 0 (useless) up."""
Run = Mapping[str, Sequence[str]]
"""Query → articles, the best first."""


@dataclass(frozen=True, slots=True)
class JudgedQuery:
    """`intent`: a class of queries with figures of its own; may be empty."""

    id: str
    text: str
    intent: str = ""


@dataclass(frozen=True, slots=True)
class NamedLines:
    """The lines of a file, and its name for messages."""

    name: str
    lines: Iterable[str]

    def numbered(self) -> Iterator[tuple[int, str]]:
        """Lines that are not empty, with their numbers from 1."""
        stripped = ((number, line.strip()) for number, line in enumerate(self.lines, 1))
        return ((number, line) for number, line in stripped if line)

    def fault(self, number: int, wanted: str) -> EvaluationError:
        return EvaluationError(f"{self.name} 第 {number} 行无法读取，应为{wanted}。")


def read_queries(source: NamedLines) -> list[JudgedQuery]:
    """One JSON object a line: `qid` or `id`, `query` or `text`, and optionally `intent`."""
    queries = []
    for number, line in source.numbered():
        try:
            row = json.loads(line)
            query_id, text = row.get("qid") or row["id"], row.get("query") or row["text"]
        except (ValueError, KeyError, TypeError, AttributeError):
            raise source.fault(number, ' {"qid": "…", "query": "…"}') from None
        queries.append(JudgedQuery(str(query_id), str(text), str(row.get("intent", ""))))
    if not queries:
        raise EvaluationError(f"{source.name} 里没有查询。")
    return queries


def read_qrels(source: NamedLines) -> dict[str, dict[str, int]]:
    """TREC's format: query, a column that is ignored, article, grade."""
    qrels: dict[str, dict[str, int]] = {}
    for number, line in source.numbered():
        try:
            query, _, article, grade = line.split()
            qrels.setdefault(query, {})[article] = int(grade)
        except ValueError:
            raise source.fault(number, "“查询 0 文章 等级”四列") from None
    return qrels


def read_run(source: NamedLines) -> dict[str, list[str]]:
    """TREC's format: query, Q0, article, rank, score, name; ordered by rank."""
    ranked: dict[str, list[tuple[int, str]]] = {}
    for number, line in source.numbered():
        try:
            query, _, article, rank, _, _ = line.split()
            ranked.setdefault(query, []).append((int(rank), article))
        except ValueError:
            raise source.fault(number, "“查询 Q0 文章 名次 分数 名称”六列") from None
    return {query: [article for _, article in sorted(rows)] for query, rows in ranked.items()}


def run_lines(run: Run, name: str) -> Iterator[str]:
    """A run in TREC's format. The scores descend with the rank; only their order means anything."""
    for query, articles in run.items():
        for rank, article in enumerate(articles, 1):
            yield f"{query} Q0 {article} {rank} {len(articles) - rank + 1} {name}\n"
