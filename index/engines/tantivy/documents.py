"""Finds the documents of articles in Tantivy, by id, and reads the fields that are stored there.

Those of the latest results are found without a search, and titles read without unpacking texts."""

import json
from collections.abc import Mapping, Sequence
from functools import partial
from operator import itemgetter
from typing import Any, NamedTuple

from index.engines.document_fields import HEAD_FIELDS
from index.engines.tantivy.article_store import ArticleStore
from index.engines.tantivy.compiler import TantivyCompiler, unscored
from index.engines.tantivy.schema import BODY, HEAD, NUMBER, TEXT

MAX_CACHED_ADDRESSES = 20_000
"""Some 4 MB. Articles that are read were nearly always found by a search just before."""
CACHED_PER_ANSWER = 100
"""The first matches of a search: ranking and the page read 50 of them, mostly."""
CACHED_NEAR_COPIES = 10_000
"""An update reads the state of all that it finds, and the texts of some."""

_BODY = frozenset(("body", "body_format"))
_HEAD = frozenset(HEAD_FIELDS) - {"id"}
_STORED = _HEAD | _BODY | {"text"}
MAX_CACHED_HEADS = 1_000
"""Short fields of the latest articles, some 3 MB. To read a document takes 20 µs, because its text
has to be unpacked too; related searches ask for titles of hits."""


class ArticleAddress(NamedTuple):
    """An article's number, and its address in Tantivy."""

    number: int
    address: Any


_address_of = partial(tuple.__new__, ArticleAddress)
"""Of its two values: calling the class takes three times as long."""


class ArticleAddresses:
    """Addresses over one searcher. Threads may share it."""

    def __init__(self, searcher: Any, compiler: TantivyCompiler, articles: ArticleStore) -> None:
        self._searcher = searcher
        self._compiler = compiler
        self._articles = articles
        self._cached: dict[str, ArticleAddress] = {}

    def names(
        self, addresses: Sequence[Any], cached: int = CACHED_PER_ANSWER
    ) -> list[tuple[str, str]]:
        """(id, story) of the articles at these addresses; caches the addresses of the first."""
        numbers = self._searcher.fast_field_values(NUMBER, addresses)
        names = self._articles.names(numbers)
        ids = map(itemgetter(0), names[:cached])
        places = map(_address_of, zip(numbers, addresses, strict=True))
        self._cache(cached).update(zip(ids, places, strict=False))
        return names

    def of(self, ids: Sequence[str]) -> dict[str, ArticleAddress]:
        """Addresses by id, of the ids that are in the index."""
        cached = self._cached
        found = {name: address for name in ids if (address := cached.get(name))}
        missing = [name for name in {*ids} if name not in found]
        return found | self._look_up(missing) if missing else found

    def _look_up(self, ids: Sequence[str]) -> dict[str, ArticleAddress]:
        chosen = self._compiler.with_ids(ids)
        hits = self._searcher.search(unscored(chosen), len(ids), count=False).hits
        addresses = [address for _, address in hits]
        numbers = self._searcher.fast_field_values(NUMBER, addresses)
        names = self._articles.names(numbers)
        return {
            name: ArticleAddress(number, address)
            for (name, _), number, address in zip(names, numbers, addresses, strict=True)
        }

    def _cache(self, more: int) -> dict[str, ArticleAddress]:
        """A plain dictionary, because a lock for each of its many keys would cost more than it
        saves. A full one is replaced, not cleared: other threads may be reading it."""
        if len(self._cached) > MAX_CACHED_ADDRESSES - more:
            self._cached = {}
        return self._cached


class Documents:
    """Stored fields over one searcher. Threads may share it."""

    def __init__(self, searcher: Any) -> None:
        self._searcher = searcher
        self._heads: dict[int, Mapping[str, Any]] = {}

    def held(self, fields: Sequence[str]) -> frozenset[str]:
        """Those of `fields` that are stored here."""
        return _STORED.intersection(fields)

    def read(self, place: ArticleAddress, fields: frozenset[str]) -> Mapping[str, Any]:
        """At least `fields`, which are `held`."""
        head = self._heads.get(place.number)
        if head is not None and fields <= _HEAD:
            return head
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
