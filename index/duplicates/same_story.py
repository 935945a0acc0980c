"""Decides whether two articles tell one story, from their two texts alone; symmetric.

A repost adds a line, drops a paragraph or changes the title. Two issues of a column written to a
template differ in the slots: numbers, names, days. So most of the text must agree, and little may
be *exchanged* for other text. How each constant was chosen: docs/how/stories.md.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from typing import TypeVar

import numpy as np

from index.duplicates.minhash import U64, letters, shingles
from index.text.boilerplate import own_text
from index.text.dates import DAY_SECONDS

MAX_DAYS = 30
"""Reposts come within days. A copy a year later is next year's notice."""
MIN_OVERLAP, MIN_OVERLAP_SHORT = 0.5, 0.6
"""Jaccard similarity of the shingles; the second for texts shorter than SHORT_LETTERS."""
SHORT_LETTERS = 70
MAX_CONFLICT = 0.15
"""Numbers that only one text has, as a share of the shorter list of numbers."""
MAX_EXCHANGED = 0.2
"""Exchanged letters as a share of the shorter text."""
MAX_SLOTS = 1
"""Places inside the text where two or more letters are exchanged for two or more others."""
ANCHOR = 4
"""Letters in a row that must agree between two exchanges."""
COMPARED = 1500
"""Letters compared at most: the cost grows with the product of the lengths."""
MAX_EQUAL_PAIRS = 150_000
"""Pairs of equal letters, one of each text, that are looked at: 1,500 letters of English have so
many, of Chinese a tenth. Texts of two or three letters have so many more that one comparison took a
third of a second."""

_DIGITS, _NUMERALS = r"[0-9]+(?:[.,][0-9]+)*", "[一二三四五六七八九十百千万亿〇零两]"
_NUMBERS = re.compile(rf"{_DIGITS}|{_NUMERALS}{{2,}}|[二三四五六七八九十]")
"""In a text, a single 一, 两 or 万 is more often part of a word than a number."""
_NUMBER = rf"{_DIGITS}|{_NUMERALS}+"
_TITLE_TOKENS = re.compile(rf"{_NUMBER}|[a-z]+|[^\W_]")
_SENTENCES = re.compile(r"[。!?;\n]+")

Text = TypeVar("Text", str, list[str])
Exchange = tuple[str, str]
Operation = tuple[str, int, int, int, int]
"""An opcode of difflib: tag, span of the first text, span of the second."""


@dataclass(frozen=True)
class StoryEvidence:
    """What `same_story` compares. Title and text are normalised; `published`: epoch seconds, None
    unless a date was given."""

    title: str
    text: str
    published: int | None

    @cached_property
    def own(self) -> str:
        return own_text(self.text)

    @cached_property
    def letters(self) -> str:
        return letters(self.own)

    @cached_property
    def shingles(self) -> U64:
        return np.unique(shingles(self.letters))

    @cached_property
    def numbers(self) -> Counter[str]:
        return Counter(_NUMBERS.findall(self.own))

    @cached_property
    def sentences(self) -> list[str]:
        return [kept for part in _SENTENCES.split(self.own) if (kept := letters(part))]


def same_story(a: StoryEvidence, b: StoryEvidence) -> bool:
    """Whether one is a repost of the other. True for an article and itself if it has text."""
    return (
        not too_far_apart(a.published, b.published)
        and _numbers_agree(a.numbers, b.numbers)
        and _overlap(a, b)
        and not _titles_tell_apart(a, b)
        and _little_exchanged(a, b)
    )


def too_far_apart(a: int | None, b: int | None) -> bool:
    return a is not None and b is not None and abs(a - b) > MAX_DAYS * DAY_SECONDS


def _numbers_agree(a: Counter[str], b: Counter[str]) -> bool:
    """Numbers missing on one side may be in an added sentence; missing on both, they were
    exchanged."""
    conflict = min((a - b).total(), (b - a).total())
    return conflict <= MAX_CONFLICT * min(a.total(), b.total())


def _overlap(a: StoryEvidence, b: StoryEvidence) -> bool:
    shared = len(np.intersect1d(a.shingles, b.shingles, assume_unique=True))
    together = len(a.shingles) + len(b.shingles) - shared
    short = min(len(a.letters), len(b.letters)) < SHORT_LETTERS
    needed = MIN_OVERLAP_SHORT if short else MIN_OVERLAP
    return together > 0 and shared >= needed * together


def _titles_tell_apart(a: StoryEvidence, b: StoryEvidence) -> bool:
    """The titles differ by a number, or by a word that the texts exchange as well."""
    first, second = _comparable(
        *(_TITLE_TOKENS.findall(evidence.title)[:COMPARED] for evidence in (a, b))
    )
    if first == second:
        return False
    operations = _compared(first, second)
    alike = sum(high - low for tag, low, high, _, _ in operations if tag == "equal")
    if 2 * alike < min(len(first), len(second)):
        return False  # a different headline, not a template
    return any(
        (_has_number(first[i:j]) and _has_number(second[k:m]))
        or any(_confirmed(slot, a.letters, b.letters) for slot in _variants(first, second, place))
        for tag, *place in operations
        for i, j, k, m in [place]
        if tag == "replace"
    )


def _has_number(tokens: Sequence[str]) -> bool:
    return any(re.fullmatch(_NUMBER, token) for token in tokens)


def _variants(
    first: Sequence[str], second: Sequence[str], place: Sequence[int]
) -> Iterator[Exchange]:
    """The exchanged words, alone and with the token before or after: a single letter occurs in any
    text."""
    i, j, k, m = place
    if len(one := "".join(first[i:j])) > 1 and len(other := "".join(second[k:m])) > 1:
        yield one, other
    if i and k:
        yield "".join(first[i - 1 : j]), "".join(second[k - 1 : m])
    if j < len(first) and m < len(second):
        yield "".join(first[i : j + 1]), "".join(second[k : m + 1])


def _confirmed(slot: Exchange, a: str, b: str) -> bool:
    one, other = slot
    return a.count(one) > b.count(one) and b.count(other) > a.count(other)


def _little_exchanged(a: StoryEvidence, b: StoryEvidence) -> bool:
    rest_a, rest_b = _comparable(*_without_shared(a.sentences, b.sentences))
    exchanged, slots = 0, 0
    for low, high, other_low, other_high in _exchanges(rest_a, rest_b):
        size = min(high - low, other_high - other_low)
        exchanged += size
        # At the ends, an added line and a dropped line look like an exchange.
        inside = min(low, other_low) and high < len(rest_a) and other_high < len(rest_b)
        slots += bool(inside and size > 1)
    return slots <= MAX_SLOTS and exchanged <= MAX_EXCHANGED * min(len(a.letters), len(b.letters))


def _without_shared(a: list[str], b: list[str]) -> tuple[str, str]:
    """Letters of the sentences that the other text does not contain literally."""
    in_a, in_b = set(a), set(b)
    rest_a = "".join(sentence for sentence in a if sentence not in in_b)
    rest_b = "".join(sentence for sentence in b if sentence not in in_a)
    return rest_a[:COMPARED], rest_b[:COMPARED]


def _comparable(a: Text, b: Text) -> tuple[Text, Text]:
    """The beginnings of both that have no more equal pairs than are looked at."""
    counts = Counter(b)
    pairs = sum(counts[each] for each in a)
    if pairs <= MAX_EQUAL_PAIRS:
        return a, b
    share = (MAX_EQUAL_PAIRS / pairs) ** 0.5
    return a[: int(len(a) * share)], b[: int(len(b) * share)]


def _exchanges(a: str, b: str) -> Iterator[tuple[int, int, int, int]]:
    """Spans of `a` and `b` that differ; fewer than ANCHOR equal letters count as different."""
    low = other_low = 0
    for tag, i, j, k, m in _compared(a, b):
        if tag == "equal" and j - i >= ANCHOR:
            if i > low or k > other_low:
                yield low, i, other_low, k
            low, other_low = j, m
    if low < len(a) or other_low < len(b):
        yield low, len(a), other_low, len(b)


def _compared(a: Sequence[str], b: Sequence[str]) -> list[Operation]:
    # difflib breaks ties by argument order; a fixed order keeps the rule symmetric.
    if (len(a), a) <= (len(b), b):
        return [*SequenceMatcher(None, a, b, autojunk=False).get_opcodes()]
    opcodes = SequenceMatcher(None, b, a, autojunk=False).get_opcodes()
    return [(tag, k, m, i, j) for tag, i, j, k, m in opcodes]
