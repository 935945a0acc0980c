"""Scans HTML for its visible text and the borders between blocks, tag by tag.

Telling blocks from inline text needs no tree, and HTML5's rules make one cost quadratic time and
memory on nested or unclosed tags: the tree of 80 KB of `<p><font>` takes 2.9 GB (selectolax 1.0).
Where a tag, comment or raw text ends follows
https://html.spec.whatwg.org/multipage/parsing.html#tokenization.
"""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from html import unescape
from itertools import pairwise
from typing import NamedTuple, cast

from index.text.composition import compose
from index.text.markup.hidden import (
    READING_TAGS,
    VOID_TAGS,
    Visibility,
    may_hide,
    shows_again,
    visibility,
)

_BLOCKS = (
    "address article aside blockquote body br button caption center dd details dialog dir div dl"
    " dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li"
    " listing main menu nav ol optgroup option p plaintext pre search section select summary"
    " table tbody td textarea tfoot th thead tr ul xmp"
)
BLOCK_TAGS = frozenset(_BLOCKS.split())
RAW_TAGS = frozenset({"script", "style", "iframe", "noembed", "noframes", "noscript", "title"})
"""Dropped with everything up to their end tag; tags inside are text."""
NESTING_TAGS = frozenset({"template", "svg", "math"})
"""Dropped with everything inside; they may be nested."""
_DROPPED_TAGS = RAW_TAGS | NESTING_TAGS | {""}
"""Of these no tag is part of the page; "" is a comment."""
_TAGS_OF_RULES = RAW_TAGS | NESTING_TAGS | READING_TAGS | {"pre"}
"""Tags that do more than to divide a text."""
_ENDED_BY = {
    "p": BLOCK_TAGS - {"br", "caption", "td", "th", "tr", "tbody", "tfoot", "thead"},
    "li": {"li"},
    **{name: {"dd", "dt"} for name in ("dd", "dt")},
    **{name: {"td", "th", "tr", "tbody", "tfoot"} for name in ("td", "th")},
    "tr": {"tr", "tbody", "tfoot"},
    "option": {"option", "optgroup"},
    **dict.fromkeys(READING_TAGS, READING_TAGS | {"rb"}),
}
"""Elements whose end tag may be left out → the start tags that end them."""

_TAG = re.compile(
    r"<(?:"
    r"!--(?:-?>|.*?(?:--!?>|\Z))"  # comment
    r"|[!?][^>]*+(?:>|\Z)"  # doctype, processing instruction
    r"|/[^a-zA-Z>][^>]*+(?:>|\Z)|/>"  # what browsers take for a comment
    r"|(?P<end>/?)(?P<name>[a-zA-Z][^\s/>]*+)"
    r"""(?P<rest>(?:[^>=]++|=\s*+(?>"[^"]*"|'[^']*'|))*+)(?:>|\Z)"""
    r")",
    re.DOTALL,
)
# html.unescape raises on a number of more than 4,300 digits.
_ENDLESS_NUMBER = re.compile(r"&#[0-9]{9,};?")


class TextNode(NamedTuple):
    """A run of text between two tags.

    `text` is decoded (`&amp;` is `&`) and composed, not collapsed; `html[start:end]` is where it
    stands in the markup. `border_before`: a block begins or ends between this node and the one
    before. `preformatted`: line breaks are shown as such.
    """

    text: str
    border_before: bool
    start: int
    end: int
    preformatted: bool = False


def pieces(html: str, tags: bool) -> Iterator[TextNode | re.Match[str]]:
    """Visible text nodes and, if asked for, the tags between them that are not hidden or raw."""
    position, border, preformatted, hiding = 0, False, 0, may_hide(html)
    while tag := _TAG.search(html, position):
        if position < tag.start():
            text = _decode(html[position : tag.start()])
            yield TextNode(text, border, position, tag.start(), preformatted > 0)
            border = False
        name, end = (tag["name"] or "").lower(), tag["end"]
        position = tag.end()
        if name in _DROPPED_TAGS:
            border = border or name in BLOCK_TAGS
            position = position if end else _after(html, name, tag)
            continue
        if not end and ((hiding and tag["rest"]) or name in READING_TAGS):
            seen = visibility(name, tag["rest"])
            if seen is not Visibility.SHOWN:
                content_end, position = _hidden(html, name, tag, seen)
                if seen is Visibility.GONE:
                    continue
                position = content_end
        border = border or name in BLOCK_TAGS
        if name == "pre":
            preformatted = max(0, preformatted - 1) if end else preformatted + 1
        if tags:
            yield tag
    if position < len(html):
        text = _decode(html[position:])
        yield TextNode(text, border, position, len(html), preformatted > 0)


def block_texts(html: str) -> list[str]:
    """The text of each block of a page in reading order, as written between its borders, with
    spaces for the line breaks of preformatted text; some are blank."""
    found = _TAG.split(html)  # text, end, name, attributes of a tag, text …
    texts, names, attributes = found[::4], found[2::4], found[3::4]
    names = [name.lower() if name else "" for name in names]
    if not _TAGS_OF_RULES.isdisjoint(names) or may_hide("".join(filter(None, attributes))):
        return _block_texts_by_rules(html)
    # All tags of most pages only divide the text.
    texts = [*map(_decode, texts)]
    borders = [at for at, name in enumerate(names, 1) if name in BLOCK_TAGS]
    return ["".join(texts[start:end]) for start, end in pairwise([0, *borders, len(texts)])]


def _block_texts_by_rules(html: str) -> list[str]:
    found: list[str] = []
    parts: list[str] = []
    for node in cast(Iterator[TextNode], pieces(html, tags=False)):
        if node.border_before:
            found.append("".join(parts))
            parts = []
        parts.append(node.text.replace("\n", " ") if node.preformatted else node.text)
    return [*found, "".join(parts)]


def _decode(text: str) -> str:
    return compose(unescape(_ENDLESS_NUMBER.sub("\ufffd", text)) if "&" in text else text)


def _after(html: str, name: str, tag: re.Match[str]) -> int:
    """Position after a start tag and everything it hides."""
    if name in RAW_TAGS:
        end = _raw_end(name).search(html, tag.end())
        return end.start() if end else len(html)
    if name in NESTING_TAGS:
        return _after_nested(html, name, tag)
    return tag.end()


def _hidden(html: str, name: str, start: re.Match[str], seen: Visibility) -> tuple[int, int]:
    """Where the content of a hidden element ends, and where the element ends.

    An element without its end tag ends with its parent, or where HTML ends it by itself.
    """
    if name in VOID_TAGS:
        return start.end(), start.end()
    opened: list[str] = []
    counts: Counter[str] = Counter()
    position = start.end()
    while tag := _TAG.search(html, position):
        inner, position = (tag["name"] or "").lower(), tag.end()
        if tag["end"]:
            if not counts[inner]:
                return tag.start(), tag.end() if inner == name else tag.start()
            while (popped := opened.pop()) != inner:
                counts[popped] -= 1
            counts[inner] -= 1
        elif inner and inner not in VOID_TAGS:
            again = seen is Visibility.UNSEEN and shows_again(tag["rest"])
            if again or (not opened and inner in _ENDED_BY.get(name, ())):
                return tag.start(), tag.start()
            after = _after(html, inner, tag)
            if inner in RAW_TAGS or after == tag.end():
                opened.append(inner)
                counts[inner] += 1
            position = after
    return len(html), len(html)


def _after_nested(html: str, name: str, tag: re.Match[str]) -> int:
    depth, inner = 0, tag
    while True:
        inner_name = (inner["name"] or "").lower()
        if inner_name == name:
            depth += -1 if inner["end"] else not _closes_itself(name, inner)
        elif name != "template" and inner_name in BLOCK_TAGS and not inner["end"]:
            return inner.start()  # No block is allowed in a drawing: it was never closed.
        position = inner.end()
        if depth == 0:
            return position
        if inner_name in ("script", "style") and not inner["end"]:
            position = _after(html, inner_name, inner)
        following = _TAG.search(html, position)
        if following is None:
            return len(html)
        inner = following


def _closes_itself(name: str, tag: re.Match[str]) -> bool:
    return name != "template" and tag["rest"].endswith("/")


@cache
def _raw_end(name: str) -> re.Pattern[str]:
    return re.compile(rf"</{name}(?=[\s/>]|\Z)", re.IGNORECASE)
