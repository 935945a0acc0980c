"""Decodes feeds, whatever HTTP, the XML declaration and the bytes themselves say.

The bytes come first: text that is not UTF-8 is hardly ever valid UTF-8 by chance, while servers
often state a default that is wrong. Then the declaration, then HTTP. What is said to be Chinese or
Western is told by what reads most plausibly, because GBK, Big5 and Latin-1 stand in for each other.
"""

import codecs
import re
from contextlib import suppress

from index.sources.legacy_encodings import decoded_legacy

_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
_DECLARED = re.compile(rb"""\A\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})["']""")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WITHOUT_BOM = ((b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))
_BY_PLAUSIBILITY = frozenset(
    ("gbk", "gb2312", "gb18030", "big5", "big5hkscs", "cp950", "iso8859-1", "cp1252", "ascii")
)
_SEVEN_BITS = frozenset(("hz", "iso2022_jp", "iso2022_jp_2", "iso2022_kr", "utf-7"))
"""Encodings whose text is valid ASCII."""


def without_declaration(text: str) -> str:
    """Without the XML declaration, whose encoding no longer holds for decoded text."""
    return _DECLARATION.sub("", text)


def decoded_feed(data: bytes, content_type: str = "") -> str:
    """The text of a feed; bytes that cannot be read become U+FFFD. `content_type`: of HTTP."""
    for mark, name in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name, "replace")
    for start, name in _WITHOUT_BOM:
        if data.startswith(start):
            return data.decode(name, "replace")
    stated = [name for name in _stated(data, content_type) if name]
    for name in stated:
        if name in _SEVEN_BITS and data.isascii():
            return data.decode(name, "replace")
    with suppress(UnicodeDecodeError):
        return data.decode("utf-8")
    if _mostly_utf8(data):
        return data.decode("utf-8", "replace")
    for name in stated:
        if name not in _BY_PLAUSIBILITY:
            with suppress(UnicodeDecodeError):
                return data.decode(name)
    return decoded_legacy(data)


def _stated(data: bytes, content_type: str) -> list[str]:
    """Names of encodings as Python knows them: that of the declaration, then that of HTTP."""
    declared = _DECLARED.match(data[:400])
    charset = _CHARSET.search(content_type)
    names = [declared[1].decode("ascii") if declared else "", charset[1] if charset else ""]
    return [_known(name) for name in names]


def _known(name: str) -> str:
    with suppress(LookupError, ValueError):
        found = codecs.lookup(name)
        # Python also knows codecs that are no encodings of text, such as zlib.
        return found.name if getattr(found, "_is_text_encoding", False) else ""
    return ""


def _mostly_utf8(data: bytes) -> bool:
    """Whether a broken byte or two are all that is wrong, as where a text was cut by bytes."""
    text = data.decode("utf-8", "replace")
    damage = text.count("\ufffd")
    return damage * 20 < sum(char > "\x7f" for char in text)
