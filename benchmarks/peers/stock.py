"""Whoosh with jieba's own analyzer and Whoosh's highlighter: `stock_recipe.py`, served."""
# mypy: allow-untyped-calls

import logging
from collections.abc import Iterable
from pathlib import Path

from whoosh import index, qparser

from benchmarks.comparison import stock_recipe
from benchmarks.harness.corpus import Text
from benchmarks.peers.base import COUNT, Hit, Search, per_thread


def build(articles: Iterable[Text], folder: Path) -> None:
    logging.getLogger("jieba").setLevel(logging.ERROR)
    stock_recipe.build(iter(articles), folder)


def open_index(folder: Path) -> Search:
    logging.getLogger("jieba").setLevel(logging.ERROR)
    return per_thread(lambda: _search(folder))


def _search(folder: Path) -> Search:
    handle = index.open_dir(str(folder))
    parser = qparser.MultifieldParser(["title", "body"], handle.schema)
    searcher = handle.searcher()

    def search(query: str) -> list[Hit]:
        found = searcher.search(parser.parse(query), limit=COUNT)
        return [Hit(hit["id"], hit["title"], hit.highlights("body")) for hit in found]

    return search
