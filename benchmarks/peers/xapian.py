"""Xapian over jieba's words, with its own snippets. Runs in Debian's Python, which has it."""

import atexit
import json
from collections.abc import Iterable
from pathlib import Path

import xapian

from benchmarks.harness.corpus import Text
from benchmarks.peers.base import COUNT, TITLE_WEIGHT, Hit, Search, per_thread
from benchmarks.peers.words import closed, words_asked, words_of

LONGEST = 245
"""Bytes of a term."""
SNIPPET_BYTES = 450
"""150 characters."""


def build(articles: Iterable[Text], folder: Path) -> None:
    database = xapian.WritableDatabase(str(folder), xapian.DB_CREATE)
    for article in articles:
        database.add_document(_document(article))
    database.commit()
    database.close()


def open_index(folder: Path) -> Search:
    opened: list[xapian.Database] = []
    atexit.register(opened.clear)  # a database let go while Python ends brings it down

    def open_one() -> Search:
        opened.append(xapian.Database(str(folder)))
        return _search(opened, len(opened) - 1)

    return per_thread(open_one)


def _document(article: Text) -> xapian.Document:
    document = xapian.Document()
    words = words_of(article.text)
    for word in filter(_fits, words_of(article.title)):
        document.add_term(word, TITLE_WEIGHT)
    for place, word in enumerate(words):
        if _fits(word):
            document.add_posting(word, place)
    document.set_data(json.dumps([article.id, article.title, " ".join(words)]))
    return document


def _fits(word: str) -> bool:
    return len(word.encode()) <= LONGEST


def _search(opened: list[xapian.Database], place: int) -> Search:
    def search(query: str) -> list[Hit]:
        words = list(filter(_fits, words_asked(query)))
        enquire = xapian.Enquire(opened[place])
        enquire.set_query(xapian.Query(xapian.Query.OP_OR, words))
        found = enquire.get_mset(0, COUNT)
        return [_hit(found, json.loads(match.document.get_data())) for match in found]

    return search


def _hit(found: xapian.MSet, data: list[str]) -> Hit:
    id_, title, words = data
    return Hit(id_, title, closed(found.snippet(words, SNIPPET_BYTES).decode()))
