"""A snapshot as plain as possible: lists, loops and `str.find`. The oracle of the engines."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from math import log
from typing import Any

from index.article import ESTIMATED_ORIGINS
from index.document import Document
from index.duplicates.minhash import read_bands
from index.engines.api import (
    INTEGER_FIELDS,
    TOKEN_FIELDS,
    Generation,
    Match,
    Matches,
    Sort,
    SortKey,
    State,
    Unit,
)
from index.engines.queries import (
    All,
    And,
    AnyTerm,
    Best,
    Boost,
    Leaf,
    Near,
    Not,
    Or,
    Query,
    Range,
    Substring,
    Term,
)
from index.engines.scoring import K1, B
from index.lexicon.model import Lexicon

PLURALS = {
    "category": "categories",
    "topic": "topics",
    "organisation": "organisations",
    "kind": "kinds",
    "url": "url_tokens",
}


def tokens_of(document: Document, name: str) -> list[str]:
    """The values of a document's token or keyword field, in order."""
    if name in TOKEN_FIELDS:
        part, layer = name.split("_")
        return str(getattr(getattr(document, f"{part}_layers"), layer)).split()
    if name in PLURALS:
        return list(getattr(document, PLURALS[name]))
    value = getattr(document, name)
    return [] if value is None else [value]


def places(text: str, strings: Sequence[str]) -> list[tuple[int, int]]:
    """[start, end) of every place where one of the strings stands."""
    return [
        (at, at + len(string))
        for at in range(len(text))
        for string in strings
        if text.startswith(string, at)
    ]


def sorted_counts(counts: Mapping[str, int], size: int) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:size]


@dataclass(frozen=True, slots=True)
class _Counts:
    """Of one field. `tokens`: article → its tokens; `holding`: token → articles with it;
    `average`: tokens of an article."""

    tokens: dict[str, Counter[str]]
    holding: Counter[str]
    average: float

    @classmethod
    def of(cls, documents: Sequence[Document], name: str) -> "_Counts":
        tokens = {document.id: Counter(tokens_of(document, name)) for document in documents}
        holding = Counter(token for held in tokens.values() for token in held)
        average = sum(held.total() for held in tokens.values()) / max(len(tokens), 1)
        return cls(tokens, holding, average)


class NaiveSnapshot:
    """All documents in a list; every call scans it."""

    def __init__(
        self, generation: Generation, lexicon: Lexicon, documents: Sequence[Document]
    ) -> None:
        self.generation = generation
        self.lexicon = lexicon
        self._documents = list(documents)
        self._counts: dict[str, _Counts] = {}

    def close(self) -> None:
        """Nothing to do."""

    def match(
        self, query: Query, *, sort: Sort = "relevance", limit: int, after: SortKey | None = None
    ) -> Matches:
        found = [
            Match(d.id, score, d.published, d.story, d.date_origin in ESTIMATED_ORIGINS)
            for d, score in self._run(query)
        ]
        found.sort(key=lambda match: place(match.sort_key(), sort))
        beyond = [
            m for m in found if after is None or place(m.sort_key(), sort) > place(after, sort)
        ]
        return Matches(len(found), tuple(beyond[:limit]))

    def _run(self, query: Query) -> list[tuple[Document, float]]:
        scored = [(document, self._score(query, document)) for document in self._documents]
        return [(document, score) for document, score in scored if score is not None]

    def _score(self, query: Query, document: Document) -> float | None:
        """The document's score, or None if it does not match."""
        match query:
            case And(queries):
                scores = [self._score(part, document) for part in queries]
                return None if None in scores else sum(filter(None, scores))
            case Or(queries) | Best(queries):
                scores = [self._score(part, document) for part in queries]
                matching = [score for score in scores if score is not None]
                if not matching:
                    return None
                return max(matching) if isinstance(query, Best) else sum(matching)
            case Boost(inner, factor):
                score = self._score(inner, document)
                return None if score is None else score * factor
            case Not(inner):
                return 0.0 if self._score(inner, document) is None else None
            case _:
                return self._leaf(query, document)

    def _leaf(self, query: Leaf, document: Document) -> float | None:
        match query:
            case Term(name, token):
                return self._term(name, token, document)
            case Substring(text, name):
                title, _, body = document.normalized.partition("\n")
                blocks = {"title": [title], "text": body.split("\n")}
                chosen = blocks[name] if name else [title, *blocks["text"]]
                return 1.0 if text and any(block.find(text) >= 0 for block in chosen) else None
            case AnyTerm(name, tokens):
                held = self._counted(name).tokens[document.id]
                return 1.0 if any(token in held for token in tokens) else None
            case Near():
                return self._near(query, document)
            case Range(name, low, high):
                value = getattr(document, name)
                outside = (
                    value is None
                    or (low is not None and value < low)
                    or (high is not None and value > high)
                )
                return None if outside else 0.0
            case All():
                return 0.0

    def _near(self, near: Near, document: Document) -> float | None:
        title, _, text = document.normalized.partition("\n")
        fields = {"title": [title], "text": [text]}
        for field in fields[near.field] if near.field else [title, text]:
            for start, end in places(field, near.left):
                for other_start, other_end in places(field, near.right):
                    if max(start, other_start) - min(end, other_end) <= near.gap:
                        return 0.0
        return None

    def _term(self, name: str, token: str, document: Document) -> float | None:
        counts = self._counted(name)
        frequency = counts.tokens[document.id][token]
        if not frequency:
            return None
        if name not in TOKEN_FIELDS:
            return 0.0
        holding = counts.holding[token]
        idf = log(1 + (len(self._documents) - holding + 0.5) / (holding + 0.5))
        norm = K1 * (1 - B + B * counts.tokens[document.id].total() / counts.average)
        return idf * frequency / (frequency + norm)

    def _counted(self, name: str) -> "_Counts":
        """Kept for each field: counting it again for every query costs seconds for 2,000 articles."""
        if name not in self._counts:
            self._counts[name] = _Counts.of(self._documents, name)
        return self._counts[name]

    def prefetch_totals(self, queries: Sequence[Query]) -> None:
        """Does nothing: counting has no round trip to save."""

    def prefetch_facets(
        self, query: Query, filters: Mapping[str, Query], fields: Sequence[str], size: int
    ) -> None:
        """Does nothing: facets are counted when asked for."""

    def prefetch_matches(self, query: Query, limit: int) -> None:
        """Does nothing: there is no round trip to save."""

    def prefetch_which_match(self, ids: Sequence[str], queries: Sequence[Query]) -> None:
        """Does nothing: there is no round trip to save."""

    def facet_counts(
        self, query: Query, filters: Mapping[str, Query], fields: Sequence[str], size: int
    ) -> dict[str, list[tuple[str, int]]]:
        counted = {}
        for name in fields:
            others = tuple(narrowing for key, narrowing in filters.items() if key != name)
            counts = Counter(
                value
                for document, _ in self._run(And((query, *others)))
                for value in set(self._values(document, name))
            )
            counted[name] = sorted_counts(counts, size)
        return counted

    def _values(self, document: Document, name: str) -> list[str]:
        if name not in INTEGER_FIELDS:
            return tokens_of(document, name)
        value = getattr(document, name)
        return [] if value is None else [str(value)]

    def which_match(self, ids: Sequence[str], queries: Sequence[Query]) -> list[set[str]]:
        found = [{document.id for document, _ in self._run(query)} for query in queries]
        return [each.intersection(ids) for each in found]

    def histogram(self, query: Query, unit: Unit) -> list[tuple[int, int]]:
        values = [getattr(document, unit) for document, _ in self._run(query)]
        return sorted(Counter(value for value in values if value is not None).items())

    def stored(self, ids: Sequence[str], fields: Sequence[str]) -> list[dict[str, Any]]:
        by_id = {document.id: document for document in self._documents}
        found = [by_id[article_id] for article_id in ids if article_id in by_id]
        return [{name: getattr(document, name) for name in fields} for document in found]

    def terms(self, field: str, prefix: str = "", limit: int = 10) -> list[tuple[str, int]]:
        counts = Counter(
            token
            for document in self._documents
            for token in set(tokens_of(document, field))
            if token.startswith(prefix)
        )
        return sorted_counts(counts, limit)

    def doc_freq(self, field: str, token: str) -> int:
        return self._counted(field).holding[token]

    def doc_freqs(self, field: str, tokens: Sequence[str]) -> dict[str, int]:
        return {token: self.doc_freq(field, token) for token in tokens}

    def story_members(self, story: str) -> list[str]:
        members = self.match(Term("story", story), sort="oldest", limit=len(self._documents))
        return [match.id for match in sorted(members.matches, key=Match.story_order)]

    def states(self, ids: Sequence[str] | None = None) -> dict[str, State]:
        names = [field.name for field in fields(State)]
        chosen = [d for d in self._documents if ids is None or d.id in ids]
        return {d.id: State(*(getattr(d, name) for name in names)) for d in chosen}

    def near_copies(self, sketches: Sequence[str]) -> set[str]:
        wanted = {place for sketch in sketches for place in _bands(sketch)}
        return {d.id for d in self._documents if not wanted.isdisjoint(_bands(d.sketch))}


def _bands(sketch: str) -> set[tuple[int, int]]:
    """(number, value) of each band."""
    return set(enumerate(read_bands([sketch])[0].tolist())) if sketch else set()


def place(key: SortKey, sort: Sort) -> tuple[Any, ...]:
    """The sort key of an article: undated last, of equal dates newer first, then by id."""
    score, published, article_id = key
    if sort == "oldest":
        return (published is None, published or 0, article_id)
    newest = (published is None, -(published or 0), article_id)
    return newest if sort == "newest" else (-score, *newest)
