"""Ratios of the figures of two checkouts measured in turn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import geometric_mean, median


@dataclass(frozen=True, slots=True)
class Ratio:
    """`old` and `new`: medians over the rounds. `middle` (geometric mean), `least`, `most`: of the
    ratios new / old of each round, whose two sides met the machine in the same state.

    The side asked first finds colder caches. The order alternates over the rounds, and the
    geometric mean cancels the difference.
    """

    old: float
    new: float
    middle: float
    least: float
    most: float

    @classmethod
    def of(cls, old: Sequence[float], new: Sequence[float]) -> "Ratio":
        """A figure of each round; both sides have the same rounds."""
        each = [after / before for before, after in zip(old, new, strict=True)]
        return cls(median(old), median(new), geometric_mean(each), min(each), max(each))


Figures = Mapping[str, float]
"""What one round found out about one checkout, by name with its unit."""


def ratios(old: Sequence[Figures], new: Sequence[Figures]) -> dict[str, Ratio]:
    """The ratio of every figure, from one mapping for each round."""
    return {
        name: Ratio.of([row[name] for row in old], [row[name] for row in new]) for name in old[0]
    }


def percentile(values: Sequence[float], part: float) -> float:
    """The value that `part` of the values do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]


def table(found: Mapping[str, Mapping[str, Ratio]], rounds: int) -> str:
    """Engine → figure → ratio, as Markdown."""
    lines = [
        f"| engine | figure | old | new | new / old, mean of {rounds} | least – most |",
        "|---|---|---|---|---|---|",
    ]
    for engine, figures in found.items():
        for name, one in figures.items():
            lines.append(
                f"| {engine} | {name} | {one.old:.4g} | {one.new:.4g} | **{one.middle:.3f}** "
                f"| {one.least:.3f} – {one.most:.3f} |"
            )
    return "\n".join(lines)
