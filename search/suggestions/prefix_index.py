"""Searches many short texts, the best first, by characters, pinyin and initials.

All texts are one string with a line for each: `str.find` searches 34,000 titles in under a
millisecond, and the first lines found are the best.
"""

import re
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from index.text.han import is_han
from search.pinyin import Spelling

MAX_PLACES = 2_000
"""Occurrences checked for one needle: common letters may never occur at the start of a word."""


class TextLines:
    """Lines of one kind. `text` has a line break before every line."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.text = "\n" + "\n".join(lines) + "\n"
        self._starts = array("I")
        position = self.text.find("\n")
        while position < len(self.text) - 1:
            self._starts.append(position + 1)
            position = self.text.find("\n", position + 1)

    def equal(self, needle: str, limit: int) -> list[int]:
        """Numbers of the first lines that are the needle."""
        return list(islice(self._find(f"\n{needle}\n"), limit))

    def starting(self, needle: str, limit: int) -> list[int]:
        """Numbers of the first lines that begin with the needle."""
        return list(islice(self._find("\n" + needle), limit))

    def holding(self, needle: str, limit: int) -> list[int]:
        """Numbers of the first lines with the needle at a possible start of a word."""
        return list(islice(self._find(needle), limit))

    def holding_all(self, needles: list[str], limit: int) -> list[int]:
        """Numbers of the first lines that contain all needles, in any order."""
        lines = self._find(max(needles, key=len))
        fitting = (n for n in lines if all(needle in self._line(n) for needle in needles))
        return list(islice(fitting, limit))

    def may_begin(self, position: int) -> bool:
        """Whether a word may begin here: any Han character, or a letter after a non-letter."""
        return not all(map(_is_letter, self.text[position - 1 : position + 1]))

    def _line(self, number: int) -> str:
        start = self._starts[number]
        return self.text[start : self.text.find("\n", start)]

    def _find(self, needle: str, fits: Callable[[int], bool] | None = None) -> Iterator[int]:
        at_start, fits = needle[0] == "\n", fits or self.may_begin
        position = self.text.find(needle)
        for _ in range(MAX_PLACES):
            if position < 0:
                return
            if at_start or fits(position):
                yield bisect_right(self._starts, position + at_start) - 1
                position = self.text.find("\n", position + 1) - 1
            position = self.text.find(needle, position + 1)


def _is_letter(character: str) -> bool:
    return character.isalnum() and not is_han(character)


class LetterLines(TextLines):
    """Lines of Latin letters with a capital at each syllable or word; needles are lower case."""

    def __init__(self, lines: Iterable[str]) -> None:
        super().__init__(lines)
        self._cased = self.text
        self.text = self.text.lower()

    def may_begin(self, position: int) -> bool:
        return not self._cased[position].islower()

    def whole(self, needle: str, limit: int) -> list[int]:
        """Numbers of the first lines with the needle from one capital to another."""

        def fits(position: int) -> bool:
            return self.may_begin(position) and self.may_begin(position + len(needle))

        return list(islice(self._find(needle, fits), limit))

    def abbreviated(self, needle: str, limit: int) -> list[int]:
        """Numbers of the first lines whose syllables begin with its parts: yuyz → YuanYuZhou."""
        rest = "".join(rf"(?:{letter}|[a-z]*{letter.upper()})" for letter in needle[1:])
        pattern = re.compile(f"\n{needle[0].upper()}{rest}")
        found = islice(pattern.finditer(self._cased), limit)
        return [bisect_right(self._starts, match.end()) - 1 for match in found]


class PrefixIndex:
    """Texts, the best first, with their pinyin."""

    def __init__(self, texts: Iterable[str], spellings: Iterable[Spelling]) -> None:
        spelled = list(spellings)
        self.characters = TextLines(texts)
        self.letters = LetterLines(spelling.letters for spelling in spelled)
        self.initials = TextLines(spelling.initials for spelling in spelled)
