"""Fields of the Tantivy index, and how our strings are written in them."""

from itertools import pairwise
from typing import Any

import tantivy

from index.engines.base import INTEGER_FIELDS, KEYWORD_FIELDS, TOKEN_FIELDS

CHARACTERS = "characters"
"""Every visible character of title and text, without positions: quotes of one character."""
PAIRS = {"title": "title_pairs", "text": "text_pairs"}
"""Every two neighbouring characters, with positions: longer quotes are phrases of them."""
EVERY = "every"
"""One term that every article has: where Tantivy counts more of it than there are articles, deleted
ones are still counted everywhere."""
NUMBER = "number"
"""Counts articles as they come, for ever: what an update brings has higher ones."""
HEAD, TEXT, BODY = "head", "text", "body"
"""Stored only: small fields as JSON; text; format, line break, source markup."""

_BORDER, _END = "\U00100000", "\U00100001"
_FIRST_SPACE = 0x100010
_SPACES = [c for c in map(chr, range(0x3001)) if c.isspace() and c != "\n"]
_FIRST_SURROGATE = 0x10F800
_TO_TOKEN = {ord("\n"): _BORDER}
_TO_TOKEN |= {ord(space): chr(_FIRST_SPACE + at) for at, space in enumerate(_SPACES)}
_SURROGATES = {at: chr(_FIRST_SURROGATE + at - 0xD800) for at in range(0xD800, 0xE000)}
_TO_TOKEN |= _SURROGATES
_BACK = {ord(private): chr(at) for at, private in _SURROGATES.items()}


def build_schema() -> Any:
    builder = tantivy.SchemaBuilder()
    for name in TOKEN_FIELDS:
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    for name in KEYWORD_FIELDS:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    builder.add_text_field(CHARACTERS, tokenizer_name="whitespace", index_option="basic")
    builder.add_text_field(EVERY, tokenizer_name="raw", index_option="basic")
    for name in PAIRS.values():
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="position")
    for name in INTEGER_FIELDS:
        builder.add_integer_field(name, indexed=True, fast=True)
    builder.add_integer_field(NUMBER, indexed=True, fast=True)
    for name in (HEAD, TEXT, BODY):
        builder.add_bytes_field(name, stored=True)
    return builder.build()


def written(text: str) -> str:
    """A string that Tantivy takes: half of a surrogate pair alone becomes a private character."""
    return text if text.isascii() else text.translate(_SURROGATES)


def read(text: str) -> str:
    """What `written` was given."""
    return text if text.isascii() else text.translate(_BACK)


def characters(text: str) -> str:
    """Characters as tokens: white space and borders of blocks become private characters."""
    return text.translate(_TO_TOKEN)


def pairs(characters_: str) -> list[str]:
    """Every two neighbours; the last character stands with the end."""
    return [first + second for first, second in pairwise(characters_ + _END)]
