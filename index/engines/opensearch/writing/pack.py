"""Documents → bulk requests, compressed: what worker processes do."""

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
from index.engines.opensearch.field_lengths import Lengths
from index.engines.opensearch.schema import (
    BODY,
    EMPTY,
    GZIP,
    HEAD,
    QUICKEST,
    STATES,
    TEXT,
    columns,
    compress_text,
)

CHUNK_BYTES = 8 << 20
"""Of a bulk request, before compression: some 200 articles."""
MOST_REMOVALS = 10_000
"""Of a bulk request."""
LONGEST_ID = 512
"""Bytes that OpenSearch takes for the name of a document."""
_GZIP = 16 + zlib.MAX_WBITS


@dataclass(frozen=True, slots=True)
class Chunk:
    """A bulk request: ids of its articles in order, and its lines, two an article, as gzip or
    as they are."""

    ids: tuple[str, ...]
    data: bytes
    lengths: Lengths = field(default_factory=Lengths)


def pack(documents: Sequence[Document], *, level: int = QUICKEST) -> list[Chunk]:
    """`level`: of zlib's compression; 0 is none."""
    packed, lines, lengths = [], dict[str, bytes](), Lengths()
    size = 0
    for document in documents:
        values = fields(document)
        lengths.count(values)
        line = _action("index", document.id, document.indexed_at) + orjson.dumps(values) + b"\n"
        lines[document.id] = line
        size += len(line)
        if size >= CHUNK_BYTES:
            packed.append(_chunk(lines, lengths, level))
            lines, lengths, size = {}, Lengths(), 0
    return [*packed, _chunk(lines, lengths, level)] if lines else packed


def removals(ids: Sequence[str], version: int) -> list[Chunk]:
    """Requests that remove articles which are not newer than `version`."""
    found = [ids[at : at + MOST_REMOVALS] for at in range(0, len(ids), MOST_REMOVALS)]
    return [_chunk({name: _action("delete", name, version) for name in part}) for part in found]


def _chunk(
    lines: Mapping[str, bytes], lengths: Lengths | None = None, level: int = QUICKEST
) -> Chunk:
    return Chunk(tuple(lines), written_as(lines.values(), level), lengths or Lengths())


def written_as(lines: Iterable[bytes], level: int) -> bytes:
    """A request's lines as gzip, or, at level 0, as they are."""
    if not level:
        return b"".join(lines)
    compressor = zlib.compressobj(level, wbits=_GZIP)
    return b"".join([*map(compressor.compress, lines), compressor.flush()])


def decompressed(data: bytes) -> bytes:
    return zlib.decompress(data, wbits=_GZIP) if data.startswith(GZIP) else data


def document_name(article_id: str) -> str:
    """The article's id, or where OpenSearch does not take it as a name, a digest of it."""
    data = article_id.encode("utf-8", "surrogatepass")
    if 0 < len(data) <= LONGEST_ID and encode_surrogates(article_id) == article_id:
        return article_id
    return f"blake2b:{hashlib.blake2b(data, digest_size=32).hexdigest()}"


def _action(kind: str, article_id: str, version: int) -> bytes:
    """A version that only grows decides what stays, whoever writes and in whatever order."""
    target = {"_id": document_name(article_id), "version": version, "version_type": "external_gte"}
    return orjson.dumps({kind: target}) + b"\n"


def fields(document: Document) -> dict[str, Any]:
    """What the mapping takes of a document."""
    values: dict[str, Any] = {}
    for name in TOKEN_FIELDS:
        tokens = encode_surrogates(layer(document, name)).split()
        values[name] = " ".join(tokens) or EMPTY
        values[columns(name)] = list(dict.fromkeys(tokens))
    for name, found in keywords(document).items():
        values[name] = [encode_surrogates(value) for value in found]
    values |= integers(document)
    for name, kind in STATES.items():
        value = getattr(document, name)
        values[name] = encode_surrogates(value) if kind == "keyword" else value
    return values | character_fields(document.folded) | _shown(document)


def _shown(document: Document) -> dict[str, str]:
    head = {name: getattr(document, name) for name in HEAD_FIELDS}
    return {
        HEAD: compress_text(json.dumps(head)),
        TEXT: compress_text(document.text),
        BODY: compress_text(f"{document.body_format}\n{document.body}"),
    }
