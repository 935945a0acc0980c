"""Counts terms and compresses texts of documents. Runs in worker processes."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, count
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.document import Document
from index.engines.api import KEYWORD_FIELDS, TOKEN_FIELDS
from index.engines.document_fields import HEAD_FIELDS, keyword_values, layer
from index.engines.whoosh.fields import (
    NO_NUMBER,
    NUMBERS,
)
from index.engines.whoosh.text_files import compress, pack_values
from index.word_lists import data_lines

BATCH_LIMIT = 1024
"""Articles in a batch. Ten bits of a key number them."""
BATCH_BITS = 10
BLOCK_BORDER = ord("\n")
RARE_RANK = BATCH_LIMIT - 1
"""The rank of every character that is not a common one."""
MAX_FREQUENCY = 0xFFFF

U32 = NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class FieldPostings:
    """The postings of a field in a batch. Posting k: article `article[k]` of the batch has the term
    `terms[term[k]]` `count[k]` times. `lengths`: tokens of each article."""

    terms: list[str]
    term: U32
    article: U32
    count: U32
    lengths: U32


@dataclass(frozen=True, slots=True)
class Batch:
    """What a worker sends to the writer for up to BATCH_LIMIT documents."""

    size: int
    fields: dict[str, FieldPostings]
    characters: U32
    pairs: U32
    numbers: dict[str, list[int]]
    stored: list[bytes]
    normalized: list[bytes]
    texts: list[bytes]
    bodies: list[bytes]


def pack(documents: Sequence[Document]) -> Batch:
    """Count the terms of documents and compress their texts. Raises ValueError for too many."""
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
        normalized=[d.normalized.encode("utf-8", "surrogatepass") for d in documents],
        texts=[compress(d.text) for d in documents],
        bodies=[compress(f"{d.body_format}\n{d.body}") for d in documents],
    )


@cache
def common_characters() -> str:
    """The characters whose pairs are indexed, in the order of their code points."""
    return "".join(sorted("".join(data_lines("common_characters"))))


def _stored(document: Document) -> bytes:
    values = {f"stored_{name}": getattr(document, name) for name in HEAD_FIELDS}
    return pack_values({name: value for name, value in values.items() if value not in (None, ())})


def _number(document: Document, name: str) -> int:
    value = getattr(document, name)
    return NO_NUMBER if value is None else int(value)


def _tokens(field: str, documents: Sequence[Document]) -> Iterator[list[str]]:
    if field in TOKEN_FIELDS:
        return (layer(document, field).split() for document in documents)
    return (keyword_values(document, field) for document in documents)


def _count(documents: Iterable[list[str]]) -> FieldPostings:
    tokens = list(documents)
    lengths = np.fromiter(map(len, tokens), np.uint32, len(tokens))
    numbers: defaultdict[str, int] = defaultdict(count().__next__)
    numbered = map(numbers.__getitem__, chain.from_iterable(tokens))
    keys = np.fromiter(numbered, np.uint64, lengths.sum())
    keys <<= np.uint64(BATCH_BITS)
    keys |= np.repeat(np.arange(len(tokens), dtype=np.uint64), lengths)
    keys.sort()
    firsts = np.flatnonzero(is_first(keys))
    counts = np.diff(firsts, append=len(keys))
    keys = keys[firsts]
    return FieldPostings(
        terms=list(numbers),
        term=(keys >> np.uint64(BATCH_BITS)).astype(np.uint32),
        article=(keys & np.uint64(BATCH_LIMIT - 1)).astype(np.uint32),
        count=np.minimum(counts, MAX_FREQUENCY).astype(np.uint32),
        lengths=lengths,
    )


def _characters(documents: Sequence[Document]) -> tuple[U32, U32]:
    """The characters of all normalised texts, and the article of each."""
    texts = [f"{document.normalized}\n" for document in documents]
    encoded = "".join(texts).encode("utf-32-le", "surrogatepass")
    owners = np.repeat(np.arange(len(texts), dtype=np.uint32), [len(text) for text in texts])
    return np.frombuffer(encoded, np.uint32), owners


def _single(codes: U32, owners: U32) -> U32:
    visible = codes != BLOCK_BORDER
    return _unique((codes[visible] << np.uint32(BATCH_BITS)) | owners[visible])


def _pairs(codes: U32, owners: U32) -> U32:
    ranks = _ranks()[codes]
    first, second = ranks[:-1], ranks[1:]
    both = (first != RARE_RANK) & (second != RARE_RANK)
    high = (first[both] << np.uint32(2 * BATCH_BITS)) | (second[both] << np.uint32(BATCH_BITS))
    return _unique(high | owners[:-1][both])


@cache
def _ranks() -> U32:
    ranks = np.full(0x110000, RARE_RANK, np.uint32)
    for rank, character in enumerate(common_characters()):
        ranks[ord(character)] = rank
    return ranks


def _unique(keys: U32) -> U32:
    # Sorting and comparing neighbours takes a third of the time of np.unique here.
    keys.sort()
    return keys[is_first(keys)]


def is_first(keys: NDArray[Any]) -> NDArray[np.bool_]:
    """Which of these sorted keys differ from the one before."""
    first = np.ones(len(keys), bool)
    np.not_equal(keys[1:], keys[:-1], out=first[1:])
    return first
