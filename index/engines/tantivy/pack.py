"""Documents → what Tantivy's writer takes: what worker processes do."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from index.document import Document
from index.engines.base import INTEGER_FIELDS, TOKEN_FIELDS
from index.engines.tantivy.schema import (
    BODY,
    CHARACTERS,
    EVERY,
    HEAD,
    PAIRS,
    TEXT,
    characters,
    pairs,
    written,
)

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
)
_PLURAL = {"category": "categories", "topic": "topics", "organisation": "organisations"}
_SINGLE = ("id", "source", "author", "story")


@dataclass(frozen=True, slots=True)
class Packed:
    """A document on its way to the writer: what is kept beside Tantivy, and its values by field."""

    id: str
    story: str
    folded: str
    values: dict[str, Any]


def pack(documents: Sequence[Document]) -> list[Packed]:
    return [Packed(d.id, d.story, d.folded, _packed(d)) for d in documents]


def _packed(document: Document) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name in TOKEN_FIELDS:
        part, layer = name.split("_", 1)
        values[name] = [written(getattr(getattr(document, f"{part}_layers"), layer))]
    for name in _SINGLE:
        value = getattr(document, name)
        values[name] = [] if value is None else [written(value)]
    for name, plural in _PLURAL.items():
        values[name] = [written(value) for value in dict.fromkeys(getattr(document, plural))]
    values[EVERY] = [EVERY]
    values["url"] = [written(token) for token in document.url_tokens]
    for name in INTEGER_FIELDS:
        number = getattr(document, name)
        values[name] = [] if number is None else [number]
    return values | _characters(document) | _stored(document)


def _characters(document: Document) -> dict[str, list[str]]:
    title, _, text = document.folded.partition("\n")
    seen = "".join(sorted(set(document.folded) - {"\n"}))
    return {
        CHARACTERS: [" ".join(characters(seen))],
        PAIRS["title"]: [" ".join(pairs(characters(title)))],
        PAIRS["text"]: [" ".join(pairs(characters(text)))],
    }


def _stored(document: Document) -> dict[str, list[bytes]]:
    head = {name: getattr(document, name) for name in HEAD_FIELDS}
    return {
        HEAD: [json.dumps(head).encode()],
        TEXT: [_bytes(document.text)],
        BODY: [_bytes(f"{document.body_format}\n{document.body}")],
    }


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
