"""Merges batches into posting arrays, sorted once for each segment."""

from collections.abc import Callable
from dataclasses import dataclass

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
)

ARTICLE_SHIFT, TERM_SHIFT = 16, 40
MAX_ARTICLES = 1 << (TERM_SHIFT - ARTICLE_SHIFT)

SORT_COPIES = 4
"""Arrays of the length of a field's keys that `field` needs at once, besides the collected ones."""

U64 = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class InvertedField:
    """One field of a segment: `terms` in byte order; the postings of term k are
    `articles[starts[k]:starts[k + 1]]`, ascending, with their `counts` (None: not counted)."""

    terms: list[bytes]
    starts: NDArray[np.int64]
    articles: U32
    counts: NDArray[np.uint16] | None


class Inverter:
    """Collects batches, then returns one field after the other and frees its memory."""

    def __init__(self) -> None:
        self.size = 0
        self._bytes = dict.fromkeys(INVERTED, 0)
        self._vocabulary: dict[str, dict[str, int]] = {name: {} for name in INVERTED}
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
        numbers = [vocabulary.setdefault(term, len(vocabulary)) for term in counted.terms]
        term = np.array(numbers, np.uint64)[counted.term]
        self._collect(name, self._keyed(term, counted.article) | counted.count)
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
            return _split(keys, _spelling(name))
        vocabulary = self._vocabulary.pop(name)
        terms = sorted(vocabulary, key=_encode)
        rank = np.empty(len(terms), np.uint64)
        rank[[vocabulary[term] for term in terms]] = np.arange(len(terms), dtype=np.uint64)
        postings = keys & np.uint64((1 << TERM_SHIFT) - 1)
        keys >>= np.uint64(TERM_SHIFT)
        keys = (rank[keys.astype(np.int64)] << np.uint64(TERM_SHIFT)) | postings
        keys.sort()
        return _split(keys, terms.__getitem__, counted=name in TOKEN_FIELDS)


def _spelling(name: str) -> Callable[[int], str]:
    """Code → term. Codes ascend as their terms do: UTF-8 keeps the order of code points."""
    if name == CHARACTER_TERMS:
        return chr
    common = common_characters()
    return lambda code: common[code >> BATCH_BITS] + common[code & (BATCH_LIMIT - 1)]


def _split(keys: U64, term_of: Callable[[int], str], *, counted: bool = False) -> InvertedField:
    """The terms of sorted keys, and their postings."""
    codes = (keys >> np.uint64(TERM_SHIFT)).astype(np.uint32)
    firsts = np.flatnonzero(np.concatenate(([True], codes[1:] != codes[:-1]))[: len(codes)])
    starts = np.concatenate((firsts, [len(keys)])).astype(np.int64)
    terms = [_encode(term_of(code)) for code in codes[firsts].tolist()]
    del codes
    counts = (keys & np.uint64(MAX_FREQUENCY)).astype(np.uint16) if counted else None
    keys >>= np.uint64(ARTICLE_SHIFT)
    articles = (keys & np.uint64(MAX_ARTICLES - 1)).astype(np.uint32)
    return InvertedField(terms, starts, articles, counts)


def _encode(term: str) -> bytes:
    return term.encode("utf-8", "surrogatepass")
