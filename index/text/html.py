"""HTML and Markdown to plain text that keeps the borders between blocks.

A plain text is blocks joined by a line break; inside a block any run of white space is one space.
Sentences, phrases and snippets never cross such a border. Inline tags are no border:
`<b>中</b>国` is 中国. Dropped is what no reader sees: scripts, comments, control characters.

HTML is scanned tag by tag, not parsed into a tree. Telling blocks from inline text needs no tree,
and HTML5's rules make one cost quadratic time and memory on nested or unclosed tags: the tree of
80 KB of `<p><font>` takes 2.9 GB (selectolax 1.0). Where a tag, comment or raw text
ends follows https://html.spec.whatwg.org/multipage/parsing.html#tokenization.
"""

import re
from collections.abc import Iterator
from functools import cache
from html import escape, unescape
from typing import NamedTuple

from markdown_it import MarkdownIt

from index.article import BodyFormat

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
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u034f\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e0fff]+"
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_WHITE = re.compile(r"\s+")


class TextNode(NamedTuple):
    """A run of text between two tags.

    `text` is decoded (`&amp;` is `&`) but not collapsed; `html[start:end]` is where it stands in
    the markup. `border_before`: a block begins or ends between this node and the one before.
    """

    text: str
    border_before: bool
    start: int
    end: int


def plain_text(body: str, body_format: BodyFormat) -> str:
    """Blocks joined by a line break. Never raises, whatever the markup."""
    if body_format == "text":
        return "\n".join(filter(None, map(collapse, body.splitlines())))
    return "\n".join(blocks(as_html(body, body_format)))


def as_html(body: str, body_format: BodyFormat) -> str:
    """The markup that `plain_text` reads: Markdown rendered (CommonMark and tables), HTML as is.

    It is as unsafe as the article: sanitize it before anyone sees it.
    """
    return _markdown().render(body.replace("\0", "")) if body_format == "markdown" else body


def blocks(html: str) -> list[str]:
    """The blocks of a page in reading order, each one line, none empty."""
    found: list[str] = []
    parts: list[str] = []
    for node in text_nodes(html):
        if node.border_before:
            found.append(collapse("".join(parts)))
            parts = []
        parts.append(node.text)
    found.append(collapse("".join(parts)))
    return [block for block in found if block]


def text_nodes(html: str) -> Iterator[TextNode]:
    """The visible text nodes of a page in reading order; `plain_text` is made of nothing else.

    To find offset n of the plain text in the markup, walk the nodes: join the texts up to each
    border, collapse them, add one line break for each border between blocks that are not empty.
    """
    position, border = 0, False
    while tag := _TAG.search(html, position):
        if position < tag.start():
            yield TextNode(_decode(html[position : tag.start()]), border, position, tag.start())
            border = False
        name = (tag["name"] or "").lower()
        border = border or name in BLOCK_TAGS
        position = tag.end() if tag["end"] else _after(html, name, tag)
    if position < len(html):
        yield TextNode(_decode(html[position:]), border, position, len(html))


def visible_markup(html: str) -> str:
    """The markup without everything that `text_nodes` leaves out; its blocks stay the same.

    Still unsafe, but safe from one fault of sanitizers: most drop a tag and keep its content, which
    would turn scripts and styles into visible text.
    """
    kept: list[str] = []
    position = 0
    while tag := _TAG.search(html, position):
        name = (tag["name"] or "").lower()
        kept.append(_shown(html[position : tag.start()]))
        if name and name not in RAW_TAGS and name not in NESTING_TAGS:
            kept.append(_well_formed(tag))
        position = tag.end() if tag["end"] else _after(html, name, tag)
    kept.append(_shown(html[position:]))
    return "".join(kept)


def collapse(text: str) -> str:
    """One line: invisible characters dropped, each run of white space one space, stripped."""
    return " ".join(_visible(text).split())


def squeeze(text: str) -> str:
    """Like `collapse`, but white space at either end becomes one space instead of none."""
    return _WHITE.sub(" ", _visible(text))


def valid_unicode(text: str) -> str:
    """Lone surrogates, which no encoding takes, replaced by U+FFFD."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def _visible(text: str) -> str:
    # Most text is clean, and asking is cheaper than replacing.
    return _INVISIBLE.sub("", valid_unicode(text))


def _decode(text: str) -> str:
    return unescape(_ENDLESS_NUMBER.sub("\ufffd", text)) if "&" in text else text


def _shown(text: str) -> str:
    # Escape again: text on both sides of a dropped comment could form a tag or an entity.
    return escape(_decode(text), quote=False)


def _well_formed(tag: re.Match[str]) -> str:
    # With an odd number of quotes other parsers would read on to the next one.
    odd = any(tag["rest"].count(quote) % 2 for quote in "\"'")
    return f"<{tag['end']}{tag['name']}>" if odd or not tag[0].endswith(">") else tag[0]


def _after(html: str, name: str, tag: re.Match[str]) -> int:
    """Position after a start tag and everything it hides."""
    if name in RAW_TAGS:
        end = _raw_end(name).search(html, tag.end())
        return end.start() if end else len(html)
    if name in NESTING_TAGS:
        return _after_nested(html, name, tag)
    return tag.end()


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


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark").enable("table")
