"""How far two judges agree: `python -m benchmarks.quality.judges QRELS OTHER-QRELS`.

Over the pairs of query and article that both have graded. Quadratic weighted kappa (Cohen 1968)
counts a disagreement by the square of its steps, over what chance would give.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.quality.judgements import lines_of
from search.evaluation.metrics import RELEVANT_GRADE
from search.evaluation.trec import Qrels, read_qrels


@dataclass(frozen=True, slots=True)
class Agreement:
    """Shares of `pairs` with one grade (`exact`), with grades at most one apart (`close`), and on
    one side of what counts as relevant (`relevant`). `kappa`: 1 for equal grades, 0 for chance."""

    pairs: int
    exact: float
    close: float
    relevant: float
    kappa: float


def agreement(one: Qrels, other: Qrels) -> Agreement:
    """Of the pairs in both; there must be some, and more than one grade."""
    both = [
        (grade, other[query][article])
        for query, grades in one.items()
        for article, grade in grades.items()
        if article in other.get(query, {})
    ]
    first, second = np.array(both).T
    steps = (first - second) ** 2
    chance = (first[:, None] - second[None, :]) ** 2
    relevant = (first >= RELEVANT_GRADE) == (second >= RELEVANT_GRADE)
    return Agreement(
        pairs=len(both),
        exact=float((steps == 0).mean()),
        close=float((steps <= 1).mean()),
        relevant=float(relevant.mean()),
        kappa=float(1 - steps.mean() / chance.mean()),
    )


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.quality.judges", description=__doc__
    )
    parser.add_argument("qrels", type=Path, nargs=2)
    one, other = (read_qrels(lines_of(path)) for path in parser.parse_args(arguments).qrels)
    found = agreement(one, other)
    print(
        f"{found.pairs} pairs: equal {found.exact:.1%}, at most one apart {found.close:.1%}, "
        f"relevant or not {found.relevant:.1%}, quadratic weighted kappa {found.kappa:.3f}"
    )


if __name__ == "__main__":
    main()
