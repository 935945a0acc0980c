"""Emphasis beside Chinese text: when a run of `*`, `_` or `~` may open or close.

CommonMark takes `：”）` for punctuation beside which emphasis needs a space, and Chinese has no
spaces: in `**开源：**代码` it closes nothing. This is the rule of
https://github.com/tats-u/markdown-cjk-friendly/blob/main/specification.md, with one addition: marks
like “ ” — …, which Unicode counts as wide in Chinese text only, are Chinese here.
"""

import re
from collections.abc import MutableMapping
from functools import lru_cache
from typing import Any, NamedTuple

from markdown_it import MarkdownIt
from markdown_it.common.utils import isMdAsciiPunct, isPunctChar, isWhiteSpace
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_inline.state_inline import Scanned, StateInline
from markdown_it.token import Token

from index.text.white_space import CHINESE_MARKS, WIDE

_CJK = re.compile(
    f"[{WIDE}{CHINESE_MARKS}\u1100-\u11ff\u3131-\u318e\uac00-\ud7ff\U000e0100-\U000e01ef]"
)
_VARIATION = re.compile("[\ufe00-\ufe0e]")
# Characters that a rule looks at. The library stops at `- : # %` and others too, for plug-ins.
_LOOKED_AT = re.compile(r"[\n!&*<=\[\\\]^_`~]")


class _Side(NamedTuple):
    """What stands on one side of a run."""

    white: bool
    punctuation: bool
    cjk: bool

    @property
    def foreign_mark(self) -> bool:
        return self.punctuation and not self.cjk

    @property
    def frees(self) -> bool:
        """Whether a foreign mark on the other side does not matter."""
        return self.white or self.punctuation or self.cjk


class _ChineseState(StateInline):
    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:  # noqa: N802, N803
        """As the library's, with the amended definitions of left- and right-flanking."""
        marker, end = self.src[start], start
        while end < self.posMax and self.src[end] == marker:
            end += 1
        before, after = self._before(start), _side(self.src[end] if end < self.posMax else " ")
        left = not after.white and (not after.foreign_mark or before.frees)
        right = not before.white and (not before.foreign_mark or after.frees)
        return Scanned(
            left and (canSplitWord or not right or before.punctuation),
            right and (canSplitWord or not left or after.punctuation),
            end - start,
        )

    def _before(self, start: int) -> _Side:
        if start > 1 and _VARIATION.match(self.src, start - 1):
            start -= 1
        return _side(self.src[start - 1] if start else " ")


class ChineseInline(ParserInline):
    """Parses what stands within a block of Markdown."""

    def __init__(self) -> None:
        super().__init__()
        self.terminator_re = _LOOKED_AT

    def parse(
        self, src: str, md: MarkdownIt, env: MutableMapping[str, Any], tokens: list[Token]
    ) -> list[Token]:
        state = _ChineseState(src, md, env, tokens)
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)
        return state.tokens


@lru_cache(maxsize=4096)
def _side(character: str) -> _Side:
    code = ord(character)
    punctuation = isMdAsciiPunct(code) or isPunctChar(character)
    return _Side(isWhiteSpace(code), punctuation, bool(_CJK.match(character)))
