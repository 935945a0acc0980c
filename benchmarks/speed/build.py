"""The time of a build and a lower limit for it: `python -m benchmarks.speed.build CORPUS`.

The limit: read and clean every article, segment it into the same tokens, and give them to bare
Tantivy, one after the other in one process. Ours: the command, over the cores it is given (`taskset
-c 0,1` gives it two), with stories, quotations, facets, checks and publishing.
"""

import argparse
import os
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import tantivy

from benchmarks.comparison import yuansou
from benchmarks.harness.process import run
from index.analysis.segmenter import Segmenter
from index.article import Article
from index.lexicon.loading import load_lexicon
from index.sources.reader import read_articles
from index.text.html import collapse, plain_text
from index.text.normalize import normalize

LAYERS = ("words", "fine", "concepts")
HEAP = 128 << 20
"""Bytes that Tantivy's writer may fill before it writes a segment."""


def main(arguments: Sequence[str] | None = None) -> None:
    options = _options(arguments)
    print("| | s | of the least |\n|---|---|---|")
    for turn in range(options.rounds):
        with TemporaryDirectory(prefix="yuansou-build-") as folder:
            least = _least(options.corpus, Path(folder))
            total = sum(least.values())
            if not turn:
                for name, seconds in least.items():
                    print(f"| {name} | {seconds:.1f} | |")
            print(f"| the least, in all | {total:.1f} | |")
        for engine in options.engines:
            with TemporaryDirectory(prefix="yuansou-build-") as folder:
                command = yuansou.command(Path(folder), engine)
                built = run([*command, "index", "rebuild", str(options.corpus)], Path(folder))
            print(f"| ours, {engine} | {built.seconds:.1f} | {built.seconds / total:.2f} |")
    cores = len(os.sched_getaffinity(0))
    print(f"\n{cores} cores, load average {os.getloadavg()[0]:.1f}")


def _least(corpus: Path, folder: Path) -> dict[str, float]:
    """Seconds of each step of the limit."""
    times: dict[str, float] = {}
    segmenter = Segmenter(load_lexicon())
    started = time.perf_counter()
    texts = list(_texts(corpus))
    times["reading and cleaning"] = time.perf_counter() - started
    started = time.perf_counter()
    cut = [[segmenter.layers(part) for part in text] for text in texts]
    times["cutting"] = time.perf_counter() - started
    rows = [[getattr(part, layer) for part in parts for layer in LAYERS] for parts in cut]
    started = time.perf_counter()
    _index(rows, folder)
    times["bare Tantivy"] = time.perf_counter() - started
    return times


def _texts(corpus: Path) -> Iterator[tuple[str, str]]:
    """Normalised title and text of each article."""
    for article in read_articles([corpus]):
        if isinstance(article, Article):
            text = plain_text(article.body, article.body_format)
            yield normalize(collapse(article.title)), normalize(text)


def _index(rows: Sequence[Sequence[str]], folder: Path) -> None:
    schema = tantivy.SchemaBuilder()
    names = [f"{part}_{layer}" for part in ("title", "text") for layer in LAYERS]
    for name in names:
        schema.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    writer = tantivy.Index(schema.build(), path=str(folder)).writer(HEAP)
    for row in rows:
        writer.add_document(tantivy.Document(**dict(zip(names, row, strict=True))))
    writer.commit()
    writer.wait_merging_threads()


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed.build", description=__doc__)
    parser.add_argument("corpus", type=Path, help=".jsonl or .jsonl.gz")
    parser.add_argument("--engines", type=lambda text: text.split(","), default=["tantivy"])
    parser.add_argument("--rounds", type=int, default=2)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
