"""Reads a quotation from a query, and quotes a text so that it reads back unchanged.

`"` within a quotation is `\\"`; there is no other escape, so a backslash needs none.
"""

import re
from typing import NamedTuple

from index.messages import msg

_CLOSING = {
    '"': '"',
    "“": "”",
    "”": "”",
    "＂": "＂",
    "「": "」",
    "」": "」",
    "『": "』",
    "』": "』",
}
MARKS = "".join(_CLOSING)
_RIGHT = "”」』"
_DOUBLE = '"“”＂'
_UNTIL = {mark: re.compile(rf'(?>(?:\\"|[^{mark}])*){mark}') for mark in '"”＂」』'}
_UNTIL_ANY_DOUBLE = re.compile(rf'(?>(?:\\"|[^{_DOUBLE}])*)[{_DOUBLE}]')
_OTHER_PAIRS = (("“", "”"), ("「", "」"), ("『", "』"))


class Quotation(NamedTuple):
    """`text`: without marks and escapes. `end`: offset after it. `warning`: empty if none."""

    text: str
    end: int
    warning: str = ""


def read_quotation(query: str, at: int) -> Quotation:
    """The quotation whose first mark is `query[at]`.

    Its own mark closes it, else any double quote (an input method mixes them), else the end of the
    query. A mark that usually closes begins a quotation only if the same mark follows.
    """
    opening, start = query[at], at + 1
    closed = _UNTIL[_CLOSING[opening]].match(query, start)
    if closed is None and opening in _RIGHT:
        return Quotation("", start, msg("引号没有配对，多余的已忽略。"))
    if closed is None and opening in _DOUBLE:
        closed = _UNTIL_ANY_DOUBLE.match(query, start)
    if closed:
        text = _unescaped(closed[0][:-1])
        warning = "" if text.strip() else msg("引号里没有内容，已忽略。")
        return Quotation(text, closed.end(), warning)
    rest = query[start:]
    if opening == '"' and rest.endswith('\\"'):
        # Nothing else closes the quotation, so the backslash is its last character, not an escape.
        return Quotation(_unescaped(rest[:-1]), len(query))
    warning = msg("引号没有配对，引号后面的内容都当作要原样查找的文字。")
    return Quotation(_unescaped(rest).rstrip(), len(query), warning)


def quote(text: str) -> str:
    """The inverse of `read_quotation`, for any text that it returned."""
    escaped = text.replace('"', '\\"')
    if not text.endswith("\\"):
        return f'"{escaped}"'
    # The backslash would escape `"`, so use another pair, whose closing mark is not in the text.
    opening, closing = next(pair for pair in _OTHER_PAIRS if pair[1] not in text)
    return f"{opening}{escaped}{closing}"


def _unescaped(text: str) -> str:
    return text.replace('\\"', '"')
