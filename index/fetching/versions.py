"""What changed in an article since it was first seen, from the versions kept beside its file."""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
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
MAX_SUMMARIES = 20
"""Changed articles of a story, each of which costs a millisecond."""
MAX_FRONT_MATTER = 20_000
"""Characters of a file in which its front matter ends."""
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
class Summary:
    """That an article changed so often, the last time seen at `seen`. `first_title`: the one it had
    at first, None if it has that still."""

    number: int
    seen: datetime
    first_title: str | None


@dataclass(frozen=True, slots=True)
class History:
    """How often an article changed, and its latest changes, the last one first."""

    number: int = 0
    latest: tuple[Change, ...] = ()


def article_changes(root: Path, state: Path, article_id: str, spent: Callable[[], bool]) -> History:
    """The changes of a fetched article; none where no earlier version is kept, or the article was
    not fetched from a feed. `spent`: whether there is time for the last change only."""
    path = _paths(state, [article_id]).get(article_id)
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


def changed_articles(
    root: Path, state: Path, ids: Sequence[str], spent: Callable[[], bool]
) -> dict[str, Summary]:
    """Those of the articles that changed, by id; of each only the front matter of two files is
    read. `spent`: whether there is time for no more."""
    found: dict[str, Summary] = {}
    for article_id, path in _paths(state, ids).items():
        place = root / path
        if spent() or len(found) == MAX_SUMMARIES:
            break
        if version_of(place, 1).exists() and (summary := _summary(place)):
            found[article_id] = summary
    return found


def _paths(state: Path, ids: Sequence[str]) -> dict[str, str]:
    """Where the fetched ones of the articles are, in the order of the ids."""
    try:
        with closing(sqlite3.connect(f"{state.as_uri()}?mode=ro", uri=True)) as connection:
            reader = StateReader(connection)
            paths = ((each, reader.article_path(each)) for each in ids)
            return {each: path for each, path in paths if path}
    except sqlite3.Error:
        return {}


def _summary(place: Path) -> Summary | None:
    """Of an article that has an earlier version; None where a file does not read."""
    now, first = _front_matter(place), _front_matter(version_of(place, 1))
    seen = now and parse_date(now.get("changed"))
    if now is None or first is None or not seen:
        return None
    number = 1
    while number < MAX_VERSIONS and version_of(place, number + 1).exists():
        number += 1
    title = _title(first)
    return Summary(number, seen, title if title != _title(now) else None)


def _front_matter(path: Path) -> Mapping[str, object] | None:
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return parted(file.read(MAX_FRONT_MATTER).lstrip("\n"))[0]
    except (OSError, FrontMatterError):
        return None


def _title(fields: Mapping[str, object]) -> str:
    return collapse(str(fields.get("title") or ""))


def _version(path: Path) -> Version | None:
    try:
        fields, body = parted(path.read_text("utf-8").lstrip("\n"))
    except (OSError, UnicodeDecodeError, FrontMatterError):
        return None
    seen = parse_date(fields.get("changed")) or parse_date(fields.get("first_seen"))
    lines = map(collapse, plain_text(body_of(body), "html").split("\n"))
    return Version(seen, _title(fields), tuple(filter(None, lines))[:MAX_BLOCKS]) if seen else None


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
