"""A document's values by the fields of the interface, as engines that take rows are given them."""

from index.document import Document
from index.engines.api import INTEGER_FIELDS, KEYWORD_FIELDS

HEAD_FIELDS = (
    "id",
    "url",
    "title",
    "author",
    "source",
    "categories",
    "topics",
    "organisations",
    "published",
    "first_seen",
    "indexed_at",
    "content_hash",
    "story",
    "sketch",
    "outline",
)
"""Stored fields that are short: all but texts."""
_PLURAL = {
    "category": "categories",
    "topic": "topics",
    "organisation": "organisations",
    "url": "url_tokens",
}


def layer(document: Document, field: str) -> str:
    """The tokens of a token field, joined by spaces."""
    part, name = field.split("_", 1)
    return str(getattr(getattr(document, f"{part}_layers"), name))


def keywords(document: Document) -> dict[str, list[str]]:
    """The values of every keyword field, each once."""
    found: dict[str, list[str]] = {}
    for name in KEYWORD_FIELDS:
        value = getattr(document, _PLURAL.get(name, name))
        if name in _PLURAL:
            found[name] = list(dict.fromkeys(value))
        else:
            found[name] = [] if value is None else [value]
    return found


def integers(document: Document) -> dict[str, int]:
    """The integer fields that have a value."""
    values = {name: getattr(document, name) for name in INTEGER_FIELDS}
    return {name: value for name, value in values.items() if value is not None}
