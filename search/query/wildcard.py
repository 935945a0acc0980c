"""Words with `*`: which words of an index one matches."""

from collections.abc import Sequence
from dataclasses import dataclass

STAR = "*"


@dataclass(frozen=True, slots=True)
class WordPattern:
    """`text`: normalised; each `*` in it stands for any characters or none. It does not begin with
    one, and no two stand side by side."""

    text: str

    @property
    def beginning(self) -> str:
        """What every word that matches begins with."""
        return self.text.partition(STAR)[0]

    @property
    def is_prefix(self) -> bool:
        """Whether the only `*` is at the end."""
        return self.text == self.beginning + STAR

    def matches(self, word: str) -> bool:
        """Whether a normalised word matches."""
        beginning, *others = self.text.split(STAR)
        if not word.startswith(beginning):
            return False
        at, last = len(beginning), others.pop()
        for piece in others:
            found = word.find(piece, at)
            if found < 0:
                return False
            at = found + len(piece)
        return word.endswith(last) and len(word) - len(last) >= at

    def among(self, words: Sequence[str]) -> list[str]:
        return [word for word in words if self.matches(word)]
