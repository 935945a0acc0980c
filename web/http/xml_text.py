"""Removes characters that XML 1.0 does not allow, for feeds, sitemaps and JSON Feed alike."""

import re

_ILLEGAL = re.compile("[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""https://www.w3.org/TR/xml/#charsets: control characters, lone surrogates, U+FFFE and U+FFFF; and
U+007F to U+009F, which it discourages and some readers take for Windows-1252 letters."""


def legible(text: str) -> str:
    """The text without characters that no XML document may hold."""
    return _ILLEGAL.sub("", text)


def one_line(text: str) -> str:
    """The text without illegal characters, every run of white space as one space."""
    return " ".join(legible(text).split())
