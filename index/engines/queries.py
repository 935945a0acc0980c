"""The queries an engine is asked, and the filters they become where only matches count.

Scores, by the same formula in every adapter: a `Term` in a token field scores BM25 in that field
(scoring.py); a `Term` in a keyword field, `Near`, `Range`, `All` and `Not` score 0; `Substring` and
`AnyTerm` score 1; `And` and `Or` sum what matches; `Best` takes the highest; `Boost` multiplies.
Ties: newer first, then by id.
"""

from dataclasses import dataclass, field
from typing import Generic, Literal, TypeVar

from index.text.spans import near_spans

PartT_co = TypeVar("PartT_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Term:
    """Articles whose `field` (a token or keyword field) holds `token`."""

    field: str
    token: str


@dataclass(frozen=True, slots=True)
class Substring:
    """Articles with these characters, in a row, within one block of title or text.

    `text` is normalised already; `field` is "title", "text", or None for either.
    """

    text: str
    field: Literal["title", "text"] | None = None


@dataclass(frozen=True, slots=True)
class AnyTerm:
    """Articles whose `field` (a token or keyword field) holds any of `tokens`."""

    field: str
    tokens: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Near:
    """Articles in whose title, or in whose text, a string of `left` and one of `right` overlap or
    have at most `gap` characters between them, in either order. A line break is a character.

    The strings are normalised, of two characters or more and without line breaks. `field` is
    "title", "text", or None for either.
    """

    left: tuple[str, ...]
    right: tuple[str, ...]
    gap: int
    field: Literal["title", "text"] | None = None

    def holds(self, normalized: str) -> bool:
        """Whether it does in an article. `normalized`: the title, a line break and the text."""
        title, _, text = normalized.partition("\n")
        fields = {"title": (title,), "text": (text,), None: (title, text)}
        found = (near_spans(each, self.left, self.right, self.gap) for each in fields[self.field])
        return any(next(spans, None) for spans in found)


@dataclass(frozen=True, slots=True)
class Range:
    """Articles whose integer `field` lies in [low, high], both included; None is open."""

    field: str
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True)
class All:
    """Every article."""


@dataclass(frozen=True, slots=True)
class _Several(Generic[PartT_co]):
    """Queries are keys of caches; a tree of them is hashed once, not at every look-up."""

    queries: tuple[PartT_co, ...]
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash((type(self), self.queries)))

    def __hash__(self) -> int:
        return self._hash


@dataclass(frozen=True, slots=True, eq=False)
class And(_Several["Query"]):
    """Articles that match all of them."""


@dataclass(frozen=True, slots=True, eq=False)
class Or(_Several["Query"]):
    """Articles that match any of them."""


@dataclass(frozen=True, slots=True, eq=False)
class Best(_Several["Query"]):
    """Like `Or`, but scores the best of its queries, not their sum (forms of one word)."""


@dataclass(frozen=True, slots=True)
class Not(Generic[PartT_co]):
    """Articles that do not match."""

    query: PartT_co


@dataclass(frozen=True, slots=True)
class Boost:
    """The same articles, their scores multiplied."""

    query: "Query"
    factor: float


@dataclass(frozen=True, slots=True, eq=False)
class AllOf(_Several["Filter"]):
    """Articles that pass all of these filters."""


@dataclass(frozen=True, slots=True, eq=False)
class AnyOf(_Several["Filter"]):
    """Articles that pass any of these filters."""


Leaf = Term | AnyTerm | Substring | Near | Range | All
Query = Leaf | And | Or | Best | Not["Query"] | Boost
Filter = Leaf | AllOf | AnyOf | Not["Filter"]
"""Says which articles match, without scores: what `query_rewrite.matching` makes of a query."""
