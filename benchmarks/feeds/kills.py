"""SIGKILL at random moments of `yuansou feeds fetch`, and what the next run makes of it."""

import re
import shutil
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from threading import Thread
from typing import Any

from benchmarks.feeds.load import fetching, make_due, write_feeds
from benchmarks.feeds.news_server import NewsServer, rss
from benchmarks.harness.process import environment
from benchmarks.reliability.corpus import text_of
from benchmarks.reliability.outcomes import deleted
from benchmarks.reliability.systems import Answer, system
from index.durable import FRESH
from index.fetching.state import STATE_FILE
from index.settings import Settings
from web.cli.feeds.session import session

FEEDS, ENTRIES = 6, 24
_TIMES = re.compile(r"^(first_seen|changed): .*$", re.MULTILINE)
BAD = ("lost", "half files", "duplicates", "other files", "other index", "left behind")


@dataclass(frozen=True, slots=True)
class Archived:
    """Texts by path, without the times of the run, and what the index answers."""

    files: Mapping[str, str]
    index: Answer


def killed(kills: int, engine: str, seed: int, work: Path) -> dict[str, Any]:
    """Counts over `kills` kills: at which moment they came, and by kind what was wrong, if any.

    Each run begins with the same archive of a first fetch; the feeds then have new, changed, moved
    and unchanged entries. Kills come by turns while files are written, which is soon over, and at
    any moment until the end. After half of them the state is deleted.
    """
    random, moments, wrong = Random(seed), Counter[str](), Counter[str]()
    with _serving() as server:
        old = _base(server, engine, work)
        server.served = [_feed(number, 1) for number in range(FEEDS)]
        writing, longest = _durations(server, engine, work)
        new = _archived(work / "timed", engine)
        for number in range(kills):
            folder = _fresh(work, "killed")
            started = _start(server, engine, folder)
            time.sleep(random.uniform(0, longest if number % 2 else writing))
            started.kill()
            finished = started.wait() != -signal.SIGKILL
            seen = _files(folder)
            moments[_moment(seen, old, new, finished=finished)] += 1
            wrong.update(_broken(seen, old, new))
            if number % 4 > 1:
                for path in folder.glob(f"{STATE_FILE}*"):
                    path.unlink()
            _finish(folder, engine)
            wrong.update(_differing(folder, new, _archived(folder, engine)))
    counts = {name: wrong[name] for name in BAD}
    return {"kills": kills, "state_deleted": kills // 2, "moments": dict(moments), **counts}


@contextmanager
def _serving() -> Iterator[NewsServer]:
    server = NewsServer([_feed(number, 0) for number in range(FEEDS)])
    thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _feed(number: int, visit: int) -> bytes:
    """On the second visit a third of the entries is new, and of the old ones some have another text
    or title, and one another address."""
    first = ENTRIES // 3 * visit
    return rss([_entry(number, each, visit) for each in range(first, first + ENTRIES)])


def _entry(feed: int, number: int, visit: int) -> dict[str, Any]:
    change = visit if number < ENTRIES else 0
    return {
        "id": f"{feed}-{number}",
        "link": f"{feed}-{number}{'-moved' * (change and number % 4 == 0)}",
        "title": f"源{feed}第{number}篇{'改' * (change and number % 4 == 1)}",
        "body": text_of(feed * 100 + number, change and number % 4 == 2, words=300),
        "date": f"2022-09-{number % 28 + 1:02}T08:00:00+08:00",
    }


def _base(server: NewsServer, engine: str, work: Path) -> Archived:
    folder = work / "base"
    folder.mkdir()
    write_feeds(folder / "feeds.toml", f"http://127.0.0.1:{server.server_port}", FEEDS)
    _finish(folder, engine)
    make_due(folder / STATE_FILE)
    return _archived(folder, engine)


def _fresh(work: Path, name: str) -> Path:
    folder = work / name
    deleted(folder)
    shutil.copytree(work / "base", folder)
    return folder


def _start(server: NewsServer, engine: str, folder: Path) -> "subprocess.Popen[bytes]":
    """Returns when the process has sent its first request."""
    server.asked.clear()
    process = subprocess.Popen(
        fetching(engine),
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment(),
    )
    if not server.asked.wait(120):
        raise SystemExit(f"nothing was fetched; the process ended with {process.poll()}")
    return process


def _durations(server: NewsServer, engine: str, work: Path) -> tuple[float, float]:
    """Seconds from the first request to the last file, and to the end, without a kill."""
    folder = _fresh(work, "timed")
    process, started = _start(server, engine, folder), time.time()
    process.wait()
    ended = time.time()
    last = max(path.stat().st_mtime for path in folder.rglob("*.md"))
    return last - started, ended - started


def _finish(folder: Path, engine: str) -> None:
    """What the same command does when it is run again, in this process."""
    settings = Settings(
        index_dir=folder / "index",
        engine=engine,  # type: ignore[arg-type]
        feeds=folder / "feeds.toml",
        articles=folder / "articles",
    )
    with session(settings) as opened:
        for each in opened.fetch(opened.fetcher.due(opened.subscriptions())):
            if each.error:
                raise SystemExit(f"{each.name}: {each.error}")
        opened.index()


def _files(folder: Path) -> dict[str, str]:
    root = folder / "articles"
    return {
        path.relative_to(root).as_posix(): _TIMES.sub(r"\1", path.read_text("utf-8", "replace"))
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def _archived(folder: Path, engine: str) -> Archived:
    return Archived(_files(folder), system(engine).answer(folder / "index"))


def _moment(seen: Mapping[str, str], old: Archived, new: Archived, *, finished: bool) -> str:
    if finished:
        return "after the end"
    if seen == old.files:
        return "before a file changed"
    return "after all files, while indexing" if seen == new.files else "between files"


def _broken(seen: Mapping[str, str], old: Archived, new: Archived) -> Counter[str]:
    """Right after a kill: each file is one of before or one of after, and none is missing."""
    wrong: Counter[str] = Counter()
    for path, text in seen.items():
        whole = text in (old.files.get(path), new.files.get(path))
        wrong["half files"] += not whole and not path.endswith(FRESH)
    wrong["lost"] += len(old.files.keys() - seen.keys())
    return wrong


def _differing(folder: Path, new: Archived, found: Archived) -> Counter[str]:
    """After the next run, from what there would have been without the kill."""
    wrong: Counter[str] = Counter()
    wrong["lost"] += len(new.files.keys() - found.files.keys())
    more = found.files.keys() - new.files.keys()
    wrong["left behind"] += sum(path.endswith(FRESH) for path in more)
    wrong["duplicates"] += sum(not path.endswith(FRESH) for path in more)
    both = found.files.keys() & new.files.keys()
    wrong["other files"] += sum(found.files[path] != new.files[path] for path in both)
    wrong["other index"] += found.index != new.index
    return wrong
