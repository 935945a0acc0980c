"""What is remembered between fetches, in one SQLite file. It may be lost at any moment.

The articles' files are the truth: what is known of them is read back from them where this file is
new, damaged, or was not closed after its last change. Nothing is remembered before it is written.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, astuple, fields
from pathlib import Path

from index.durable import make_folder
from index.errors import FeedsError
from index.fetching.identity import Known, KnownArticle
from index.fetching.schedule import FeedState
from index.messages import packed, unpacked

STATE_FILE = "feeds.sqlite"
SYNCHRONOUS = "FULL"
"""A source is marked as open on the disk before its files change."""

_SCHEMA = """
PRAGMA journal_mode = WAL;
CREATE TABLE IF NOT EXISTS feeds (name TEXT PRIMARY KEY, state TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS hosts (host TEXT PRIMARY KEY, rests_until INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS articles (
    id TEXT PRIMARY KEY, source TEXT NOT NULL, path TEXT NOT NULL, guid TEXT NOT NULL,
    link TEXT NOT NULL, digest TEXT NOT NULL, first_seen INTEGER NOT NULL, published INTEGER,
    full_text TEXT NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS articles_by_source ON articles (source, first_seen);
CREATE TABLE IF NOT EXISTS sources (name TEXT PRIMARY KEY, complete INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS unindexed (path TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS pages (
    id TEXT PRIMARY KEY, tries INTEGER NOT NULL, next_at INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS robots (
    origin TEXT PRIMARY KEY, read_at INTEGER NOT NULL, rules TEXT NOT NULL
);
"""
_ADDED = "ALTER TABLE articles ADD COLUMN full_text TEXT NOT NULL DEFAULT ''"
"""For a state that was made before there were full texts."""
_ENDINGS = ("", "-wal", "-shm")
"""Of the files that SQLite keeps for one state."""
_NAMES = frozenset(field.name for field in fields(FeedState))


def state_path(index_dir: Path) -> Path:
    """Beside the folder of the index."""
    return index_dir.absolute().parent / STATE_FILE


class StateReader:
    """Looks at a state, also while another process fetches."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def feed(self, name: str, url: str) -> FeedState:
        """What is known of a feed; of one whose address was changed in feeds.toml, nothing."""
        row = self._connection.execute("SELECT state FROM feeds WHERE name = ?", (name,)).fetchone()
        if row:
            with suppress(ValueError, TypeError, KeyError):
                known = {k: v for k, v in json.loads(row[0]).items() if k in _NAMES}
                if known["error"]:
                    known["error"] = unpacked(known["error"])
                state = FeedState(**known)
                if state.asked == url:
                    return state
        return FeedState(name, url, url)

    def article_path(self, article_id: str) -> str | None:
        """The file of an article, below the folder of articles; None for one that is not known."""
        query = "SELECT path FROM articles WHERE id = ?"
        row = self._connection.execute(query, (article_id,)).fetchone()
        return str(row[0]) if row else None

    def full_texts(self, source: str) -> Counter[str]:
        """How many articles of a source have their text from where, as in FullText."""
        query = "SELECT full_text, count(*) FROM articles WHERE source = ? GROUP BY full_text"
        return Counter(dict(self._connection.execute(query, (source,))))

    def first_seen_since(self, source: str, moment: int) -> list[int]:
        """When articles were first seen since then, in order."""
        query = (
            "SELECT first_seen FROM articles WHERE source = ? AND first_seen >= ?"
            " ORDER BY first_seen"
        )
        return [int(row[0]) for row in self._connection.execute(query, (source, moment))]


class FetchState(StateReader):
    """An open state. For one process at a time, and one thread."""

    def __init__(self, path: Path) -> None:
        make_folder(path.absolute().parent)
        try:
            connection = _opened(path)
        except sqlite3.OperationalError as problem:
            raise FeedsError(f"{path} 打不开：{problem}。") from problem
        except sqlite3.DatabaseError:
            for ending in _ENDINGS:
                path.with_name(path.name + ending).unlink(missing_ok=True)
            connection = _opened(path)
        super().__init__(connection)

    def close(self) -> None:
        self._connection.close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield self._connection
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def rests_until(self, host: str) -> int:
        query = "SELECT rests_until FROM hosts WHERE host = ?"
        row = self._connection.execute(query, (host,)).fetchone()
        return int(row[0]) if row else 0

    def save_feed(self, state: FeedState, host: str = "", rests_until: int = 0) -> None:
        """After a fetch that brought no article."""
        with self._transaction() as connection:
            self._put_feed(connection, state)
            if rests_until:
                connection.execute("REPLACE INTO hosts VALUES (?, ?)", (host, rests_until))

    def _put_feed(self, connection: sqlite3.Connection, state: FeedState) -> None:
        known = asdict(state) | {"error": packed(state.error) if state.error else ""}
        row = json.dumps(known, ensure_ascii=False)
        connection.execute("REPLACE INTO feeds VALUES (?, ?)", (state.name, row))

    def is_complete(self, source: str) -> bool:
        """Whether every file of a source is known here."""
        query = "SELECT complete FROM sources WHERE name = ?"
        row = self._connection.execute(query, (source,)).fetchone()
        return bool(row and row[0])

    def open_source(self, source: str) -> None:
        """Before its files change."""
        with self._transaction() as connection:
            connection.execute("REPLACE INTO sources VALUES (?, 0)", (source,))

    def pages_due(self, source: str, now: int, most: int) -> list[tuple[KnownArticle, int]]:
        """Articles that wait for the text of their page, the newest first, each with how often it
        was tried."""
        query = (
            "SELECT articles.*, coalesce(tries, 0) FROM articles LEFT JOIN pages USING (id)"
            " WHERE source = ? AND full_text = 'pending' AND coalesce(next_at, 0) <= ?"
            " ORDER BY coalesce(published, first_seen) DESC, id LIMIT ?"
        )
        rows = self._connection.execute(query, (source, now, most))
        return [(KnownArticle(*row[:-1]), int(row[-1])) for row in rows]

    def postpone_pages(self, pages: Iterable[tuple[str, int, int]]) -> None:
        """Articles by id, each with how often its page was tried and when it may be again."""
        with self._transaction() as connection:
            connection.executemany("REPLACE INTO pages VALUES (?, ?, ?)", pages)

    def robots_since(self, moment: int) -> dict[str, str]:
        """The rules that were read since then, by origin."""
        query = "SELECT origin, rules FROM robots WHERE read_at >= ?"
        return dict(self._connection.execute(query, (moment,)))

    def save_robots(self, rules: Mapping[str, str], now: int, oldest: int) -> None:
        """Rules by origin, read at `now`; those from before `oldest` are forgotten."""
        rows = [(origin, now, text) for origin, text in rules.items()]
        with self._transaction() as connection:
            connection.execute("DELETE FROM robots WHERE read_at < ?", (oldest,))
            connection.executemany("REPLACE INTO robots VALUES (?, ?, ?)", rows)

    def rest_host(self, host: str, until: int) -> None:
        with self._transaction() as connection:
            connection.execute("REPLACE INTO hosts VALUES (?, ?)", (host, until))

    def save_articles(self, state: FeedState, changed: Sequence[KnownArticle]) -> None:
        """After the files of a source were written: all at once, and the source complete again."""
        with self._transaction() as connection:
            self._put_articles(connection, changed)
            self._put_feed(connection, state)
            connection.execute("REPLACE INTO sources VALUES (?, 1)", (state.name,))

    def replace_source(self, source: str, articles: Sequence[KnownArticle]) -> None:
        """What its files say; all of them are to be indexed, as nothing says which are."""
        with self._transaction() as connection:
            connection.execute("DELETE FROM articles WHERE source = ?", (source,))
            self._put_articles(connection, articles)
            connection.execute("REPLACE INTO sources VALUES (?, 1)", (source,))

    def _put_articles(
        self, connection: sqlite3.Connection, articles: Iterable[KnownArticle]
    ) -> None:
        rows = [astuple(article) for article in articles]
        connection.executemany("REPLACE INTO articles VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        paths = [(row[2],) for row in rows]
        connection.executemany("INSERT OR IGNORE INTO unindexed VALUES (?)", paths)

    def known(self, source: str, ids: Iterable[str]) -> Known:
        """The articles of a source, and those of any source with one of these ids."""
        known = Known()
        for article_id in ids:
            query = "SELECT * FROM articles WHERE id = ?"
            row = self._connection.execute(query, (article_id,)).fetchone()
            if row:
                known.by_id[article_id] = KnownArticle(*row)
        query = "SELECT * FROM articles WHERE source = ?"
        for row in self._connection.execute(query, (source,)):
            known.add(KnownArticle(*row))
        return known

    def count_since(self, source: str, moment: int) -> int:
        """Articles first seen since then."""
        query = "SELECT count(*) FROM articles WHERE source = ? AND first_seen >= ?"
        return int(self._connection.execute(query, (source, moment)).fetchone()[0])

    def unindexed(self) -> list[str]:
        """Paths of files that were written and not indexed yet."""
        query = "SELECT path FROM unindexed ORDER BY path"
        return [str(row[0]) for row in self._connection.execute(query)]

    def mark_indexed(self, paths: Sequence[str]) -> None:
        with self._transaction() as connection:
            rows = [(path,) for path in paths]
            connection.executemany("DELETE FROM unindexed WHERE path = ?", rows)


def _opened(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, timeout=30)
    try:
        connection.execute(f"PRAGMA synchronous = {SYNCHRONOUS}")
        connection.executescript(_SCHEMA)
        columns = [row[1] for row in connection.execute("PRAGMA table_info(articles)")]
        if "full_text" not in columns:
            connection.execute(_ADDED)
        connection.execute("SELECT count(*) FROM unindexed")
    except sqlite3.DatabaseError:
        connection.close()
        raise
    return connection
