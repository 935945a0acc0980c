"""Adds `<mark>` to sanitized markup. Its text nodes are joined as in `html.py`: same offsets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from index.text.html import squeeze, text_nodes
from index.text.markup.scanner import TextNode
from index.text.normalize import normalize
from search.highlighting.highlighter import Marker

FIRST_MARK_ID = "match"
"""HTML id of the first mark; links from the results lead to it."""


@dataclass(slots=True)
class NodePosition:
    """A character: number `offset` of text node number `node`."""

    node: int
    offset: int


@dataclass(frozen=True, slots=True)
class Wrap:
    """Safe tags to insert around the characters [start, end) of a text node."""

    start: int
    end: int
    before: str
    after: str


def mark_html(html: str, marker: Marker) -> Markup:
    """Wrap the matches of the query in `<mark>`, also when they span several tags.

    `html` must be safe already. Only `<mark>` tags are added.
    """
    nodes = list(text_nodes(html))
    text, places = joined(nodes)
    wraps: dict[int, list[Wrap]] = {}
    for mark in marker.marks(normalize(text)):
        for run in _runs(places[mark.start : mark.end]):
            before = "<mark>" if wraps else f'<mark id="{FIRST_MARK_ID}">'
            wrap = Wrap(run[0].offset, run[-1].offset + 1, before, "</mark>")
            wraps.setdefault(run[0].node, []).append(wrap)
    return wrapped(html, nodes, wraps)


def joined(nodes: list[TextNode]) -> tuple[str, list[NodePosition]]:
    """The plain text, and for each of its characters the node and offset it came from."""
    characters: list[str] = []
    places: list[NodePosition] = []
    for number, node in enumerate(nodes):
        if node.border_before and characters and characters[-1] != "\n":
            characters.append("\n")
            places.append(NodePosition(number, 0))
        for offset, character in enumerate(node.text):
            shown = squeeze(character)
            at_start = not characters or characters[-1] in "\n "
            if shown and not (shown == " " and at_start):
                characters.append(shown)
                places.append(NodePosition(number, offset))
    return "".join(characters), places


def wrapped(html: str, nodes: Sequence[TextNode], wraps: Mapping[int, Sequence[Wrap]]) -> Markup:
    """`html` with wraps added, by number of text node; in order and without overlaps."""
    parts: list[str] = []
    position = 0
    for number in sorted(wraps):
        node = nodes[number]
        parts.append(html[position : node.start])
        inner = 0
        for wrap in wraps[number]:
            parts.append(str(escape(node.text[inner : wrap.start])))
            parts.append(f"{wrap.before}{escape(node.text[wrap.start : wrap.end])}{wrap.after}")
            inner = wrap.end
        parts.append(str(escape(node.text[inner:])))
        position = node.end
    parts.append(html[position:])
    return Markup("".join(parts))  # noqa: S704 - safe markup in, safe tags added


def _runs(places: list[NodePosition]) -> list[list[NodePosition]]:
    """Consecutive places grouped by node."""
    runs: list[list[NodePosition]] = []
    for place in places:
        if runs and runs[-1][-1].node == place.node:
            runs[-1].append(place)
        else:
            runs.append([place])
    return runs
