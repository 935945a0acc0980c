"""Feeds that only pretend to be one, and what they cost."""

from contextlib import suppress

import pytest

from index.fetching.connecting.discovery import feeds_of_page
from index.fetching.reading.entries import NotAFeedError
from index.fetching.reading.feed_parser import MAX_PROLOG, has_ended, read_feed
from tests.support.cost import assert_linear


@pytest.mark.parametrize("text", ["<!DOCTYPE rss>", "<?xml version='1.0'?>", "<!ENTITY a 'b'>"])
def test_nothing_but_a_prolog(text: str) -> None:
    """It is refused like any other text that is no feed."""
    with pytest.raises(NotAFeedError):
        read_feed(text.encode())


@pytest.mark.parametrize(
    ("unit", "length"),
    [("<!DOCTYPE[", MAX_PROLOG), ("<!ENTITY ", 4_000), ("<img ", 4_000)],
    ids=["document type", "entity", "picture"],
)
def test_what_never_ends_costs_its_length(unit: str, length: int) -> None:
    """Declarations and pictures that are opened again and again."""
    before = "<rss><channel><item><title>甲</title><description><![CDATA["
    after = "]]></description></item></channel></rss>"

    def read(text: str) -> None:
        with suppress(NotAFeedError):
            read_feed(f"{before}{text}{after}".encode())

    assert_linear(read, unit, length)


@pytest.mark.parametrize("unit", ["\n", " \n", "<!-- -->\n", "<?a?>\n"])
@pytest.mark.parametrize("before", ["<?xml version='1.0'?>", "<!DOCTYPE a>", "<!-- a -->"])
def test_blank_lines_before_the_feed_cost_their_length(before: str, unit: str) -> None:
    """Also behind what else may stand there, where feedparser looks for declarations."""
    after = "<rss><channel><item><title>甲</title></item></channel></rss>"
    assert read_feed(f"{before}{unit * 9}{after}".encode()).entries[0].title == "甲"
    assert_linear(lambda text: read_feed(f"{before}{text}{after}".encode()), unit)


@pytest.mark.parametrize("unit", ["<item", "<a:item><", "</rss", "</a:rss<"])
def test_the_search_for_the_end_costs_the_length(unit: str) -> None:
    """Of whatever looks like entries or like ends."""
    assert_linear(lambda text: has_ended(text, "rss20"), unit)


def test_a_page_of_open_bases_costs_its_length() -> None:
    """As a page may be whose feeds are looked for."""
    assert_linear(lambda text: feeds_of_page(text, "https://a.example/"), "<base ")
