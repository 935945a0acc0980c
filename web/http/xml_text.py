"""Text that every reader of ours can hold: XML 1.0 has no room for some characters."""

import re

_ILLEGAL = re.compile("[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""https://www.w3.org/TR/xml/#charsets: control characters, lone surrogates, U+FFFE and U+FFFF; and
U+007F to U+009F, which it discourages and readers take for Windows letters."""


def legible(text: str) -> str:
    """The text without characters that no XML document may hold."""
    return _ILLEGAL.sub("", text)


def one_line(text: str) -> str:
    """Legible, with any run of white space as one space."""
    return " ".join(legible(text).split())
