"""Links concepts in sanitized markup: the first mention of each, never inside another link."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from index.analysis.segmenter import Segmenter
from index.lexicon.model import Concept, Lexicon
from index.text.html import text_nodes
from index.text.markup.scanner import TextNode
from index.text.normalize import normalize
from web.markup.marks import Wrap, joined, wrapped

MAX_LINKED = 12
"""Concepts linked in one article: those mentioned most often."""
_CLOSED = re.compile(r"<(?P<end>/?)(?:a|code|kbd|pre)(?=[\s>])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Mention:
    """One mention: the concept, the number of the text node, and the span in it."""

    concept: Concept
    node: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Linker:
    """Links the concepts of one lexicon. `address_of` gives the address for a name."""

    lexicon: Lexicon
    segmenter: Segmenter
    address_of: Callable[[str], str]

    def link(self, html: str) -> Markup:
        """Add links and nothing else. `html` must be safe already."""
        nodes = list(text_nodes(html))
        mentions = list(self._mentions(nodes, _open(html, nodes)))
        counts = Counter(each.concept.token for each in mentions)
        wanted = {token for token, _ in counts.most_common(MAX_LINKED)}
        wraps: dict[int, list[Wrap]] = {}
        for each in mentions:
            if each.concept.token in wanted:
                wanted.remove(each.concept.token)
                wraps.setdefault(each.node, []).append(self._wrap(each))
        return wrapped(html, nodes, wraps)

    def _mentions(self, nodes: list[TextNode], open_to_links: Sequence[bool]) -> Iterator[_Mention]:
        """Mentions in the order of the text, segmented as in the index."""
        text, places = joined(nodes)
        for token in self.segmenter.tokens(normalize(text)):
            first, last = places[token.start], places[token.end - 1]
            if first.node == last.node and open_to_links[first.node]:
                concept = self.lexicon.find(token.text.replace("_", " "))
                if concept:
                    yield _Mention(concept, first.node, first.offset, last.offset + 1)

    def _wrap(self, mention: _Mention) -> Wrap:
        address = escape(self.address_of(mention.concept.name))
        return Wrap(mention.start, mention.end, f'<a class="concept" href="{address}">', "</a>")


def _open(html: str, nodes: Sequence[TextNode]) -> list[bool]:
    """Whether each text node is outside links and code. Sanitized markup closes all its tags."""
    found = []
    depth, tags = 0, _CLOSED.finditer(html)
    tag = next(tags, None)
    for node in nodes:
        while tag and tag.start() < node.start:
            depth += -1 if tag["end"] else 1
            tag = next(tags, None)
        found.append(depth <= 0)
    return found
