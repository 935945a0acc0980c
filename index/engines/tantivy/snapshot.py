"""One generation's Tantivy index as a `Snapshot` (index/engines/base.py)."""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import tantivy
from tantivy import Query as Native

from index.engines.base import (
    All,
    And,
    Generation,
    Matches,
    Query,
    Sort,
    SortKey,
    State,
    Term,
    Unit,
)
from index.engines.characters import read, written
from index.engines.tantivy.counts import facets, histogram
from index.engines.tantivy.names import Names
from index.engines.tantivy.order import Orderer
from index.engines.tantivy.queries import Compiler, constant_score, unscored
from index.engines.tantivy.schema import (
    BODY,
    EVERY,
    HEAD,
    NUMBER,
    TEXT,
)
from index.engines.values import HEAD_FIELDS
from index.lexicon import Lexicon
from index.normalize import normalize

STATE = ("content_hash", "first_seen", "indexed_at", "published", "story", "sketch")
COUNTS = 4_096
"""Totals that are remembered: most words of a query have been asked for before."""


class TantivySnapshot:
    """Reads through memory maps and lets go of Python's lock, so threads may share one."""

    def __init__(self, folder: Path, generation: Generation, lexicon: Lexicon) -> None:
        self.generation = generation
        self.lexicon = lexicon
        self._index = tantivy.Index.open(str(folder))
        self._searcher = self._index.searcher()
        self._schema = self._index.schema
        self._compiler = Compiler(self._schema, self.terms)
        self._names = Names(folder)
        self._orderer = Orderer(self._searcher, self._compiler, self._names)
        self._count_of = lru_cache(COUNTS)(self._counted)
        self._has_deleted = self._searcher.doc_freq(EVERY, EVERY) > self._searcher.num_docs

    def close(self) -> None:
        """Tantivy closes its files with the last who holds the searcher."""

    def match(
        self, query: Query, *, sort: Sort = "relevance", limit: int, after: SortKey | None = None
    ) -> Matches:
        total = self._count_of(query)
        if not limit or not total:
            return Matches(total, ())
        native = self._compiler.compile(query)
        if sort == "relevance" and constant_score(query) is None:
            found = self._orderer.ranked(native, total, limit, after)
        else:
            found = self._orderer.dated(
                native, "oldest" if sort == "oldest" else "newest", limit, after
            )
        return Matches(total, tuple(found))

    def _counted(self, query: Query) -> int:
        if isinstance(query, Term) and not self._has_deleted:
            return int(self._searcher.doc_freq(query.field, written(query.token)))
        return self._count(self._compiler.compile(query))

    def _count(self, native: Native) -> int:
        # The stubs do not know the attribute that the library has.
        return int(self._searcher.search(unscored(native), 1).count)  # type: ignore[attr-defined]

    def facet_counts(
        self, query: Query, filters: Mapping[str, Query], fields: Sequence[str], size: int
    ) -> dict[str, list[tuple[str, int]]]:
        alike: dict[Query, list[str]] = {}
        for field in fields:
            others = [other for name, other in filters.items() if name != field]
            alike.setdefault(And((query, *others)) if others else query, []).append(field)
        counted: dict[str, list[tuple[str, int]]] = {}
        for each, counted_together in alike.items():
            native = unscored(self._compiler.compile(each))
            counted |= facets(self._searcher, native, counted_together, size)
        return {
            field: [(read(value), count) for value, count in counted[field]] for field in fields
        }

    def histogram(self, query: Query, unit: Unit) -> list[tuple[int, int]]:
        return histogram(self._searcher, self._compiler.compile(query), unit)

    def stored(self, ids: Sequence[str], fields: Sequence[str]) -> list[dict[str, Any]]:
        found = self._addresses(ids)
        return [self._read(name, found[name], fields) for name in ids if name in found]

    def _addresses(self, ids: Sequence[str]) -> dict[str, Any]:
        if not ids:
            return {}
        chosen = self._compiler.named(list(set(ids)))
        hits = self._searcher.search(unscored(chosen), len(ids), count=False).hits
        addresses = [address for _, address in hits]
        numbers: Any = self._searcher.fast_field_values(NUMBER, addresses)
        names = self._names.read(numbers)
        return {name: address for (name, _), address in zip(names, addresses, strict=True)}

    def _read(self, article_id: str, address: Any, fields: Sequence[str]) -> dict[str, Any]:
        values: dict[str, Any] = {"id": article_id} if "id" in fields else {}
        if set(fields) <= {"id"}:
            return values
        document = self._searcher.doc(address)
        head = json.loads(_bytes(document, HEAD))
        for name in fields:
            if name in HEAD_FIELDS:
                value = head[name]
                values[name] = tuple(value) if isinstance(value, list) else value
            elif name == "text":
                values[name] = _text(document, TEXT)
            elif name == "folded":
                values[name] = f"{normalize(head['title'])}\n{normalize(_text(document, TEXT))}"
            elif name in ("body", "body_format"):
                body_format, _, body = _text(document, BODY).partition("\n")
                values[name] = body if name == "body" else body_format
        return values

    def terms(self, field: str, prefix: str = "", limit: int | None = 10) -> list[tuple[str, int]]:
        live = Native.all_query() if self._has_deleted else None
        found = self._searcher.terms_with_prefix(field, written(prefix), live, limit)
        return [(read(term), count) for term, count in found if count]

    def doc_freq(self, field: str, token: str) -> int:
        return self._count_of(Term(field, token))

    def story_members(self, story: str) -> list[str]:
        everything = self._searcher.num_docs
        found = self.match(Term("story", story), sort="oldest", limit=everything)
        return [match.id for match in found.matches]

    def states(self) -> dict[str, State]:
        everything = self.match(All(), sort="newest", limit=self._searcher.num_docs).matches
        rows = self.stored([match.id for match in everything], ("id", *STATE))
        return {row["id"]: State(**{name: row[name] for name in STATE}) for row in rows}


def _bytes(document: Any, field: str) -> bytes:
    return bytes(document.get_first(field))


def _text(document: Any, field: str) -> str:
    return _bytes(document, field).decode("utf-8", "surrogatepass")
