"""An index of the sample articles, and a real server over it."""

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from index.build.builder import Builder
from index.engines.registry import open_engine
from index.lexicon.loading import load_lexicon
from index.settings import Settings
from index.takedowns import Takedowns

SEEDS = Path(__file__).parents[2] / "seeds" / "articles"


def build(folder: Path, *paths: Path) -> Settings:
    settings = Settings(index_dir=folder)
    builder = Builder(open_engine(settings), load_lexicon(), Takedowns(folder))
    builder.rebuild(list(paths) or [SEEDS])
    return settings


@cache
def seeds_index() -> Settings:
    """Settings of one index of the sample articles, built once in a run."""
    return build(Path(mkdtemp(prefix="yuansou-test-")) / "index")


@contextmanager
def serving(index_dir: Path, *options: str) -> Iterator[str]:
    """Starts a server process; gives its address and ends it with the block."""
    command = [sys.executable, "-m", "web.cli", "--index-dir", str(index_dir), "serve"]
    process = subprocess.Popen(
        [*command, "--port", "0", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        while "http://" not in line:
            assert line, process.communicate()[1]
            line = process.stdout.readline()
        address = line.split("http://")[1].split()[0]
        yield f"http://{address}"
    finally:
        process.terminate()  # SIGINT is not heard where the tests themselves run in the background
        process.wait(10)
        for stream in (process.stdout, process.stderr):
            if stream:
                stream.close()


def fetch(address: str) -> tuple[int, str]:
    """(status, body) of a page that exists."""
    for _ in range(50):
        try:
            with urllib.request.urlopen(address) as response:
                return response.status, response.read().decode()
        except ConnectionError:
            time.sleep(0.1)
    raise AssertionError(f"{address} does not answer")
