"""Turns documents into compressed bulk requests. Runs in worker processes."""

import hashlib
import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from index.document import Document
from index.engines.api import TOKEN_FIELDS
from index.engines.character_tokens import character_fields, encode_surrogates
from index.engines.document_fields import HEAD_FIELDS, integers, keywords, layer
from index.engines.opensearch.field_lengths import FieldLengths
from index.engines.opensearch.schema import (
    BODY,
    EMPTY_FIELD,
    FASTEST_LEVEL,
    GZIP,
    HEAD,
    STATE_COLUMNS,
    TEXT,
    compress_text,
    counted_column,
)

REQUEST_BYTES = 8 << 20
"""Before compression: some 200 articles."""
MAX_REMOVALS = 10_000
"""In one bulk request."""
MAX_ID_BYTES = 512
"""OpenSearch's limit for the `_id` of a document."""
_GZIP = 16 + zlib.MAX_WBITS


@dataclass(frozen=True, slots=True)
class BulkRequest:
    """The ids of its articles in order, and its lines, two for each article, compressed or not."""

    ids: tuple[str, ...]
    data: bytes
    lengths: FieldLengths = field(default_factory=FieldLengths)


def pack(documents: Sequence[Document], *, level: int = FASTEST_LEVEL) -> list[BulkRequest]:
    """`level`: of zlib's compression; 0 for none."""
    packed, lines, lengths = [], dict[str, bytes](), FieldLengths()
    size = 0
    for document in documents:
        values = fields(document)
        lengths.count(values)
        line = _action("index", document.id, document.indexed_at) + orjson.dumps(values) + b"\n"
        lines[document.id] = line
        size += len(line)
        if size >= REQUEST_BYTES:
            packed.append(_request(lines, lengths, level))
            lines, lengths, size = {}, FieldLengths(), 0
    return [*packed, _request(lines, lengths, level)] if lines else packed


def removals(ids: Sequence[str], version: int) -> list[BulkRequest]:
    """Requests that delete articles, unless they are newer than `version`."""
    found = [ids[at : at + MAX_REMOVALS] for at in range(0, len(ids), MAX_REMOVALS)]
    return [_request({name: _action("delete", name, version) for name in part}) for part in found]


def _request(
    lines: Mapping[str, bytes], lengths: FieldLengths | None = None, level: int = FASTEST_LEVEL
) -> BulkRequest:
    return BulkRequest(
        tuple(lines), compress_lines(lines.values(), level), lengths or FieldLengths()
    )


def compress_lines(lines: Iterable[bytes], level: int) -> bytes:
    """The lines of a request, compressed with gzip, or plain at level 0."""
    if not level:
        return b"".join(lines)
    compressor = zlib.compressobj(level, wbits=_GZIP)
    return b"".join([*map(compressor.compress, lines), compressor.flush()])


def decompress_lines(data: bytes) -> bytes:
    return zlib.decompress(data, wbits=_GZIP) if data.startswith(GZIP) else data


def document_name(article_id: str) -> str:
    """The `_id` of an article: its id, or a digest if OpenSearch does not accept the id."""
    data = article_id.encode("utf-8", "surrogatepass")
    if 0 < len(data) <= MAX_ID_BYTES and encode_surrogates(article_id) == article_id:
        return article_id
    return f"blake2b:{hashlib.blake2b(data, digest_size=32).hexdigest()}"


def _action(kind: str, article_id: str, version: int) -> bytes:
    """The `version`, which only grows, decides which write stays, in whatever order they come."""
    target = {"_id": document_name(article_id), "version": version, "version_type": "external_gte"}
    return orjson.dumps({kind: target}) + b"\n"


def fields(document: Document) -> dict[str, Any]:
    """A document as the mapping stores it."""
    values: dict[str, Any] = {}
    for name in TOKEN_FIELDS:
        tokens = encode_surrogates(layer(document, name)).split()
        values[name] = " ".join(tokens) or EMPTY_FIELD
        values[counted_column(name)] = list(dict.fromkeys(tokens))
    for name, found in keywords(document).items():
        values[name] = [encode_surrogates(value) for value in found]
    values |= integers(document)
    for name, kind in STATE_COLUMNS.items():
        value = getattr(document, name)
        values[name] = encode_surrogates(value) if kind == "keyword" else value
    return values | character_fields(document.normalized) | _compressed(document)


def _compressed(document: Document) -> dict[str, str]:
    head = {name: getattr(document, name) for name in HEAD_FIELDS}
    return {
        HEAD: compress_text(json.dumps(head)),
        TEXT: compress_text(document.text),
        BODY: compress_text(f"{document.body_format}\n{document.body}"),
    }
