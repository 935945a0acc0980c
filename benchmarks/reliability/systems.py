"""What faults are done to: the product on both embedded engines, and three libraries by themselves.

Each keeps a few articles in a folder, changes them in one acknowledged step, and answers with every
article that it has.
"""

import importlib
import sqlite3
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.harness.corpus import Text
from benchmarks.peers import fts5
from benchmarks.reliability.corpus import row, write_rows
from index.build.builder import Builder
from index.engines.api import Engine
from index.engines.queries import All
from index.engines.registry import open_engine, open_takedowns
from index.fallback import Answering, open_answering
from index.lexicon.model import Lexicon
from index.settings import Settings
from index.takedowns import TakedownList

Answer = tuple[str, ...]
"""`id title` of every article, sorted."""
OURS, PEERS = ("whoosh", "tantivy"), ("stock-whoosh", "sqlite-fts5", "bare-tantivy")
BASE = 8
"""Articles before the change."""


@dataclass(frozen=True, slots=True)
class System:
    """`prepare` writes the base into a folder, `act` does an operation and returns when it is
    acknowledged, `answer` reads everything, or raises if the system refuses."""

    name: str
    operations: tuple[str, ...]
    prepare: Callable[[Path], None]
    act: Callable[[Path, str], None]
    answer: Callable[[Path], Answer]


def system(name: str) -> System:
    if name in OURS:
        return _ours(name)
    return _PEERS[name]()


def _ours(engine: str) -> System:
    return System(
        engine,
        ("rebuild", "update", "add", "remove", "rollback"),
        partial(_prepare_ours, engine),
        partial(_act_ours, engine),
        partial(_answer_ours, engine),
    )


def _prepare_ours(engine: str, folder: Path) -> None:
    """Three generations, so that the next one also deletes the oldest."""
    ours = builder(engine, folder)
    file = folder.parent / "base.jsonl"
    for version in range(3):
        rows = [row(number, version if number == 3 else 0) for number in range(BASE)]
        ours.update([write_rows(file, rows)])


def _act_ours(engine: str, folder: Path, operation: str) -> None:
    ours = builder(engine, folder)
    if operation == "remove":
        ours.remove(["a0001"], "测试")
    elif operation == "rollback":
        ours.rollback()
    else:
        numbers = {"add": [20, 21], "update": [0, 1, 2, 9]}.get(operation, range(30, 36))
        rows = [row(number, 7 if number == 1 else 0) for number in numbers]
        file = write_rows(folder.parent / f"{operation}.jsonl", rows)
        getattr(ours, operation)([file])


def _answer_ours(engine: str, folder: Path) -> Answer:
    """As a server that starts now would answer."""
    snapshot = answering(engine, folder).snapshot
    try:
        found = snapshot.match(All(), limit=1_000)
        ids = [match.id for match in found.matches]
        rows = snapshot.stored(ids, ["id", "title", "text", "normalized", "body"])
        if not found.total == len(ids) == len(rows):
            raise AssertionError(f"{found.total} counted, {len(ids)} listed, {len(rows)} stored")
        return tuple(sorted(f"{each['id']} {each['title']}" for each in rows))
    finally:
        snapshot.close()


def answering(engine: str, folder: Path) -> Answering:
    """What a server that starts now would open, of ours."""
    return open_answering(*opened(engine, folder))


def opened(engine: str, folder: Path) -> tuple[Engine, TakedownList]:
    settings = Settings(index_dir=folder, engine=engine)  # type: ignore[arg-type]
    return open_engine(settings), open_takedowns(settings)


def builder(engine: str, folder: Path) -> Builder:
    made, takedowns = opened(engine, folder)
    return Builder(made, Lexicon(), takedowns)


def _texts(operation: str) -> Iterator[tuple[str, str, str]]:
    for number in {"add": (20, 21)}.get(operation, range(BASE)):
        yield f"a{number:04}", row(number)["title"], row(number)["text"]


def _fts5() -> System:
    return System("sqlite-fts5", ("add", "remove"), _prepare_fts5, _act_fts5, _answer_fts5)


def _prepare_fts5(folder: Path) -> None:

    folder.mkdir(parents=True, exist_ok=True)
    fts5.build((Text(*text) for text in _texts("")), folder)


def _act_fts5(folder: Path, operation: str) -> None:

    connection = sqlite3.connect(folder / fts5.FILE)
    if operation == "remove":
        connection.execute("DELETE FROM article WHERE id = 'a0001'")
    else:
        rows = [(name, title, title, text) for name, title, text in _texts("add")]
        connection.executemany("INSERT INTO article VALUES (?, ?, ?, ?)", rows)
    connection.commit()
    connection.close()


def _answer_fts5(folder: Path) -> Answer:

    if not (folder / fts5.FILE).exists():
        raise FileNotFoundError(fts5.FILE)
    connection = sqlite3.connect(folder / fts5.FILE)
    try:
        rows = connection.execute("SELECT id, shown, body FROM article").fetchall()
        word = rows[0][2].split()[0] if rows else "银行"
        connection.execute(
            "SELECT id FROM article WHERE article MATCH ?", (f'"{word}"',)
        ).fetchall()
        return tuple(sorted(f"{name} {title}" for name, title, _ in rows))
    finally:
        connection.close()


def _stock() -> System:
    return System("stock-whoosh", ("add", "remove"), _prepare_stock, _act_stock, _answer_stock)


def _schema() -> Any:
    fields = importlib.import_module("whoosh.fields")
    analysis = importlib.import_module("whoosh.analysis")
    return fields.Schema(
        id=fields.ID(stored=True, unique=True),
        title=fields.TEXT(stored=True),
        body=fields.TEXT(stored=True, analyzer=analysis.NgramTokenizer(1, 2)),
    )


def _prepare_stock(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    handle = importlib.import_module("whoosh.index").create_in(str(folder), _schema())
    _write_stock(handle, "")


def _act_stock(folder: Path, operation: str) -> None:
    _write_stock(importlib.import_module("whoosh.index").open_dir(str(folder)), operation)


def _write_stock(handle: Any, operation: str) -> None:
    writer = handle.writer()
    if operation == "remove":
        writer.delete_by_term("id", "a0001")
    else:
        for name, title, text in _texts(operation):
            writer.add_document(id=name, title=title, body=text)
    writer.commit()


def _answer_stock(folder: Path) -> Answer:
    query = importlib.import_module("whoosh.query")
    handle = importlib.import_module("whoosh.index").open_dir(str(folder))
    with handle.searcher() as searcher:
        rows = [hit.fields() for hit in searcher.search(query.Every(), limit=None)]
        searcher.search(query.Term("body", "银行"), limit=None)
        return tuple(sorted(f"{each['id']} {each['title']}" for each in rows))


def _bare() -> System:
    return System("bare-tantivy", ("add", "remove"), _prepare_bare, _act_bare, _answer_bare)


def _prepare_bare(folder: Path) -> None:
    tantivy: Any = importlib.import_module("benchmarks.peers.tantivy")

    folder.mkdir(parents=True, exist_ok=True)
    tantivy.build(iter(_texts("")), folder)


def _act_bare(folder: Path, operation: str) -> None:
    library = importlib.import_module("tantivy")
    writer = library.Index.open(str(folder)).writer(15_000_000, 1)
    if operation == "remove":
        writer.delete_documents("id", "a0001")
    else:
        for name, title, text in _texts("add"):
            words = {"title": title, "body": text}
            writer.add_document(library.Document(id=name, shown=title, **words))
    writer.commit()
    writer.wait_merging_threads()


def _answer_bare(folder: Path) -> Answer:
    library = importlib.import_module("tantivy")
    searcher = library.Index.open(str(folder)).searcher()
    hits = searcher.search(library.Query.all_query(), 1_000).hits
    rows = [searcher.doc(address) for _, address in hits]
    return tuple(sorted(f"{each['id'][0]} {each['shown'][0]}" for each in rows))


_PEERS: dict[str, Callable[[], System]] = {
    "stock-whoosh": _stock,
    "sqlite-fts5": _fts5,
    "bare-tantivy": _bare,
}


def main() -> None:
    """`python -m benchmarks.reliability.systems SYSTEM OPERATION FOLDER`: one operation."""
    name, operation, folder = sys.argv[1:]
    system(name).act(Path(folder), operation)


if __name__ == "__main__":
    main()
