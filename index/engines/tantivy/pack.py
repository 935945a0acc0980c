"""Prepares documents for Tantivy's writer. Runs in worker processes."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from index.document import Document
from index.engines.api import INTEGER_FIELDS, TOKEN_FIELDS, State
from index.engines.character_tokens import character_fields, encode_surrogates
from index.engines.document_fields import HEAD_FIELDS, integers, keywords, layer
from index.engines.tantivy.schema import (
    BODY,
    EVERY,
    HEAD,
    SKETCH_BANDS,
    TEXT,
    bands,
)


@dataclass(frozen=True, slots=True)
class Packed:
    """A document ready for the writer: what is kept outside Tantivy, and its values by field."""

    id: str
    state: State
    normalized: str
    values: dict[str, Any]


def pack(documents: Sequence[Document]) -> list[Packed]:
    return [Packed(d.id, _state(d), d.normalized, _packed(d)) for d in documents]


def _state(document: Document) -> State:
    return State(**{field.name: getattr(document, field.name) for field in fields(State)})


def _packed(document: Document) -> dict[str, Any]:
    values: dict[str, Any] = {
        name: [encode_surrogates(layer(document, name))] for name in TOKEN_FIELDS
    }
    for name, found in keywords(document).items():
        values[name] = [encode_surrogates(value) for value in found]
    values[EVERY] = [EVERY]
    values[SKETCH_BANDS] = bands(document.sketch)
    numbers = integers(document)
    for name in INTEGER_FIELDS:
        values[name] = [numbers[name]] if name in numbers else []
    values |= {name: [value] for name, value in character_fields(document.normalized).items()}
    return values | _stored(document)


def _stored(document: Document) -> dict[str, list[bytes]]:
    head = {name: getattr(document, name) for name in HEAD_FIELDS}
    return {
        HEAD: [json.dumps(head).encode()],
        TEXT: [_bytes(document.text)],
        BODY: [_bytes(f"{document.body_format}\n{document.body}")],
    }


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
