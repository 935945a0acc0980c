"""White space that means nothing between Chinese characters: line breaks, and spaced letters.

Chinese is written without spaces, so a line break of the source stands for nothing between two
wide characters and for a space elsewhere (https://www.w3.org/TR/css-text-4/#line-break-transform;
browsers and pandoc's `east_asian_line_breaks` do the same). `币 安 宣 布`, as scanners and posters
write it, is four letters of a phrase rather than four words.
"""

import re

from index.text.spans import Span

WIDE = (
    "\u231a\u231b\u2329\u232a\u2e80-\u2ff0\u2ff1-\u303e\u3041-\u3130\u3190-\u31ff\u3220-\u325f"
    "\u327f-\ua4cf\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff9f\uffe0-\uffe6\uffe8-\uffee"
    "\U00016fe0-\U0001b2ff\U0001f200-\U0001f2ff\U00020000-\U0003fffd"
)
"""Inside of a character class: what is as wide as a Han character, without Hangul and emoji."""
CHINESE_MARKS = "\u00b7\u2013\u2014\u2018\u2019\u201c\u201d\u2025\u2026"
"""Punctuation that is wide in Chinese text and narrow elsewhere: · – — ‘ ’ “ ” ‥ …"""

_WIDE = re.compile(f"[{WIDE}]")
_WIDE_OR_MARK = re.compile(f"[{WIDE}{CHINESE_MARKS}]")
_LINE_BREAK = re.compile(r"(?<![ \t\r\f\n])[ \t\r\f]*+\n[ \t\r\f\n]*+")
_HAN = r"[\u3400-\u9fff]"
_LETTER = r"[\u3400-\u9fff，。、：；！？]"
_SPACED = re.compile(rf"(?<!\S){_HAN}(?:\s++{_LETTER}(?!\S)){{3,}}+")
# Cheap to look for in text without double spaces: nearly none of it has one.
_SPACED_SIGN = re.compile(rf" {_LETTER} {_LETTER} ")
_WHITE = re.compile(r"\s+")


def line_breaks(text: str) -> list[Span]:
    """Where a line break, with the blanks around it, stands between two wide characters."""
    return [found.span() for found in _LINE_BREAK.finditer(text) if _joins(text, *found.span())]


def letter_spaces(text: str) -> list[Span]:
    """Where white space separates the letters of a phrase: four or more, each alone."""
    return [
        (run.start() + white.start(), run.start() + white.end())
        for run in _SPACED.finditer(text)
        for white in _WHITE.finditer(run[0])
    ]


def without_line_breaks(text: str) -> str:
    return without(text, line_breaks(text)) if "\n" in text else text


def without_letter_spaces(text: str) -> str:
    """`text`, in which each run of white space is one space already, without those of letters."""
    return without(text, letter_spaces(text)) if _SPACED_SIGN.search(text) else text


def without(text: str, spans: list[Span]) -> str:
    """The text without those spans, which are in order and do not overlap."""
    kept, position = [], 0
    for start, end in spans:
        kept.append(text[position:start])
        position = end
    return "".join([*kept, text[position:]])


def _joins(text: str, start: int, end: int) -> bool:
    before, after = text[max(0, start - 1) : start], text[end : end + 1]
    if _WIDE.match(before):
        return bool(_WIDE_OR_MARK.match(after))
    return bool(_WIDE_OR_MARK.match(before) and _WIDE.match(after))
