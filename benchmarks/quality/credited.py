"""Precision and recall of `credited`: the outlet that a text names as its own source.

python -m benchmarks.quality.credited CORPUS
"""

import argparse
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from index.article import Article
from index.sources.reader import read_articles
from index.text.credited import credited
from index.text.html import plain_text
from index.text.normalize import normalize

LABELS = Path(__file__).with_name("credited.tsv")
PARTS = ("said", "random", "fresh")
TOP = 20
"""Names listed with their counts."""


@dataclass(frozen=True, slots=True)
class Row:
    """One article that was read; `part` is one of PARTS. `right`: names that may be given; empty
    where the text names none. `needed`: whether one of them must be given."""

    id: str
    part: str
    right: frozenset[str]
    needed: bool


@dataclass(frozen=True, slots=True)
class Score:
    """Counts over articles: names given, those that are right, names needed, those found."""

    given: int
    right: int
    needed: int
    found: int

    @property
    def precision(self) -> float:
        return self.right / self.given if self.given else 1.0

    @property
    def recall(self) -> float:
        return self.found / self.needed if self.needed else 1.0


def read_labels(path: Path = LABELS) -> list[Row]:
    lines = path.read_text("utf-8").splitlines()
    return [_row(*line.split("\t")) for line in lines if not line.startswith("#")]


def _row(name: str, part: str, cell: str) -> Row:
    names = () if cell == "-" else cell.removesuffix("?").split("|")
    return Row(name, part, frozenset(names), cell != "-" and not cell.endswith("?"))


def score(rows: Iterable[Row], given: Mapping[str, str | None]) -> Score:
    named = [(row, given[row.id]) for row in rows]
    return Score(
        given=sum(name is not None for _, name in named),
        right=sum(name in row.right for row, name in named),
        needed=sum(row.needed for row, _ in named),
        found=sum(row.needed and name in row.right for row, name in named),
    )


def names_given(corpus: Path) -> tuple[dict[str, str | None], float]:
    """What the rules say of each article, and the seconds of processor time they took."""
    articles = (item for item in read_articles([corpus]) if isinstance(item, Article))
    texts = {each.id: plain_text(each.body, each.body_format) for each in articles}
    normalized = {name: normalize(text) for name, text in texts.items()}
    begun = time.process_time()
    given = {name: credited(text, normalized[name]) for name, text in texts.items()}
    return given, time.process_time() - begun


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--wrong", action="store_true", help="list what is wrong or missing")
    options = parser.parse_args()
    rows = read_labels()
    given, seconds = names_given(options.corpus)
    print("| part | articles | given | precision | needed | recall |\n|---|---|---|---|---|---|")
    for part in PARTS:
        chosen = [row for row in rows if row.part == part]
        _print_line(part, len(chosen), score(chosen, given))
    _print_line("all", len(rows), score(rows, given))
    counts = Counter(filter(None, given.values()))
    print(f"\n{counts.total()} of {len(given)} articles, {seconds:.2f} s of processor time:")
    print(", ".join(f"{name} {count}" for name, count in counts.most_common(TOP)))
    for row in rows if options.wrong else ():
        if given[row.id] not in row.right and (row.needed or given[row.id]):
            print(row.id, row.part, "given:", given[row.id], "right:", *sorted(row.right))


def _print_line(part: str, articles: int, result: Score) -> None:
    print(
        f"| {part} | {articles} | {result.given} | {result.precision:.3f} "
        f"| {result.needed} | {result.recall:.3f} |"
    )


if __name__ == "__main__":
    main()
