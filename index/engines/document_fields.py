"""A document's values by field (api.py), for the adapters that write them."""

from index.document import Document
from index.engines.api import INTEGER_FIELDS, KEYWORD_FIELDS

HEAD_FIELDS = (
    "id",
    "url",
    "title",
    "author",
    "source",
    "credited",
    "categories",
    "topics",
    "organisations",
    "kinds",
    "published",
    "date_origin",
    "first_seen",
    "indexed_at",
    "content_hash",
    "story",
    "sketch",
    "word_boundaries",
)
"""Stored fields that are short: all but the texts."""
_ATTRIBUTES_OF_MANY = {
    "category": "categories",
    "topic": "topics",
    "organisation": "organisations",
    "kind": "kinds",
    "url": "url_tokens",
}
"""Keyword field → the attribute of a document that holds its values, where there may be many."""


def layer(document: Document, field: str) -> str:
    """The tokens of a token field, joined by spaces."""
    part, name = field.split("_", 1)
    return str(getattr(getattr(document, f"{part}_layers"), name))


def keyword_values(document: Document, field: str) -> list[str]:
    """The values of a keyword field, each once."""
    value = getattr(document, _ATTRIBUTES_OF_MANY.get(field, field))
    if field in _ATTRIBUTES_OF_MANY:
        return list(dict.fromkeys(value))
    return [] if value is None else [value]


def keywords(document: Document) -> dict[str, list[str]]:
    """The values of every keyword field."""
    return {field: keyword_values(document, field) for field in KEYWORD_FIELDS}


def integers(document: Document) -> dict[str, int]:
    """The integer fields that have a value."""
    values = {name: getattr(document, name) for name in INTEGER_FIELDS}
    return {name: value for name, value in values.items() if value is not None}
