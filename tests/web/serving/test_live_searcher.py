"""A running application answers from the newest complete generation, without a restart."""

import gc
import multiprocessing
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path

import pytest

from index.build.builder import Builder
from index.engines.api import Snapshot
from index.engines.embedded import generations
from index.engines.registry import open_engine
from index.errors import ClusterAway, IndexMissing
from index.settings import Settings
from index.takedowns import Takedowns
from search.search_aids import SearchAids
from tests.support.tiny_search import article, fill
from tests.support.visitors import LEXICON, Visitor, index_of, visitor_of
from web.serving import live_searcher
from web.serving.live_searcher import LiveSearcher

pytestmark = pytest.mark.slow

OLD = [article(f"old{at}", f"旧闻{at}", "稳定币") for at in range(3)]
NEW = [article(f"new{at}", f"新闻{at}", "稳定币") for at in range(5)]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return index_of(tmp_path, OLD)


def live_over(root: Path, *, owns_process: bool = False) -> LiveSearcher:
    engine = open_engine(Settings(index_dir=root))
    return LiveSearcher(engine, Takedowns(root), owns_process=owns_process)


def kinds(visitor: Visitor) -> set[str]:
    """The generations that the articles of one answer belong to."""
    answer = visitor.search(q="稳定币")
    assert answer["total"] == answer["index"]["articles"] == len(answer["hits"])
    return {hit["id"][:3] for hit in answer["hits"]}


def roll_back(root: Path) -> None:
    Builder(open_engine(Settings(index_dir=root)), LEXICON, Takedowns(root)).rollback()


def test_a_new_generation_is_seen(root: Path) -> None:
    """The next request is answered from it."""
    visitor = visitor_of(root)
    before = kinds(visitor)
    index_of(root, NEW)

    assert (before, kinds(visitor)) == ({"old"}, {"new"})


def test_a_rollback_is_seen(root: Path) -> None:
    """The next request is answered from the older generation."""
    index_of(root, NEW)
    visitor = visitor_of(root)
    before = kinds(visitor)
    roll_back(root)

    assert (before, kinds(visitor)) == ({"new"}, {"old"})


def test_the_first_index_is_seen(tmp_path: Path) -> None:
    """A server may start before there is an index."""
    visitor = visitor_of(tmp_path)
    page = visitor.page("/")
    index_of(tmp_path, OLD)

    assert "索引还没有建成" in page
    assert "现有 3 篇文章" in visitor.page("/")


def test_an_index_that_is_taken_away(root: Path) -> None:
    """What is open goes on answering; a server that starts then answers 503."""
    visitor = visitor_of(root)
    before = kinds(visitor)
    shutil.rmtree(root)

    assert kinds(visitor) == before
    assert "还没有索引" in visitor.json("/healthz")["warning"]
    assert visitor_of(root).error("/api/v1/search", 503)["code"] == "index_missing"


def test_an_index_that_is_taken_away_while_it_is_read(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder of which a part has gone is read again before anything is called damaged."""
    engine = open_engine(Settings(index_dir=root))
    verify_unread, read = engine.verify_unread, []

    def half_gone_at_first(generation: str) -> list[str]:
        read.append(generation)
        if len(read) > 1:
            return verify_unread(generation)
        shutil.rmtree(root)
        return ["缺少文件"]

    monkeypatch.setattr(live_searcher, "SECOND_READING_SECONDS", 0)
    monkeypatch.setattr(engine, "verify_unread", half_gone_at_first)
    live = LiveSearcher(engine, Takedowns(root))
    searcher = live.get()
    live._verifying.submit(lambda: None).result()

    assert len(read) == 2
    assert live.get() is searcher
    assert "还没有索引" in live.served().warning


@pytest.mark.tantivy
def test_a_generation_of_another_engine(root: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The open generation stays in use, and the log says so once."""
    visitor = visitor_of(root)
    kinds(visitor)
    fill(open_engine(Settings(index_dir=root, engine="tantivy")), NEW, LEXICON)

    assert [kinds(visitor) for _ in range(3)] == [{"old"}] * 3
    assert len(caplog.records) == 1
    assert "由 tantivy 建成" in caplog.text

    index_of(root, NEW)
    assert kinds(visitor) == {"new"}


def test_a_cluster_that_was_away_for_a_moment(
    root: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """What could not be opened during an outage is opened by a later request."""
    engine = open_engine(Settings(index_dir=root))
    live = LiveSearcher(engine, Takedowns(root))
    old = live.get()
    index_of(root, NEW)
    with monkeypatch.context() as away:
        away.setattr(engine, "open", _away)
        assert live.get() is old

    assert live.get() is not old
    assert len(caplog.records) == 1


def test_the_health_of_a_process_asks_no_cluster(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is open is known without it, and without anything open that is said at once."""
    engine = open_engine(Settings(index_dir=root))
    monkeypatch.setattr(engine, "is_remote", True)
    live, started_without = (LiveSearcher(engine, Takedowns(root)) for _ in range(2))
    served = live.served()
    for method in ("current", "open"):
        monkeypatch.setattr(engine, method, _away)

    assert live.known() == served
    with pytest.raises(ClusterAway):
        started_without.known()
    monkeypatch.setattr(engine, "is_remote", False)
    with pytest.raises(ClusterAway):
        live.known()  # an index on this machine is looked at


def _away(name: str | None = None) -> Snapshot:
    raise ClusterAway("集群暂时无法应答。")


def test_one_searcher_a_generation(root: Path) -> None:
    """A generation is opened once, since that is slow."""
    live = live_over(root)
    first = live.get()
    same = live.get()
    index_of(root, NEW)

    assert first is same
    assert live.get() is not first


def test_threads_share_the_searcher(root: Path) -> None:
    """Concurrent requests open a generation once."""
    live = live_over(root)
    start = threading.Barrier(8)

    def get(_: int) -> int:
        start.wait()
        return id(live.get())

    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(get, range(8)))) == 1


def test_a_request_keeps_its_generation(root: Path) -> None:
    """A request ends with the generation that it began with."""
    live = live_over(root)
    held = live.get()
    index_of(root, NEW)
    live.get()

    assert held.snapshot.generation.articles == len(OLD)
    assert held.snapshot.stored(["old1"], ("title",)) == [{"title": "旧闻1"}]


def test_threads_see_whole_generations(root: Path) -> None:
    """While the index changes, each answer is from one generation."""
    visitor = visitor_of(root)
    done = threading.Event()

    def ask() -> list[set[str]]:
        seen = [kinds(visitor_of_same(visitor))]
        while not done.is_set():
            seen.append(kinds(visitor_of_same(visitor)))
        return seen

    changes: list[Callable[[], object]] = [
        lambda: index_of(root, NEW),
        lambda: roll_back(root),
        lambda: index_of(root, NEW),
    ]
    with ThreadPoolExecutor(4) as threads:
        asking = [threads.submit(ask) for _ in range(4)]
        for change in changes:
            change()
        done.set()
        seen = [kinds for each in asking for kinds in each.result()]

    assert all(kinds in ({"old"}, {"new"}) for kinds in seen)
    assert kinds(visitor) == {"new"}


def visitor_of_same(visitor: Visitor) -> Visitor:
    """Another client of the same application, since a client may not be shared by threads."""
    return Visitor(visitor.client.application.test_client())


def test_without_an_index_it_says_so(tmp_path: Path) -> None:
    """The exception names the command to run."""
    with pytest.raises(IndexMissing, match="yuansou index rebuild"):
        live_over(tmp_path).get()


def test_an_application_keeps_the_settings_of_its_process(root: Path) -> None:
    """Opening and warming change neither the garbage collector nor the switch interval by default."""
    before = gc.get_freeze_count(), gc.isenabled(), sys.getswitchinterval()
    visitor_of(root).search(q="稳定币")

    assert (gc.get_freeze_count(), gc.isenabled(), sys.getswitchinterval()) == before


def test_a_process_of_its_own_is_tuned(root: Path) -> None:
    """With `owns_process`, open objects are kept from the garbage collector."""
    try:
        live_over(root, owns_process=True).get()
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()


def flip_a_bit(root: Path, ending: str) -> None:
    """In a file of the published generation, under the server that has it open."""
    folder = root / "generations" / (root / "CURRENT").read_text("utf-8")
    (path,) = folder.glob(f"*{ending}")
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def warmed_up(visitor: Visitor, until: Callable[[], bool]) -> None:
    visitor.get("/healthz")
    deadline = time.monotonic() + 20
    while not until() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert until()


@pytest.fixture
def large_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if every file were too large to be read while a generation is opened."""
    monkeypatch.setattr(generations, "QUICK_BYTES", 0)
    monkeypatch.setattr(live_searcher, "WARMING_DELAY_SECONDS", 0)


def test_a_sound_generation_is_verified(root: Path, large_files: None) -> None:
    """The health check says when all files were read."""
    visitor = visitor_of(root)
    health = visitor.json("/healthz")
    name = health["index"]["generation"]

    assert (health["published"], health["warning"]) == (name, None)
    warmed_up(visitor, lambda: visitor.json("/healthz")["verified"])


def test_damage_that_opening_finds(root: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The generation before answers; the health check and the log say why, the log once."""
    old = (root / "CURRENT").read_text("utf-8")
    index_of(root, NEW)
    flip_a_bit(root, ".pack")
    visitor = visitor_of(root)

    assert [kinds(visitor) for _ in range(3)] == [{"old"}] * 3
    health = visitor.json("/healthz")
    assert health["index"]["generation"] == old
    assert health["published"] == (root / "CURRENT").read_text("utf-8")
    assert "已损坏" in health["warning"]
    assert len(caplog.records) == 1
    assert health["warning"] in caplog.text


def test_damage_that_only_a_full_reading_finds(
    root: Path, large_files: None, caplog: pytest.LogCaptureFixture
) -> None:
    """As soon as it is found, the generation before answers."""
    index_of(root, NEW)
    flip_a_bit(root, ".texts")
    visitor = visitor_of(root)
    warmed_up(visitor, lambda: bool(visitor.json("/healthz")["warning"]))

    assert kinds(visitor) == {"old"}
    assert "校验和不符" in visitor.json("/healthz")["warning"]
    assert "校验和不符" in caplog.text


def test_damage_to_the_only_generation(root: Path, large_files: None) -> None:
    """What is known to be damaged is not served: 503, and what to do."""
    flip_a_bit(root, ".texts")
    visitor = visitor_of(root)
    warmed_up(visitor, lambda: visitor.get("/readyz").status_code == 503)

    error = visitor.error("/api/v1/search", 503)
    assert (error["code"], "rebuild" in error["hint"]) == ("index_damaged", True)


def test_a_rebuild_ends_the_damage(root: Path) -> None:
    """The next generation is served, without a restart."""
    index_of(root, OLD)
    flip_a_bit(root, ".pack")
    visitor = visitor_of(root)
    assert visitor.json("/healthz")["warning"]
    index_of(root, NEW)

    assert kinds(visitor) == {"new"}
    assert visitor.json("/healthz")["warning"] is None


def test_a_failed_warming_is_logged(
    root: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Answers go on without suggestions, and the log has the reason."""

    def fail(aids: SearchAids) -> None:
        raise RuntimeError("no memory")

    monkeypatch.setattr(live_searcher, "WARMING_DELAY_SECONDS", 0)
    monkeypatch.setattr(SearchAids, "load", fail)
    live_over(root).get()
    deadline = time.monotonic() + 10
    while not caplog.records and time.monotonic() < deadline:
        time.sleep(0.01)

    assert "no memory" in caplog.text


def test_a_preloaded_generation_is_shared(root: Path, large_files: None) -> None:
    """One process reads it in full, for all."""
    live = live_over(root)
    live.preload()
    live.warm_preloaded()
    generation = live.get().index.generation
    before = live.is_verified(generation)
    live.verify_preloaded()

    assert (before, live.is_verified(generation)) == (False, True)
    assert not live.is_verified("another")


def test_another_generation_is_opened_by_forked_processes(root: Path, large_files: None) -> None:
    """With the next request, but for what takes seconds: whoever forked them has that loaded."""
    live = live_over(root)
    live.preload()
    live.warm_preloaded()
    before = live.get()
    index_of(root, NEW)
    after = live.get()
    live._warming.submit(lambda: None).result()

    assert (before.index.articles, before.aids.corrects) == (len(OLD), True)
    assert (after.index.articles, after.aids.corrects) == (len(NEW), False)


@contextmanager
def another_reads(live: LiveSearcher) -> Iterator[None]:
    """Another process has its turn in this block."""
    inherited = live._inherited
    assert inherited is not None
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe()

    def read() -> None:
        with inherited.turn(waiting=False) as is_ours:
            theirs.send(is_ours)
            theirs.recv()

    other = context.Process(target=read)
    other.start()
    assert ours.recv()
    yield
    other.kill()  # which ends its turn
    other.join()


def test_forked_processes_open_in_turn(root: Path) -> None:
    """While another reads the new generation, the old one goes on answering."""
    live = live_over(root)
    live.preload()
    held = live.get()
    index_of(root, NEW)
    with another_reads(live):
        meanwhile = live.get()

    assert meanwhile is held
    assert live.get().index.articles == len(NEW)


def test_what_was_overtaken_while_it_was_loaded_never_answers(root: Path) -> None:
    """The processes before may have answered from the newer one, without what was taken down."""
    live = live_over(root)
    live.preload()
    index_of(root, NEW)
    with ThreadPoolExecutor(2) as threads:
        with another_reads(live):
            asked = [threads.submit(live.get) for _ in range(2)]
            waited, _ = wait(asked, timeout=0.3)

        assert not waited
        assert all(each.result().index.articles == len(NEW) for each in asked)


def test_damage_to_a_preloaded_generation(root: Path, large_files: None) -> None:
    """The generation before answers as soon as the one process that reads all has found it."""
    old = (root / "CURRENT").read_text("utf-8")
    index_of(root, NEW)
    flip_a_bit(root, ".texts")
    live = live_over(root)
    live.preload()
    before = live.get().index.generation
    live.verify_preloaded()

    assert before != old
    assert live.get().index.generation == old
    assert "校验和不符" in live.served().warning
