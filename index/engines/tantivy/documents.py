"""Finds the documents of articles in Tantivy, by id, says which of them match queries, and reads
the fields that are stored there.

Those of the latest results are found without a search, and titles read without unpacking texts."""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache, partial
from operator import itemgetter
from typing import Any, NamedTuple

from index.engines.character_tokens import encode_surrogates
from index.engines.document_fields import HEAD_FIELDS
from index.engines.lru_cache import LRUCache
from index.engines.queries import Query, Term
from index.engines.tantivy.article_store import ArticleStore
from index.engines.tantivy.compiler import TOLD_APART, TantivyCompiler, both_of, unscored
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
MAX_CACHED_QUERIES = 512
"""Queries whose articles are remembered, among 50 each: 4 MB. A page asks for the words of the
articles that ranking has asked for, and the next page has the same."""
ALWAYS_ASKED = "kind"
"""The field that every answer asks for. One article in twelve has a kind: all of them are found in
0.4 ms and kept, 5 MB at a million articles. To ask for fifty takes 0.3 ms in an answer."""
MAX_CACHED_KINDS = 32


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


class Told(NamedTuple):
    """Which articles matched a query, of those that it was asked for."""

    asked: frozenset[str]
    matched: frozenset[str]


class Membership:
    """Asks over one searcher. Threads may share it."""

    def __init__(
        self, searcher: Any, compiler: TantivyCompiler, addresses: ArticleAddresses
    ) -> None:
        self._searcher = searcher
        self._compiler = compiler
        self._addresses = addresses
        self._told: LRUCache[Query, Told] = LRUCache(MAX_CACHED_QUERIES)
        self._all_of = lru_cache(MAX_CACHED_KINDS)(self._numbers_of)

    def tell(self, ids: Sequence[str], queries: Sequence[Query]) -> list[set[str]]:
        """For each query, which of these articles match."""
        asked = frozenset(ids)
        names = {place.number: name for name, place in self._addresses.of(ids).items()}
        found: dict[Query, set[str]] = {}
        for query in queries:
            if isinstance(query, Term) and query.field == ALWAYS_ASKED:
                found[query] = {names[number] for number in names.keys() & self._all_of(query)}
            elif (told := self._told.get(query)) and asked <= told.asked:
                found[query] = {*(asked & told.matched)}
        lacking = [query for query in queries if query not in found]
        for start in range(0, len(lacking) if names else 0, TOLD_APART):
            found |= self._told_apart(names, lacking[start : start + TOLD_APART])
        for query in lacking:
            self._told.put(query, Told(asked, frozenset(found.setdefault(query, set()))))
        return [found[query] for query in queries]

    def _told_apart(self, names: dict[int, str], queries: Sequence[Query]) -> dict[Query, set[str]]:
        """`names`: ids by number. At most TOLD_APART queries."""
        chosen = self._compiler.numbered(list(names))
        both = both_of(chosen, self._compiler.telling_apart(queries))
        found: dict[Query, set[str]] = {query: set() for query in queries}
        hits = self._searcher.search(both, len(names), count=False).hits
        numbers: Any = self._searcher.fast_field_values(NUMBER, [place for _, place in hits])
        for (score, _), number in zip(hits, numbers, strict=True):
            for at, query in enumerate(queries):
                if int(score) >> at & 1:
                    found[query].add(names[number])
        return found

    def _numbers_of(self, query: Term) -> frozenset[int]:
        """The numbers of all articles that match."""
        token = encode_surrogates(query.token)
        most = max(1, self._searcher.doc_freq(query.field, token))
        hits = self._searcher.search(self._compiler.filter(query), most, count=False).hits
        addresses = [address for _, address in hits]
        return frozenset(self._searcher.fast_field_values(NUMBER, addresses))


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
