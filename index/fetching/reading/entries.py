"""What a feed says: its title, its hints for those who fetch it, and its entries."""

from dataclasses import dataclass
from datetime import datetime
from html import escape

from index.messages import Message

MAX_ENTRIES = 2_000
"""Entries of one feed that are read; real feeds have 10 to 500."""


class NotAFeedError(Exception):
    """The bytes are no feed; `reason` says what they are."""

    def __init__(self, reason: Message) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """An entry as its feed gives it. `body` is HTML. `stated`: its date as written, "" if none;
    `published`: that date read, None if it cannot be read. `link` is canonical."""

    title: str
    body: str
    guid: str = ""
    link: str | None = None
    author: str = ""
    categories: tuple[str, ...] = ()
    image: str | None = None
    stated: str = ""
    published: datetime | None = None


@dataclass(frozen=True, slots=True)
class Hints:
    """When a feed asks to be fetched: `ttl` in minutes, and hours (GMT) and weekdays (0 is Monday)
    in which nothing is new."""

    ttl: int | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class SourceFeed:
    """`whole`: whether the feed was read to its end; of one that was cut off, the last entry is
    left out, because it may be cut as well."""

    title: str
    entries: tuple[FeedEntry, ...]
    hints: Hints = Hints()
    whole: bool = True


def paragraphs(text: str) -> str:
    """Plain text as HTML."""
    lines = filter(None, map(str.strip, text.splitlines()))
    return "\n".join(f"<p>{escape(line, quote=False)}</p>" for line in lines)
