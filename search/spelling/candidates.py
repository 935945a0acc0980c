"""Finds names and words that sound or look like the typed text, as possible corrections."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from itertools import islice, product

from index.text.han import is_han
from search.pinyin import blur, readings_of, spell, typed_pinyin, with_umlauts
from search.query.stopwords import linking_words
from search.spelling.edits import look_alikes, one_slip_apart, transposed
from search.spelling.query_words import Stretch
from search.vocabulary import VocabularyEntry

MAX_SPELLINGS = 8
"""Maximum pronunciations tried for one stretch whose characters have several readings."""
MIN_LATIN_LETTERS = 5
"""Shorter Latin words and pinyin are not corrected: one letter off is often another word."""


MIN_INITIALS, MAX_INITIALS = 3, 8
"""Fewer letters are initials of too many names, and nobody types more."""


class Slip(IntEnum):
    """Kinds of spelling error, the most likely first."""

    SOUND = 1
    PINYIN = 2
    ORDER = 3
    LETTER = 4
    SHAPE = 5
    ACCENT = 6
    INITIALS = 7


@dataclass(frozen=True, slots=True)
class Replacement:
    """A correction of the query's [start, end). `typed`: that text, normalised. `name`: its
    replacement. `changed`: number of characters that differ. `length`: typed spelling units."""

    start: int
    end: int
    typed: str
    slip: Slip
    name: VocabularyEntry
    changed: int
    length: int

    @property
    def rank(self) -> tuple[bool, int, int, int, bool, int]:
        """Sort key: the more likely kind, the longer word, then fewer changes. Words of two
        characters come last, because many different errors lead to them."""
        name, short = self.name, len(self.name.text) == 2
        return (short, self.slip, -self.length, self.changed, not name.is_concept, -name.articles)


class CandidateIndex:
    """Names and words, indexed by pronunciation and by similar spellings."""

    def __init__(self, names: Iterable[VocabularyEntry]) -> None:
        self._by_text: dict[str, VocabularyEntry] = {}
        self._by_letters: dict[str, list[VocabularyEntry]] = defaultdict(list)
        self._by_accent: dict[str, list[VocabularyEntry]] = defaultdict(list)
        self._by_initials: dict[str, list[VocabularyEntry]] = defaultdict(list)
        self._latin: dict[tuple[str, int], list[VocabularyEntry]] = defaultdict(list)
        for name in names:
            if self._by_text.setdefault(name.text, name) is name:
                self._add(name)

    def _add(self, name: VocabularyEntry) -> None:
        if name.text.isascii():
            self._latin[name.text[0], len(name.text)].append(name)
            return
        spelling = spell(name.text)
        letters = spelling.letters.lower()
        self._by_letters[letters].append(name)
        if name.is_concept:
            self._by_accent[blur(letters)].append(name)
            if is_han(name.text):
                self._by_initials[spelling.initials].append(name)

    def fixes(self, words: Stretch) -> Iterator[Replacement]:
        """All likely replacements of the words; none if they already are a name."""
        if words.text in self._by_text or words.solid in self._by_text:
            return
        for slip, name in self._candidates(words):
            kept = sum(a == b for a, b in zip(words.solid, name.text, strict=False))
            changed = len(name.text) - kept
            if _is_likely(words, slip, name, changed):
                start, end = words.units[0].start, words.units[-1].end
                yield Replacement(start, end, words.text, slip, name, changed, len(words.units))

    def _candidates(self, words: Stretch) -> Iterator[tuple[Slip, VocabularyEntry]]:
        heard = Slip.SOUND if words.han else Slip.PINYIN
        for letters in _spellings(words):
            yield from ((heard, name) for name in self._by_letters.get(letters, ()))
            yield from ((Slip.ACCENT, name) for name in self._by_accent.get(blur(letters), ()))
        if words.han:
            yield from self._named(Slip.ORDER, transposed(words.text))
            yield from self._named(Slip.SHAPE, look_alikes(words.text))
        elif words.text.isalpha() and MIN_INITIALS <= len(words.text) <= MAX_INITIALS:
            yield from ((Slip.INITIALS, name) for name in self._by_initials.get(words.text, ()))
        if words.text.isascii() and len(words.text) >= MIN_LATIN_LETTERS:
            yield from ((Slip.LETTER, name) for name in self._one_letter_off(words.text))

    def _named(self, slip: Slip, texts: Iterable[str]) -> Iterator[tuple[Slip, VocabularyEntry]]:
        return ((slip, self._by_text[text]) for text in texts if text in self._by_text)

    def _one_letter_off(self, text: str) -> Iterator[VocabularyEntry]:
        for length in range(max(MIN_LATIN_LETTERS, len(text) - 1), len(text) + 2):
            for name in self._latin.get((text[0], length), ()):
                if one_slip_apart(text, name.text):
                    yield name


def _spellings(words: Stretch) -> Iterator[str]:
    """Pronunciations of the stretch; none if a character has no known reading."""
    readings = (readings_of(unit.text) if unit.han else _ways(unit.text) for unit in words.units)
    return map("".join, islice(product(*readings), MAX_SPELLINGS))


def _ways(typed: str) -> tuple[str, ...]:
    return with_umlauts(typed_pinyin(typed))


def _is_likely(words: Stretch, slip: Slip, name: VocabularyEntry, changed: int) -> bool:
    """Whether the error is plausible: most of the word is kept, and short words are trusted."""
    if slip in (Slip.LETTER, Slip.INITIALS):
        return True
    if not words.han:
        return _is_pinyin_of(words, slip, name)
    length = len(words.text)
    if len(name.text) != length or _changes_links(words, name):
        return False
    if len(words.tokens) == 1 or length == 2:
        whole = len(words.tokens) == 1
        kinds = (Slip.SOUND,) if whole or not name.is_concept else (Slip.SOUND, Slip.SHAPE)
        known = name.is_concept or not whole
        return known and slip in kinds and (whole or changed == 1)
    if slip is Slip.SOUND:
        return changed <= (length // 2 if length > 3 or not name.is_concept else 2)
    return slip is Slip.ORDER or changed == 1


def _changes_links(words: Stretch, name: VocabularyEntry) -> bool:
    """Whether a linking word (被, 和) would be replaced; those are assumed to be intended."""
    pairs = zip(words.text, name.text, strict=True)
    changed = {typed for typed, meant in pairs if typed != meant}
    return any(token.text in changed & linking_words() for token in words.tokens)


def _is_pinyin_of(words: Stretch, slip: Slip, name: VocabularyEntry) -> bool:
    """Whether Latin units are pinyin of the name, and Han units equal its characters."""
    if not is_han(name.text) or (words.text.isascii() and len(words.solid) < MIN_LATIN_LETTERS):
        return False
    if slip is Slip.ACCENT and len(name.text) < 3:
        return False
    position = 0
    for unit in words.units:
        at = name.text.find(unit.text, position) if unit.han else position
        if at < 0:
            return False
        position = at + 1
    return True
