"""Decodes text that is not Unicode: GB 18030, Big5 or Windows-1252, whichever reads most plausibly.

Nearly any bytes are valid in both Chinese encodings, but in the wrong one they are rare characters.
"""

import re
from functools import cache

from index.text.normalize import normalize
from index.word_lists import data_lines

SAMPLE_BYTES = 4_000
CHINESE = ("gb18030", "big5hkscs")
PLAUSIBLE = 0.5
"""Points for each character that text has in the right encoding, and not in a wrong one."""

_FIRST_HIGH = re.compile(rb"[\x80-\xff]")
_HIGH = re.compile(rb"[\x80-\xff]+")
_LETTER = re.compile(rb"[\xc0-\xff]")
_ASCII = re.compile(r"[\x00-\x7f]+")
_PUNCTUATION = frozenset("，。、；：？！“”‘’《》（）【】「」『』—…·％\u3000")
_COMMON_POINTS, _KNOWN_POINTS, _RARE_POINTS, _FOREIGN_POINTS, _DAMAGE_POINTS = (
    1,
    0.4,
    -0.3,
    -0.7,
    -2,
)


def decoded_legacy(data: bytes) -> str:
    """The text in the most plausible encoding; unreadable bytes become U+FFFD."""
    first = _FIRST_HIGH.search(data)
    start = first.start() if first else 0
    sample = data[start : start + SAMPLE_BYTES]
    points = {name: _plausibility(sample.decode(name, "replace")) for name in CHINESE}
    best = max(CHINESE, key=points.__getitem__)
    if points[best] < PLAUSIBLE and _is_western(sample):
        best = "cp1252"
    return data.decode(best, "replace")


def _is_western(sample: bytes) -> bool:
    """Whether nearly all that is not ASCII is single letters, as in `Nestlé`."""
    runs = _HIGH.findall(sample)
    letters = sum(len(run) == 1 and _LETTER.match(run) is not None for run in runs)
    return letters > 0.9 * len(runs)


def _plausibility(text: str) -> float:
    """Average points of the characters that are not ASCII."""
    characters = _ASCII.sub("", text)
    return sum(map(_points, characters)) / max(1, len(characters))


@cache
def _points(character: str) -> float:
    normalized = normalize(character)
    if character in _PUNCTUATION or normalized in _common():
        return _COMMON_POINTS
    if character == "\ufffd":
        return _DAMAGE_POINTS
    if normalized in _known():
        return _KNOWN_POINTS
    return _RARE_POINTS if "\u4e00" <= character <= "\u9fff" else _FOREIGN_POINTS


@cache
def _common() -> frozenset[str]:
    return frozenset("".join(data_lines("common_characters")))


@cache
def _known() -> frozenset[str]:
    """The 3,755 characters that GB 2312 lists by pronunciation, because they are in wide use."""
    pairs = (bytes((row, cell)) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF))
    return frozenset("".join(pair.decode("gb2312", "ignore") for pair in pairs))
