"""HTML and Markdown to plain text that keeps the borders between blocks.

A plain text is blocks joined by a line break; inside a block any run of white space is one space.
Sentences, phrases and snippets never cross such a border. Inline tags are no border:
`<b>中</b>国` is 中国. Dropped is what no reader sees: scripts, comments, control characters, hidden
elements. A line break between two Chinese characters is nothing.
"""

import re
from collections.abc import Iterator
from html import escape
from typing import cast

from index.article import BodyFormat
from index.text.composition import compose
from index.text.markup.escapes import without_cdata_marks, without_escapes
from index.text.markup.markdown import markdown_html
from index.text.markup.scanner import TextNode, block_texts, pieces
from index.text.markup.tables import Cells
from index.text.markup.template_tags import masked, unmasked
from index.text.spans import Span
from index.text.white_space import (
    letter_spaces,
    line_breaks,
    without,
    without_letter_spaces,
    without_line_breaks,
)

_PLAIN_BLOCKS = frozenset(
    "address aside body button details dialog dir fieldset form hgroup html legend listing main"
    " menu nav optgroup option plaintext search select summary textarea xmp".split()
)
"""Blocks for which `visible_markup` writes `<div>`: sanitizers drop their tags, or parsers read
their content in another way, and the border would be lost."""
_HIDDEN = (
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u034f\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e0fff"
)
"""Inside of a character class: what shows nothing."""
_INVISIBLE = re.compile(f"[{_HIDDEN}]+")
_SURROGATES = "\ud800-\udfff"
_SURROGATE = re.compile(f"[{_SURROGATES}]")
_UNSEEN = re.compile(f"[{_SURROGATES}{_HIDDEN}]")
"""Any of them: one look, and most texts have nothing to replace."""
_WHITE = re.compile(r"\s+")


def plain_text(body: str, body_format: BodyFormat) -> str:
    """Blocks joined by a line break. Never raises, whatever the markup."""
    if body_format == "text":
        return "\n".join(filter(None, map(collapse, compose(body).splitlines())))
    return "\n".join(blocks(as_html(body, body_format)))


def as_html(body: str, body_format: BodyFormat) -> str:
    """The markup that `plain_text` reads: Markdown rendered, HTML without template tags.

    It is as unsafe as the article: sanitize it before anyone sees it.
    """
    unwrapped = without_cdata_marks(body)
    body = without_escapes(unwrapped)
    is_html = body_format == "html" or body is not unwrapped
    if is_html and "<![CDATA[" in body:
        body = body.replace("<![CDATA[", "").replace("]]>", "")
    body, tags = masked(body)
    if not is_html:
        body = markdown_html(body.replace("\0", ""))
    return unmasked(body, tags, is_html)


def blocks(html: str) -> list[str]:
    """The blocks of a page in reading order, each one line, none empty."""
    texts = block_texts(html)
    as_line = collapse if _UNSEEN.search("".join(texts)) else _as_line
    return [*filter(None, (as_line(text) for text in texts if text and not text.isspace()))]


def text_nodes(html: str) -> Iterator[TextNode]:
    """The visible text nodes of a page in reading order; `plain_text` is made of nothing else.

    To find offset n of the plain text in the markup, walk the nodes of `visible_markup`: join the
    texts up to each border, collapse them, add one line break for each border between blocks that
    are not empty.
    """
    return cast(Iterator[TextNode], pieces(html, tags=False))


def visible_markup(html: str) -> str:
    """The markup without everything that the plain text leaves out; its blocks stay the same.

    Still unsafe, but safe from one fault of sanitizers: most drop a tag and keep its content, which
    would turn scripts and styles into visible text.
    """
    found = list(pieces(html, tags=True))
    texts = iter(_shown_texts([piece for piece in found if isinstance(piece, TextNode)]))
    kept: list[str] = []
    cells = Cells()
    for piece in found:
        if isinstance(piece, TextNode):
            # Escape again: text on both sides of a dropped comment could form a tag or an entity.
            text = escape(next(texts), quote=False)
            kept += [cells.before_text(), text] if text.strip() else [text]
        else:
            kept.append(cells.tag(piece["name"].lower(), bool(piece["end"]), _well_formed(piece)))
    return "".join(kept)


def collapse(text: str) -> str:
    """One line: invisible characters and line breaks between Chinese characters dropped, any other
    run of white space one space, stripped."""
    return _as_line(_visible(text))


def _as_line(visible: str) -> str:
    return without_letter_spaces(" ".join(without_line_breaks(visible).split()))


def squeeze(text: str) -> str:
    """Like `collapse`, but white space at either end becomes one space instead of none."""
    return without_letter_spaces(_WHITE.sub(" ", without_line_breaks(_visible(text))))


def valid_unicode(text: str) -> str:
    """Lone surrogates, which no encoding takes, replaced by U+FFFD."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def _visible(text: str) -> str:
    # Most text is clean, and asking is cheaper than replacing.
    return _INVISIBLE.sub("", valid_unicode(text)) if _UNSEEN.search(text) else text


def _shown_texts(nodes: list[TextNode]) -> list[str]:
    """The texts of the nodes without invisible characters and meaningless white space."""
    texts: list[str] = []
    block: list[TextNode] = []
    for node in nodes:
        if node.border_before:
            texts += _shown_block(block)
            block = []
        block.append(node)
    return texts + _shown_block(block)


def _shown_block(nodes: list[TextNode]) -> list[str]:
    texts = [_visible(node.text) for node in nodes]
    if "\n" in "".join(texts).strip():
        lines = [
            text.replace("\n", " ") if node.preformatted else text
            for node, text in zip(nodes, texts, strict=True)
        ]
        texts = _without_spans(texts, line_breaks("".join(lines)))
        # Browsers have rules of their own for the line breaks that are left.
        texts = [
            text if node.preformatted else text.replace("\n", " ")
            for node, text in zip(nodes, texts, strict=True)
        ]
    return _without_spans(texts, letter_spaces("".join(texts)))


def _without_spans(texts: list[str], spans: list[Span]) -> list[str]:
    """The texts without spans that count from the beginning of the first; in linear time."""
    if not spans:
        return texts
    whole, kept, offset, following = "".join(texts), [], 0, 0
    for text in texts:
        end = offset + len(text)
        inside = []
        while following < len(spans) and spans[following][0] < end:
            start, stop = spans[following]
            inside.append((max(start, offset), min(stop, end)))
            if stop > end:
                break
            following += 1
        inside = [(start - offset, stop - offset) for start, stop in inside]
        kept.append(without(whole[offset:end], inside))
        offset = end
    return kept


def _well_formed(tag: re.Match[str]) -> str:
    name = tag["name"].lower()
    if name in _PLAIN_BLOCKS:
        return f"<{tag['end']}div>"
    # With an odd number of quotes other parsers would read on to the next one.
    odd = any(tag["rest"].count(quote) % 2 for quote in "\"'")
    return f"<{tag['end']}{tag['name']}>" if odd or not tag[0].endswith(">") else tag[0]
