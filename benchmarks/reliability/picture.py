"""A server's memory over the minutes that it was asked, as an SVG picture."""

from collections.abc import Iterator, Mapping
from typing import Any
from xml.sax.saxutils import escape

from benchmarks.harness.svg_bars import COLOURS

WIDTH, HEIGHT, LEFT, BELOW = 860, 260, 60, 30
STEP_MB = 50
LABELS = 10
"""About so many minutes are named."""


def memory_picture(endurance: Mapping[str, Any]) -> str:
    """A line for each engine: private MB by minute."""
    samples = {name: row["samples"] for name, row in endurance.items()}
    every = [sample for row in samples.values() for sample in row]
    longest = max(seconds for seconds, _, _ in every) or 1.0
    most = -(-max(memory for _, memory, _ in every) // STEP_MB) * STEP_MB
    body = [*_grid(longest, most)]
    for at, (name, row) in enumerate(samples.items()):
        colour = COLOURS[at * 6 % len(COLOURS)]
        points = " ".join(f"{_x(s, longest):.1f},{_y(mb, most):.1f}" for s, mb, _ in row)
        body.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        body.append(_text(LEFT + 8 + at * 110, 16, name, colour))
    size = f'viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12"'
    paper = '<rect width="100%" height="100%" fill="#fff"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{paper}{"".join(body)}</svg>\n'


def _grid(longest: float, most: float) -> Iterator[str]:
    for memory in range(0, int(most) + 1, STEP_MB):
        y = _y(memory, most)
        yield f'<line x1="{LEFT}" x2="{WIDTH}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ddd"/>'
        yield _text(4, y + 4, f"{memory} MB", "#666")
    step = max(1, round(longest / 60 / LABELS))
    for minute in range(0, int(longest // 60) + 1, step):
        yield _text(_x(minute * 60, longest), HEIGHT - 8, f"{minute} min", "#666")


def _x(seconds: float, longest: float) -> float:
    return LEFT + seconds / longest * (WIDTH - LEFT - 40)


def _y(memory: float, most: float) -> float:
    return 24 + (1 - memory / most) * (HEIGHT - BELOW - 24)


def _text(x: float, y: float, text: str, colour: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}">{escape(text)}</text>'
