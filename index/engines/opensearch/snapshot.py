"""One generation on a cluster as a `Snapshot` (index/engines/base.py)."""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from index.engines.base import (
    All,
    Generation,
    Match,
    Matches,
    Query,
    Sort,
    SortKey,
    State,
    Term,
    Unit,
)
from index.engines.characters import read, written
from index.engines.opensearch.counts import Counter
from index.engines.opensearch.pack import stored_text
from index.engines.opensearch.queries import Compiler, Factors, Native
from index.engines.opensearch.schema import BODY, HEAD, STATES, TEXT
from index.engines.opensearch.view import View
from index.engines.values import HEAD_FIELDS
from index.lexicon import Lexicon
from index.normalize import normalize

PAGE = 10_000
"""Matches that one answer may hold: the cluster's own limit."""
ROWS = 500
"""Articles whose stored fields one answer holds."""
COUNTS = 4_096
"""Totals that are remembered: most words of a query have been asked for before."""
_ID, _STORY = {"id": "asc"}, {"story": "asc"}
"""The story is no order: it comes with a match without a document being read."""


class OpenSearchSnapshot:
    """Asks one view; threads may share it."""

    def __init__(
        self, view: View, generation: Generation, lexicon: Lexicon, factors: Factors
    ) -> None:
        self.generation = generation
        self.lexicon = lexicon
        self._view = view
        self._counter = Counter(self._counted_only)
        self._compiler = Compiler(factors, self.terms)
        self._count_of = lru_cache(COUNTS)(self._count)

    def close(self) -> None:
        self._view.close()

    def match(
        self, query: Query, *, sort: Sort = "relevance", limit: int, after: SortKey | None = None
    ) -> Matches:
        if not limit:
            return Matches(self._count_of(query), ())
        found: list[Match] = []
        native, total = self._compiler.compile(query), 0
        while len(found) < limit:
            size = min(limit - len(found), PAGE)
            total, page = self._page(native, sort, size, found[-1].sort_key() if found else after)
            found += page
            if len(page) < size:
                break
        return Matches(total, tuple(found))

    def _page(
        self, query: Native, sort: Sort, size: int, after: SortKey | None
    ) -> tuple[int, list[Match]]:
        body: dict[str, Any] = {
            "query": query,
            "size": size,
            "sort": _order(sort),
            "track_scores": True,
            "track_total_hits": True,
            "stored_fields": "_none_",
        }
        if after is not None:
            body["search_after"] = _place(sort, after)
        hits = self._view.search(body)["hits"]
        return hits["total"]["value"], [_match(hit, sort) for hit in hits["hits"]]

    def _count(self, query: Query) -> int:
        answer = self._counted_only({"query": self._compiler.compile(query)})
        return int(answer["hits"]["total"]["value"])

    def _counted_only(self, body: dict[str, Any]) -> Any:
        return self._view.search({**body, "size": 0, "track_total_hits": True})

    def facet_counts(
        self, query: Query, filters: Mapping[str, Query], fields: Sequence[str], size: int
    ) -> dict[str, list[tuple[str, int]]]:
        narrowing = {name: self._compiler.compile(part) for name, part in filters.items()}
        narrowed = {
            field: [part for name, part in narrowing.items() if name != field] for field in fields
        }
        return self._counter.facets(self._compiler.compile(query), narrowed, size)

    def histogram(self, query: Query, unit: Unit) -> list[tuple[int, int]]:
        return self._counter.histogram(self._compiler.compile(query), unit)

    def stored(self, ids: Sequence[str], fields: Sequence[str]) -> list[dict[str, Any]]:
        needed = _needed(fields)
        rows: dict[str, dict[str, Any]] = {}
        unique = list(dict.fromkeys(ids))
        for at in range(0, len(unique), ROWS):
            chosen = {"terms": {"id": [written(name) for name in unique[at : at + ROWS]]}}
            body = {
                "query": {"bool": {"filter": chosen}},
                "size": ROWS,
                "sort": [_ID],
                "stored_fields": needed or "_none_",
            }
            for hit in self._view.search(body)["hits"]["hits"]:
                rows[read(hit["sort"][0])] = hit.get("fields", {})
        return [_row(name, rows[name], fields) for name in ids if name in rows]

    def terms(self, field: str, prefix: str = "", limit: int = 10) -> list[tuple[str, int]]:
        return self._counter.terms(field, prefix, limit)

    def doc_freq(self, field: str, token: str) -> int:
        return self._count_of(Term(field, token))

    def story_members(self, story: str) -> list[str]:
        everything = self.generation.articles + PAGE
        found = self.match(Term("story", story), sort="oldest", limit=everything)
        return [match.id for match in found.matches]

    def states(self) -> dict[str, State]:
        return dict(self._states())

    def _states(self) -> Iterator[tuple[str, State]]:
        columns = ("published", "story", *STATES)
        body: dict[str, Any] = {
            "query": self._compiler.compile(All()),
            "size": PAGE,
            "sort": [_ID],
            "stored_fields": "_none_",
            "docvalue_fields": columns,
        }
        while hits := self._view.search(body)["hits"]["hits"]:
            for hit in hits:
                values = {name: hit["fields"].get(name, [None])[0] for name in columns}
                strings = {k: read(v) for k, v in values.items() if isinstance(v, str)}
                yield read(hit["sort"][0]), State(**{**values, **strings})
            body["search_after"] = hits[-1]["sort"][:1]


def _order(sort: Sort) -> list[dict[str, Any]]:
    way = "asc" if sort == "oldest" else "desc"
    published = {"published": {"order": way, "missing": "_last"}}
    return [*([{"_score": "desc"}] if sort == "relevance" else []), published, _ID, _STORY]


def _place(sort: Sort, key: SortKey) -> list[Any]:
    score, published, article_id = key
    # All that can stand behind this id with it is the article itself, whatever its story.
    undated = _LATEST if sort == "oldest" else _EARLIEST
    rest = [undated if published is None else published, written(article_id), _LAST]
    return [score, *rest] if sort == "relevance" else rest


_LAST = "\U0010ffff"
_EARLIEST, _LATEST = -(2**63), 2**63 - 1
"""What the cluster sorts an article without a date by, so that it comes last."""


def _match(hit: dict[str, Any], sort: Sort) -> Match:
    published, article_id, story = hit["sort"][1 if sort == "relevance" else 0 :][:3]
    time = None if published in (_EARLIEST, _LATEST) else published
    return Match(read(article_id), hit["_score"], time, read(story))


def _needed(fields: Sequence[str]) -> list[str]:
    """Stored fields that what is asked for is made from."""
    asked = set(fields)
    needed = [HEAD] if asked.intersection(HEAD_FIELDS) - {"id"} or "folded" in asked else []
    needed += [TEXT] if asked & {"text", "folded"} else []
    return needed + ([BODY] if asked & {"body", "body_format"} else [])


def _row(article_id: str, found: dict[str, Any], fields: Sequence[str]) -> dict[str, Any]:
    head = json.loads(found[HEAD][0]) if HEAD in found else {}
    text = stored_text(found[TEXT][0]) if TEXT in found else ""
    whole = stored_text(found[BODY][0]) if BODY in found else ""
    body_format, _, body = whole.partition("\n")
    made = {
        "id": article_id,
        "text": text,
        "folded": f"{normalize(head.get('title', ''))}\n{normalize(text)}",
        "body": body,
        "body_format": body_format,
    }
    plural = {name: tuple(value) for name, value in head.items() if isinstance(value, list)}
    values = {**head, **plural, **made}
    return {name: values[name] for name in fields}
