"""Reads the fields of an article that are stored in Tantivy's own documents."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from index.engines.document_fields import HEAD_FIELDS
from index.engines.tantivy.addresses import ArticleAddress
from index.engines.tantivy.schema import BODY, HEAD, TEXT

_BODY = frozenset(("body", "body_format"))
_HEAD = frozenset(HEAD_FIELDS) - {"id"}
_STORED = _HEAD | _BODY | {"text"}
MAX_CACHED_HEADS = 1_000
"""Short fields of the latest articles, some 3 MB. To read a document takes 20 µs, because its text
has to be unpacked too; related searches ask for titles of hits."""


class Documents:
    """Stored fields over one searcher. Threads may share it."""

    def __init__(self, searcher: Any) -> None:
        self._searcher = searcher
        self._heads: dict[int, Mapping[str, Any]] = {}

    def read(self, place: ArticleAddress, fields: Sequence[str]) -> dict[str, Any]:
        """At least those of `fields` that are stored here."""
        wanted = _STORED.intersection(fields)
        head = self._heads.get(place.number)
        if not wanted or (head is not None and wanted <= _HEAD):
            return dict(head or ())
        document = self._searcher.doc(place.address)
        values: dict[str, Any] = {}
        if not _HEAD.isdisjoint(fields):
            values |= self._head(place.number, document) if head is None else head
        if "text" in fields:
            values["text"] = _text(document, TEXT)
        if not _BODY.isdisjoint(fields):
            values["body_format"], _, values["body"] = _text(document, BODY).partition("\n")
        return values

    def _head(self, number: int, document: Any) -> Mapping[str, Any]:
        if len(self._heads) >= MAX_CACHED_HEADS:
            self._heads = {}  # a new one: other threads may be reading it
        head = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in json.loads(_bytes(document, HEAD)).items()
        }
        self._heads[number] = head
        return head


def _bytes(document: Any, field: str) -> bytes:
    return bytes(document.get_first(field))


def _text(document: Any, field: str) -> str:
    return _bytes(document, field).decode("utf-8", "surrogatepass")
