"""Draws ratios: a row a side, a panel a figure, a dot for the median, a line for the spread.

The axis is logarithmic, and ours on Whoosh is 1. Colours follow the reader's light or dark scheme.
"""

import math
from collections.abc import Iterator
from html import escape

from benchmarks.comparison.measure import Spread
from benchmarks.comparison.table import Result

PANELS = {
    "build_s": "build",
    "p50_ms": "query p50",
    "p95_ms": "query p95",
    "rate_8": "answers/s, 8 clients",
    "server_mb": "memory serving",
    "disk_mb": "disk",
}
NAMES, GRADES, PANEL, GAP, ROW, TOP = 206, 58, 122, 18, 26, 58
LOWEST, HIGHEST = 0.01, 100.0
"""Ends of the axis; what lies outside is drawn at its end."""
STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#333}.s{font-size:11px;fill:#666}"
    ".g{stroke:#ddd}.one{stroke:#888}.r{stroke:#2a6fb0;stroke-width:2}.d{fill:#2a6fb0}"
    ".o{fill:#c2410c}@media(prefers-color-scheme:dark){text{fill:#ddd}.s{fill:#999}"
    ".g{stroke:#333}.one{stroke:#777}.r{stroke:#7ab8f0}.d{fill:#7ab8f0}.o{fill:#fb923c}}"
)


def picture(result: Result) -> str:
    """A standalone SVG without scripts."""
    width = NAMES + GRADES + len(PANELS) * (PANEL + GAP)
    height = TOP + len(result.sides) * ROW + 24
    about = "Ratios to Yuansou on Whoosh, by side and figure"
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        f'aria-label="{about}"><style>{STYLE}</style>',
        f'<text x="0" y="18">times ours on Whoosh, {result.articles:,} articles; '
        "answers/s: more is better; all else: less is better</text>",
        *_names(result),
        *(line for place, figure in enumerate(PANELS) for line in _panel(result, place, figure)),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _names(result: Result) -> Iterator[str]:
    if result.quality:
        yield f'<text x="{NAMES}" y="{TOP - 16}">nDCG@10</text>'
    for row, side in enumerate(result.sides):
        yield f'<text x="0" y="{_y(row) + 4}">{escape(side.title.strip("*"))}</text>'
        if quality := result.quality.get(side.name):
            yield f'<text x="{NAMES}" y="{_y(row) + 4}">{quality:.3f}</text>'


def _panel(result: Result, place: int, figure: str) -> Iterator[str]:
    left = NAMES + GRADES + GAP + place * (PANEL + GAP)
    bottom = _y(len(result.sides) - 1) + ROW / 2
    yield f'<text x="{left}" y="{TOP - 16}">{escape(PANELS[figure])}</text>'
    for value in (0.01, 0.1, 1, 10, 100):
        x, kind = _x(left, value), "one" if value == 1 else "g"
        yield f'<line class="{kind}" x1="{x}" x2="{x}" y1="{TOP - 8}" y2="{bottom}"/>'
        if LOWEST < value < HIGHEST:  # those at the ends would run into the next panel's
            where = f'x="{x}" y="{bottom + 14}" text-anchor="middle"'
            yield f'<text class="s" {where}>{value:g}</text>'
    every = result.ratios()
    for row, side in enumerate(result.sides):
        yield from _dot(left, row, every[side.name][figure], "o" if row == 0 else "d")


def _dot(left: float, row: int, times: Spread, kind: str) -> Iterator[str]:
    low, middle, high = (_x(left, value) for value in times)
    yield f'<line class="r" x1="{low}" x2="{high}" y1="{_y(row)}" y2="{_y(row)}"/>'
    yield f'<circle class="{kind}" cx="{middle}" cy="{_y(row)}" r="4"/>'


def _x(left: float, value: float) -> float:
    kept = min(max(value, LOWEST), HIGHEST)
    share = math.log(kept / LOWEST) / math.log(HIGHEST / LOWEST)
    return round(left + share * PANEL, 1)


def _y(row: int) -> float:
    return TOP + row * ROW + ROW / 2
