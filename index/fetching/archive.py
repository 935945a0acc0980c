"""Writes articles as files, each whole, and keeps their earlier versions beside them.

The order of steps makes every interruption harmless: the source is marked as open, files are
written (each replaced in one step), then the state is saved. A source found open is read again.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from index.durable import make_folder, replace_texts
from index.fetching.identity import FullText, Identified, Known, KnownArticle, identified
from index.fetching.pages.summaries import only_summaries
from index.fetching.reading.entries import SourceFeed
from index.fetching.rendering import (
    ArticleFile,
    article_file,
    body_of,
    digest_of,
    known_from,
    last_change,
    path_of,
    read_back,
    render,
)
from index.fetching.schedule import DAY, FeedState
from index.fetching.state import FetchState
from index.fetching.subscriptions import Subscription
from index.sources.encoding import decode
from index.sources.front_matter import parted
from index.sources.yaml_fields import FrontMatterError

MAX_NEW_A_DAY = 1_000
"""Files that one feed may add in a day (UTC)."""
_SETTLED = ("page", "none")
MAX_VERSIONS = 20
"""Earlier versions of an article that are kept; after so many, the last one is overwritten."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What a fetch changed: new articles, articles whose title or text changed, and entries that
    were left for another day."""

    new: int = 0
    changed: int = 0
    left: int = 0


class Archive:
    """The folder of articles, with the state that belongs to it."""

    def __init__(self, root: Path, state: FetchState) -> None:
        self.root = root
        self._state = state

    def prepare(self, names: Sequence[str]) -> None:
        """Read the files of all sources that the state does not know completely."""
        folders = [path.name for path in self.root.glob("*") if path.is_dir()]
        for source in sorted({*folders, *names}):
            if not self._state.is_complete(source):
                self._state.replace_source(source, self._read(source))

    def _read(self, source: str) -> list[KnownArticle]:
        files = sorted((self.root / source).glob("[0-9]*/[0-9]*/*.md"))
        found = (read_back(self.root, path.relative_to(self.root).as_posix()) for path in files)
        return [article for article in found if article]

    def store(self, feed: SourceFeed, of: Subscription, state: FeedState, now: int) -> Stored:
        """Write what is new or changed in a feed, then save `state` with it."""
        entries = identified(feed.entries, of.name)
        known = self._state.known(of.name, [each.id for each in entries])
        room = MAX_NEW_A_DAY - self._state.count_since(of.name, now // DAY * DAY)
        wanted = _with_pages(entries) if of.full_text else frozenset()
        steps, left = _within(_planned(entries, known, self.root, of.name, wanted), room)
        if left:  # so that the next answer has them again
            state = replace(state, etag="", last_modified="", body_hash="")
        if not steps:
            self._state.save_feed(state)
            return Stored(left=left)
        self._state.open_source(of.name)
        written = self._write(steps, of, now)
        new = sum(step.old is None for step in steps)
        if new:
            state = _with_new_article(state, now)
        self._state.save_articles(state, written)
        changed = sum(step.old is not None and step.changed for step in steps)
        return Stored(new, changed, left)

    def _write(self, steps: Sequence["_Step"], of: Subscription, now: int) -> list[KnownArticle]:
        """Earlier versions first: a file is replaced only when what it held is on the disk."""
        written: list[KnownArticle] = []
        versions: dict[Path, str] = {}
        files: dict[Path, str] = {}
        for step in steps:
            file = replace(article_file(step.entry, of, now, step.old), full_text=step.full_text)
            path = step.old.path if step.old else path_of(file)
            place = self.root / path
            if step.old and not step.changed:
                file = replace(file, changed_at=last_change(place))
            make_folder(place.parent)
            if step.full_text == "page":
                file = _with_text_of(place, file)
            if step.changed and place.exists():
                versions |= _earlier_version(place)
            files[place] = render(file)
            written.append(known_from(file, path))
        replace_texts(versions)
        replace_texts(files)
        return written


@dataclass(frozen=True, slots=True)
class _Step:
    """A file to write. `changed`: whether a reader sees another title or text than before."""

    entry: Identified
    old: KnownArticle | None
    changed: bool
    full_text: FullText


def _with_pages(entries: Sequence[Identified]) -> frozenset[str]:
    """The ids of those of a feed's entries whose pages may have more text. What is at an address
    that several share is the text of none."""
    short = only_summaries([each.entry for each in entries])
    shared = Counter(each.link for each in entries)
    return frozenset(
        each.id
        for each, is_short in zip(entries, short, strict=True)
        if is_short and each.link and shared[each.link] == 1
    )


def _planned(
    entries: Sequence[Identified], known: Known, root: Path, source: str, wanted: frozenset[str]
) -> list[_Step]:
    """`wanted`: ids of entries whose pages are to be read."""
    present = frozenset(each.guid for each in entries if each.guid)
    taken: set[str] = set()
    steps = []
    for each in entries:
        old = known.find(each, present)
        if old and (old.source != source or old.id in taken):
            continue  # another source has this article already, or another entry is it
        text: FullText = "pending" if each.id in wanted else ""
        if old is None:
            steps.append(_Step(each, None, False, text))
            continue
        taken.add(old.id)
        exists = (root / old.path).exists()
        if exists and old.full_text in _SETTLED:
            text = old.full_text
        changed = digest_of(each.entry.title, each.entry.body, old.full_text) != old.digest
        moved = bool(each.link) and each.link != old.link
        if changed or moved or text != old.full_text or not exists:
            steps.append(_Step(each, old, changed, text))
    return steps


def _with_text_of(place: Path, file: ArticleFile) -> ArticleFile:
    """With the text that is in the file already, which was that of the page; of a file that someone
    made unreadable, with that of the feed."""
    try:
        _, body = parted(_text(place).lstrip("\n"))
    except (OSError, FrontMatterError):
        return replace(file, full_text="none")
    return replace(file, entry=replace(file.entry, body=body_of(body)))


def _within(steps: Sequence[_Step], room: int) -> tuple[list[_Step], int]:
    """Those of the steps that add at most `room` files, and how many are left out."""
    kept: list[_Step] = []
    for step in steps:
        if step.old or room > 0:
            kept.append(step)
            room -= step.old is None
    return kept, len(steps) - len(kept)


def _with_new_article(state: FeedState, now: int) -> FeedState:
    """With the usual gap between new articles: a mean in which the last gap counts a quarter."""
    last = now - state.last_article if state.last_article else 0
    gap = round(state.gap * 0.75 + last * 0.25) if state.gap else last
    return replace(state, last_article=now, gap=gap)


def _earlier_version(place: Path) -> dict[Path, str]:
    """The next free `<id>.vN.md` with the text of a file; nothing if the last has it already."""
    text = _text(place)
    last = 0
    while last < MAX_VERSIONS and version_of(place, last + 1).exists():
        last += 1
    if last and _text(version_of(place, last)) == text:
        return {}
    return {version_of(place, min(last + 1, MAX_VERSIONS)): text}


def _text(path: Path) -> str:
    """Of a file that someone may have changed and saved in an older encoding, too."""
    data = path.read_bytes()
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return decode(data)


def version_of(place: Path, number: int) -> Path:
    """Where an earlier version of a file is kept; 1 is the first."""
    return place.with_name(f"{PurePosixPath(place.name).stem}.v{number}.md")
