"""Joins the segments of a generation: postings, integers and facets by article number."""
# mypy: allow-untyped-calls

from bisect import bisect_right, insort
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh import index as whoosh_index

from index.engines.api import KEYWORD_FIELDS, TOKEN_FIELDS
from index.engines.scoring import K1, B
from index.engines.whoosh.array_file import Array
from index.engines.whoosh.fields import NO_NUMBER, NUMBERS
from index.engines.whoosh.segment_arrays import FOLDED, SegmentArrays

COUNTED_NUMBERS = ("day", "month", "year")
"""Integer fields with few different values."""

Mask = NDArray[np.bool_]
Numbers = NDArray[np.int64]
Floats = NDArray[np.float32]


class Corpus:
    """Article numbers continue from segment to segment. Deleted articles are not `live`."""

    def __init__(self, folder: Path) -> None:
        self._reader = whoosh_index.open_dir(str(folder)).reader()
        leaves = [(leaf, base) for leaf, base in self._reader.leaf_readers() if leaf.segments()]
        self.segments = [SegmentArrays(leaf.storage(), leaf.segment()) for leaf, _ in leaves]
        self.bases = [base for _, base in leaves]
        self.size = sum(segment.size for segment in self.segments)
        self.live: Mask = np.ones(self.size, bool)
        for (leaf, base), segment in zip(leaves, self.segments, strict=True):
            deleted = [number for number in range(segment.size) if leaf.is_deleted(number)]
            self.live[np.array(deleted, np.int64) + base] = False
        self.all_live = bool(self.live.all())
        self.count = int(self.live.sum())
        self.numbers = {name: self._joined(name) for name in NUMBERS}
        self.facets = {name: _keyword_facet(self, name) for name in KEYWORD_FIELDS if name != "id"}
        self.facets |= {name: _integer_facet(self, name) for name in COUNTED_NUMBERS}
        self.ids = self._ids()
        self.number_of = {self.ids[n]: n for n in np.flatnonzero(self.live).tolist()}

    def close(self) -> None:
        self._reader.close()

    def _joined(self, name: str) -> Array:
        arrays = [segment.arrays[name] for segment in self.segments]
        return np.concatenate(arrays) if arrays else np.empty(0, np.int64)

    def _ids(self) -> list[str]:
        ids = [""] * self.size
        for segment, base in zip(self.segments, self.bases, strict=True):
            articles = segment.arrays["id.articles"].tolist()
            for article, value in zip(articles, segment.values("id"), strict=True):
                ids[base + article] = value
        return ids

    @cached_property
    def norms(self) -> dict[str, Floats]:
        """By token field, k1 · (1 - b + b · |d| / avgdl) of every article (BM25, scoring.py)."""
        norms = {}
        for name in TOKEN_FIELDS:
            lengths = self._joined(f"{name}.lengths").astype(np.float32)
            average = float(lengths[self.live].mean()) if self.count else 0.0
            norms[name] = np.float32(K1) * (1 - B + B * lengths / (average or 1.0))
        return norms

    @cached_property
    def newest_rank(self) -> Numbers:
        """The position of each article with the newest first, undated ones last, ties by id."""
        return self._rank(-self.numbers["published"])

    @cached_property
    def oldest_rank(self) -> Numbers:
        published = self.numbers["published"]
        return self._rank(np.where(published == NO_NUMBER, np.iinfo(np.int64).max, published))

    def _rank(self, key: Numbers) -> Numbers:
        order = np.lexsort((np.array(self.ids), key))
        rank = np.empty(self.size, np.int64)
        rank[order] = np.arange(self.size)
        return rank

    def postings(self, field: str, token: str) -> tuple[Numbers, Array | None]:
        """Live articles that have `token` in `field`, ascending, and how often (None: unknown)."""
        term = token.encode("utf-8", "surrogatepass")
        found: list[Array] = []
        counted: list[Array] = []
        for segment, base in zip(self.segments, self.bases, strict=True):
            number = segment.terms[field].find(term)
            if number >= 0:
                articles, counts = segment.postings(field, number)
                found.append(articles.astype(np.intp) + base if base else articles.astype(np.intp))
                if counts is not None:
                    counted.append(counts)
        if not found:
            return np.empty(0, np.int64), None
        articles = found[0] if len(found) == 1 else np.concatenate(found)
        counts = np.concatenate(counted) if counted else None
        if self.all_live:
            return articles, counts
        keep = self.live[articles]
        return articles[keep], None if counts is None else counts[keep]

    def doc_freq(self, field: str, token: str) -> int:
        """How many live articles have `token` in `field`."""
        if not self.all_live:
            return len(self.postings(field, token)[0])
        term = token.encode("utf-8", "surrogatepass")
        return sum(segment.doc_freq(field, term) for segment in self.segments)

    def common_terms(self, field: str, prefix: str, limit: int) -> list[tuple[str, int]]:
        """Terms with a prefix and their live articles, the commonest first, ties by spelling."""
        totals = self._term_counts(field, prefix.encode("utf-8", "surrogatepass"), limit)
        ranked = sorted(totals.items(), key=lambda item: (-item[1], item[0]))
        terms = ((term.decode("utf-8", "surrogatepass"), count) for term, count in ranked)
        return list(islice(terms if self.all_live else self._recounted(field, terms, limit), limit))

    def _term_counts(self, field: str, prefix: bytes, limit: int) -> dict[bytes, int]:
        """Articles by term, deleted ones included. Where none is deleted, only the commonest."""
        totals: dict[bytes, int] = {}
        for segment in self.segments:
            terms, freqs = segment.terms[field], segment.doc_freqs(field)
            span = terms.with_prefix(prefix)
            chosen = np.arange(span.start, span.stop)
            if len(self.segments) == 1 and self.all_live:
                chosen = chosen[_at_least(freqs[chosen], limit)]
            for number, count in zip(chosen.tolist(), freqs[chosen].tolist(), strict=True):
                term = terms[number]
                totals[term] = totals.get(term, 0) + count
        return totals

    def _recounted(
        self, field: str, terms: Iterable[tuple[str, int]], limit: int
    ) -> Iterator[tuple[str, int]]:
        """The terms with their live articles, sorted again.

        Counts can only shrink. Once `limit` terms have more live articles than the next term has
        articles in all, no later term can come before them.
        """
        best: list[tuple[int, str]] = []
        for term, bound in terms:
            if len(best) >= limit and (not limit or -best[limit - 1][0] > bound):
                break
            if live := len(self.postings(field, term)[0]):
                insort(best, (-live, term))
        return ((term, -live) for live, term in best)

    def segment_of(self, article: int) -> tuple[int, int]:
        """(index of the segment, the article's number in it)."""
        at = bisect_right(self.bases, article) - 1
        return at, article - self.bases[at]

    def blob(self, article: int, ext: str) -> bytes:
        at, number = self.segment_of(article)
        return self.segments[at].blobs[ext][number]

    def holds(self, article: int, needle: bytes, field: str | None) -> bool:
        """Whether the normalised title or text (None: either) of an article has these bytes."""
        at, number = self.segment_of(article)
        blobs = self.segments[at].blobs[FOLDED]
        start, end = blobs.starts[number], blobs.starts[number + 1]
        if field is not None:
            border = blobs.data.find(b"\n", start, end)
            start, end = (start, border) if field == "title" else (border + 1, end)
        return blobs.data.find(needle, start, end) >= 0

    def normalized(self, article: int) -> str:
        """The normalised title, a line break and the normalised text of an article."""
        return self.blob(article, FOLDED).decode("utf-8", "surrogatepass")

    def stored_fields(self, article: int) -> dict[str, Any]:
        values: dict[str, Any] = self._reader.stored_fields(article)
        return values


class Facet:
    """The values of a field by article, for counting: those of article n are
    `names[code] for code in codes[starts[n] : starts[n + 1]]`."""

    def __init__(self, names: list[Any], articles: Numbers, codes: Array, size: int) -> None:
        """`articles`, `codes`: a pair for each value of an article."""
        self.names = names
        self.codes = codes[np.argsort(articles, kind="stable")]
        values = np.bincount(articles, minlength=size)
        self.starts = np.concatenate(([0], np.cumsum(values)))

    def count(self, articles: Numbers) -> Array:
        """By code, how many of these articles have the value."""
        first, after = self.starts.take(articles), self.starts.take(articles + 1)
        values = after - first
        # The places of an article's codes follow one another, from its first on.
        skipped = first - np.cumsum(values) + values
        places = np.arange(values.sum()) + np.repeat(skipped, values)
        return np.bincount(self.codes.take(places), minlength=len(self.names))

    def commonest(self, articles: Numbers, size: int) -> list[tuple[str, int]]:
        """Values with how many of these articles have them, most first, ties by value."""
        totals = self.count(articles)
        top = np.flatnonzero(totals)
        top = top[_at_least(totals[top], size)]
        ranked = [(str(self.names[code]), int(totals[code])) for code in top.tolist()]
        return sorted(ranked, key=lambda item: (-item[1], item[0]))[:size]


def _keyword_facet(corpus: Corpus, field: str) -> Facet:
    codes: dict[str, int] = {}
    articles: list[Array] = []
    values: list[Array] = []
    for segment, base in zip(corpus.segments, corpus.bases, strict=True):
        numbers = [codes.setdefault(value, len(codes)) for value in segment.values(field)]
        counts = segment.doc_freqs(field)
        values.append(np.repeat(np.array(numbers, np.int32), counts))
        articles.append(segment.arrays[f"{field}.articles"].astype(np.intp) + base)
    if not articles:
        return Facet([], np.empty(0, np.intp), np.empty(0, np.int32), corpus.size)
    return Facet(list(codes), np.concatenate(articles), np.concatenate(values), corpus.size)


def _integer_facet(corpus: Corpus, field: str) -> Facet:
    articles = np.flatnonzero(corpus.numbers[field] != NO_NUMBER)
    names, codes = np.unique(corpus.numbers[field][articles], return_inverse=True)
    return Facet(names.tolist(), articles, codes.astype(np.int32), corpus.size)


def _at_least(counts: Array, size: int) -> Mask:
    """Which counts are among the `size` highest, with all that tie with the last of them."""
    if len(counts) <= size:
        return np.ones(len(counts), bool)
    if size <= 0:
        return np.zeros(len(counts), bool)
    mask: Mask = counts >= np.partition(counts, len(counts) - size)[len(counts) - size]
    return mask
