"""Precision and recall of the kinds of articles in docs/how/kinds.md.

python -m benchmarks.quality.kinds CORPUS
"""

import argparse
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.analysis.kinds import KINDS
from index.article import Article
from index.document import Arrival, DocumentMaker
from index.lexicon.loading import load_lexicon
from index.sources.reader import read_articles

LABELS = Path(__file__).with_name("kinds.tsv")
PARTS = ("tune", "fresh")


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled article; `part` is one of PARTS. `open_kinds`: what readers may see
    differently."""

    id: str
    part: str
    kinds: frozenset[str]
    open_kinds: frozenset[str]


@dataclass(frozen=True, slots=True)
class Score:
    """Articles that have a kind by the rules, of those the right ones, and those that should."""

    given: int
    right: int
    needed: int

    @property
    def precision(self) -> float:
        return self.right / self.given if self.given else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.needed if self.needed else 1.0


def read_labels(path: Path = LABELS) -> list[Row]:
    lines = path.read_text("utf-8").splitlines()
    return [_row(*line.split("\t")) for line in lines if not line.startswith("#")]


def _row(name: str, part: str, cell: str) -> Row:
    labels = [label for label in cell.split() if label != "-"]
    sure = frozenset(label for label in labels if not label.endswith("?"))
    return Row(name, part, sure, frozenset(label.rstrip("?") for label in labels) - sure)


def kinds_given(corpus: Path, rows: Iterable[Row]) -> dict[str, tuple[str, ...]]:
    """What the rules say of the labelled articles, by id."""
    wanted = {row.id for row in rows}
    maker = DocumentMaker(load_lexicon())
    articles = (item for item in read_articles([corpus]) if isinstance(item, Article))
    documents = (maker.make(Arrival(a, "", 0, 0)) for a in articles if a.id in wanted)
    return {document.id: document.kinds for document in documents}


def score(rows: Sequence[Row], given: Mapping[str, Sequence[str]], kind: str) -> Score:
    judged = [row for row in rows if kind not in row.open_kinds]
    counts = Counter((kind in given[row.id], kind in row.kinds) for row in judged)
    right = counts[True, True]
    return Score(right + counts[True, False], right, right + counts[False, True])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--wrong", action="store_true", help="list what is wrong")
    options = parser.parse_args()
    rows = read_labels()
    given = kinds_given(options.corpus, rows)
    print("| part | articles | kind | given | needed | precision | recall |")
    print("|---|---|---|---|---|---|---|")
    for part in PARTS:
        chosen = [row for row in rows if row.part == part]
        for kind in KINDS:
            found = score(chosen, given, kind)
            print(
                f"| {part} | {len(chosen)} | {kind} | {found.given} | {found.needed} "
                f"| {found.precision:.3f} | {found.recall:.3f} |"
            )
    for row in rows if options.wrong else ():
        _print_wrong(row, given[row.id])


def _print_wrong(row: Row, given: Sequence[str]) -> None:
    too_many = set(given) - row.kinds - row.open_kinds
    missing = row.kinds.difference(given)
    if too_many or missing:
        print(row.id, "wrong:", *sorted(too_many), "missing:", *sorted(missing))


if __name__ == "__main__":
    main()
