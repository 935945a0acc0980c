"""`python -m benchmarks.cost OLD NEW --corpus FILE --queries FILE`: the cost of a change.

OLD and NEW are checkouts, each with its environment (`make install`). In turn, on the same core,
they build an index of the same articles and answer the same queries, each by its own command.
Prints figures of both and the ratios of each round, with their spread. Processor time is that of
the processes of the build or the server. By default the indexes of the first round are queried;
`--indexes OLD NEW` names others, folders with one folder for each engine.
"""

import argparse
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.comparison.stock_run import QUERIES
from benchmarks.cost.asking import Side, ask_by_turns
from benchmarks.cost.building import build, can_count, instructions
from benchmarks.cost.ratios import Figures, Ratio, ratios, table
from benchmarks.harness.checkout import EMBEDDED, Checkout
from benchmarks.harness.corpus import first_articles, read_queries

ARTICLES, ROUNDS = 3_000, 4
Rounds = list[list[Figures]]
"""A list a checkout of one mapping a round."""


@dataclass(frozen=True, slots=True)
class Run:
    """What is compared, and over which data. `counted`: two corpora whose difference is counted in
    instructions, or none."""

    checkouts: Sequence[Checkout]
    corpus: Path
    queries: Sequence[str]
    rounds: int
    indexes: Sequence[Path]
    counted: Sequence[Path]


def main(arguments: Sequence[str] | None = None) -> None:
    options = _options(arguments)
    os.sched_setaffinity(0, {options.core})  # and so for all that is started from here
    with TemporaryDirectory(prefix="yuansou-cost-", dir=options.folder) as name:
        folder = Path(name)
        run = Run(
            checkouts=[Checkout(options.old), Checkout(options.new)],
            corpus=_part(options.corpus, options.articles, folder / "all"),
            queries=read_queries(options.queries),
            rounds=options.rounds,
            indexes=options.indexes,
            counted=_counted(options, folder),
        )
        found = {}
        for engine in options.engines:
            found[engine] = measured(run, engine, folder)
            print(table({engine: found[engine]}, run.rounds), flush=True)
    load = os.getloadavg()[0]
    print(f"\n{options.articles} articles, {len(run.queries)} queries; load average {load:.1f}")


def measured(run: Run, engine: str, folder: Path) -> dict[str, Ratio]:
    """All ratios for one engine."""
    built: Rounds = [[], []]
    indexes = [folder / f"{engine}-{side}" for side in range(2)]
    for turn in range(run.rounds):
        for side in _order(turn):
            index = indexes[side] if turn == 0 else folder / f"{engine}-again-{turn}-{side}"
            built[side].append(build(run.checkouts[side], run.corpus, index, engine))
    if run.indexes:
        indexes = [index / engine for index in run.indexes]
    sides = [Side(one, index) for one, index in zip(run.checkouts, indexes, strict=True)]
    asked: Rounds = [[], []]
    for turn in range(run.rounds):
        order = _order(turn)
        answers = ask_by_turns([sides[side] for side in order], engine, run.queries)
        for side, figures in zip(order, answers, strict=True):
            asked[side].append(figures)
    found = {**ratios(*built), **ratios(*asked)}
    if run.counted:
        counts = [[instructions(one, run.counted, engine)] for one in run.checkouts]
        found |= ratios(*counts)
    return found


def _order(turn: int) -> tuple[int, int]:
    """The first side alternates, so that a machine that slows down affects both."""
    return (0, 1) if turn % 2 == 0 else (1, 0)


def _counted(options: argparse.Namespace, folder: Path) -> list[Path]:
    if not options.instructions:
        return []
    if not can_count():
        raise SystemExit("--instructions needs valgrind: apt-get install valgrind")
    counts = (options.instructions, 1)
    return [_part(options.corpus, count, folder / str(count)) for count in counts]


def _part(corpus: Path, articles: int, folder: Path) -> Path:
    folder.mkdir()
    return first_articles(corpus.resolve(), articles, folder)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cost", description=__doc__)
    parser.add_argument("old", type=Path)
    parser.add_argument("new", type=Path)
    parser.add_argument("--corpus", type=Path, required=True, help=".jsonl or .jsonl.gz")
    parser.add_argument("--queries", type=Path, default=QUERIES, help="one a line, or .jsonl")
    parser.add_argument("--articles", type=int, default=ARTICLES, help="that are built")
    parser.add_argument("--rounds", type=_even, default=ROUNDS, help="an even number")
    parser.add_argument("--engines", type=lambda text: text.split(","), default=list(EMBEDDED))
    parser.add_argument("--indexes", type=Path, nargs=2, default=[], metavar=("OLD", "NEW"))
    parser.add_argument("--core", type=int, default=max(os.sched_getaffinity(0)))
    parser.add_argument("--instructions", type=int, default=0, metavar="ARTICLES")
    parser.add_argument("--folder", type=Path, help="where indexes are built, for a while")
    return parser.parse_args(arguments)


def _even(text: str) -> int:
    """Each side is first equally often."""
    if int(text) < 2 or int(text) % 2:
        raise argparse.ArgumentTypeError("an even number, so that each side is first as often")
    return int(text)


if __name__ == "__main__":
    main()
