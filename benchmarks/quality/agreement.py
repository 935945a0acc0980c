"""Law 7 in figures: `python -m benchmarks.quality.agreement whoosh=FOLDER tantivy=FOLDER …`.

Every engine, over the same articles, gets each query as typed, in quotes, and with a date filter:
do they find the same articles, count the same facets, and show nearly the same first ten? Each is
compared with the first. An engine without a folder (a cluster) is given by name alone; its other
settings come from the environment (YUANSOU_…), as for the product.
"""

import argparse
import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from benchmarks.comparison.stock_run import QUERIES
from benchmarks.harness.corpus import read_queries
from index.engines.registry import open_engine
from index.settings import load
from search.request import SearchRequest
from search.response import SearchResponse
from search.searcher import Searcher

NOW = datetime(2026, 9, 1, tzinfo=UTC)
FROM, TO = date(2021, 1, 1), date(2025, 12, 31)
LOOK = 10
"""Queries whose first ten are told one by one."""


@dataclass(frozen=True, slots=True)
class Seen:
    """The answer of one engine: all articles found, and the first page."""

    articles: frozenset[str]
    response: SearchResponse

    @property
    def first(self) -> list[str]:
        return [hit.id for hit in self.response.hits]


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two answers to one request. `overlap`: articles on both first pages, of `shown`."""

    same_articles: bool
    same_counts: bool
    overlap: int
    shown: int
    same_order: bool
    same_look: bool

    @property
    def of_ten(self) -> float:
        return 10 * self.overlap / self.shown if self.shown else 10.0


def main(arguments: Sequence[str] | None = None) -> None:
    options = _options(arguments)
    engines = {name: _searcher(name, folder) for name, folder in options.engines}
    queries = read_queries(options.queries)
    seen = {name: see(searcher, queries) for name, searcher in engines.items()}
    first, *others = seen
    tables = {name: compare(seen[first], seen[name]) for name in others}
    print(f"{len(queries)} queries, {next(iter(engines.values())).index.articles:,} articles\n")
    print(summary(first, tables), look(queries, tables), sep="\n\n")


def requests(query: str) -> Iterator[tuple[str, SearchRequest]]:
    """(kind, request): as typed, in quotes, within dates; reposts not folded."""
    yield "as typed", SearchRequest(now=NOW, q=query, fold=False)
    yield "in quotes", SearchRequest(now=NOW, q=f'"{query}"', fold=False)
    yield (
        "2021 to 2025",
        SearchRequest(now=NOW, q=query, fold=False, from_day=FROM, to_day=TO),
    )


def see(searcher: Searcher, queries: Sequence[str]) -> dict[tuple[str, str], Seen]:
    """Answers by (kind, query)."""
    return {
        (kind, query): Seen(frozenset(searcher.matching(request)), searcher.search(request))
        for query in queries
        for kind, request in requests(query)
    }


def compare(
    one: Mapping[tuple[str, str], Seen], other: Mapping[tuple[str, str], Seen]
) -> dict[tuple[str, str], Agreement]:
    return {key: agreement(one[key], other[key]) for key in one}


def agreement(one: Seen, other: Seen) -> Agreement:
    a, b = one.response, other.response
    shown = {hit.id: (hit.title, hit.snippet) for hit in b.hits}
    return Agreement(
        same_articles=one.articles == other.articles and a.total == b.total,
        same_counts=a.facets == b.facets,
        overlap=len({*one.first} & {*other.first}),
        shown=len(one.first),
        same_order=one.first == other.first,
        same_look=all(
            (h.title, h.snippet) == shown.get(h.id, (h.title, h.snippet)) for h in a.hits
        ),
    )


def summary(first: str, tables: Mapping[str, Mapping[tuple[str, str], Agreement]]) -> str:
    """A row for each engine and kind of query."""
    lines = [
        f"| beside {first} | queries | same articles | same facet counts "
        "| of the first ten the same: median, mean, least | same order | same title and snippet |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, table in tables.items():
        kinds = dict.fromkeys(kind for kind, _ in table)
        rows = {
            f"{name}, {kind}": [a for (k, _), a in table.items() if k == kind] for kind in kinds
        }
        for label, agreements in (rows | {f"{name}, all": [*table.values()]}).items():
            lines.append(_row(label, agreements))
    return "\n".join(lines)


def _row(label: str, found: Sequence[Agreement]) -> str:
    overlaps = [each.of_ten for each in found]
    middle, mean = statistics.median(overlaps), statistics.mean(overlaps)
    return (
        f"| {label} | {len(found)} | {sum(a.same_articles for a in found)} "
        f"| {sum(a.same_counts for a in found)} | {middle:g}, {mean:.2f}, {min(overlaps):g} "
        f"| {sum(a.same_order for a in found)} | {sum(a.same_look for a in found)} |"
    )


def look(queries: Sequence[str], tables: Mapping[str, Mapping[tuple[str, str], Agreement]]) -> str:
    """Compares query by query: how many of the first ten are the same, and whether in order."""
    lines = [f"| query | {' | '.join(tables)} |", "|---|" + "---|" * len(tables)]
    for query in queries[:LOOK]:
        cells = [_in_words(table["as typed", query]) for table in tables.values()]
        lines.append(f"| {query} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _in_words(found: Agreement) -> str:
    return f"{found.overlap} of {found.shown}{', in the same order' if found.same_order else ''}"


def _searcher(engine: str, folder: str) -> Searcher:
    given = {"engine": engine, "index_dir": folder or None}
    return Searcher(open_engine(load(given)).open())


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.quality.agreement", description=__doc__
    )
    parser.add_argument("engines", nargs="+", type=_engine, metavar="ENGINE[=FOLDER]")
    parser.add_argument("--queries", type=Path, default=QUERIES, help="one a line, or .jsonl")
    return parser.parse_args(arguments)


def _engine(text: str) -> tuple[str, str]:
    name, _, folder = text.partition("=")
    return name, folder


if __name__ == "__main__":
    main()
