"""The table of a comparison: each figure with its ratio to ours on Whoosh."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.comparison.measure import NAMES, Figures, Spread, ratios
from benchmarks.comparison.systems import Side

HEADINGS = {
    "build_s": "build, s",
    "build_mb": "peak building, MB",
    "disk_mb": "disk, MB",
    "cold_s": "cold start, s",
    "p50_ms": "p50, ms",
    "p95_ms": "p95, ms",
    "p99_ms": "p99, ms",
    "rate_1": "answers/s, 1 client",
    "rate_8": "8 clients",
    "rate_64": "64 clients",
    "server_mb": "peak serving, MB",
}


@dataclass(frozen=True, slots=True)
class Result:
    """The figures of a run by side; ratios refer to the first side."""

    articles: int
    characters: int
    queries: int
    cleaning_s: float
    sides: tuple[Side, ...]
    figures: Mapping[str, Sequence[Figures]]
    quality: Mapping[str, float]
    empty: Mapping[str, int]
    lacking: Mapping[str, str]
    machine: Mapping[str, str]

    def ratios(self) -> dict[str, dict[str, Spread]]:
        return ratios(self.figures, self.sides[0].name)

    def to_json(self) -> dict[str, object]:
        """Every round of every side, and the ratios with minimum, median and maximum."""
        every = self.ratios()
        return {
            "articles": self.articles,
            "characters": self.characters,
            "queries": self.queries,
            "cleaning_s": self.cleaning_s,
            "machine": dict(self.machine),
            "lacking": dict(self.lacking),
            "sides": {side.name: self._side(side, every[side.name]) for side in self.sides},
        }

    def _side(self, side: Side, times: Mapping[str, Spread]) -> dict[str, object]:
        rounds = self.figures[side.name]
        return {
            "title": side.title.strip("*"),
            "traits": {name: getattr(side.traits, name) for name in TRAITS},
            "rounds": [{name: getattr(one, name) for name in NAMES} for one in rounds],
            "ratios": {name: times[name]._asdict() for name in NAMES},
            "ndcg": self.quality.get(side.name),
            "empty": self.empty[side.name],
        }


TRAITS = {
    "words": "words an article must have",
    "snippet": "snippet",
    "marks": "marks",
    "total": "total",
    "facets": "facets",
    "folding": "folds",
}


def table(result: Result) -> str:
    """Markdown: speed and size, then what an answer contains, then the sides left out."""
    facts = ", ".join(f"{name} {value}" for name, value in result.machine.items())
    rounds = len(result.figures[result.sides[0].name])
    return "\n".join(
        [
            f"{result.articles:,} articles, {result.characters:,} characters, {result.queries} "
            f"queries, rounds: {rounds}; {facts}",
            "",
            "Median of the rounds; × is how many times ours on Whoosh in the same round: "
            "median (least–most).",
            f"Ours also reads and cleans the file while building; that alone takes "
            f"{result.cleaning_s:.1f} s on one core.",
            "",
            *_rows(["", "nDCG@10", "no hits", *HEADINGS.values()], _speed(result)),
            "",
            *_rows(["", *TRAITS.values()], _traits(result)),
            *(f"\nLeft out: {title} (get it: {get})" for title, get in result.lacking.items()),
        ]
    )


def _speed(result: Result) -> list[list[str]]:
    every = result.ratios()
    return [
        [
            side.title,
            f"{result.quality[side.name]:.3f}" if side.name in result.quality else "",
            str(result.empty[side.name]),
            *(_cell(result, side.name, figure, every) for figure in NAMES),
        ]
        for side in result.sides
    ]


def _cell(result: Result, name: str, figure: str, every: Mapping[str, Mapping[str, Spread]]) -> str:
    middle = _short(median(getattr(one, figure) for one in result.figures[name]))
    if name == result.sides[0].name:
        return middle
    low, times, high = every[name][figure]
    return f"{middle} · ×{_short(times)} ({_short(low)}–{_short(high)})"


def _traits(result: Result) -> list[list[str]]:
    return [[side.title, *(getattr(side.traits, n) for n in TRAITS)] for side in result.sides]


def _rows(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    lines = [heads, ["---"] * len(heads), *rows]
    return [f"| {' | '.join(line)} |" for line in lines]


def _short(value: float) -> str:
    """Two significant figures, or all digits before the decimal point."""
    if value >= 10:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 1 else f"{value:.2g}"
