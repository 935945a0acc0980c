"""Fields of the Tantivy index, and how our strings are written in them."""

from typing import Any

import tantivy

from index.duplicates.minhash import NO_SKETCH, read_bands
from index.engines.api import INTEGER_FIELDS, KEYWORD_FIELDS, TOKEN_FIELDS
from index.engines.character_tokens import CHARACTERS, PAIRS

EVERY = "every"
"""One term that every article has: where Tantivy counts more of it than there are articles, deleted
ones are still counted everywhere."""
NUMBER = "number"
"""Counts articles as they come, for ever: what an update brings has higher ones."""
BANDS = "bands"
"""Of the sketch, each with its number: who shares one may be a near-copy."""
BAND_BITS = 32
HEAD, TEXT, BODY = "head", "text", "body"
"""Stored only: small fields as JSON; text; format, line break, source markup."""


def bands(sketch: str) -> list[int]:
    """The terms of a sketch's bands."""
    if sketch == NO_SKETCH:
        return []
    (row,) = read_bands([sketch]).tolist()
    return [(at << BAND_BITS) | band for at, band in enumerate(row)]


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
    builder.add_integer_field(BANDS, indexed=True)
    for name in (HEAD, TEXT, BODY):
        builder.add_bytes_field(name, stored=True)
    return builder.build()
