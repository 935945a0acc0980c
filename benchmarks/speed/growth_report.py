"""The table and the chart of the figures of `benchmarks/speed/engines.py`."""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from benchmarks.harness.svg_bars import COLOURS

Row = Mapping[str, Any]

WIDTH, HEIGHT, MARGIN = 400, 240, 48
PANELS: Sequence[tuple[str, Callable[[Row], float]]] = (
    ("build, s", lambda row: row["build_s"]),
    ("update of 100 articles, s", lambda row: row["update_s"]),
    ("peak memory of the build, MB", lambda row: row["peak_mb"]),
    ("slowest class of queries, p95, ms", lambda row: _slowest(row, "p95")),
)


def read(path: Path) -> list[Row]:
    """The latest row of each size and engine, by engine and size."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    latest = {(row["engine"], row["articles"]): row for row in rows}
    return [latest[key] for key in sorted(latest)]


def table(rows: Sequence[Row]) -> str:
    lines = [
        "| engine | articles | build, s | peak, MB | bytes an article | cold start, s | server, MB "
        "| update, s (reading) | slowest class p50 / p95 / p99, ms |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    lines += [_line(row) for row in rows]
    classes = list(rows[0]["latency_ms"]) if rows else []
    lines += ["", f"| p95, ms | articles | {' | '.join(classes)} |", "|---|" + "---|" * 7]
    for row in rows:
        found = " | ".join(f"{row['latency_ms'][name]['p95']:.1f}" for name in classes)
        lines.append(f"| {row['engine']} | {row['articles']:,} | {found} |")
    return "\n".join(lines)


def _line(row: Row) -> str:
    slowest = " / ".join(f"{_slowest(row, part):.1f}" for part in ("p50", "p95", "p99"))
    return (
        f"| {row['engine']} | {row['articles']:,} | {row['build_s']:.1f} | {row['peak_mb']:,.0f} "
        f"| {row['bytes_an_article']:,.0f} | {row['cold_s']:.2f} | {row['server_mb']:,.0f} "
        f"| {row['update_s']:.1f} ({row['reading_s']:.1f}) | {slowest} |"
    )


def _slowest(row: Row, part: str) -> float:
    return float(max(found[part] for found in row["latency_ms"].values()))


def picture(rows: Sequence[Row]) -> str:
    """Four panels with logarithmic axes; a line for each engine."""
    body = []
    for at, (name, value) in enumerate(PANELS):
        x, y = at % 2 * WIDTH, at // 2 * HEIGHT
        body.append(f'<g transform="translate({x},{y})">{_panel(name, value, rows)}</g>')
    size = f'viewBox="0 0 {2 * WIDTH} {2 * HEIGHT}" font-family="sans-serif" font-size="11"'
    below = '<rect width="100%" height="100%" fill="#fff"/>'
    below += "<style>text{paint-order:stroke;stroke:#fff;stroke-width:3px}</style>"
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{below}{"".join(body)}</svg>\n'


def _panel(name: str, value: Callable[[Row], float], rows: Sequence[Row]) -> str:
    across = _scale([row["articles"] for row in rows], MARGIN, WIDTH - 70)
    up = _scale([value(row) for row in rows], HEIGHT - 48, 34)
    drawn = [_text(MARGIN, 20, name)]
    for size in sorted({row["articles"] for row in rows}):
        drawn.append(_text(across(size), HEIGHT - 14, f"{size:,}", "middle"))
    for at, engine in enumerate(sorted({row["engine"] for row in rows})):
        colour = COLOURS[(0, 12, 8)[at]]
        points = [
            (across(row["articles"]), up(value(row)), value(row), _largest(row, rows, value))
            for row in rows
            if row["engine"] == engine
        ]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y, *_ in points)
        drawn.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        for x, y, figure, largest in points:
            title = f"<title>{escape(engine)}: {figure:,.1f}</title>"
            drawn.append(
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}">{title}</circle>'
            )
            written = f"{figure:,.0f}" if figure >= 100 else f"{figure:,.1f}"
            drawn.append(_text(x, y + (-8 if largest else 16), written, "middle", colour))
        x, y, _, largest = points[-1]
        drawn.append(_text(x + 22, y + (-8 if largest else 16), engine, "start", colour))
    return "".join(sorted(drawn, key=_is_text))


def _is_text(element: str) -> bool:
    """Text is drawn above all lines, with an outline in the background colour."""
    return element.startswith("<text")


def _largest(row: Row, rows: Sequence[Row], value: Callable[[Row], float]) -> bool:
    """Whether no other engine has a larger figure at this size; its label is above its point."""
    return value(row) == max(value(each) for each in rows if each["articles"] == row["articles"])


def _scale(values: Sequence[float], start: float, end: float) -> Callable[[float], float]:
    low, high = math.log(min(values)), math.log(max(values))
    span = (high - low) or 1.0
    return lambda value: start + (math.log(value) - low) / span * (end - start)


def _text(x: float, y: float, text: str, anchor: str = "start", colour: str = "#222") -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}"'
    return f"<text {place}>{escape(text)}</text>"
