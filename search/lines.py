"""Many short texts in order of rank, searched by their characters, pinyin and initials.

Each is one string with a line a text: `str.find` goes through 34,000 titles in under a
millisecond, and the first lines it comes upon are the best.
"""

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterable
from itertools import islice

from index.mixed import is_han
from search.pinyin import Spelling

MAX_TRIES = 2_000
"""Places looked at for one needle: letters that stand everywhere but never where they may."""


class Column:
    """Lines of one kind. `text` has a line break before every line."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.text = "\n" + "\n".join(lines) + "\n"
        self._starts = array("I")
        position = self.text.find("\n")
        while position < len(self.text) - 1:
            self._starts.append(position + 1)
            position = self.text.find("\n", position + 1)

    def starting(self, needle: str, limit: int) -> list[int]:
        """Numbers of the first lines that begin so."""
        return self._find("\n" + needle, limit)

    def holding(self, needle: str, limit: int) -> list[int]:
        """Numbers of the first lines that hold it where a word may begin."""
        return self._find(needle, limit)

    def may_begin(self, position: int) -> bool:
        """Han characters are words everywhere, letters where no letter stands before."""
        return not all(map(_is_letter, self.text[position - 1 : position + 1]))

    def _find(self, needle: str, limit: int) -> list[int]:
        found: list[int] = []
        position, tries = self.text.find(needle), 0
        while position >= 0 and len(found) < limit and tries < MAX_TRIES:
            tries += 1
            if needle[0] == "\n" or self.may_begin(position):
                line = bisect_right(self._starts, position + (needle[0] == "\n")) - 1
                found.append(line)
                position = self.text.find("\n", position + 1) - 1
            position = self.text.find(needle, position + 1)
        return found


def _is_letter(character: str) -> bool:
    return character.isalnum() and not is_han(character)


class LetterColumn(Column):
    """Lines in letters with a capital where a syllable begins; needles are small."""

    def __init__(self, lines: Iterable[str]) -> None:
        super().__init__(lines)
        self._cased = self.text
        self.text = self.text.lower()

    def may_begin(self, position: int) -> bool:
        return not self._cased[position].islower()

    def abbreviated(self, needle: str, limit: int) -> list[int]:
        """Numbers of the first lines whose syllables begin so, in turn: yuyz → YuanYuZhou."""
        rest = "".join(rf"(?:{letter}|[a-z]*{letter.upper()})" for letter in needle[1:])
        pattern = re.compile(f"\n{needle[0].upper()}{rest}")
        found = islice(pattern.finditer(self._cased), limit)
        return [bisect_right(self._starts, match.end()) - 1 for match in found]


class Lines:
    """Texts, the best first, with how they are spelled."""

    def __init__(self, texts: Iterable[str], spellings: Iterable[Spelling]) -> None:
        spelled = list(spellings)
        self.characters = Column(texts)
        self.letters = LetterColumn(spelling.letters for spelling in spelled)
        self.initials = Column(spelling.initials for spelling in spelled)
