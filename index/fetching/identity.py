"""Which entries are the same article: within a feed, and between one fetch and the next.

A guid says so, else an address. Feeds break both: guids that change, guids that several entries
share, entries that all lead to the home page. What does not tell entries apart is not used.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from index.fetching.reading.entries import FeedEntry
from index.text.urls import canonical_url, host_of

FullText = Literal["", "pending", "page", "none"]
"""Where the text of an article is from: its feed; its feed as long as its page was not read; its
page; its feed, as its page gave none. A page is never read again after one of the last two."""
FULL_TEXTS: tuple[FullText, ...] = ("", "pending", "page", "none")


@dataclass(frozen=True, slots=True)
class KnownArticle:
    """An article that has a file. `path` is relative to the folder of articles. `digest`: of title
    and text, of the title alone where the text is that of the page. Times are seconds since 1970;
    `published` None: no date that is used."""

    id: str
    source: str
    path: str
    guid: str
    link: str
    digest: str
    first_seen: int
    published: int | None
    full_text: FullText = ""


@dataclass(frozen=True, slots=True)
class Identified:
    """An entry with the keys that tell it from others of its feed, "" for those that do not."""

    entry: FeedEntry
    id: str
    guid: str
    link: str


@dataclass(slots=True)
class Known:
    """Articles of one source by their keys, and the sources of all articles by id."""

    by_guid: dict[str, KnownArticle] = field(default_factory=dict)
    by_link: dict[str, KnownArticle] = field(default_factory=dict)
    by_id: dict[str, KnownArticle] = field(default_factory=dict)

    def add(self, article: KnownArticle) -> None:
        self.by_id[article.id] = article
        if article.guid:
            self.by_guid[article.guid] = article
        if article.link:
            self.by_link[article.link] = article

    def find(self, each: Identified, present: frozenset[str]) -> KnownArticle | None:
        """`present`: guids of the feed as it is now. An address belongs to another article while
        that one's guid is in the feed too."""
        if each.guid and each.guid in self.by_guid:
            return self.by_guid[each.guid]
        linked = self.by_link.get(each.link) if each.link else None
        if linked and not (each.guid and linked.guid in present):
            return linked
        return self.by_id.get(each.id)


def identified(entries: Sequence[FeedEntry], source: str) -> list[Identified]:
    """The entries with their keys and ids, each article once: the first of those with one id."""
    links_of = _values_by((entry.guid, link_key(entry.link)) for entry in entries)
    titles_of = _values_by((link_key(entry.link), entry.title) for entry in entries)
    found: dict[str, Identified] = {}
    for entry in entries:
        guid = entry.guid if len(links_of.get(entry.guid, ())) == 1 else ""
        link = link_key(entry.link)
        if _is_home(entry.link) or (not guid and len(titles_of.get(link, ())) > 1):
            link = ""
        made = Identified(entry, _id(entry, guid, link, source), guid, link)
        found.setdefault(made.id, made)
    return list(found.values())


def link_key(link: str | None) -> str:
    """A canonical address without its scheme: http and https are one page."""
    return link.partition("://")[2].removeprefix("www.").rstrip("/") if link else ""


def telling_link(article_id: str, guid: str, link: str | None) -> str:
    """The key of an article's address; "" where it does not tell the article from others: a home
    page, or an address that its entry shared with others."""
    key = "" if _is_home(link) else link_key(link)
    return key if guid or article_id == _hash("link", key) else ""


def _values_by(pairs: Iterator[tuple[str, str]]) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = {}
    for key, value in pairs:
        if key:
            found.setdefault(key, set()).add(value)
    return found


def _is_home(link: str | None) -> bool:
    """Whether an address is that of a whole site, which is none of an article."""
    parts = urlsplit(link or "")
    return parts.path in ("", "/") and not parts.query and not parts.fragment


def _id(entry: FeedEntry, guid: str, link: str, source: str) -> str:
    """16 hexadecimal digits, the same whenever the entry is read."""
    address = canonical_url(guid) if guid else None
    if address and not _is_home(address):
        return _hash("link", link_key(address))
    if guid:
        # A guid of one site may be that of another article elsewhere.
        return _hash("guid", host_of(entry.link) or source, guid)
    if link:
        return _hash("link", link)
    moment = entry.published.isoformat() if entry.published else entry.stated
    return _hash("text", source, entry.title, moment, "" if entry.title else entry.body[:500])


def _hash(*parts: str) -> str:
    text = "\x1f".join(parts).encode("utf-8", "replace")
    return hashlib.blake2b(text, digest_size=8).hexdigest()
