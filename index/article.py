"""`Article`: what was published, before any analysis; `Rejection`: why one was not accepted.

`UnreadFile`: a file in which articles may be, but not in a format that is read.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

BodyFormat = Literal["html", "markdown", "text"]
DateOrigin = Literal["given", "address", "text", "file", "seen", "none"]
"""Where a date of publication is from: given as such, or estimated from the address, the text, the
name of the file or when the article was first seen in its feed."""
ESTIMATED_ORIGINS = frozenset({"address", "text", "file", "seen"})


@dataclass(frozen=True, slots=True)
class Article:
    """One published article, as its source gave it.

    `body` is the source markup. `published` has a time zone; without it `date_origin` is none.
    `machine_translated`: its publisher says so in a field of its own. For messages: `path` is where
    it was read, `named_after_file` whether only the file's name gave a title, and `shortened` names
    (in Chinese) what was too long to be read in full. Raises ValueError without an id, or if
    `published` has no time zone or no origin.
    """

    id: str
    title: str
    body: str
    body_format: BodyFormat
    url: str | None = None
    author: str | None = None
    source: str | None = None
    categories: tuple[str, ...] = ()
    published: datetime | None = None
    date_origin: DateOrigin = "given"
    machine_translated: bool = False
    path: str = ""
    named_after_file: bool = False
    shortened: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.id:
            raise ValueError("an article needs an id")
        if self.published is not None and self.published.tzinfo is None:
            raise ValueError("a publication date needs a time zone")
        if self.published is None:
            object.__setattr__(self, "date_origin", "none")
        elif self.date_origin == "none":
            raise ValueError("a publication date needs an origin")

    def content_hash(self) -> str:
        """32 hex digits over all fields but the three for messages. Equal hashes mean nothing to
        re-index."""
        published = self.published.isoformat() if self.published else ""
        parts = (self.id, self.url, self.title, self.body_format, self.body, self.author)
        dated = [published, self.date_origin]
        text = "\x1f".join([*(part or "" for part in parts), self.source or "", *dated])
        text += "\x1e" + "\x1f".join(self.categories)
        text += "\x1e" * self.machine_translated
        return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class Rejection:
    """An article that was not accepted. `reason` (Chinese) says what to fix. `closed`: the file or
    folder is there and cannot be opened, so what it holds is unknown."""

    path: str
    reason: str
    line: int | None = None
    closed: bool = False

    def __str__(self) -> str:
        where = f"{self.path}:{self.line}" if self.line else self.path
        return f"{where}: {self.reason}"


@dataclass(frozen=True, slots=True)
class UnreadFile:
    """A file that may hold articles in a format that is not read. `suffix`: how its name ends."""

    path: str
    suffix: str
