"""Repairs UTF-8 that was decoded as Latin-1 or Windows-1252 by mistake: `å…ƒ` was 元."""

import re

_BYTES = {bytes([byte]).decode("latin-1"): byte for byte in range(0x80, 0x100)}
# Where Windows-1252 has a character of its own, either reading may have happened.
_BYTES |= {bytes([b]).decode("cp1252", "ignore"): b for b in range(0x80, 0xA0)}
_BYTES.pop("", None)
_TAIL = "".join(re.escape(char) for char, byte in _BYTES.items() if byte < 0xC0)
_CERTAIN = re.compile(rf"(?:[\xe2-\xe9\xef][{_TAIL}]{{2}}){{2}}")
_CHARACTER = re.compile(
    rf"[\xf0-\xf4][{_TAIL}]{{3}}|[\xe1-\xef][{_TAIL}]{{2}}|[\xc2-\xdf][{_TAIL}]"
)


def repaired(text: str) -> str:
    """The text with misread parts repaired; any other text unchanged.

    Two adjacent characters that decode as UTF-8 are taken as proof: nobody writes `å®‡å®™`.
    """
    if text.isascii() or not _has_lead(text) or not _CERTAIN.search(text):
        return text
    return _CHARACTER.sub(_decoded, text)


def _has_lead(text: str) -> bool:
    """Whether a first byte of Han characters in UTF-8 is there, as in any damaged text.

    Six searches for a character are quicker than one for any of six.
    """
    return "å" in text or "æ" in text or "ç" in text or "è" in text or "é" in text or "ä" in text


def _decoded(match: re.Match[str]) -> str:
    try:
        return bytes(_BYTES[char] for char in match[0]).decode("utf-8")
    except UnicodeDecodeError:
        return match[0]
