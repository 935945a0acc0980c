"""Where the pictures and links of an article lead: complete addresses, also of lazy pictures."""

import re
from collections.abc import Iterator, Mapping
from urllib.parse import urljoin

LAZY_SOURCES = (
    *("data-src", "data-original", "data-lazy-src", "data-actualsrc", "data-original-src"),
    *("data-lazyload", "data-lazy", "data-echo", "data-url", "data-croporisrc", "real_src"),
    *("original", "zoomfile", "file"),
)
"""Attributes that scripts of WeChat, WordPress, Zhihu, Sina, Discuz and others read a picture's
address from; `src` holds a placeholder meanwhile."""
_OTHER_SOURCE = re.compile(r"src|lazy|original", re.IGNORECASE)
"""Names of attributes that are tried where those above and `src` lead to no picture."""
SOURCE_SETS = ("data-srcset", "data-lazy-srcset", "srcset")

_OUTWARD = re.compile(r"(?:https?:)?//", re.IGNORECASE)
_MAIL = re.compile(r"mailto:", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_PLACEHOLDER = re.compile(
    r"(?:\A|/)(?:blank|spacer|pixel|transparent|placeholder|loading|lazy|none|gr[ae]y|1x1)"
    r"[\w.-]*\.(?:gif|png|svg|jpe?g|webp)(?:[?#]|\Z)",
    re.IGNORECASE,
)
# A lazy attribute may also be a switch, such as "true".
_FILE = re.compile(r"[./]")
_BETWEEN_SOURCES = re.compile(r",\s+|,(?=https?://|//)|(?<!\s)\s++,")


def link_address(href: str, page: str | None) -> str | None:
    """A complete address, or None for one that leads nowhere from our page.

    `page`: the article's own address, which relative ones count from. A fragment alone refers to a
    place of the original page.
    """
    href = href.strip()
    if _OUTWARD.match(href) or _MAIL.match(href):
        return href
    if not page or not href or href.startswith("#") or _SCHEME.match(href):
        return None
    try:
        return urljoin(page, href)
    except ValueError:
        return None


def may_be_source(_tag: str, name: str, _value: str) -> bool:
    """Whether an attribute of an `<img>` is needed to find its address."""
    return name in LAZY_SOURCES or name in SOURCE_SETS or bool(_OTHER_SOURCE.search(name))


def picture_address(attributes: Mapping[str, str], page: str | None) -> str | None:
    """The complete address of an `<img>`, or None. A placeholder counts only if alone."""
    candidates = [
        address
        for source in _sources(attributes)
        if _FILE.search(source)
        and (address := link_address(source, page))
        and _OUTWARD.match(address)
    ]
    real = [address for address in candidates if not _PLACEHOLDER.search(address)]
    return next(iter(real or candidates), None)


def _sources(attributes: Mapping[str, str]) -> Iterator[str]:
    """Addresses that attributes give, the likeliest first."""
    for name in (*LAZY_SOURCES, "src"):
        yield attributes.get(name, "").strip()
    for name in SOURCE_SETS:
        yield _largest(attributes.get(name, ""))
    for name, value in attributes.items():
        if _OTHER_SOURCE.search(name):
            yield _largest(value) if "srcset" in name else value.strip()


def _largest(source_set: str) -> str:
    """The source with the greatest width or density of `a.png 1x, b.png 2x`."""
    best, size = "", -1.0
    for candidate in _BETWEEN_SOURCES.split(source_set):
        address, _, descriptor = candidate.strip().strip(",").partition(" ")
        number = re.fullmatch(r"\s*([0-9]{1,9}(?:\.[0-9]+)?)[wx]\s*", descriptor)
        if address and float(number[1] if number else 1) > size:
            best, size = address, float(number[1] if number else 1)
    return best
