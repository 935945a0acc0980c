"""SQLite FTS5 over jieba's words, joined by spaces: the smallest solution that works."""

import sqlite3
from collections.abc import Iterable
from pathlib import Path

from benchmarks.harness.corpus import Text
from benchmarks.peers.base import COUNT, SNIPPET, Hit, Search, per_thread
from benchmarks.peers.words import closed, spaced, words_asked

FILE = "fts5.db"
CREATE = "CREATE VIRTUAL TABLE article USING fts5(id UNINDEXED, shown UNINDEXED, title, body)"
SELECT = f"""
    SELECT id, shown, snippet(article, 3, '<b>', '</b>', '…', {SNIPPET}) FROM article
    WHERE article MATCH ? ORDER BY rank LIMIT {COUNT}
"""


def build(articles: Iterable[Text], folder: Path) -> None:
    connection = sqlite3.connect(folder / FILE)
    connection.execute(CREATE)
    rows = ((id_, title, spaced(title), spaced(text)) for id_, title, text in articles)
    connection.executemany("INSERT INTO article VALUES (?, ?, ?, ?)", rows)
    connection.commit()
    connection.close()


def open_index(folder: Path) -> Search:
    return per_thread(lambda: _search(sqlite3.connect(folder / FILE)))


def _search(connection: sqlite3.Connection) -> Search:
    def search(query: str) -> list[Hit]:
        asked = " ".join(f'"{word}"' for word in words_asked(query.replace('"', " ")))
        rows = connection.execute(SELECT, (asked,)) if asked else ()
        return [Hit(id_, title, closed(snippet)) for id_, title, snippet in rows]

    return search
