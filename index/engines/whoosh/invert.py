"""Documents → posting arrays: counted in worker processes, merged and sorted once a segment."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from index.document import Document
from index.engines.base import KEYWORD_FIELDS, TOKEN_FIELDS
from index.engines.whoosh.fields import (
    CHARACTERS,
    INVERTED,
    NO_NUMBER,
    NUMBERS,
    PAIRS,
    STORED,
)
from index.engines.whoosh.texts import compress

BATCH_LIMIT = 1024
"""Articles a batch at most: ten bits of a key number them."""
BATCH_BITS = 10
BLOCK_BORDER = ord("\n")
RARE = BATCH_LIMIT - 1
"""Rank that stands for every character which is not among the common ones."""
MAX_FREQUENCY = 0xFFFF
ARTICLE_SHIFT, TERM_SHIFT = 16, 40
MAX_ARTICLES = 1 << (TERM_SHIFT - ARTICLE_SHIFT)

U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Counted:
    """One field of a batch: posting k says term `terms[term[k]]` is `count[k]` times in
    article `article[k]` of the batch."""

    terms: list[str]
    term: U32
    article: U32
    count: U32
    lengths: U32


@dataclass(frozen=True, slots=True)
class Batch:
    """What travels from a worker to the writer for up to BATCH_LIMIT documents."""

    size: int
    fields: dict[str, Counted]
    characters: U32
    pairs: U32
    numbers: dict[str, list[int]]
    stored: list[dict[str, object]]
    folded: list[bytes]
    texts: list[bytes]
    bodies: list[bytes]


def pack(documents: Sequence[Document]) -> Batch:
    """Count the terms of some documents and compress their texts."""
    if len(documents) > BATCH_LIMIT:
        raise ValueError(f"a batch holds at most {BATCH_LIMIT} documents")
    codes, owners = _characters(documents)
    return Batch(
        size=len(documents),
        fields={name: _count(_tokens(name, documents)) for name in TOKEN_FIELDS + KEYWORD_FIELDS},
        characters=_single(codes, owners),
        pairs=_pairs(codes, owners),
        numbers={name: [_number(document, name) for document in documents] for name in NUMBERS},
        stored=[_stored(document) for document in documents],
        folded=[d.folded.encode("utf-8", "surrogatepass") for d in documents],
        texts=[compress(d.text) for d in documents],
        bodies=[compress(f"{d.body_format}\n{d.body}") for d in documents],
    )


@cache
def common_characters() -> str:
    """The characters whose pairs are indexed, in the order of their code points."""
    text = files("index").joinpath("data/common_characters.txt").read_text("utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("# "))
    return "".join(sorted("".join(lines)))


def _stored(document: Document) -> dict[str, object]:
    return {
        f"stored_{name}": value
        for name in STORED
        if (value := getattr(document, name)) not in (None, ())
    }


def _number(document: Document, name: str) -> int:
    value = getattr(document, name)
    return NO_NUMBER if value is None else int(value)


def _tokens(name: str, documents: Sequence[Document]) -> list[Iterable[str]]:
    if name in TOKEN_FIELDS:
        part, layer = name.split("_", 1)
        return [getattr(getattr(d, f"{part}_layers"), layer).split() for d in documents]
    if name == "url":
        return [d.url_tokens for d in documents]
    plural = {"category": "categories", "topic": "topics", "organisation": "organisations"}
    if name in plural:
        return [list(dict.fromkeys(getattr(d, plural[name]))) for d in documents]
    values = (getattr(d, name) for d in documents)
    return [() if value is None else (value,) for value in values]


def _count(documents: list[Iterable[str]]) -> Counted:
    numbers: dict[str, int] = {}
    term: list[int] = []
    count: list[int] = []
    distinct: list[int] = []
    lengths: list[int] = []
    for tokens in documents:
        counts = Counter(tokens)
        term += [numbers.setdefault(token, len(numbers)) for token in counts]
        count += counts.values()
        distinct.append(len(counts))
        lengths.append(counts.total())
    article = np.repeat(np.arange(len(documents), dtype=np.uint32), distinct)
    clipped = np.minimum(np.array(count, np.uint32), MAX_FREQUENCY)
    return Counted(
        list(numbers), np.array(term, np.uint32), article, clipped, np.array(lengths, np.uint32)
    )


def _characters(documents: Sequence[Document]) -> tuple[U32, U32]:
    """Every character of the folded texts, one article after the other, and whose it is."""
    texts = [f"{document.folded}\n" for document in documents]
    encoded = "".join(texts).encode("utf-32-le", "surrogatepass")
    owners = np.repeat(np.arange(len(texts), dtype=np.uint32), [len(text) for text in texts])
    return np.frombuffer(encoded, np.uint32), owners


def _single(codes: U32, owners: U32) -> U32:
    visible = codes != BLOCK_BORDER
    return _unique((codes[visible] << np.uint32(BATCH_BITS)) | owners[visible])


def _pairs(codes: U32, owners: U32) -> U32:
    ranks = _ranks()[codes]
    first, second = ranks[:-1], ranks[1:]
    both = (first != RARE) & (second != RARE)
    high = (first[both] << np.uint32(2 * BATCH_BITS)) | (second[both] << np.uint32(BATCH_BITS))
    return _unique(high | owners[:-1][both])


@cache
def _ranks() -> U32:
    ranks = np.full(0x110000, RARE, np.uint32)
    for rank, character in enumerate(common_characters()):
        ranks[ord(character)] = rank
    return ranks


def _unique(keys: U32) -> U32:
    # Sorting and comparing neighbours: a third of np.unique's time here.
    keys.sort()
    if not len(keys):
        return keys
    return keys[np.concatenate(([True], keys[1:] != keys[:-1]))]


@dataclass(frozen=True, slots=True)
class Inverted:
    """One field of a segment: `terms` in byte order; the postings of term k are
    `articles[starts[k]:starts[k + 1]]`, ascending, with their `counts` (None: not counted)."""

    terms: list[bytes]
    starts: NDArray[np.int64]
    articles: U32
    counts: NDArray[np.uint16] | None


class Inverter:
    """Gathers batches; then gives one field after the other, freeing its parts."""

    def __init__(self) -> None:
        self.size = 0
        self._vocabulary: dict[str, dict[str, int]] = {name: {} for name in INVERTED}
        self._keys: dict[str, list[U64]] = {name: [] for name in INVERTED}
        self.lengths: dict[str, list[U32]] = {name: [] for name in TOKEN_FIELDS}
        self.numbers: dict[str, list[int]] = {name: [] for name in NUMBERS}

    def add(self, batch: Batch) -> None:
        for name, counted in batch.fields.items():
            self._add_counted(name, counted)
        for name, packed in ((CHARACTERS, batch.characters), (PAIRS, batch.pairs)):
            code = packed.astype(np.uint64) >> np.uint64(BATCH_BITS)
            self._keys[name].append(self._keyed(code, packed & np.uint32(BATCH_LIMIT - 1)))
        for name, values in batch.numbers.items():
            self.numbers[name] += values
        self.size += batch.size

    def _add_counted(self, name: str, counted: Counted) -> None:
        vocabulary = self._vocabulary[name]
        numbers = [vocabulary.setdefault(term, len(vocabulary)) for term in counted.terms]
        term = np.array(numbers, np.uint64)[counted.term]
        self._keys[name].append(self._keyed(term, counted.article) | counted.count)
        if name in self.lengths:
            self.lengths[name].append(counted.lengths)

    def _keyed(self, term: U64, article: U32) -> U64:
        """term (24 bits) | article (24 bits) | count (16 bits, left at 0): one sort orders all."""
        shifted = (article.astype(np.uint64) + np.uint64(self.size)) << np.uint64(ARTICLE_SHIFT)
        return (term << np.uint64(TERM_SHIFT)) | shifted

    def field(self, name: str) -> Inverted:
        """Sort one field's postings by term and article. Gives a field once."""
        chunks = self._keys.pop(name)
        keys = np.concatenate(chunks) if chunks else np.empty(0, np.uint64)
        chunks.clear()
        if name in (CHARACTERS, PAIRS):
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
    if name == CHARACTERS:
        return chr
    common = common_characters()
    return lambda code: common[code >> BATCH_BITS] + common[code & (BATCH_LIMIT - 1)]


def _split(keys: U64, term_of: Callable[[int], str], *, counted: bool = False) -> Inverted:
    """Sorted keys → terms and their postings."""
    codes = (keys >> np.uint64(TERM_SHIFT)).astype(np.uint32)
    firsts = np.flatnonzero(np.concatenate(([True], codes[1:] != codes[:-1]))[: len(codes)])
    starts = np.concatenate((firsts, [len(keys)])).astype(np.int64)
    terms = [_encode(term_of(code)) for code in codes[firsts].tolist()]
    del codes
    counts = (keys & np.uint64(MAX_FREQUENCY)).astype(np.uint16) if counted else None
    keys >>= np.uint64(ARTICLE_SHIFT)
    articles = (keys & np.uint64(MAX_ARTICLES - 1)).astype(np.uint32)
    return Inverted(terms, starts, articles, counts)


def _encode(term: str) -> bytes:
    return term.encode("utf-8", "surrogatepass")
