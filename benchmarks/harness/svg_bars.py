"""Rows of stacked bars as an SVG picture with a legend. Needs no library."""

from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

COLOURS = (
    "#1f4e79", "#2e75b6", "#5b9bd5", "#9dc3e6", "#bdd7ee", "#7f6000", "#bf9000", "#ffd966",
    "#385723", "#548235", "#a9d18e", "#7b2d26", "#c55a11", "#f4b183", "#7f7f7f",
)  # fmt: skip
WIDTH, LEFT, BAR, GAP, LINE = 860, 130, 34, 18, 18
NARROW = 26
"""Pixels of a part that its number still fits in."""


def stacked(rows: Mapping[str, Mapping[str, float]], parts: Sequence[str], unit: str) -> str:
    """One bar a row, its parts in the given order, on one scale."""
    scale = (WIDTH - LEFT - 90) / max(sum(row.values()) for row in rows.values())
    body = []
    for at, (name, row) in enumerate(rows.items()):
        body += _bar(name, [(part, row.get(part, 0.0)) for part in parts], at * (BAR + GAP), scale)
        total = f"{sum(row.values()):.1f} {unit}"
        end = LEFT + sum(row.values()) * scale + 8
        body.append(_text(end, at * (BAR + GAP) + BAR / 2 + 5, total, "#666"))
    top = len(rows) * (BAR + GAP)
    body += _legend(parts, top)
    height = top + LINE * -(-len(parts) // 3) + 8
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}"'
    style = 'font-family="sans-serif" font-size="12"'
    return f'{head} {style}><rect width="100%" height="100%" fill="#fff"/>{"".join(body)}</svg>\n'


def _bar(name: str, parts: Sequence[tuple[str, float]], y: float, scale: float) -> list[str]:
    drawn = [_text(4, y + BAR / 2 + 5, name, "#222")]
    x = float(LEFT)
    for at, (part, value) in enumerate(parts):
        width = value * scale
        title = f"<title>{escape(part)}: {value:.2f}</title>"
        colour = COLOURS[at % len(COLOURS)]
        box = f'x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{BAR}" fill="{colour}"'
        drawn.append(f"<rect {box}>{title}</rect>")
        if width >= NARROW:
            drawn.append(_text(x + 3, y + BAR / 2 + 5, f"{value:.1f}", "#fff"))
        x += width
    return drawn


def _legend(parts: Sequence[str], top: float) -> list[str]:
    drawn = []
    for at, part in enumerate(parts):
        x, y = 4 + (at % 3) * (WIDTH / 3), top + (at // 3) * LINE
        colour = COLOURS[at % len(COLOURS)]
        drawn.append(f'<rect x="{x:.0f}" y="{y:.0f}" width="12" height="12" fill="{colour}"/>')
        drawn.append(_text(x + 18, y + 11, part, "#222"))
    return drawn


def _text(x: float, y: float, text: str, colour: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}">{escape(text)}</text>'
