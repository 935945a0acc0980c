"""The checks of feeds, of lists of feeds and of pages that name some, for readers.py."""

import tempfile
from contextlib import suppress
from pathlib import Path

from benchmarks.fuzzing.laws import hold
from index.errors import FeedsError
from index.fetching.connecting.addresses import host_and_port
from index.fetching.connecting.discovery import feeds_of_page
from index.fetching.connecting.errors import RefusedAddressError
from index.fetching.identity import identified
from index.fetching.opml import read_opml, write_opml
from index.fetching.reading.entries import FeedEntry, NotAFeedError
from index.fetching.reading.feed_parser import read_feed
from index.fetching.rendering import article_file, known_from, path_of, read_back, render
from index.fetching.subscriptions import Subscription

SOURCE = Subscription("甲", "https://a.example/feed", category="快讯")
NOON = 1_668_513_600
MAX_WRITTEN = 3
"""Entries of a feed that are written and read back."""


def check_feed(text: str) -> None:
    """It is read or refused, and its entries become files that say what is known of them."""
    data = text.encode("utf-8", "surrogatepass")
    with suppress(NotAFeedError):
        _written(read_feed(data).entries[:MAX_WRITTEN])


def _written(entries: tuple[FeedEntry, ...]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for each in identified(entries, SOURCE.name):
            file = article_file(each, SOURCE, NOON)
            path = path_of(file)
            place = root / path
            hold(place.resolve().is_relative_to(root.resolve()), "a file is in its folder")
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(render(file), "utf-8")
            hold(read_back(root, path) == known_from(file, path), "a file says what is known of it")


def check_opml(text: str) -> None:
    """It is read or refused, and what is read is the same when it was written."""
    with suppress(FeedsError):
        found = read_opml(text.encode("utf-8", "surrogatepass"))
        again = read_opml(write_opml(found, "甲").encode())
        kept = sorted((each.name, each.url) for each in found)
        hold(sorted((each.name, each.url) for each in again) == kept, "a list stays when written")
        for each in found:
            with suppress(RefusedAddressError):
                host_and_port(each.url)


def check_page(text: str) -> None:
    """Its feeds are addresses that are fetched, or refused in words."""
    for url in feeds_of_page(text, "https://a.example/"):
        with suppress(RefusedAddressError):
            host_and_port(url)
