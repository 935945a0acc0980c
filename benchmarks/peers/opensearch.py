"""One bare OpenSearch node over jieba's words joined by spaces, with its own highlighter.

Queried through a small application, as any site with a node would: queries must be segmented
somewhere.
"""

import atexit
import json
from collections.abc import Iterable, Iterator
from http.client import HTTPConnection
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks.harness.corpus import Text
from benchmarks.peers.base import COUNT, Hit, Search, per_thread
from benchmarks.peers.node import ask, start
from benchmarks.peers.words import closed, spaced, words_asked

BULK = 500
INDEX = "/articles"
TEXT = {"type": "text", "analyzer": "whitespace"}
SHOWN = {"type": "keyword", "index": False, "doc_values": False}
SETTINGS = {
    "settings": {"number_of_shards": 1, "number_of_replicas": 0},
    "mappings": {"dynamic": "strict", "properties": {"shown": SHOWN, "title": TEXT, "body": TEXT}},
}


def build(articles: Iterable[Text], folder: Path) -> None:
    node = start(folder)
    try:
        connection = node.connect()
        ask(connection, "PUT", INDEX, json.dumps(SETTINGS))
        for bulk in _bulks(articles):
            if ask(connection, "POST", f"{INDEX}/_bulk", bulk)["errors"]:
                raise SystemExit("OpenSearch did not take every article")
        ask(connection, "POST", f"{INDEX}/_refresh")
        ask(connection, "POST", f"{INDEX}/_flush")
    finally:
        node.stop()


def open_index(folder: Path) -> Search:
    node = start(folder)
    atexit.register(node.stop)
    return per_thread(lambda: _search(node.connect()))


def _bulks(articles: Iterable[Text]) -> Iterator[str]:
    left = iter(articles)
    while some := list(islice(left, BULK)):
        yield "".join(f"{json.dumps(line)}\n" for article in some for line in _lines(article))


def _lines(article: Text) -> tuple[dict[str, Any], dict[str, str]]:
    words = {"title": spaced(article.title), "body": spaced(article.text)}
    return {"index": {"_id": article.id}}, {"shown": article.title, **words}


def _search(node: HTTPConnection) -> Search:
    def search(query: str) -> list[Hit]:
        words = " ".join(words_asked(query))
        body = {
            "query": {"multi_match": {"query": words, "fields": ["title", "body"]}},
            "size": COUNT,
            "_source": ["shown"],
            "highlight": {"fields": {"body": {"number_of_fragments": 1}}},
        }
        found = ask(node, "POST", f"{INDEX}/_search", json.dumps(body))["hits"]["hits"]
        return [_hit(hit) for hit in found]

    return search


def _hit(hit: dict[str, Any]) -> Hit:
    snippet = hit.get("highlight", {}).get("body", [""])[0]
    return Hit(hit["_id"], hit["_source"]["shown"], closed(snippet))
