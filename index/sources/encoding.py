"""Decodes files, and tells Markdown, HTML and plain text apart."""

import codecs
import re

from index.article import BodyFormat
from index.sources.legacy_encodings import decoded_legacy
from index.text.mojibake import repaired

_BLOCK_TAG = re.compile(
    r"<(?:p|div|h[1-6]|ul|ol|section|article|blockquote|table|br|figure)(?:\s[^<>]*|/)?>",
    re.IGNORECASE,
)
_BEGINS_WITH_BLOCK = re.compile(rf"\s*{_BLOCK_TAG.pattern}", re.IGNORECASE)
# A blank line before a word means nothing in HTML and is the commonest sign of Markdown.
_MARKDOWN_BLOCK = re.compile(
    r"^ {0,3}(?:#{1,6}[ \t]|[-*+][ \t]|>|```|~~~|\d{1,9}[.)][ \t])|^={3,}[ \t]*$"
    r"|\n[ \t]*\n(?=[^\s<])|\]\(",
    re.MULTILINE,
)
_MARKDOWN_ONLY = re.compile(r"^ {0,3}(?:#{1,6}[ \t]|```|~~~)|^={3,}[ \t]*$|\]\(", re.MULTILINE)
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
FEW_DAMAGED = 20
"""Unreadable characters allowed in any text; long texts may have a tenth."""
_ANY_MARKUP = re.compile(
    r"[*_`\[\\]|~~|==[^=\s]|\{[{%:]|&#?\w+;|</?[a-zA-Z!]|^(?: {4}|\t)|^[-=]{3,}\s*$", re.MULTILINE
)


def is_binary(data: bytes) -> bool:
    """Whether a file is no text: none of the encodings `decode` knows has NUL bytes in text."""
    return b"\0" in data and not data.startswith(_UTF_16)


def is_damaged(text: str) -> bool:
    """Whether more than 20 characters and a tenth of a text are unreadable."""
    return text.count("\ufffd") > max(FEW_DAMAGED, len(text) // 10)


def decode(data: bytes) -> str:
    """Text of a file in UTF-8, UTF-16 (with BOM) or an older encoding; unreadable bytes become
    U+FFFD, and UTF-8 that was misread before is put right."""
    if data.startswith(_UTF_16):
        return _unix(data.decode("utf-16", "replace"))
    text = data.decode("utf-8-sig", "replace")
    # GBK read as UTF-8 is nearly all damage; UTF-8 with a broken byte or two is nearly none.
    damage = text.count("\ufffd")
    if damage and damage >= sum(char > "\x7f" for char in text) - damage:
        text = decoded_legacy(data)
    return _unix(repaired(text))


def markup_of(body: str) -> BodyFormat:
    """HTML or Markdown. Either may contain pieces of the other, so the beginning decides first."""
    if not _BLOCK_TAG.search(body) or _MARKDOWN_BLOCK.match(body.lstrip()):
        return "markdown"
    if _BEGINS_WITH_BLOCK.match(body) and not _MARKDOWN_ONLY.search(body):
        return "html"
    html = sum(1 for _ in _BLOCK_TAG.finditer(body))
    markdown = sum(1 for _ in _MARKDOWN_BLOCK.finditer(body))
    return "html" if html > markdown else "markdown"


def has_markup(body: str) -> bool:
    """Whether a text may contain Markdown or HTML."""
    return bool(_ANY_MARKUP.search(body) or _MARKDOWN_BLOCK.search(body))


def _unix(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
