"""What changed in an article since it was first seen, from the versions kept beside its file."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from itertools import pairwise
from pathlib import Path

from index.fetching.archive import MAX_VERSIONS, version_of
from index.fetching.rendering import body_of
from index.fetching.state import StateReader
from index.sources.front_matter import parted
from index.sources.yaml_fields import FrontMatterError
from index.text.dates import parse_date
from index.text.html import collapse, plain_text

MAX_BLOCKS = 500
"""Blocks of a text that are compared; comparing takes up to their square."""


@dataclass(frozen=True, slots=True)
class Version:
    """An article as it was from `seen` on: its title, and its text in blocks."""

    seen: datetime
    title: str
    blocks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """From one version to the next, first seen at `seen`. `old_title`: None if it stayed."""

    seen: datetime
    old_title: str | None
    removed: tuple[str, ...]
    added: tuple[str, ...]


def article_changes(root: Path, state: Path, article_id: str) -> list[Change]:
    """The changes of a fetched article, oldest first; none where no earlier version is kept, or the
    article was not fetched from a feed."""
    try:
        with closing(sqlite3.connect(f"{state.as_uri()}?mode=ro", uri=True)) as connection:
            path = StateReader(connection).article_path(article_id)
    except sqlite3.Error:
        return []
    found = list(_versions(root / path)) if path else []
    return [_change(old, new) for old, new in pairwise(found)]


def _versions(place: Path) -> Iterator[Version]:
    """Those that can be read, oldest first, the current one last; none if it is the only one."""
    numbered = (version_of(place, number) for number in range(1, MAX_VERSIONS + 1))
    kept = [path for path in numbered if path.exists()]
    for path in [*kept, place] if kept else []:
        if version := _version(path):
            yield version


def _version(path: Path) -> Version | None:
    try:
        fields, body = parted(path.read_text("utf-8").lstrip("\n"))
    except (OSError, UnicodeDecodeError, FrontMatterError):
        return None
    seen = parse_date(fields.get("changed")) or parse_date(fields.get("first_seen"))
    lines = map(collapse, plain_text(body_of(body), "html").split("\n"))
    title = collapse(str(fields.get("title") or ""))
    return Version(seen, title, tuple(filter(None, lines))[:MAX_BLOCKS]) if seen else None


def _change(old: Version, new: Version) -> Change:
    removed: list[str] = []
    added: list[str] = []
    matcher = SequenceMatcher(None, old.blocks, new.blocks, autojunk=False)
    for kind, start, end, new_start, new_end in matcher.get_opcodes():
        if kind != "equal":
            removed += old.blocks[start:end]
            added += new.blocks[new_start:new_end]
    old_title = old.title if old.title != new.title else None
    return Change(new.seen, old_title, tuple(removed), tuple(added))
