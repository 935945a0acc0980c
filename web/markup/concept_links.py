"""Concepts in sanitized markup become links: the first time each is named, and never in a link."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from index.analysis.segmenter import Segmenter
from index.lexicon.model import Concept, Lexicon
from index.text.html import TextNode, text_nodes
from index.text.normalize import normalize
from web.markup.marks import Wrap, joined, wrapped

MAX_LINKED = 12
"""Concepts of one article, those named most often."""
_CLOSED = re.compile(r"<(?P<end>/?)(?:a|code|kbd|pre)(?=[\s>])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Named:
    """A concept, and where it is named within one text node."""

    concept: Concept
    node: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Linker:
    """Links concepts of one lexicon to where `address_of` says that their names lead."""

    lexicon: Lexicon
    segmenter: Segmenter
    address_of: Callable[[str], str]

    def link(self, html: str) -> Markup:
        """`html` must be safe already; nothing but links is added."""
        nodes = list(text_nodes(html))
        named = list(self._named(nodes, _open(html, nodes)))
        counts = Counter(each.concept.token for each in named)
        wanted = {token for token, _ in counts.most_common(MAX_LINKED)}
        wraps: dict[int, list[Wrap]] = {}
        for each in named:
            if each.concept.token in wanted:
                wanted.remove(each.concept.token)
                wraps.setdefault(each.node, []).append(self._wrap(each))
        return wrapped(html, nodes, wraps)

    def _named(self, nodes: list[TextNode], open_to_links: Sequence[bool]) -> Iterator[_Named]:
        """In the order of the text, which is cut as the index cut it."""
        text, places = joined(nodes)
        for token in self.segmenter.tokens(normalize(text)):
            first, last = places[token.start], places[token.end - 1]
            if first.node == last.node and open_to_links[first.node]:
                concept = self.lexicon.find(token.text.replace("_", " "))
                if concept:
                    yield _Named(concept, first.node, first.offset, last.offset + 1)

    def _wrap(self, named: _Named) -> Wrap:
        address = escape(self.address_of(named.concept.name))
        return Wrap(named.start, named.end, f'<a class="concept" href="{address}">', "</a>")


def _open(html: str, nodes: Sequence[TextNode]) -> list[bool]:
    """Which text nodes stand in no link and no code. The markup is a sanitizer's: all is closed."""
    found = []
    depth, tags = 0, _CLOSED.finditer(html)
    tag = next(tags, None)
    for node in nodes:
        while tag and tag.start() < node.start:
            depth += -1 if tag["end"] else 1
            tag = next(tags, None)
        found.append(depth <= 0)
    return found
