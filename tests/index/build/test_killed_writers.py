"""Law 8 under `kill -9`: writers die at random moments while a reader keeps asking."""

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pytest

from index.article import Article
from index.build.builder import Builder
from index.engines.api import Engine
from index.engines.queries import All, Term
from index.lexicon.model import Lexicon
from index.takedowns import Takedowns
from tests.conftest import whoosh_engine
from tests.support.articles import write_articles
from tests.support.machine import SHARED
from tests.support.processes import Process

pytestmark = pytest.mark.slow

WRITER = """
import sys
from pathlib import Path
from index.build.builder import Builder
from index.engines.registry import open_engine
from index.lexicon.model import Lexicon
from index.settings import Settings
from index.takedowns import Takedowns

mode, root, *paths = sys.argv[1:]
engine = open_engine(Settings(index_dir=Path(root)))
builder = Builder(engine, Lexicon(), Takedowns(Path(root)))
getattr(builder, mode)([Path(path) for path in paths])
"""
EXTRA = "新增"


@dataclass
class Reader(threading.Thread):
    """Opens the index again and again. Version n has n articles of the category EXTRA."""

    engine: Engine
    size: int
    stop: threading.Event = field(default_factory=threading.Event)
    seen: set[int] = field(default_factory=set)
    answers: int = 0
    errors: list[BaseException] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    def __hash__(self) -> int:
        return id(self)

    def run(self) -> None:
        while not self.stop.is_set():
            try:
                self.ask()
            except BaseException as error:
                self.errors.append(error)

    def ask(self) -> None:
        snapshot = self.engine.open()
        total = snapshot.match(All(), limit=1).total
        extra = snapshot.match(Term("category", EXTRA), sort="oldest", limit=100)
        rows = snapshot.stored([match.id for match in extra.matches], ["title"])
        snapshot.close()
        if total != self.size + extra.total or extra.total != len(rows):
            raise AssertionError(f"mixed: {total} articles, {extra.total} new, {len(rows)} stored")
        self.seen.add(extra.total)
        self.answers += 1


@contextmanager
def reading(engine: Engine, size: int) -> Iterator[Reader]:
    reader = Reader(engine, size)
    reader.start()
    yield reader
    reader.stop.set()
    reader.join()


def kill_a_writer(process: Process, delay: float) -> bool:
    """Kills it after a while; tells whether it was still writing."""
    time.sleep(delay)
    status = process.kill()
    assert status in (0, -signal.SIGKILL)
    return status != 0


def short_article(random: Random, name: str, category: str) -> Article:
    words = "数字 人民币 银行 支付 区块链 元宇宙 的 是 监管 会议".split()
    body = "".join(random.choices(words, k=60))
    return Article(name, f"第{name}篇", body, "text", categories=(category,))


def survive(base: Path, root: Path, kills: int, longest: float) -> None:
    """Kills writers over `base` within `longest` seconds each, then writes once more."""
    random = Random(kills)
    engine = whoosh_engine(root)
    builder = Builder(engine, Lexicon(), Takedowns(root))

    def paths(version: int) -> list[Path]:
        extra = [short_article(random, f"x{number}", EXTRA) for number in range(version)]
        return [base, write_articles(root.parent / f"extra{version}.jsonl", extra)]

    report = builder.rebuild(paths(1))
    assert report.generation is not None
    size = report.generation.articles - 1
    with reading(engine, size) as reader:
        killed = 0
        for version in range(2, 2 + kills):
            mode = "update" if version % 2 else "rebuild"
            process = Process.start(WRITER, mode, root, *paths(version))
            killed += kill_a_writer(process, random.uniform(0.3, longest))
        last = 2 + kills
        builder.rebuild(paths(last))
        deadline = time.monotonic() + 20
        while last not in reader.seen and time.monotonic() < deadline:
            time.sleep(0.01)
    assert reader.errors == []
    assert reader.answers > 0
    assert {1, last} <= reader.seen <= set(range(1, last + 1))
    assert killed > 0
    assert not list(root.glob("generations/*.partial"))
    for generation in engine.generations():
        assert engine.verify(generation.name) == []


def test_killed_writers(tmp_path: Path) -> None:
    """The reader sees no error, no empty index and no mix of generations; the next rebuild works,
    no half-built folder stays, and no worker outlives its parent."""
    random = Random(1)
    articles = [short_article(random, f"a{number}", "旧闻") for number in range(600)]
    base = write_articles(tmp_path / "base.jsonl", articles)
    survive(base, tmp_path / "index", kills=3, longest=2.0)


@pytest.mark.corpus
@pytest.mark.long
def test_killed_writers_on_the_corpus(tmp_path: Path) -> None:
    """The same with ten kills while the whole corpus is written."""
    survive(SHARED / "data/news/corpus.jsonl.gz", tmp_path / "index", kills=10, longest=30.0)
