"""Precision and recall of the labels in docs/how/topics.md.

python -m benchmarks.quality.tags CORPUS
"""

import argparse
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.article import Article
from index.document import Arrival, DocumentMaker
from index.lexicon.loading import load_lexicon
from index.sources.reader import read_articles

LABELS = Path(__file__).with_name("tags.tsv")
PARTS = ("tune", "report", "fresh")
RESAMPLES = 2_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """Labels given by a reader: those required, and those allowed."""

    needed: frozenset[str]
    allowed: frozenset[str]


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled article; `part` is one of PARTS."""

    id: str
    part: str
    topics: Wanted
    organisations: Wanted


@dataclass(frozen=True, slots=True)
class Score:
    """Counts over articles: labels given, those that are right, needed ones, those found."""

    given: int = 0
    right: int = 0
    needed: int = 0
    found: int = 0

    @property
    def precision(self) -> float:
        return self.right / self.given if self.given else 1.0

    @property
    def recall(self) -> float:
        return self.found / self.needed if self.needed else 1.0


Given = dict[str, tuple[tuple[str, ...], tuple[str, ...]]]
"""Article id → its topics and its organisations, as the rules have it."""


def read_labels(path: Path = LABELS) -> list[Row]:
    lines = path.read_text("utf-8").splitlines()
    cells = [line.split("\t") for line in lines if not line.startswith("#")]
    return [
        Row(name, part, _wanted(topics), _wanted(bodies)) for name, part, topics, bodies in cells
    ]


def _wanted(cell: str) -> Wanted:
    labels = [label.replace("_", " ") for label in cell.split() if label != "-"]
    needed = [label for label in labels if not label.endswith(("?", "*"))]
    return Wanted(frozenset(needed), frozenset(label.rstrip("?*") for label in labels))


def labels_given(corpus: Path, rows: Iterable[Row]) -> Given:
    """The labels that the rules give to the labelled articles."""
    wanted = {row.id for row in rows}
    maker = DocumentMaker(load_lexicon())
    articles = (item for item in read_articles([corpus]) if isinstance(item, Article))
    documents = (maker.make(Arrival(a, "", 0, 0)) for a in articles if a.id in wanted)
    return {made.id: (made.topics, made.organisations) for made in documents}


def score(pairs: Iterable[tuple[Wanted, Sequence[str]]]) -> Score:
    """Precision counts needed and allowed labels as right; recall asks for the needed ones."""
    given = right = needed = found = 0
    for wanted, labels in pairs:
        given += len(labels)
        right += len(wanted.allowed.intersection(labels))
        needed += len(wanted.needed)
        found += len(wanted.needed.intersection(labels))
    return Score(given, right, needed, found)


def pairs(rows: Iterable[Row], given: Given, at: int) -> list[tuple[Wanted, Sequence[str]]]:
    """(wanted, given) of each row: topics at 0, organisations at 1."""
    return [((row.topics, row.organisations)[at], given[row.id][at]) for row in rows]


def interval(sample: Sequence[tuple[Wanted, Sequence[str]]]) -> Iterator[tuple[float, float]]:
    """95% intervals of precision and of recall, by bootstrap over articles."""
    draw = random.Random(1)
    scores = [score(draw.choices(sample, k=len(sample))) for _ in range(RESAMPLES)]
    for values in ([s.precision for s in scores], [s.recall for s in scores]):
        values.sort()
        yield values[round(0.025 * RESAMPLES)], values[round(0.975 * RESAMPLES) - 1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--wrong", choices=PARTS, help="list what is wrong")
    options = parser.parse_args()
    rows = read_labels()
    given = labels_given(options.corpus, rows)
    print("| part | articles | labels | given | precision | recall |\n|---|---|---|---|---|---|")
    for part in PARTS:
        chosen = [row for row in rows if row.part == part]
        for at, name in enumerate(("topics", "organisations")):
            _print_line(part, name, pairs(chosen, given, at))
    for row in rows:
        if row.part == options.wrong:
            _print_wrong(row, given)


def _print_line(part: str, name: str, sample: Sequence[tuple[Wanted, Sequence[str]]]) -> None:
    result = score(sample)
    (p_low, p_high), (r_low, r_high) = interval(sample)
    print(
        f"| {part} | {len(sample)} | {name} | {result.given} "
        f"| {result.precision:.3f} [{p_low:.2f}, {p_high:.2f}] "
        f"| {result.recall:.3f} [{r_low:.2f}, {r_high:.2f}] |"
    )


def _print_wrong(row: Row, given: Given) -> None:
    for at, name in enumerate(("topics", "organisations")):
        wanted, labels = pairs([row], given, at)[0]
        too_many, missing = set(labels) - wanted.allowed, wanted.needed.difference(labels)
        if too_many or missing:
            print(row.id, name, "wrong:", *sorted(too_many), "missing:", *sorted(missing))


if __name__ == "__main__":
    main()
