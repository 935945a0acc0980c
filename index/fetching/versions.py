"""What changed in an article since it was first seen, from the versions kept beside its file."""

import sqlite3
from collections.abc import Callable
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

MAX_BLOCKS = 200
"""Blocks of a text that are compared. Comparing takes up to their cube, where they repeat: 0.06
seconds, and a second for 500."""
MAX_SHOWN = 5
"""Changes, the newest."""
MAX_SHOWN_CHARACTERS = 1_000
"""Of a block that changed."""


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


@dataclass(frozen=True, slots=True)
class History:
    """How often an article changed, and its latest changes, the last one first."""

    number: int = 0
    latest: tuple[Change, ...] = ()


def article_changes(root: Path, state: Path, article_id: str, spent: Callable[[], bool]) -> History:
    """The changes of a fetched article; none where no earlier version is kept, or the article was
    not fetched from a feed. `spent`: whether there is time for the last change only."""
    try:
        with closing(sqlite3.connect(f"{state.as_uri()}?mode=ro", uri=True)) as connection:
            path = StateReader(connection).article_path(article_id)
    except sqlite3.Error:
        return History()
    if not path:
        return History()
    place = root / path
    numbered = (version_of(place, number) for number in range(MAX_VERSIONS, 0, -1))
    earlier = [each for each in numbered if each.exists()]
    if not earlier:
        return History()
    latest: list[Change] = []
    versions = filter(None, map(_version, [place, *earlier]))
    for new, old in pairwise(versions):
        latest.append(_change(old, new))
        if len(latest) == MAX_SHOWN or spent():
            break
    return History(len(earlier), tuple(latest))


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
    return Change(new.seen, old_title, tuple(map(_shown, removed)), tuple(map(_shown, added)))


def _shown(block: str) -> str:
    return block if len(block) <= MAX_SHOWN_CHARACTERS else f"{block[:MAX_SHOWN_CHARACTERS]}…"
