"""Merges batches into posting arrays, sorted once for each segment."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np
from numpy.typing import NDArray

from index.engines.api import TOKEN_FIELDS
from index.engines.whoosh.fields import CHARACTER_TERMS, INVERTED, NUMBERS, PAIR_TERMS
from index.engines.whoosh.pack import (
    BATCH_BITS,
    BATCH_LIMIT,
    MAX_FREQUENCY,
    U32,
    Batch,
    FieldPostings,
    common_characters,
    is_first,
)

ARTICLE_SHIFT, TERM_SHIFT = 16, 40
MAX_ARTICLES = 1 << (TERM_SHIFT - ARTICLE_SHIFT)

SORT_COPIES = 4
"""Arrays of the length of a field's keys that `field` needs at once, besides the collected ones."""

U64 = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class InvertedField:
    """One field of a segment: term k is `terms[ends[k]:ends[k + 1]]`, in byte order; its postings
    are `articles[starts[k]:starts[k + 1]]`, ascending, with their `counts` (None: not counted)."""

    terms: bytes
    ends: U32
    starts: NDArray[np.int64]
    articles: U32
    counts: NDArray[np.uint16] | None


class Inverter:
    """Collects batches, then returns one field after the other and frees its memory."""

    def __init__(self) -> None:
        self.size = 0
        self._bytes = dict.fromkeys(INVERTED, 0)
        self._vocabulary: dict[str, defaultdict[str, int]] = {
            name: defaultdict(count().__next__) for name in INVERTED
        }
        self._keys: dict[str, list[U64]] = {name: [] for name in INVERTED}
        self.lengths: dict[str, list[U32]] = {name: [] for name in TOKEN_FIELDS}
        self.numbers: dict[str, list[int]] = {name: [] for name in NUMBERS}

    def add(self, batch: Batch) -> None:
        for name, counted in batch.fields.items():
            self._add_counted(name, counted)
        for name, packed in ((CHARACTER_TERMS, batch.characters), (PAIR_TERMS, batch.pairs)):
            code = packed.astype(np.uint64) >> np.uint64(BATCH_BITS)
            self._collect(name, self._keyed(code, packed & np.uint32(BATCH_LIMIT - 1)))
        for name, values in batch.numbers.items():
            self.numbers[name] += values
        self.size += batch.size

    def _add_counted(self, name: str, counted: FieldPostings) -> None:
        vocabulary = self._vocabulary[name]
        numbers = _numbers(vocabulary, counted.terms)
        keys = self._keyed(numbers[counted.term], counted.article)
        self._collect(name, keys | counted.count)
        if name in self.lengths:
            self.lengths[name].append(counted.lengths)

    def _collect(self, name: str, keys: U64) -> None:
        self._keys[name].append(keys)
        self._bytes[name] += keys.nbytes

    @property
    def to_finish(self) -> int:
        """Bytes that sorting the largest field needs, besides the collected batches."""
        return SORT_COPIES * max(self._bytes.values())

    def _keyed(self, term: U64, article: U32) -> U64:
        """term (24 bits) | article (24 bits) | count (16 bits, left at 0): one sort orders all."""
        shifted = (article.astype(np.uint64) + np.uint64(self.size)) << np.uint64(ARTICLE_SHIFT)
        return (term << np.uint64(TERM_SHIFT)) | shifted

    def field(self, name: str) -> InvertedField:
        """The postings of a field, sorted by term and article. Call once for each field."""
        chunks = self._keys.pop(name)
        keys = np.concatenate(chunks) if chunks else np.empty(0, np.uint64)
        chunks.clear()
        if name in (CHARACTER_TERMS, PAIR_TERMS):
            keys.sort()
            return _split(keys, _characters_of if name == CHARACTER_TERMS else _pairs_of)
        vocabulary = self._vocabulary.pop(name)
        terms = sorted(vocabulary)  # UTF-8 keeps the order of code points
        rank = np.empty(len(terms), np.uint64)
        rank[_numbers(vocabulary, terms)] = np.arange(len(terms), dtype=np.uint64)
        postings = keys & np.uint64((1 << TERM_SHIFT) - 1)
        keys >>= np.uint64(TERM_SHIFT)
        keys = (rank[keys.astype(np.int64)] << np.uint64(TERM_SHIFT)) | postings
        keys.sort()
        return _split(keys, lambda codes: _terms_of(terms, codes), counted=name in TOKEN_FIELDS)


def _numbers(vocabulary: Mapping[str, int], terms: Collection[str]) -> U64:
    return np.fromiter(map(vocabulary.__getitem__, terms), np.uint64, len(terms))


Terms = tuple[str, NDArray[np.int64]]
"""Terms that follow one another, and the characters of each."""


def _terms_of(terms: Sequence[str], codes: U32) -> Terms:
    """All of them: every term has postings."""
    return "".join(terms), np.fromiter(map(len, terms), np.int64, len(codes))


# Codes of characters and pairs ascend as their terms do: UTF-8 keeps the order of code points.


def _characters_of(codes: U32) -> Terms:
    return _text_of(codes), np.ones(len(codes), np.int64)


def _pairs_of(codes: U32) -> Terms:
    common = _code_points(common_characters())
    both = np.stack((common[codes >> BATCH_BITS], common[codes & (BATCH_LIMIT - 1)]), axis=1)
    return _text_of(both), np.full(len(codes), 2, np.int64)


def _split(keys: U64, terms_of: Callable[[U32], Terms], *, counted: bool = False) -> InvertedField:
    """The terms of sorted keys, and their postings."""
    codes = (keys >> np.uint64(TERM_SHIFT)).astype(np.uint32)
    firsts = np.flatnonzero(is_first(codes))
    starts = np.concatenate((firsts, [len(keys)])).astype(np.int64)
    text, lengths = terms_of(codes[firsts])
    del codes
    counts = (keys & np.uint64(MAX_FREQUENCY)).astype(np.uint16) if counted else None
    keys >>= np.uint64(ARTICLE_SHIFT)
    articles = (keys & np.uint64(MAX_ARTICLES - 1)).astype(np.uint32)
    terms = text.encode("utf-8", "surrogatepass")
    return InvertedField(terms, _byte_ends(text, lengths), starts, articles, counts)


def _byte_ends(text: str, lengths: NDArray[np.int64]) -> U32:
    """In UTF-8, where each term ends, after a 0."""
    points = _code_points(text)
    widths = 1 + (points >= 0x80) + (points >= 0x800) + (points >= 0x10000)
    ends = np.concatenate(([0], np.cumsum(widths)))[np.cumsum(lengths)]
    return np.concatenate(([0], ends)).astype(np.uint32)


def _code_points(text: str) -> U32:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def _text_of(points: U32) -> str:
    return points.tobytes().decode("utf-32-le", "surrogatepass")
