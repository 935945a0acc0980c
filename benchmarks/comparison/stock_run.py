"""This product and the stock recipe: `python -m benchmarks.comparison.stock_run CORPUS`.

Ours is measured in full: `yuansou index rebuild` from the file, with the start of Python, reading
and cleaning; answers as JSON over HTTP with exact totals, facets and snippets. The recipe
(`stock_recipe.py`) gets cleaned text and is queried in its own process. Each side answers one query
to warm up, then every query once.
"""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.comparison import yuansou
from benchmarks.comparison.yuansou import Answer
from benchmarks.harness.corpus import cleaned, first_articles, quotations, read_queries, write_texts
from benchmarks.harness.process import run
from benchmarks.harness.report import Comparison, Latency, Side, folder_mb, machine, table

ROOT = Path(__file__).parents[2]
QUERIES = ROOT / "benchmarks" / "harness" / "queries.txt"
SEEDS = ROOT / "seeds" / "articles"
QUOTED = 200


def main(arguments: Sequence[str] | None = None) -> None:
    options = _options(arguments)
    if options.cores:
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: options.cores])
    with TemporaryDirectory(prefix="yuansou-benchmark-") as folder:
        corpus = first_articles(options.corpus.resolve(), options.articles, Path(folder))
        result = compare(corpus, read_queries(options.queries), Path(folder))
    print(table(result))
    if options.json:
        options.json.write_text(json.dumps(result.to_json(), indent=2) + "\n", "utf-8")


def compare(corpus: Path, queries: list[str], folder: Path) -> Comparison:
    """One after the other, so that they do not disturb each other."""
    _say("cleaning articles for the recipe")
    texts, lengths, quoted = _prepare(corpus, folder)
    _say("yuansou: building, then answering over HTTP")
    built = yuansou.build(corpus, folder)
    with yuansou.serve(folder) as server:
        answers, quoted_answers = server.ask(queries), server.ask(quoted)
        server_mb = server.peak_mb()
    index_mb = folder_mb(yuansou.index_folder(folder))
    latency = Latency.of(answers)
    ours = Side(built.seconds, latency, index_mb, built.peak_mb, built.peak_all_mb)
    _say("stock: building, then searching")
    return Comparison(
        articles=len(lengths),
        characters=sum(lengths),
        stock=_stock(texts, queries, folder),
        yuansou=ours,
        quoted=Latency.of(quoted_answers),
        server_mb=server_mb,
        machine=machine(),
    )


def _prepare(corpus: Path, folder: Path) -> tuple[Path, list[int], list[str]]:
    """A file of cleaned texts, the length of each text, and quotations from them."""
    texts = list(cleaned(corpus))
    path = write_texts(texts, folder / "texts.jsonl")
    quoted = [f'"{piece}"' for piece in quotations([text.text for text in texts], QUOTED)]
    return path, [len(text.text) for text in texts], quoted


def _stock(texts: Path, queries: list[str], folder: Path) -> Side:
    asked, target = folder / "queries.json", folder / "stock"
    asked.write_text(json.dumps(queries), "utf-8")
    target.mkdir()
    quiet = ["-W", "ignore"]  # jieba's escapes
    command = [sys.executable, *quiet, "-m", "benchmarks.comparison.stock_recipe"]
    finished = run([*command, str(texts), str(asked), str(target)], folder)
    found = json.loads(finished.output)
    latency = Latency.of([Answer(*answer) for answer in found["answers"]])
    size = folder_mb(target)
    return Side(found["build_s"], latency, size, finished.peak_mb, finished.peak_all_mb)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.comparison.stock_run", description=__doc__
    )
    parser.add_argument(
        "corpus",
        nargs="?",
        type=Path,
        default=SEEDS,
        help=".jsonl, .jsonl.gz or a folder; without it the articles in seeds/, which are too few "
        "to tell much",
    )
    parser.add_argument("--queries", type=Path, default=QUERIES, help="one a line, or .jsonl")
    parser.add_argument("--articles", type=int, help="only the first so many lines of CORPUS")
    parser.add_argument("--cores", type=int, help="run on so many cores")
    parser.add_argument("--json", type=Path, help="write the figures to this file, too")
    return parser.parse_args(arguments)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
