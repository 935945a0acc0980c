"""What comes of each behaviour of the server in tests/support/ that does everything wrong."""

import importlib
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC
from pathlib import Path
from typing import Any

from index.article import Article

Support = Any
"""A module of the tests, which are not typed for others."""
SLOW = frozenset(("drip_body", "drip_headers", "silence"))
"""Behaviours that end only with our own limit on time, which is short here."""
_CONNECTIONS: list[tuple[str, int]] = []
"""Where this process connected to, since `_noted` began."""


@dataclass(frozen=True, slots=True)
class Came:
    """What came of a behaviour in three fetches, before the third of which the state was lost.
    `said`: what the owner reads after the first; `articles`: after the third."""

    behaviour: str
    status: int
    said: str
    articles: int
    dated_by_sight: int
    versions: int
    wrong_dates: int
    duplicates: int
    private_connections: int


def hostile(work: Path) -> list[dict[str, Any]]:
    """A row for each behaviour."""
    support = importlib.import_module("tests.support.feed_server")
    archives = importlib.import_module("tests.support.feed_archive")
    rows = []
    with support.feed_server() as server, _noted():
        for name in support.BEHAVIOURS:
            server.begin()
            archive = archives.FilledArchive(server, work / name)
            archive.seconds = 0.4 if name in SLOW else 10.0
            rows.append(asdict(_came(name, archive, support)))
    return rows


@contextmanager
def _noted() -> Iterator[None]:
    """Notes every connection that the process tries, whichever module does it."""

    def note(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "socket.connect" and isinstance(arguments[1], tuple):
            _CONNECTIONS.append(arguments[1][:2])

    _CONNECTIONS.clear()
    sys.addaudithook(note)  # stays until the process ends
    yield


def _came(name: str, archive: Any, support: Support) -> Came:
    before = len(_CONNECTIONS)
    first = archive.fetch(name)
    archive.now += 3_600
    archive.fetch(name)
    archive.forget()
    archive.fetch(name)
    articles: Sequence[Article] = archive.articles()
    inside = [each for each in _CONNECTIONS[before:] if each[1] != archive.server.port]
    inside += [each for each in archive.server.paths() if "secret" in each and name != "secret"]
    return Came(
        name,
        first.status,
        first.error,
        len(articles),
        sum(each.date_origin == "seen" for each in articles),
        sum(".v" in path for path in archive.files()),
        sum(not _is_dated_right(each, name, support) for each in articles),
        _duplicates(articles),
        len(inside),
    )


def _is_dated_right(article: Article, name: str, support: Support) -> bool:
    """Whether its date is the one that was written for it, or that of its first sight where what
    was written is no date."""
    given = article.published and article.published.astimezone(UTC).strftime("%Y-%m-%d %H:%M")
    if name == "dates":
        number = int(article.title.removeprefix("新闻 "))
        expected = list(support.DATES.values())[number]
    elif name == "rdf_cut":
        expected = ""
    elif name == "changing_dates":
        expected = "2022-08-01 12:11"
    else:
        expected = "" if article.title == "# - *x: &y" else "2022-09-05 12:11"
    return given == expected if article.date_origin == "given" else not expected


def _duplicates(articles: Sequence[Article]) -> int:
    """Articles that have the title or the address of another; an address of a whole site is none
    of an article."""
    titles: set[str] = set()
    addresses: set[str] = set()
    count = 0
    for each in articles:
        address = each.url or ""
        address = "" if address.count("/") == 3 and address.endswith("/") else address
        count += each.title in titles or address in addresses
        titles.add(each.title)
        addresses |= {address} - {""}
    return count
