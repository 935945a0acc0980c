"""Finds names that continue what is typed, by characters, pinyin and sound.

Names are found by their beginning, by pinyin whole or begun (`yuanyuz`), by initials (`yyz`), by
characters inside, by initials and syllables mixed (`szrenminbi`), by mixed scripts (`yuan宇宙`) or
by the same sound (元宇舟).
"""

from collections.abc import Callable, Iterator, Sequence
from enum import IntEnum

from search.pinyin import spell
from search.suggestions.prefix_index import PrefixIndex
from search.suggestions.typed_text import TypedText
from search.vocabulary import VocabularyEntry

MAX_LINES = 50
"""Maximum matching lines read for one kind of match."""
MIN_INSIDE_LETTERS = 4
"""Fewer letters of pinyin begin a syllable in too many names to be meant (lv: 上调利率)."""


class Fit(IntEnum):
    """How a name continues the typed text, the best first."""

    EXACT = 1
    BEGINNING = 2
    PINYIN = 3
    INITIALS = 4
    INSIDE = 5
    PINYIN_INSIDE = 6
    SHORTENED = 7
    SOUND = 8


class NameIndex:
    """Names, the best first."""

    def __init__(self, names: Sequence[VocabularyEntry]) -> None:
        self._names = names
        self._index = PrefixIndex(
            (name.text for name in names), (spell(name.text) for name in names)
        )

    def matching(
        self, typed: TypedText, *, begun: bool = False
    ) -> Iterator[tuple[Fit, VocabularyEntry]]:
        """Names by fit, then in their own order; a name may come again with a worse fit. `begun`:
        only those that begin with what is typed."""
        by_characters = [] if typed.marked else list(self._by_characters(typed, begun))
        by_pinyin: list[tuple[Fit, int]] = []
        if typed.letters and (typed.latin or not by_characters):
            by_pinyin = list(self._by_pinyin(typed, begun))
        for fit, line in sorted([*by_characters, *by_pinyin], key=lambda found: found[0]):
            yield fit, self._names[line]

    def _by_characters(self, typed: TypedText, begun: bool) -> Iterator[tuple[Fit, int]]:
        lines, text = self._index.characters, typed.text
        yield from ((Fit.EXACT, line) for line in lines.equal(text, MAX_LINES))
        yield from ((Fit.BEGINNING, line) for line in lines.starting(text, MAX_LINES))
        if not begun:
            yield from ((Fit.INSIDE, line) for line in lines.holding(text, MAX_LINES))

    def _by_pinyin(self, typed: TypedText, begun: bool) -> Iterator[tuple[Fit, int]]:
        lines = self._index.letters
        whole = [*_each(lines.equal, typed.letters), *_each(lines.starting, typed.letters)]
        found = [(Fit.PINYIN, line) for line in whole]
        if typed.latin:
            initials = self._index.initials
            exact = initials.equal(typed.initials, MAX_LINES)
            begins = initials.starting(typed.initials, MAX_LINES)
            found += [(Fit.INITIALS, line) for line in (*exact, *begins)]
        if typed.latin and not begun:
            if len(typed.letters[0]) >= MIN_INSIDE_LETTERS:
                found += [(Fit.PINYIN_INSIDE, line) for line in _each(lines.holding, typed.letters)]
            if not whole:
                found += [(Fit.SHORTENED, line) for line in _each(lines.abbreviated, typed.letters)]
        for fit, line in found:
            if typed.marked and self._names[line].text.isascii():
                continue
            if typed.han in self._names[line].text:
                yield fit, line
            elif fit is Fit.PINYIN and len(typed.han) > 1:
                yield Fit.SOUND, line


def _each(find: Callable[[str, int], list[int]], needles: Sequence[str]) -> list[int]:
    return [line for needle in needles for line in find(needle, MAX_LINES)]
