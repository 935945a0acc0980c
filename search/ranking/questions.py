"""The whole question that was typed, as titles ask it: NFT 是什么, also 什么是NFT.

Function words are dropped from a query, so its words alone say less than what was asked.
"""

import re
from collections.abc import Sequence

from index.text.han import HAN

WHAT_IS, IS_WHAT = "什么是", "是什么"
"""A definition is asked for in either order."""
_LATIN = "0-9a-z"
_SPACE = re.compile(f"(?<=[{_LATIN}]) (?=[{HAN}])|(?<=[{HAN}]) (?=[{_LATIN}])")
_NO_SPACE = re.compile(f"(?<=[{_LATIN}])(?=[{HAN}])|(?<=[{HAN}])(?=[{_LATIN}])")


def questions(phrase: str) -> tuple[str, ...]:
    """A normalised question as titles may ask it, with no space between Latin and Han."""
    asked = _joined(phrase)
    turned = asked
    if asked.startswith(WHAT_IS):
        turned = asked.removeprefix(WHAT_IS).strip() + IS_WHAT
    elif asked.endswith(IS_WHAT):
        turned = WHAT_IS + asked.removesuffix(IS_WHAT).strip()
    return tuple(dict.fromkeys((asked, turned)))


def title_spellings(question: str) -> tuple[str, ...]:
    """Without and with spaces between Latin and Han."""
    return tuple(dict.fromkeys((question, _NO_SPACE.sub(" ", question))))


def asks(title: str, asked: Sequence[str]) -> bool:
    """Whether any of these questions stands in a normalised title between punctuation, spaces or
    its ends: 什么是区块链 does not in 什么是区块链游戏."""
    joined = _joined(title) if asked else ""
    for question in asked:
        at = joined.find(question)
        if at >= 0:
            end = at + len(question)
            around = joined[max(0, at - 1) : at] + joined[end : end + 1]
            if not any(map(str.isalnum, around)):
                return True
    return False


def _joined(text: str) -> str:
    return _SPACE.sub("", text)
