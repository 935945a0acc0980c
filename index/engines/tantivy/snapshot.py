"""One generation's Tantivy index as a `Snapshot` (index/engines/base.py)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import tantivy
from tantivy import Occur, Order
from tantivy import Query as Native

from index.engines.base import (
    All,
    And,
    Generation,
    Match,
    Matches,
    Query,
    Range,
    Sort,
    SortKey,
    State,
    Term,
    Unit,
)
from index.engines.tantivy.counts import facets, histogram
from index.engines.tantivy.keys import newest_key, oldest_key, parse_newest, parse_oldest
from index.engines.tantivy.queries import Compiler, constant_score, unscored
from index.engines.tantivy.schema import (
    BODY,
    EVERY,
    HEAD,
    NEWEST,
    NUMBER,
    OLDEST,
    TEXT,
    read,
    written,
)
from index.lexicon import Lexicon
from index.normalize import normalize

HEADS = frozenset(
    {
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
    }
)
HIGHEST = "\U0010ffff"
"""Sorts after every story."""
COUNTS = 4_096
"""Totals that are remembered: most words of a query have been asked for before."""
MARGIN = 32
"""Matches read beyond those asked for, so that what ties with the last one is known."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a page by date begins: after `key`; `before` matches what is surely in front of it."""

    key: str
    before: Query

    @classmethod
    def of(cls, sort: Sort, after: SortKey | None) -> "_Place | None":
        if after is None:
            return None
        _, published, article_id = after
        key = newest_key if sort == "newest" else oldest_key
        if published is None:
            before = Range("published")
        elif sort == "newest":
            before = Range("published", low=published + 1)
        else:
            before = Range("published", high=published - 1)
        return cls(key(published, written(article_id), HIGHEST), before)


class TantivySnapshot:
    """Reads through memory maps and lets go of Python's lock, so threads may share one."""

    def __init__(self, folder: Path, generation: Generation, lexicon: Lexicon) -> None:
        self.generation = generation
        self.lexicon = lexicon
        self._index = tantivy.Index.open(str(folder))
        self._searcher = self._index.searcher()
        self._schema = self._index.schema
        self._compiler = Compiler(self._schema, self.terms)
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
        if sort != "relevance":
            return Matches(total, tuple(self._dated(native, sort, limit, after)))
        if constant_score(query) is not None:
            return Matches(total, tuple(self._dated(native, "newest", limit, after)))
        return Matches(total, tuple(self._ranked(native, total, limit, after)))

    def _counted(self, query: Query) -> int:
        if isinstance(query, Term) and not self._has_deleted:
            return int(self._searcher.doc_freq(query.field, written(query.token)))
        return self._count(self._compiler.compile(query))

    def _count(self, native: Native) -> int:
        # The stubs do not know the attribute that the library has.
        return int(self._searcher.search(unscored(native), 1).count)  # type: ignore[attr-defined]

    def _ranked(self, native: Native, total: int, limit: int, after: SortKey | None) -> list[Match]:
        """The first `limit` matches after a place, those of equal score newest first."""
        wanted = limit
        while True:
            wanted = min(wanted + MARGIN, total)
            hits = self._searcher.search(native, wanted, count=False).hits
            last = hits[-1][0]
            complete = len(hits) == total
            beyond = [hit for hit in hits if after is None or hit[0] <= after[0]]
            sure = beyond if complete else [hit for hit in beyond if hit[0] > last]
            if complete or len(sure) >= limit + (after is not None):
                matches = self._matches(sure)
                matches.sort(key=_rank)
                if after is not None:
                    matches = [m for m in matches if _rank(m) > _place(after)]
                if complete or len(matches) >= limit:
                    return matches[:limit]
            wanted *= 2

    def _matches(self, hits: Sequence[tuple[float, Any]]) -> list[Match]:
        """Scores and addresses → matches: a second search reads the keys of these articles."""
        addresses = [address for _, address in hits]
        numbers = self._searcher.fast_field_values(NUMBER, addresses)
        scores = {
            (address.segment_ord, address.doc): score
            for (score, _), address in zip(hits, addresses, strict=True)
        }
        chosen = Native.term_set_query(self._schema, NUMBER, numbers)
        keyed = self._searcher.search(
            chosen, max(1, len(hits)), count=False, order_by_field=NEWEST, order=Order.Asc
        ).hits
        return [
            _match(parse_newest(read(key)), scores[address.segment_ord, address.doc])
            for key, address in keyed
        ]

    def _dated(self, native: Native, sort: Sort, limit: int, after: SortKey | None) -> list[Match]:
        field, parse = (NEWEST, parse_newest) if sort == "newest" else (OLDEST, parse_oldest)
        hits = self._in_order(native, field, limit, _Place.of(sort, after))
        scores = self._scores(native, [address for _, address in hits])
        return [
            _match(parse(read(key)), scores[address.segment_ord, address.doc])
            for key, address in hits
        ]

    def _in_order(
        self, native: Native, field: str, limit: int, place: "_Place | None"
    ) -> list[tuple[str, Any]]:
        """(key, address) of the first matches after a place.

        How many stand before the second of the place is counted; within that second, or among the
        undated, its article is looked for.
        """
        offset = 0
        if place is not None:
            before = self._compiler.compile(place.before)
            offset = self._count(_both(native, before))
        wanted = limit if place is None else limit + MARGIN
        while True:
            hits = self._searcher.search(
                native, wanted, count=False, order_by_field=field, offset=offset, order=Order.Asc
            ).hits
            beyond = hits if place is None else [hit for hit in hits if hit[0] > place.key]
            if len(beyond) >= limit or len(hits) < wanted:
                return beyond[:limit]
            wanted *= 4

    def _scores(self, native: Native, addresses: list[Any]) -> dict[tuple[int, int], float]:
        if not addresses:
            return {}
        numbers = self._searcher.fast_field_values(NUMBER, addresses)
        chosen = Native.const_score_query(Native.term_set_query(self._schema, NUMBER, numbers), 0.0)
        hits = self._searcher.search(_both(native, chosen), len(addresses), count=False).hits
        return {(address.segment_ord, address.doc): score for score, address in hits}

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
        chosen = Native.term_set_query(self._schema, "id", [written(name) for name in set(ids)])
        hits = self._searcher.search(chosen, len(ids), count=False, order_by_field="id").hits
        return {read(name): address for name, address in hits}

    def _read(self, article_id: str, address: Any, fields: Sequence[str]) -> dict[str, Any]:
        values: dict[str, Any] = {"id": article_id} if "id" in fields else {}
        if set(fields) <= {"id"}:
            return values
        document = self._searcher.doc(address)
        head = json.loads(_bytes(document, HEAD))
        for name in fields:
            if name in HEADS:
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
        names = [
            match.id
            for match in self.match(All(), sort="newest", limit=self._searcher.num_docs).matches
        ]
        rows = self.stored(names, ("id", "content_hash", "first_seen", "indexed_at"))
        return {
            row["id"]: State(row["content_hash"], row["first_seen"], row["indexed_at"])
            for row in rows
        }


def _both(query: Native, other: Native) -> Native:
    return Native.boolean_query([(Occur.Must, query), (Occur.Must, other)])


def _bytes(document: Any, field: str) -> bytes:
    return bytes(document.get_first(field))


def _text(document: Any, field: str) -> str:
    return _bytes(document, field).decode("utf-8", "surrogatepass")


def _match(key: tuple[int | None, str, str], score: float) -> Match:
    published, article_id, story = key
    return Match(article_id, score, published, story)


def _rank(match: Match) -> tuple[float, bool, int, str]:
    return _place(match.sort_key())


def _place(key: SortKey) -> tuple[float, bool, int, str]:
    score, published, article_id = key
    return (-score, published is None, -(published or 0), article_id)
