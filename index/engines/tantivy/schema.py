"""The fields of the Tantivy index."""

from typing import Any

import tantivy

from index.duplicates.minhash import NO_SKETCH, read_bands
from index.engines.api import INTEGER_FIELDS, KEYWORD_FIELDS, TOKEN_FIELDS
from index.engines.character_tokens import CHARACTERS, PAIRS

EVERY = "every"
"""One term that every article has. If Tantivy counts more of it than there are articles, deleted
articles are still part of its counts."""
NUMBER = "number"
"""The number of an article, in the order of arrival. Never used again; updates get higher ones."""
SKETCH_BANDS = "bands"
"""The bands of the sketch, each with its position. Articles that share one may be near-copies."""
BAND_BITS = 32
HEAD, TEXT, BODY = "head", "text", "body"
"""Stored only: short fields as JSON; the text; the format, a line break and the source markup."""


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
    builder.add_integer_field(SKETCH_BANDS, indexed=True)
    for name in (HEAD, TEXT, BODY):
        builder.add_bytes_field(name, stored=True)
    return builder.build()
