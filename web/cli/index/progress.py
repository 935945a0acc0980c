"""Progress of a build: a bar on a terminal, plain lines at intervals elsewhere."""

import gzip
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import click

from index.text.dates import MINUTE_SECONDS

LINE_EVERY = 10.0
"""Seconds between plain lines."""
BLOCK = 1 << 20


class Progress:
    """Shows the number of finished articles on standard error.

    `total`: the approximate number of articles; 0 shows nothing. `label`: what is done.
    """

    def __init__(self, total: int, label: str = "建索引") -> None:
        self._total = total
        self._done = 0
        self._started = self._shown = time.monotonic()
        self._bar: Any = None
        if total and sys.stderr.isatty():
            self._bar = click.progressbar(length=total, label=label, show_pos=True, file=sys.stderr)

    def __enter__(self) -> "Progress":
        if self._bar:
            self._bar.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar:
            self._bar.__exit__(kind, error, trace)

    def advance(self, count: int) -> None:
        self._done += count
        if self._bar:
            self._bar.update(count)
        elif self._total and time.monotonic() - self._shown >= LINE_EVERY:
            self._shown = time.monotonic()
            rate = self._done / (self._shown - self._started)
            digits = 0 if rate >= 10 else 1
            click.echo(
                f"已处理 {self._done:,} 篇，共约 {self._total:,} 篇（每秒 {rate:,.{digits}f} 篇）",
                err=True,
            )


def duration(seconds: float) -> str:
    """As in 约需 3 分钟; begins with a space."""
    if seconds < MINUTE_SECONDS:
        return f" {max(1, round(seconds))} 秒"
    return f" {round(seconds / MINUTE_SECONDS)} 分钟"


def count_articles(paths: Sequence[Path]) -> int:
    """Approximate number of articles in the paths. Counting reads the files, which is fast."""
    return sum(map(_count, paths))


def _count(path: Path) -> int:
    """Approximate number of articles in a path: lines of JSON Lines, files of Markdown."""
    from index.sources.folders import kind_of

    if path.is_dir():
        return sum(_count(child) for child in path.rglob("*") if child.is_file())
    kind = kind_of(path.name)
    if kind == "json_lines":
        return _lines(path)
    return int(kind == "markdown")


def _lines(path: Path) -> int:
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            return sum(block.count(b"\n") for block in iter(lambda: file.read(BLOCK), b""))
    except (OSError, EOFError):
        return 0
