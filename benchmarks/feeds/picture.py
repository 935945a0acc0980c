"""The requests of some feeds over simulated days, as an SVG picture. Needs no library."""

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

from benchmarks.feeds.simulation import DAYS, FeedDays
from index.fetching.schedule import DAY

WIDTH, LEFT, RIGHT, TOP, ROW = 1_000, 250, 16, 44, 26
ANSWERS = {
    "a feed": "#2e75b6",
    "304": "#9dc3e6",
    "an error": "#c0392b",
    "a feed, at the adopted address": "#548235",
}
"""What a request came to → the colour of its line."""


def request_picture(found: Sequence[FeedDays]) -> str:
    """A row for each feed, a line for each request."""
    height = TOP + len(found) * ROW + 30
    body = [*_legend(), *_days(len(found))]
    for row, each in enumerate(found):
        y = TOP + row * ROW
        body.append(_text(LEFT - 8, y + 14, each.name.replace("`", ""), "end"))
        body += _requests(each, y)
        if each.ended:
            body.append(_text(_x(each.asked[-1].after) + 8, y + 14, "never again"))
    size = f'viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" font-size="12"'
    paper = '<rect width="100%" height="100%" fill="#fff"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{paper}{"".join(body)}</svg>\n'


def _requests(feed: FeedDays, y: float) -> Iterator[str]:
    """One path a colour."""
    for answer, colour in ANSWERS.items():
        moments = [each.after for each in feed.asked if _answer(each.status, each.moved) == answer]
        if moments:
            steps = "".join(f"M{_x(moment):.1f} {y}v18" for moment in moments)
            yield f'<path d="{steps}" stroke="{colour}" stroke-width="1.2"/>'


def _answer(status: int, moved: bool) -> str:
    if status == 304:
        return "304"
    if status >= 400:
        return "an error"
    return "a feed, at the adopted address" if moved else "a feed"


def _days(rows: int) -> Iterator[str]:
    bottom = TOP + rows * ROW
    for day in range(DAYS + 1):
        x = _x(day * DAY)
        yield f'<path d="M{x:.1f} {TOP - 6}V{bottom}" stroke="#ccc"/>'
        if day < DAYS:
            yield _text(x + 4, bottom + 16, f"day {day + 1}")


def _legend() -> Iterator[str]:
    x = float(LEFT)
    for answer, colour in ANSWERS.items():
        yield f'<path d="M{x:.0f} 12v14" stroke="{colour}" stroke-width="3"/>'
        yield _text(x + 8, 24, answer)
        x += 40 + 7 * len(answer)


def _x(after: int) -> float:
    return LEFT + after / (DAYS * DAY) * (WIDTH - LEFT - RIGHT)


def _text(x: float, y: float, text: str, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="#333" text-anchor="{anchor}">{escape(text)}</text>'
