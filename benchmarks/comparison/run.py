"""This product and what users would use instead: `python -m benchmarks CORPUS`.

Makes one table, measured in one run over the same articles and queries. Needs Linux: memory is read
from /proc. A peer whose library is missing is left out, and the table says how to get it.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from benchmarks.comparison.chart import picture
from benchmarks.comparison.measure import Measured, Plan, load_average, measure
from benchmarks.comparison.systems import Given, Side, all_sides
from benchmarks.comparison.table import Result, table
from benchmarks.harness.corpus import cleaned, first_articles, read_queries, write_texts
from benchmarks.harness.report import machine
from benchmarks.quality.judgements import lines_of
from search.evaluation import trec
from search.evaluation.metrics import figures_by_query, mean

ROOT = Path(__file__).parents[2]
QUERIES = ROOT / "benchmarks" / "harness" / "queries.txt"
SEEDS = ROOT / "seeds" / "articles"
PACKAGES = ("tantivy", "bm25s", "waitress")


def main(arguments: Sequence[str] | None = None) -> None:
    options = _options(arguments)
    sides, lacking = all_sides()
    if options.only:
        sides = _chosen(sides, options.only.split(","))
        lacking = {}
    with TemporaryDirectory(prefix="yuansou-benchmark-") as name:
        folder = Path(name)
        folder.chmod(0o711)  # a cluster's node runs as another user
        result = compare(sides, lacking, options, folder)
    print(table(result))
    if options.json:
        options.json.write_text(json.dumps(result.to_json(), indent=1) + "\n", "utf-8")
    if options.picture:
        options.picture.write_text(picture(result), "utf-8")


def compare(
    sides: Sequence[Side], lacking: dict[str, str], options: argparse.Namespace, folder: Path
) -> Result:
    """Everything in the table; the machine's load is recorded before and after."""
    load = load_average()
    corpus = first_articles(options.corpus.resolve(), options.articles, folder)
    started = perf_counter()
    texts = list(cleaned(corpus))
    cleaning = perf_counter() - started
    given = Given(corpus, write_texts(texts, folder / "texts.jsonl"))
    queries = read_queries(options.queries)
    plan = Plan(
        read_queries(QUERIES),
        queries,
        options.seconds,
        options.rounds,
        options.builds or options.rounds,
    )
    measured = measure(sides, given, plan, folder, _say)
    return Result(
        articles=len(texts),
        characters=sum(len(text.text) for text in texts),
        queries=len(queries),
        cleaning_s=cleaning,
        sides=tuple(sides),
        figures=measured.figures,
        quality=_quality(measured, options),
        empty={name: sum(not ids for ids in found) for name, found in measured.found.items()},
        lacking=lacking,
        machine={
            **machine(PACKAGES),
            "date": f"{datetime.now(UTC):%Y-%m-%d}",
            "load average": f"{load}, at the end {load_average()}",
        },
    )


def _quality(measured: Measured, options: argparse.Namespace) -> dict[str, float]:
    """Side → nDCG@10; empty if there are no judgements."""
    if not options.qrels:
        return {}
    asked = trec.read_queries(lines_of(options.queries))
    qrels = trec.read_qrels(lines_of(options.qrels))
    runs = {
        name: {query.id: ids for query, ids in zip(asked, found, strict=True)}
        for name, found in measured.found.items()
    }
    return {
        name: mean(figures_by_query(asked, qrels, run).values()).ndcg for name, run in runs.items()
    }


def _chosen(sides: Sequence[Side], names: Sequence[str]) -> list[Side]:
    """The named sides and always the first, since ratios refer to it."""
    known = {side.name for side in sides}
    if unknown := sorted(set(names) - known):
        raise SystemExit(f"not here: {', '.join(unknown)}; there are {', '.join(sorted(known))}")
    return [sides[0], *(side for side in sides[1:] if side.name in names)]


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "corpus",
        nargs="?",
        type=Path,
        default=SEEDS,
        help=".jsonl, .jsonl.gz or a folder; without it the articles in seeds/, which are too few "
        "to tell much",
    )
    parser.add_argument("--queries", type=Path, default=QUERIES, help="one a line, or .jsonl")
    parser.add_argument("--qrels", type=Path, help="grades of a .jsonl of queries, TREC style")
    parser.add_argument("--articles", type=int, help="only the first so many lines of CORPUS")
    parser.add_argument("--rounds", type=int, default=3, help="default: 3")
    parser.add_argument("--builds", type=int, help="build in the first so many rounds only")
    parser.add_argument(
        "--seconds", type=float, default=3, help="of load a round and a number of clients"
    )
    parser.add_argument(
        "--only", help="names with commas between them; ours on Whoosh is always in"
    )
    parser.add_argument("--json", type=Path, help="write every figure to this file, too")
    parser.add_argument("--picture", type=Path, help="draw the ratios into this .svg")
    return parser.parse_args(arguments)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
