"""Marks in sanitized markup: its text nodes joined as `clean.py` joins them, the same spans."""

from dataclasses import dataclass

from markupsafe import Markup, escape

from index.clean import TextNode, squeeze, text_nodes
from index.normalize import normalize
from search.highlight import Marker
from search.results import Span

FIRST = "match"
"""Id of the first mark, where a link from the results leads."""


@dataclass(slots=True)
class _Place:
    """Character `offset` of text node `node`."""

    node: int
    offset: int


def mark_html(html: str, marker: Marker) -> Markup:
    """Wrap what the query matches in `<mark>`, also where it runs through several tags.

    `html` must be safe already; nothing but marks is added.
    """
    nodes = list(text_nodes(html))
    text, places = _joined(nodes)
    spans: dict[int, list[Span]] = {}
    for mark in marker.marks(normalize(text)):
        for place in _runs(places[mark.start : mark.end]):
            spans.setdefault(place[0].node, []).append((place[0].offset, place[-1].offset + 1))
    return _rebuilt(html, nodes, spans)


def _joined(nodes: list[TextNode]) -> tuple[str, list[_Place]]:
    """The plain text, and for each of its characters where it stands in the nodes."""
    characters: list[str] = []
    places: list[_Place] = []
    for number, node in enumerate(nodes):
        if node.border_before and characters and characters[-1] != "\n":
            characters.append("\n")
            places.append(_Place(number, 0))
        for offset, character in enumerate(node.text):
            shown = squeeze(character)
            at_start = not characters or characters[-1] in "\n "
            if shown and not (shown == " " and at_start):
                characters.append(shown)
                places.append(_Place(number, offset))
    return "".join(characters), places


def _runs(places: list[_Place]) -> list[list[_Place]]:
    """Places split where the node changes."""
    runs: list[list[_Place]] = []
    for place in places:
        if runs and runs[-1][-1].node == place.node:
            runs[-1].append(place)
        else:
            runs.append([place])
    return runs


def _rebuilt(html: str, nodes: list[TextNode], spans: dict[int, list[Span]]) -> Markup:
    parts: list[str] = []
    position = 0
    first = True
    for number in sorted(spans):
        node = nodes[number]
        parts.append(html[position : node.start])
        inner = 0
        for start, end in spans[number]:
            parts.append(str(escape(node.text[inner:start])))
            name = f' id="{FIRST}"' if first else ""
            parts.append(f"<mark{name}>{escape(node.text[start:end])}</mark>")
            inner, first = end, False
        parts.append(str(escape(node.text[inner:])))
        position = node.end
    parts.append(html[position:])
    return Markup("".join(parts))  # noqa: S704 - safe markup in, marks added
