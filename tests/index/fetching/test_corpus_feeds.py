"""The real feeds beside the checkout, against a naive reading of them."""

import re
from datetime import UTC
from email.utils import parsedate_to_datetime
from html import unescape
from pathlib import Path

import pytest

from index.fetching.identity import identified
from index.fetching.reading.feed_parser import read_feed

pytestmark = pytest.mark.corpus

FOLDER = Path(__file__).parents[4] / "shared" / "data" / "feeds"
ITEM = re.compile(r"<item>(.*?)</item>", re.DOTALL)
FILES = sorted(FOLDER.glob("*.xml"))


def value(item: str, name: str) -> str:
    found = re.search(rf"<{name}(?:\s[^>]*)?>(.*?)</{name}>", item, re.DOTALL)
    text = found[1].strip() if found else ""
    cdata = re.fullmatch(r"<!\[CDATA\[(.*?)\]\]>", text, re.DOTALL)
    return " ".join((cdata[1] if cdata else unescape(text)).split())


def same(one: str, other: str) -> bool:
    """White space and invisible characters aside, which have rules of their own."""
    return re.sub(r"[^\w]", "", unescape(one)) == re.sub(r"[^\w]", "", unescape(other))


def test_there_are_27() -> None:
    """All of them are found."""
    assert len(FILES) == 27


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_real_feed(path: Path) -> None:
    """As many entries as a naive reading finds, in order, with the same titles and moments; each is
    an article of its own."""
    text = path.read_text("utf-8")
    items = ITEM.findall(text)
    feed = read_feed(path.read_bytes())

    assert feed.whole
    assert len(feed.entries) == len(items)
    for item, entry in zip(items, feed.entries, strict=True):
        assert same(entry.title, value(item, "title"))
        stated = value(item, "pubDate")
        expected = parsedate_to_datetime(stated).astimezone(UTC) if stated else None
        assert (entry.published.astimezone(UTC) if entry.published else None) == expected
        assert entry.link or not value(item, "link").startswith("http")
    assert len(identified(feed.entries, path.stem)) == len(items)
