"""Finds the feeds that a web page names."""

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import urljoin

_LINK = re.compile(r"<(?:link|a)\b[^>]{1,2000}>", re.IGNORECASE)
_BASE = re.compile(r"<base\b[^<>]*?\bhref\s*=\s*[\"']?([^\"'\s>]+)", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"(?<![\w-])([\w-]++)\s*+=\s*+(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json")
_FEED_LIKE = re.compile(r"(?:/|\.)(?:rss|atom|feed)(?:/|\.xml|\.json)?(?:$|\?)", re.IGNORECASE)
MAX_FOUND = 10


def feeds_of_page(html: str, address: str) -> list[str]:
    """Absolute addresses of a page's feeds: those that it declares, then links that look like one;
    feeds of comments last."""
    base = _BASE.search(html)
    root = next(_absolute(iter([unescape(base[1])]), address), address) if base else address
    found = list(dict.fromkeys(_absolute(_declared(html), root)))
    if not found:
        found = list(dict.fromkeys(_absolute(_linked(html), root)))
    return sorted(found, key=lambda each: "comment" in each.lower())[:MAX_FOUND]


def _declared(html: str) -> Iterator[str]:
    for tag in _LINK.findall(html):
        given = _attributes(tag)
        named = "alternate" in given.get("rel", "").lower().split()
        if named and given.get("type", "").lower().strip() in _TYPES:
            yield given.get("href", "")


def _linked(html: str) -> Iterator[str]:
    for tag in _LINK.findall(html):
        address = _attributes(tag).get("href", "")
        if tag[:2].lower() == "<a" and _FEED_LIKE.search(address):
            yield address


def _attributes(tag: str) -> dict[str, str]:
    return {
        name.lower(): unescape(double or single or bare)
        for name, double, single, bare in _ATTRIBUTE.findall(tag)
    }


def _absolute(addresses: Iterator[str], root: str) -> Iterator[str]:
    for address in addresses:
        try:
            whole = urljoin(root, address.strip()).partition("#")[0]
        except ValueError:
            continue
        if whole.startswith(("http://", "https://")):
            yield whole
