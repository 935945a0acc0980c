"""Reads and caches the stored fields of articles."""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from index.engines.character_tokens import decode_surrogates, encode_surrogates
from index.engines.document_fields import HEAD_FIELDS
from index.engines.lru_cache import LRUCache
from index.engines.opensearch.reading.compiler import Native
from index.engines.opensearch.reading.search_batch import Body, Steps
from index.engines.opensearch.schema import BODY, HEAD, STATE_COLUMNS, TEXT, decompress_text
from index.text.normalize import normalize

ARTICLES_PER_REQUEST = 500
"""Of one request for stored fields."""
CACHED_CHARACTERS = 8 << 20
"""Of stored fields: the page shows the articles that ranking read a moment before."""
BY_ID = {"id": "asc"}

Stored = dict[str, str]


class StoredFields:
    """Reads what `search` finds. Does not cache source markup: results do not show it."""

    def __init__(self, search: Callable[[Body], Any]) -> None:
        self._search = search
        self._cache: LRUCache[tuple[str, str], str] = LRUCache(CACHED_CHARACTERS, len)

    def read(self, ids: Sequence[str], fields: Sequence[str]) -> list[dict[str, Any]]:
        """As `Snapshot.stored`."""
        needed = _needed(fields)
        found: dict[str, Stored] = {}
        for name in dict.fromkeys(ids):
            known = {field: self._cache.get((name, field)) for field in needed}
            if needed and None not in known.values():
                found[name] = {field: value for field, value in known.items() if value is not None}
        unknown = [name for name in dict.fromkeys(ids) if name not in found]
        for at in range(0, len(unknown), ARTICLES_PER_REQUEST):
            found |= self._fetched(unknown[at : at + ARTICLES_PER_REQUEST], needed)
        return [_row(name, found[name], fields) for name in ids if name in found]

    def _fetched(self, ids: Sequence[str], needed: Sequence[str]) -> dict[str, Stored]:
        body = {**_those(ids), "docvalue_fields": list(needed)}
        found: dict[str, Stored] = {}
        for hit in self._search(body)["hits"]["hits"]:
            name = decode_surrogates(hit["sort"][0])
            values = hit.get("fields", {}).items()
            found[name] = {field: decompress_text(value) for field, (value,) in values}
            for field, value in found[name].items():
                if field != BODY:
                    self._cache.put((name, field), value)
        return found

    def which_match(self, ids: Sequence[str], queries: Sequence[Native]) -> Steps[list[set[str]]]:
        """As `Snapshot.which_match`. The cluster names the queries that each hit matches."""
        found: list[set[str]] = [set() for _ in queries]
        named = [
            {"bool": {"filter": [query], "_name": str(at)}} for at, query in enumerate(queries)
        ]
        for start in range(0, len(ids), ARTICLES_PER_REQUEST):
            body = _those(ids[start : start + ARTICLES_PER_REQUEST])
            body["query"]["bool"]["should"] = named
            for hit in (yield body)["hits"]["hits"]:
                for name in hit.get("matched_queries", ()):
                    found[int(name)].add(decode_surrogates(hit["sort"][0]))
        return found

    def columns(self, query: dict[str, Any], at_once: int) -> Iterator[tuple[str, dict[str, Any]]]:
        """(id, what an update compares) of every article, from columns, without documents."""
        columns = ("published", "story", *STATE_COLUMNS)
        body: dict[str, Any] = {
            "query": query,
            "size": at_once,
            "sort": [BY_ID],
            "stored_fields": "_none_",
            "docvalue_fields": columns,
        }
        while hits := self._search(body)["hits"]["hits"]:
            for hit in hits:
                values = {name: hit["fields"].get(name, [None])[0] for name in columns}
                strings = {k: decode_surrogates(v) for k, v in values.items() if isinstance(v, str)}
                yield decode_surrogates(hit["sort"][0]), {**values, **strings}
            body["search_after"] = hits[-1]["sort"][:1]


def _those(ids: Sequence[str]) -> dict[str, Any]:
    """A search for these articles."""
    return {
        "query": {"bool": {"filter": {"terms": {"id": [encode_surrogates(name) for name in ids]}}}},
        "size": ARTICLES_PER_REQUEST,
        "sort": [BY_ID],
        "stored_fields": "_none_",
    }


def _needed(fields: Sequence[str]) -> list[str]:
    """The stored fields that contain the fields asked for."""
    asked = set(fields)
    needed = [HEAD] if asked.intersection(HEAD_FIELDS) - {"id"} or "normalized" in asked else []
    needed += [TEXT] if asked & {"text", "normalized"} else []
    return needed + ([BODY] if asked & {"body", "body_format"} else [])


def _row(article_id: str, found: Stored, fields: Sequence[str]) -> dict[str, Any]:
    values: dict[str, Any] = json.loads(found[HEAD]) if HEAD in found else {}
    title = values.get("title", "")
    values |= {name: tuple(value) for name, value in values.items() if isinstance(value, list)}
    values["id"] = article_id
    if TEXT in found:
        values["text"] = text = found[TEXT]
        if "normalized" in fields:
            values["normalized"] = f"{normalize(title)}\n{normalize(text)}"
    if BODY in found:
        values["body_format"], _, values["body"] = found[BODY].partition("\n")
    return {name: values[name] for name in fields}
